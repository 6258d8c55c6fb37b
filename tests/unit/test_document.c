/* Documents: blocks, containers, sections, titles, limits. */
#include "base/fd.h"
#include "base/limits.h"
#include "lib/doc.h"

#define DOC(markdown) CLEANUP(doc_close) struct doc_test t = doc_open(markdown)

/* ---- blocks ------------------------------------------------------------- */

static void
blocks_come_in_order_with_their_places(void **state)
{
	DOC("# Title\n\nSome *words*.\n\n---\n\n<!-- c "
	    "-->\n\n```sh\ntrue\n```\n");
	const struct block *b;

	(void)state;
	assert_int_equal(t.doc->n_blocks, 5);
	b = doc_block(&t, BLOCK_HEADING, 0);
	assert_text(b->text, "Title");
	assert_int_equal(b->level, 1);
	assert_text(span_text(b->where), "# Title");
	b = doc_block(&t, BLOCK_PARAGRAPH, 0);
	assert_text(b->text, "Some words.");
	assert_text(span_text(b->where), "Some *words*.");
	assert_text(span_text(doc_block(&t, BLOCK_RULE, 0)->where), "---");
	b = doc_block(&t, BLOCK_HTML, 0);
	assert_text(b->text, "<!-- c -->\n");
	assert_text(span_text(b->where), "<!-- c -->");
	b = doc_block(&t, BLOCK_CODE, 0);
	assert_text(span_text(b->where), "```sh\ntrue\n```");
	assert_text(b->code->content.text, "true\n");
	assert_string_equal(doc_report(&t), "");
	doc_check_places(t.doc);
}

static void
inline_runs_keep_what_kind_they_are(void **state)
{
	DOC("See `a b` and [**the** page](x.md#y) or\n*that `one`* "
	    "![pic](p.png)<br>.\n");
	const struct block *b = doc_block(&t, BLOCK_PARAGRAPH, 0);
	static const struct {
		enum inline_kind kind;
		bool nested;
		const char *text, *target;
	} want[] = {
		{ INLINE_TEXT, false, "See ", "" },
		{ INLINE_CODE, false, "a b", "" },
		{ INLINE_TEXT, false, " and ", "" },
		{ INLINE_LINK, false, "the page", "x.md#y" },
		{ INLINE_STRONG, true, "the", "" },
		{ INLINE_TEXT, false, " or\n", "" },
		{ INLINE_EMPH, false, "that one", "" },
		{ INLINE_CODE, true, "one", "" },
		{ INLINE_TEXT, false, " ", "" },
		{ INLINE_IMAGE, false, "pic", "p.png" },
		{ INLINE_HTML, false, "<br>", "" },
		{ INLINE_TEXT, false, ".", "" },
	};

	(void)state;
	assert_text(b->text, "See a b and the page or\nthat one pic.");
	assert_int_equal(b->n_runs, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_int_equal(b->runs[i].kind, want[i].kind);
		assert_int_equal(b->runs[i].nested, want[i].nested);
		assert_text(b->runs[i].text, want[i].text);
		assert_text(b->runs[i].target, want[i].target);
	}
}

/* The bytes of each run of the first paragraph, "…" for the whole of it. */
static void
check_spans(const char *markdown, const char *want)
{
	struct doc_test t = doc_open(markdown);
	const struct block *b = doc_block(&t, BLOCK_PARAGRAPH, 0);
	struct span *spans = xcalloc(b->n_runs + 1, sizeof(*spans));
	struct buf got = BUF_INIT;

	block_run_spans(b, spans);
	for (uint32_t i = 0; i < b->n_runs; i++) {
		bool whole = spans[i].start == b->where.start &&
			     spans[i].end == b->where.end;

		buf_addf(&got, "%.*s|",
			 TEXT_ARG(whole ? TEXT("…") : span_text(spans[i])));
	}
	assert_string_equal(buf_cstr(&got), want);
	buf_release(&got);
	free(spans);
	doc_close(&t);
}

