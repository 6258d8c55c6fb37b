/* Limits of time, memory, depth and size, and documents in parts. */
#include "base/limits.h"
#include "doc/markdown.h"
#include "lib/doc.h"

/* UNIT again and again, up to N bytes. */
static void
repeat(struct buf *b, const char *unit, size_t n)
{
	size_t len = strlen(unit), end = b->len + n;

	while (b->len + len <= end)
		buf_add(b, unit, len);
}

static struct doc_test
open_buf(const struct buf *b)
{
	return doc_open_bytes(buf_cstr(b), b->len);
}

/* Refused, with one error that begins so and nothing left behind. */
static void
check_refused(struct doc_test *t, const char *message)
{
	assert_true(t->doc->refused);
	assert_int_equal(t->doc->n_blocks, 0);
	assert_int_equal(t->doc->n_sections, 0);
	assert_null(t->doc->blocks);
	assert_non_null(t->doc->src);
	assert_true(t->sink.n_items > 0);
	assert_int_equal(t->sink.items[0]->code, DIAG_DOCUMENT_LIMIT);
	assert_string_equal(t->sink.items[0]->message, message);
	doc_close(t);
}

/* ---- size --------------------------------------------------------------- */

static void
size_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	/* one list, which cannot be cut */
	repeat(&b, "- word word wor\n", LIMIT_DOCUMENT_BYTES);
	assert_int_equal(b.len, LIMIT_DOCUMENT_BYTES);
	t = open_buf(&b);
	assert_false(t.doc->refused);
	assert_int_equal(t.doc->n_blocks, LIMIT_DOCUMENT_BYTES / 16);
	doc_close(&t);
	buf_addc(&b, 'x');
	t = open_buf(&b);
	check_refused(&t, "the document has more than 4 MiB");
	buf_release(&b);
}

/* ---- depth -------------------------------------------------------------- */

static void
check_depth(const char *marker, int n, bool good)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	for (int i = 0; i < n; i++)
		buf_adds(&b, marker);
	buf_adds(&b, "x\n");
	t = open_buf(&b);
	if (good) {
		assert_int_equal(t.doc->n_blocks, 1);
		assert_string_equal(doc_report(&t), "");
		doc_close(&t);
	} else {
		check_refused(&t, "quotes and lists stand in each other more "
				  "than 64 deep");
	}
	buf_release(&b);
}

static void
depth_has_a_limit(void **state)
{
	static const char *const markers[] = { ">", "> ", "- ", "1. ", "> * " };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(markers); i++) {
		int most = LIMIT_DOCUMENT_DEPTH / (i == 4 ? 2 : 1);

		check_depth(markers[i], most, true);
		check_depth(markers[i], most + 1, false);
		check_depth(markers[i], 100000, false);
	}
}

static void
depth_counts_where_nothing_is_inside(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_fill(&b, '>', LIMIT_DOCUMENT_DEPTH + 1);
	buf_adds(&b, "\n\ntext\n");
	t = open_buf(&b);
	check_refused(&t, "quotes and lists stand in each other more than 64 "
			  "deep");
	buf_release(&b);
}

static void
details_have_a_limit_too(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	repeat(&b, "<details>\n\n", 11 * LIMIT_DOCUMENT_DEPTH);
	buf_adds(&b, "x\n");
	t = open_buf(&b);
	assert_int_equal(t.doc->n_blocks, LIMIT_DOCUMENT_DEPTH + 1);
	doc_close(&t);
	buf_clear(&b);
	repeat(&b, "<details>\n\n", 11 * (LIMIT_DOCUMENT_DEPTH + 1));
	t = open_buf(&b);
	check_refused(&t, "<details> stand in each other more than 64 deep");
	/* told once, however many there are */
	buf_clear(&b);
	repeat(&b, "<details>\n", 10 * (LIMIT_DOCUMENT_DEPTH + 100));
	t = open_buf(&b);
	assert_int_equal(t.sink.n_items, 1);
	doc_close(&t);
	buf_release(&b);
}

/* Long lines that only look like nesting are no nesting. */
static void
long_rows_of_marks_are_text(void **state)
{
	static const char *const units[] = { "-", "=", "*", "1", " ", "+-" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_adds(&b, "```\n");
		repeat(&b, units[i], 2 * LIMIT_LINE_PREFIX);
		buf_adds(&b, "x\n```\n");
		t = open_buf(&b);
		assert_string_equal(doc_report(&t), "");
		assert_int_equal(t.doc->n_blocks, 1);
		doc_close(&t);
		buf_release(&b);
	}
}

/* A container that begins so far to the right is refused before cmark sees
 * it, which would close N of them in N * N steps without a pause. */
