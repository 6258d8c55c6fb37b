/* Pictures of all procedures of real documents: no step is lost on the way. */
#include "effect/table.h"
#include "lib/doc.h"
#include "report/graph.h"

static size_t n_documents, n_steps, n_questions;

static bool
is_step(const struct picture_node *node)
{
	return node->shape == PICTURE_STEP || node->shape == PICTURE_FILE ||
	       node->shape == PICTURE_HUMAN;
}

/* Every node of P that is a part of the way is reached from a start. */
static void
check_reached(const struct picture *p)
{
	bool *reached = xcalloc(p->n_nodes + 1, sizeof(*reached)), more = true;

	for (uint32_t i = 0; i < p->n_nodes; i++)
		reached[i] = p->nodes[i].shape == PICTURE_START ||
			     p->nodes[i].shape == PICTURE_OTHER;
	while (more) {
		more = false;
		for (uint32_t i = 0; i < p->n_edges; i++) {
			const struct picture_edge *e = &p->edges[i];

			assert_in_range(e->from, 0, p->n_nodes - 1);
			assert_in_range(e->to, 0, p->n_nodes - 1);
			if (e->dotted || !reached[e->from] || reached[e->to])
				continue;
			reached[e->to] = true;
			more = true;
		}
	}
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		if (!reached[i])
			fail_msg("nothing leads to '%.*s'",
				 TEXT_ARG(p->nodes[i].label));
	}
	free(reached);
}

static void
check_clusters(const struct picture *p)
{
	for (uint32_t i = 0; i < p->n_nodes; i++)
		assert_true(p->nodes[i].cluster == PICTURE_NOWHERE ||
			    p->nodes[i].cluster < p->n_clusters);
	for (uint32_t i = 0; i < p->n_clusters; i++)
		assert_true(p->clusters[i].outer == PICTURE_NOWHERE ||
			    p->clusters[i].outer < i);
}

/* Labels of Mermaid end where they should: a quote more or less, or a tag,
 * would break the picture. */
static void
check_mermaid(const struct picture *p)
{
	struct buf b = BUF_INIT, error = BUF_INIT;
	struct text rest, line;

	assert_int_equal(picture_mermaid(p, &b, &error), 0);
	rest = buf_text(&b);
	while (text_next_line(&rest, &line)) {
		unsigned quotes = 0;

		for (size_t i = 0; i < line.len; i++) {
			quotes += line.at[i] == '"';
			if (text_starts(text_sub(line, i, line.len), "%%"))
				fail_msg("a directive in %.*s", TEXT_ARG(line));
			if (line.at[i] == '<' &&
			    !text_starts(text_sub(line, i, line.len), "<br/>"))
				fail_msg("a tag in %.*s", TEXT_ARG(line));
		}
		if (quotes != 0 && quotes != 2)
			fail_msg("quotes in %.*s", TEXT_ARG(line));
	}
	buf_release(&b);
	buf_release(&error);
}

/* Strings of dot likewise: outside of them there are no signs of texts. */
static void
check_dot(const struct picture *p)
{
	struct buf b = BUF_INIT, error = BUF_INIT;
	bool inside = false;

	assert_int_equal(picture_dot(p, &b, &error), 0);
	for (size_t i = 0; i < b.len; i++) {
		char c = b.bytes[i];

		if (inside && c == '\\') {
			i++;
		} else if (c == '"') {
			inside = !inside;
		} else if (!inside && !byte_is_alnum(c) &&
			   !strchr(" _\n[]{}=,;->", c)) {
			fail_msg("'%c' outside of a string", c);
		}
	}
	assert_false(inside);
	buf_release(&b);
	buf_release(&error);
}

static void
check_picture(const struct runbook *rb, const struct procedure *one)
{
	struct picture *p = picture_of(rb->doc->arena, rb, one);
	uint32_t want = 0, got = 0;

	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (!one || rb->procedures[i] == one)
			want += rb->procedures[i]->n_steps;
	}
	for (uint32_t i = 0; i < p->n_nodes; i++) {
		got += is_step(&p->nodes[i]);
		n_questions += p->nodes[i].shape == PICTURE_CONDITION ||
			       p->nodes[i].shape == PICTURE_CHOICE;
	}
	assert_int_equal(want, got);
	check_clusters(p);
	check_reached(p);
	check_mermaid(p);
	check_dot(p);
	n_steps += one ? 0 : got;
}

static void
draw(struct document *doc)
{
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct runbook *rb = runbook_build(doc, effect_rules_builtin(), &sink);

	check_picture(rb, NULL);
	if (rb->n_procedures)
		check_picture(rb, rb->procedures[0]);
	n_documents++;
}

static void
draw_file(const char *path)
{
	struct doc_test t = { NULL, DIAG_SINK_INIT };
	struct buf error = BUF_INIT;

	t.doc = document_load(path, &t.sink, &error);
	if (t.doc)
		draw(t.doc);
	doc_close(&t);
	buf_release(&error);
}

static void
test_corpus(void **state UNUSED)
{
	char *corpus = test_data("corpus");

	if (!corpus)
		return;
	doc_each_file(corpus, draw_file);
	print_message("%zu documents, %zu steps, %zu questions\n", n_documents,
		      n_steps, n_questions);
	assert_true(n_steps > 5000);
	assert_true(n_questions > 100);
	free(corpus);
}

static void
test_hostile_titles(void **state UNUSED)
{
	struct doc_test t = doc_open(
		"# \"T\\\" <b>\n\n## A \"]] --> x <br/> \\\n\n```bash\n"
		"# \"); \\\" <script> `x` %%{init: {}}%% #quot; \033[31m \xff\n"
		"ssh 'a\"b<c' \"true\"\n```\n\nIf \"x\" < 3:\n\n```bash\n"
		"echo '\"'\n```\n");

	draw(t.doc);
	doc_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile_titles),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