static void
runs_have_places(void **state)
{
	(void)state;
	check_spans("a `b` c `b` [d](e) ![f](g \"h)\") <https://x.y>.\n",
		    "…|`b`|…|`b`|…|[d](e)|…|![f](g \"h)\")|…|<https://x.y>|…|");
	check_spans("> - a\n>   ``b ` c``\n>   [*d*\n>   `e`](f(g)) h\n",
		    "…|``b ` c``|…|[*d*\n>   `e`](f(g))|…|`e`|…|");
	check_spans("[a] [b] [c][b] \\[b] `[b]` [b][]\n\n[b]: /x\n",
		    "…|[b]|…|[c][b]|…|`[b]`|…|[b][]|");
	check_spans("x \\`a` `` ` `` [e](f) [e\n", "…|` `` `|…|[e](f)|…|");
	check_spans("[![a](b)](c) x [d [e](f) g](h)\n",
		    "[![a](b)](c)|![a](b)|…|[e](f)|…|");
	check_spans("<b>`x`</b> [&amp;y](z) [y](z)\n",
		    "…|`x`|…|…|[&amp;y](z)|…|[y](z)|");
	check_spans("*no* marks **here**\n", "…|…|…|");
}

static void
setext_headings_take_two_lines(void **state)
{
	DOC("Title\nof two\n======\n\nPart\n---\n");

	(void)state;
	assert_text(doc_block(&t, BLOCK_HEADING, 0)->text, "Title\nof two");
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 0)->where),
		    "Title\nof two\n======");
	assert_int_equal(doc_block(&t, BLOCK_HEADING, 1)->level, 2);
}

static void
setext_headings_end_with_their_underline(void **state)
{
	DOC("A\n===\n---\n\n> B\n> --\n> -\n\nC\n=\n=\n# D\n---\n");

	(void)state;
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 0)->where),
		    "A\n===");
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 1)->where),
		    "B\n> --");
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 2)->where), "C\n=");
	assert_text(span_text(doc_block(&t, BLOCK_HEADING, 3)->where), "# D");
}

/* ---- containers --------------------------------------------------------- */

static void
containers_tell_what_a_block_stands_in(void **state)
{
	DOC("- [x] done\n- [ ] open\n\n  ```sh\n  true\n  ```\n\n"
	    "7. seventh\n   > quoted\n");
	const struct container *c;

	(void)state;
	c = doc_block(&t, BLOCK_PARAGRAPH, 0)->in;
	assert_int_equal(c->kind, CONTAINER_BULLET);
	assert_true(c->is_task && c->task_done);
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 0)->text, "done");
	c = doc_block(&t, BLOCK_CODE, 0)->in;
	assert_true(c->is_task && !c->task_done);
	assert_text(span_text(c->where),
		    "- [ ] open\n\n  ```sh\n  true\n  ```");
	c = doc_block(&t, BLOCK_PARAGRAPH, 3)->in;
	assert_int_equal(c->kind, CONTAINER_QUOTE);
	assert_int_equal(c->outer->kind, CONTAINER_ORDERED);
	assert_int_equal(c->outer->number, 7);
	assert_null(c->outer->outer);
}

static void
task_marks_count_at_the_head_of_an_item_only(void **state)
{
	DOC("[x] no item\n\n- [y] no mark\n- first\n\n  [x] second\n- [x]\n");

	(void)state;
	for (uint32_t i = 0; i < 5; i++) {
		const struct block *b = doc_block(&t, BLOCK_PARAGRAPH, i);

		assert_true(b->in ? !b->in->is_task : true);
	}
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 3)->text, "[x] second");
}

static void
alerts_are_quotes_with_a_mark(void **state)
{
	DOC("> [!WARNING]\n> Mind `this`.\n\n> [!note]\n>\n> Below.\n\n"
	    "> [!other]\n> x\n\n> text\n> [!TIP]\n");
	const struct block *b = doc_block(&t, BLOCK_PARAGRAPH, 0);

	(void)state;
	assert_int_equal(b->in->kind, CONTAINER_ALERT);
	assert_text(b->in->label, "WARNING");
	assert_text(b->text, "Mind this.");
	assert_int_equal(b->runs[1].kind, INLINE_CODE);
	b = doc_block(&t, BLOCK_PARAGRAPH, 1);
	assert_text(b->in->label, "NOTE");
	assert_text(b->text, "Below.");
	b = doc_block(&t, BLOCK_PARAGRAPH, 2);
	assert_int_equal(b->in->kind, CONTAINER_QUOTE);
	assert_text(b->text, "[!other]\nx");
	b = doc_block(&t, BLOCK_PARAGRAPH, 3);
	assert_int_equal(b->in->kind, CONTAINER_QUOTE);
}

