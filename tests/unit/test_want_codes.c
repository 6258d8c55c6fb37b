/* Each code about expectations: its bad example gets it and nothing else, its
 * good one nothing. */
#include "base/fd.h"
#include "lib/doc.h"
#include "lib/wanted.h"

static const char table[] = "schema/diagnostics/want.yaml";

/* What the steps of the examples print that are judged by their output. */
static const struct {
	const char *number;
	const char *bad, *good;
	char verdict; /* on the bad one */
} outputs[] = {
	{ "RB4001", "drained 0 of 3 nodes\n", "drained 3 nodes\n", 'u' },
	{ "RB4002", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n",
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n", 'b' },
	{ "RB4003", "no files\n", "7 files, 1.1 MiB\n", 'u' },
};

static struct text
field(const struct ynode *row, const char *name)
{
	const struct ynode *value = ytree_get(row, name);

	if (!value)
		fail_msg("a row of %s has no '%s'", table, name);
	return value->text;
}

/* The first want of the document: declared, or the text block that shows an
 * example. */
static struct want *
first_want(struct doc_test *t)
{
	for (uint32_t i = 0; i < t->doc->n_blocks; i++) {
		const struct block *b = t->doc->blocks[i];
		const struct ynode *expect =
			annotation_get(b->annotation, KEY_EXPECT);
		uint32_t n;

		if (expect)
			return want_read(t->doc->arena, expect, &n,
					 &t->sink)[0];
		if (b->kind == BLOCK_CODE && b->code->kind == CODE_OUTPUT)
			return want_inferred(t->doc->arena, WANT_EXAMPLE,
					     b->code->content, b->where,
					     "output");
	}
	fail_msg("no expectation in an example of %s", table);
	return NULL;
}

static char
judge_document(struct text markdown, const char *output)
{
	struct doc_test t = doc_open_bytes(markdown.at, markdown.len);
	struct want *w = first_want(&t);
	struct want_result r = WANT_RESULT_INIT;
	struct want_input input = { .out = text_of(output) };
	char verdict;

	assert_true(want_compile(w, &t.sink));
	assert_int_equal(t.sink.n_items, 0);
	want_check(w, &input, &clock_system, &r);
	verdict = r.met ? 'm' : r.broken ? 'b' : 'u';
	want_result_release(&r);
	want_close(w);
	doc_close(&t);
	return verdict;
}

/* What is reported when all wants of a document are made. */
static void
check_static(struct text markdown, const char *number)
{
	struct doc_test t = doc_open_bytes(markdown.at, markdown.len);

	for (uint32_t i = 0; i < t.doc->n_blocks; i++) {
		const struct ynode *expect = annotation_get(
			t.doc->blocks[i]->annotation, KEY_EXPECT);
		struct want **wants;
		uint32_t n;

		if (!expect)
			continue;
		wants = want_read(t.doc->arena, expect, &n, &t.sink);
		for (uint32_t k = 0; k < n; k++) {
			want_compile(wants[k], &t.sink);
			want_close(wants[k]);
		}
	}
	if (t.sink.n_items != (number ? 1 : 0) ||
	    (number &&
	     strcmp(diag_info(t.sink.items[0]->code)->number, number) != 0))
		fail_msg("example of %s: %s", number ? number : "good",
			 doc_report(&t));
	doc_close(&t);
}

static void
check_row(const struct ynode *row)
{
	const char *number = field(row, "code").at;

	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		if (strcmp(outputs[i].number, number) != 0)
			continue;
		assert_int_equal(
			judge_document(field(row, "bad"), outputs[i].bad),
			outputs[i].verdict);
		assert_int_equal(
			judge_document(field(row, "good"), outputs[i].good),
			'm');
		return;
	}
	check_static(field(row, "bad"), number);
	check_static(field(row, "good"), NULL);
}

static void
test_examples_do_what_they_say(void **state UNUSED)
{
	struct arena arena = ARENA_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct buf bytes = BUF_INIT, err = BUF_INIT;
	const struct ynode *rows;
	uint32_t n = 0;

	if (file_read(table, 1 << 20, &bytes, &err) < 0)
		fail_msg("%s", buf_cstr(&err));
	rows = ytree_parse(&arena, (struct excerpt){ buf_text(&bytes), NULL },
			   &sink);
	assert_int_equal(sink.n_items, 0);
	for (uint32_t i = 0; i < rows->n_items; i++)
		check_row(rows->items[i]);
	/* no code of this family is without a row here */
	for (int i = 0; i < DIAG_CODE_COUNT; i++)
		n += strncmp(diag_info((enum diag_code)i)->number, "RB40", 4) ==
		     0;
	assert_int_equal(n, rows->n_items);
	arena_release(&arena);
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples_do_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