static void
the_head_of_a_line_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_adds(&b, "```\n");
	repeat(&b, "> ", LIMIT_LINE_PREFIX);
	buf_adds(&b, "x\n```\n");
	t = open_buf(&b);
	assert_false(t.doc->refused);
	doc_close(&t);
	buf_clear(&b);
	repeat(&b, "\t", LIMIT_LINE_PREFIX / 4);
	buf_adds(&b, "- x\n");
	t = open_buf(&b);
	check_refused(&t, "quotes and lists stand in each other more than 64 "
			  "deep");
	buf_release(&b);
}

/* ---- time --------------------------------------------------------------- */

/* A clock that goes on by a step each time somebody looks. */
struct fake_clock {
	struct clock clock;
	int64_t now_ns, step_ns;
};

static int64_t
fake_mono_ns(void *ctx)
{
	struct fake_clock *f = ctx;

	f->now_ns += f->step_ns;
	return f->now_ns;
}

static struct fake_clock
clock_of(int64_t step_ms)
{
	struct fake_clock f = { .step_ns = step_ms * 1000000 };

	f.clock.mono_ns = fake_mono_ns;
	return f;
}

static struct document *
parse_with(struct fake_clock *f, const struct buf *b, struct diag_sink *sink)
{
	f->clock.ctx = f;
	return document_parse("x.md", xmemdup0(b->bytes, b->len), b->len,
			      &f->clock, sink);
}

static void
time_has_a_limit(void **state)
{
	struct fake_clock slow = clock_of(1000), fast = clock_of(1);
	struct doc_test t = { NULL, DIAG_SINK_INIT };
	struct buf b = BUF_INIT;

	(void)state;
	repeat(&b, "word *word* word\n\n", 100 * 1024);
	t.doc = parse_with(&slow, &b, &t.sink);
	check_refused(&t, "the document takes more than 5 s to parse");
	t = (struct doc_test){ parse_with(&fast, &b, &t.sink), DIAG_SINK_INIT };
	assert_false(t.doc->refused);
	doc_close(&t);
	buf_release(&b);
}

/* Inputs that cost cmark 0.30 the square of their length, or did once: between
 * two looks at the clock there are never more than a few scans of the text. */
static void
slow_inputs_look_at_the_clock(void **state)
{
	static const char *const units[] = {
		"![[]()",  "![l",   "[a](<b", "a<!--",   "a<![CDATA[",
		"*a **a ", "`a``a", "&",      "<a b=\"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct fake_clock f = clock_of(1);
		struct doc_test t = { NULL, DIAG_SINK_INIT };
		struct buf b = BUF_INIT;

		repeat(&b, units[i], 48 * 1024);
		t.doc = parse_with(&f, &b, &t.sink);
		assert_true(f.now_ns / f.step_ns > 48 * 1024 / 512);
		doc_close(&t);
		buf_release(&b);
	}
}

/* Deep lists and then empty lines: cmark looks at each list on each line. */
static void
empty_lines_in_deep_lists_are_stopped(void **state)
{
	struct fake_clock slow = clock_of(100);
	struct doc_test t = { NULL, DIAG_SINK_INIT };
	struct buf b = BUF_INIT;

	(void)state;
	repeat(&b, "- ", 2000);
	buf_adds(&b, "x\n");
	buf_fill(&b, '\n', 300 * 1024);
	t.doc = parse_with(&slow, &b, &t.sink);
	check_refused(&t, "the document takes more than 5 s to parse");
	buf_release(&b);
}

/* ---- memory ------------------------------------------------------------- */

static void
memory_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	/* one paragraph, of which cmark makes more than 100 times its size */
	repeat(&b, "*a*\n", 3 * 1024 * 1024);
	t = open_buf(&b);
	check_refused(&t, "the document takes more than 256 MiB to parse");
	buf_release(&b);
}

static void
what_is_made_of_it_has_a_limit(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	/* little for cmark, part by part, but many sections for us */
	repeat(&b, "#\n", LIMIT_DOCUMENT_BYTES);
	t = open_buf(&b);
	check_refused(&t, "the document needs more than 256 MiB of memory");
	buf_release(&b);
}

/* ---- parts -------------------------------------------------------------- */

/* Everything that markdown_parse says, as text. */
struct record {
	struct buf text;
	uint32_t depth;
};

static void
on_enter(void *ctx, enum container_kind kind, uint32_t start)
{
	struct record *r = ctx;

	buf_addf(&r->text, "%u enter %d %u\n", r->depth++, (int)kind, start);
}

static void
on_leave(void *ctx)
{
	struct record *r = ctx;

	buf_addf(&r->text, "%u leave\n", --r->depth);
}

static void
on_leaf(void *ctx, const struct markdown_leaf *leaf)
{
	struct record *r = ctx;

	buf_addf(&r->text, "%u %d %u lines %u-%u at %u next %u info %d\n",
		 r->depth, (int)leaf->kind, leaf->level, leaf->first_line,
		 leaf->kind == BLOCK_CODE || leaf->kind == BLOCK_HTML
			 ? 0
			 : leaf->last_line,
		 leaf->start, leaf->next_line, leaf->has_info);
	buf_addt(&r->text, leaf->literal);
	buf_addt(&r->text, leaf->text);
}