static void
details_hold_what_stands_between_their_tags(void **state)
{
	DOC("<details>\n<summary>Long <b>way</b></summary>\n\nInside.\n\n"
	    "<DETAILS open>\n\nDeeper.\n\n</details>\n\nOuter.\n\n</details>\n"
	    "\nAfter.\n");
	const struct container *c = doc_block(&t, BLOCK_PARAGRAPH, 0)->in;

	(void)state;
	assert_int_equal(c->kind, CONTAINER_DETAILS);
	assert_text(c->label, "Long way");
	assert_ptr_equal(doc_block(&t, BLOCK_PARAGRAPH, 1)->in->outer, c);
	assert_ptr_equal(doc_block(&t, BLOCK_PARAGRAPH, 2)->in, c);
	assert_null(doc_block(&t, BLOCK_PARAGRAPH, 3)->in);
}

static void
a_summary_ends_with_what_it_sums_up(void **state)
{
	DOC("<details><summary>A<details><summary>B</details>\n\nx\n\n"
	    "</details>\n<details>\n\ny\n\n<summary> C </summary>\n\nz\n");

	(void)state;
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 0)->in->label, "A");
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 1)->in->label, "C");
}

static void
details_end_at_the_end_of_a_line_too(void **state)
{
	DOC("<details>\n\na</details>\n\nb </details>\n");

	(void)state;
	assert_non_null(doc_block(&t, BLOCK_PARAGRAPH, 0)->in);
	assert_null(doc_block(&t, BLOCK_PARAGRAPH, 1)->in);
}

static void
details_end_with_what_holds_them(void **state)
{
	DOC("- <details>\n\n  a\n\nb\n\n</details>\n\n<details></details>\n\n"
	    "c\n\n<!-- <details> -->\n\nd\n\n<details>\n\ne\n");

	(void)state;
	assert_int_equal(doc_block(&t, BLOCK_PARAGRAPH, 0)->in->kind,
			 CONTAINER_DETAILS);
	for (uint32_t i = 1; i < 4; i++)
		assert_null(doc_block(&t, BLOCK_PARAGRAPH, i)->in);
	assert_non_null(doc_block(&t, BLOCK_PARAGRAPH, 4)->in);
	doc_check_places(t.doc);
}

/* ---- sections ----------------------------------------------------------- */

/* "path|first-own_end-end" of each section, one per line. */
static const char *
outline(const struct doc_test *t)
{
	static char text[4096];
	struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < t->doc->n_sections; i++) {
		const struct section *s = t->doc->sections[i];

		buf_addf(&b, "%.*s|%u-%u-%u\n", TEXT_ARG(s->path), s->first,
			 s->own_end, s->end);
	}
	snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_release(&b);
	return text;
}

static void
sections_span_what_is_below_them(void **state)
{
	DOC("before\n\n# Doc\n\nintro\n\n## A\n\na\n\n### A1\n\n## B\n\nb\n");
	const struct section *root = t.doc->root;

	(void)state;
	assert_string_equal(outline(&t), "doc|1-3-8\n"
					 "a|3-5-6\n"
					 "a/a1|5-6-6\n"
					 "b|6-8-8\n");
	assert_int_equal(root->level, 0);
	assert_int_equal(root->first, 0);
	assert_int_equal(root->own_end, 1);
	assert_int_equal(root->end, 8);
	assert_null(root->heading);
	assert_int_equal(root->n_children, 1);
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 2)->section->path, "a");
	assert_ptr_equal(doc_block(&t, BLOCK_HEADING, 1)->section,
			 document_section(t.doc, TEXT("a")));
	assert_null(document_section(t.doc, TEXT("c")));
}

static void
a_first_h1_is_the_title_and_later_ones_are_sections(void **state)
{
	DOC("# Redis\n\n## Setup\n\n# Failover\n\n## Setup\n");

	(void)state;
	assert_string_equal(outline(&t), "redis|0-1-2\n"
					 "setup|1-2-2\n"
					 "failover|2-3-4\n"
					 "failover/setup-1|3-4-4\n");
	assert_text(t.doc->title, "Redis");
}