static void
record_parts(const char *markdown, size_t part, struct record *r)
{
	struct source *src =
		source_new("x.md", xstrdup(markdown), strlen(markdown));
	struct markdown_events on = { on_enter, on_leave, on_leaf, r };
	struct arena arena = ARENA_INIT;
	struct lines l;
	uint32_t at;

	lines_init(&l, src, 0);
	assert_int_equal(
		markdown_parse(&arena, &l, part, &clock_system, &on, &at),
		MARKDOWN_DONE);
	assert_int_equal(r->depth, 0);
	lines_release(&l);
	source_free(src);
	arena_release(&arena);
}

/* How many parts there are cannot be seen, wherever the cuts might come. */
static void
parts_read_like_the_whole(void **state)
{
	static const char *const documents[] = {
		"# A\n\ntext\n\n## B\n\n```sh\n# no\n## heading\n```\n\n## C\n",
		"```\n# a\n~~~\n# b\n```\n# c\n~~~\n# d\n```\n# e\n",
		"<!--\n# a\n```\n# b\n-->\n# c\n```\n# d\n",
		"- a\n  # in\n# out\n- b\n\n# out\n  text\n",
		"> a\n# b\n> c\n\n# d\n",
		"1. ```\n   a\n# b\n   ```\n# c\n",
		"<div>\n# a\n\n# b\n</div>\n\n# c\n",
		"<script>\n\n# a\n\n</script>\n# b\n",
		"text\n# a\n===\ntext\n# b\n---\n# c #\n#\n####### d\n#e\n",
		"[x]: /y\n# a\n[z]:\n# b\n/y\n# c\n",
		"# a\r\n\r\n# b\r\rc\r# d\r\n",
		"    # a\n\n    # b\n# c\n\t# d\n\n# e\n   # f\n",
		"- ```\n# a\n- ~~~\n  # b\n\n# c\n",
		"# \n## \n#\t\n#",
		"a\n\n\xef\xbb\xbf# b\n\n\xef\xbb\xbfz\n",
		"a\n\nb\n\nc\nd\n\n- e\n\nf\n\n  g\n\nh\n===\n\ni\n\n> j\nk\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
		struct record whole = { BUF_INIT, 0 };

		record_parts(documents[i], SIZE_MAX, &whole);
		for (size_t part = 1; part < 40; part++) {
			struct record parts = { BUF_INIT, 0 };

			record_parts(documents[i], part, &parts);
			assert_string_equal(buf_cstr(&parts.text),
					    buf_cstr(&whole.text));
			buf_release(&parts.text);
		}
		buf_release(&whole.text);
	}
}

/* What cannot be cut is parsed again with twice the bytes, and done. */
static void
a_long_block_is_one_part(void **state)
{
	static const char *const heads[] = { "```sh\n", "<!--\n", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct buf b = BUF_INIT;
		struct doc_test t;

		buf_addf(&b, "# Start\n\n%s", heads[i]);
		repeat(&b, "# a line\n", 5 * LIMIT_MARKDOWN_WHOLE);
		t = open_buf(&b);
		assert_false(t.doc->refused);
		assert_int_equal(t.doc->n_blocks,
				 i < 2 ? 2 : 1 + 5 * LIMIT_MARKDOWN_WHOLE / 9);
		doc_check_places(t.doc);
		doc_close(&t);
		buf_release(&b);
	}
}

static void
a_link_is_known_within_its_part_only(void **state)
{
	struct buf b = BUF_INIT;
	struct doc_test t;

	(void)state;
	buf_adds(&b, "# A\n\nsee [it]\n\n[it]: /x\n\n");
	repeat(&b, "fill\n", LIMIT_MARKDOWN_WHOLE);
	buf_adds(&b, "\nsee [it]\n");
	t = open_buf(&b);
	assert_int_equal(doc_block(&t, BLOCK_PARAGRAPH, 0)->runs[1].kind,
			 INLINE_LINK);
	assert_text(doc_block(&t, BLOCK_PARAGRAPH, 2)->text, "see [it]");
	doc_close(&t);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_has_a_limit),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(depth_counts_where_nothing_is_inside),
		cmocka_unit_test(details_have_a_limit_too),
		cmocka_unit_test(long_rows_of_marks_are_text),
		cmocka_unit_test(the_head_of_a_line_has_a_limit),
		cmocka_unit_test(time_has_a_limit),
		cmocka_unit_test(slow_inputs_look_at_the_clock),
		cmocka_unit_test(empty_lines_in_deep_lists_are_stopped),
		cmocka_unit_test(memory_has_a_limit),
		cmocka_unit_test(what_is_made_of_it_has_a_limit),
		cmocka_unit_test(parts_read_like_the_whole),
		cmocka_unit_test(a_long_block_is_one_part),
		cmocka_unit_test(a_link_is_known_within_its_part_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