static void
an_h1_below_other_headings_is_a_section(void **state)
{
	DOC("## Start\n\n# Chapter\n\n## Part\n");

	(void)state;
	assert_string_equal(outline(&t), "start|0-1-1\n"
					 "chapter|1-2-3\n"
					 "chapter/part|2-3-3\n");
	assert_text(t.doc->title, "Chapter");
}

static void
levels_may_be_jumped(void **state)
{
	DOC("## A\n\n##### Deep\n\n### Less\n\n#### D\n\n## B\n");

	(void)state;
	assert_string_equal(outline(&t), "a|0-1-4\n"
					 "a/deep|1-2-2\n"
					 "a/less|2-3-4\n"
					 "a/less/d|3-4-4\n"
					 "b|4-5-5\n");
}

static void
quoted_headings_begin_no_section(void **state)
{
	DOC("## A\n\n> ## A\n\ntext\n\n- ## In item\n\n## A\n");

	(void)state;
	assert_string_equal(outline(&t), "a|0-3-3\n"
					 "in-item|3-4-4\n"
					 "a-2|4-5-5\n");
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 0)->section->path, "a");
	assert_text(doc_block(&t, BLOCK_HEADING, 1)->section->path, "a");
}

static void
headings_without_a_letter_have_paths_too(void **state)
{
	DOC("## !!!\n\n## ???\n\n##\n\n## -1\n");

	(void)state;
	assert_string_equal(outline(&t), "section|0-1-1\n"
					 "-1|1-2-2\n"
					 "-2|2-3-3\n"
					 "-1-1|3-4-4\n");
}

static void
a_path_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_adds(&b, "## ");
	buf_fill(&b, 'a', LIMIT_SECTION_PATH - 10);
	buf_adds(&b, "\n\n### 12345678\n\n### 123456789\n\n### 1234567890\n");
	t = doc_open(buf_cstr(&b));
	assert_int_equal(t.doc->n_sections, 4);
	assert_int_equal(t.doc->sections[2]->path.len, LIMIT_SECTION_PATH);
	assert_string_equal(doc_report(&t),
			    "7:1: RB1001 the path of this section has more "
			    "than 1024 bytes\n");
	doc_close(&t);
	buf_release(&b);
}

static void
the_title_is_the_front_matters_or_the_headings_or_the_files(void **state)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	struct document *doc;
	DOC("---\ntitle: Front\n---\n\n# Heading\n");

	(void)state;
	assert_text(t.doc->title, "Front");
	doc = document_parse("a/b/run-it.html.md", xstrdup("## No title"), 11,
			     &clock_system, &sink);
	assert_text(doc->title, "run-it");
	assert_null(document_free(doc));
	doc = document_parse(".hidden", xstrdup(""), 0, &clock_system, &sink);
	assert_text(doc->title, ".hidden");
	document_free_ptr(&doc);
	assert_null(doc);
}

/* Every path of the first document, made by hand. */
static void
the_first_document_has_its_paths(void **state)
{
	char *path = test_data("seed/home-server.md");
	char *table = test_data("seed/headings.tsv");
	struct diag_sink sink = DIAG_SINK_INIT;
	struct buf rows = BUF_INIT, err = BUF_INIT;
	struct text rest, line, field;
	struct document *doc;
	uint32_t n = 0;

	(void)state;
	if (!path || !table)
		skip();
	doc = document_load(path, &sink, &err);
	assert_non_null(doc);
	assert_int_equal(file_read(table, 1 << 20, &rows, &err), 0);
	rest = buf_text(&rows);
	text_next_line(&rest, &line);
	for (; text_next_line(&rest, &line); n++) {
		const struct section *s = doc->sections[n];
		uint64_t number;

		text_next_field(&line, '\t', &field);
		assert_true(text_to_uint(field, 1000, &number));
		assert_int_equal(span_line(s->heading->where), number);
		text_next_field(&line, '\t', &field);
		assert_true(text_to_uint(field, 6, &number));
		assert_int_equal(s->level, number);
		text_next_field(&line, '\t', &field);
		assert_true(text_eq(s->title, field));
		text_next_field(&line, '\t', &field);
		assert_true(text_eq(s->path, field));
	}
	assert_int_equal(n, 41);
	assert_int_equal(doc->n_sections, 41);
	assert_int_equal(sink.n_items, 0);
	assert_true(document_is_runbook(doc));
	document_free(doc);
	buf_release(&rows);
	free(path);
	free(table);
}

/* ---- odd bytes ---------------------------------------------------------- */

static void
a_byte_order_mark_is_no_text(void **state)
{
	DOC("\xef\xbb\xbf# Title\n\n```sh\ntrue\n```\n");

	(void)state;
	assert_text(doc_block(&t, BLOCK_HEADING, 0)->text, "Title");
	assert_int_equal(doc_block(&t, BLOCK_HEADING, 0)->where.start, 3);
	doc_check_places(t.doc);
	assert_string_equal(doc_report(&t), "");
}

static void
what_is_no_text_is_reported_once(void **state)
{
	CLEANUP(doc_close)
	struct doc_test nul = doc_open_bytes("# T\n\na longer \0 line\0\n", 22);
	CLEANUP(doc_close)
	struct doc_test latin = doc_open("# Caf\xe9 and caf\xe9\n");
	CLEANUP(doc_close)
	struct doc_test good =
		doc_open("# Caf\xc3\xa9 \xf0\x9f\x98\x80 here\n");

	(void)state;
	assert_string_equal(doc_report(&nul),
			    "3:10: RB1002 the document holds a NUL byte\n");
	assert_string_equal(doc_report(&latin),
			    "1:6: RB1002 the document is not UTF-8: byte "
			    "0xe9\n");
	assert_string_equal(doc_report(&good), "");
}

static void
an_empty_document_is_a_document(void **state)
{
	static const char *const empty[] = {
		"",           "\n",      "\r\n\r\n", "   ", "\xef\xbb\xbf",
		"---\n---\n", "---\n---"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		struct doc_test t = doc_open(empty[i]);

		assert_int_equal(t.doc->n_blocks, 0);
		assert_int_equal(t.doc->n_sections, 0);
		assert_non_null(t.doc->root);
		assert_text(t.doc->title, "test");
		assert_string_equal(doc_report(&t), "");
		doc_close(&t);
	}
}

static void
a_file_that_cannot_be_read_is_no_document(void **state)
{
	struct diag_sink sink = DIAG_SINK_INIT;
	struct buf err = BUF_INIT;

	(void)state;
	assert_null(document_load("no/such/file.md", &sink, &err));
	assert_string_equal(buf_cstr(&err), "cannot open 'no/such/file.md': "
					    "No such file or directory");
	buf_clear(&err);
	assert_null(document_load("/", &sink, &err));
	assert_true(err.len > 0);
	assert_int_equal(sink.n_items, 0);
	buf_release(&err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_come_in_order_with_their_places),
		cmocka_unit_test(inline_runs_keep_what_kind_they_are),
		cmocka_unit_test(runs_have_places),
		cmocka_unit_test(setext_headings_take_two_lines),
		cmocka_unit_test(setext_headings_end_with_their_underline),
		cmocka_unit_test(containers_tell_what_a_block_stands_in),
		cmocka_unit_test(task_marks_count_at_the_head_of_an_item_only),
		cmocka_unit_test(alerts_are_quotes_with_a_mark),
		cmocka_unit_test(details_hold_what_stands_between_their_tags),
		cmocka_unit_test(a_summary_ends_with_what_it_sums_up),
		cmocka_unit_test(details_end_at_the_end_of_a_line_too),
		cmocka_unit_test(details_end_with_what_holds_them),
		cmocka_unit_test(sections_span_what_is_below_them),
		cmocka_unit_test(
			a_first_h1_is_the_title_and_later_ones_are_sections),
		cmocka_unit_test(an_h1_below_other_headings_is_a_section),
		cmocka_unit_test(levels_may_be_jumped),
		cmocka_unit_test(quoted_headings_begin_no_section),
		cmocka_unit_test(headings_without_a_letter_have_paths_too),
		cmocka_unit_test(a_path_has_a_limit),
		cmocka_unit_test(
			the_title_is_the_front_matters_or_the_headings_or_the_files),
		cmocka_unit_test(the_first_document_has_its_paths),
		cmocka_unit_test(a_byte_order_mark_is_no_text),
		cmocka_unit_test(what_is_no_text_is_reported_once),
		cmocka_unit_test(an_empty_document_is_a_document),
		cmocka_unit_test(a_file_that_cannot_be_read_is_no_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
