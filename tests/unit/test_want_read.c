/* Wants out of documents: what `expect` may hold, where each stands, and what
 * is wrong with it. */
#include "base/limits.h"
#include "diag/source.h"
#include "lib/doc.h"
#include "want/want.h"

/* The wants of the first block's `expect`. */
struct read_test {
	struct doc_test doc;
	const struct ynode *expect; /* NULL: not let through by doc */
	struct want **wants;
	uint32_t n;
};

static struct read_test
read_text(struct text markdown)
{
	struct read_test t = { .doc = doc_open_bytes(markdown.at,
						     markdown.len) };

	for (uint32_t i = 0; i < t.doc.doc->n_blocks && !t.expect; i++)
		t.expect = annotation_get(t.doc.doc->blocks[i]->annotation,
					  KEY_EXPECT);
	if (t.expect)
		t.wants = want_read(t.doc.doc->arena, t.expect, &t.n,
				    &t.doc.sink);
	return t;
}

/* "kind stream within 'text'" of every want, a line each. */
static void
describe(const struct read_test *t, struct buf *b)
{
	static const char *const streams[] = { "stdout", "stderr", "both" };

	for (uint32_t i = 0; i < t->n; i++) {
		const struct want *w = t->wants[i];

		buf_addf(b, "%s %s %d '%.*s'\n", want_kind_name(w->kind),
			 streams[w->stream], (int)w->within_ms,
			 TEXT_ARG(w->text));
	}
}

static const struct {
	const char *expect, *wants;
} read_cases[] = {
	{ "ready", "contains stdout 0 'ready'\n" },
	{ "\"ready: yes\"", "contains stdout 0 'ready: yes'\n" },
	{ "200", "contains stdout 0 '200'\n" },
	{ "{contains: ready}", "contains stdout 0 'ready'\n" },
	{ "[ready, {absent: error, stream: both}]",
	  "contains stdout 0 'ready'\nabsent both 0 'error'\n" },
	{ "{stderr: [a, {regex: b}]}",
	  "contains stderr 0 'a'\nregex stderr 0 'b'\n" },
	{ "{contains: [a, b]}",
	  "contains stdout 0 'a'\ncontains stdout 0 'b'\n" },
	{ "{regex: [a, b]}", "regex stdout 0 'a'\nregex stdout 0 'b'\n" },
	{ "{glob: \"a*\", absent: error}",
	  "glob stdout 0 'a*'\nabsent stdout 0 'error'\n" },
	{ "{exact: \"a\\nb\\n\"}", "exact stdout 0 'a\nb\n'\n" },
	{ "{exact: \"\"}", "exact stdout 0 ''\n" },
	{ "{example: \"3 nodes\"}", "example stdout 0 '3 nodes'\n" },
	{ "{lines: [a, \"b (re)\", …]}", "lines stdout 0 'a\nb (re)\n…\n'\n" },
	{ "{lines: a}", "lines stdout 0 'a'\n" },
	/* settings count wherever they stand, for their own mapping */
	{ "{contains: a, stream: both, within: 30s, absent: b}",
	  "contains both 30000 'a'\nabsent both 30000 'b'\n" },
	{ "{within: 2m, stderr: {absent: e}, contains: a}",
	  "absent stderr 120000 'e'\ncontains stdout 120000 'a'\n" },
	{ "{stderr: warning, contains: a}",
	  "contains stderr 0 'warning'\ncontains stdout 0 'a'\n" },
	{ "{stream: stderr, contains: a}", "contains stderr 0 'a'\n" },
	/* json is any value */
	{ "{json: {a: 1, b: [x, \"1\", 1.5, true, null, -2]}}",
	  "json stdout 0 "
	  "'{\"a\":1,\"b\":[\"x\",\"1\",1.5,true,null,-2]}'\n" },
	{ "{json: [up, down]}", "json stdout 0 '[\"up\",\"down\"]'\n" },
	{ "{json: '{\"a\": 1}'}", "json stdout 0 '{\"a\": 1}'\n" },
	{ "{json: {v: 1.2.3, d: 2026-11-23, e: ~}}",
	  "json stdout 0 '{\"v\":\"1.2.3\",\"d\":\"2026-11-23\","
	  "\"e\":null}'\n" },
	/* not ours to read */
	{ "{contains: a, exit: [0, 3], x-note: mine}",
	  "contains stdout 0 'a'\n" },
	{ "{exit: 3}", "" },
};

static struct read_test
read_expect(const char *expect)
{
	struct buf b = BUF_INIT;
	struct read_test t;

	buf_addf(&b, "```sh {expect: %s}\ntrue\n```\n", expect);
	t = read_text(buf_text(&b));
	buf_release(&b);
	return t;
}

static void
test_read(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(read_cases); i++) {
		struct read_test t = read_expect(read_cases[i].expect);
		struct buf b = BUF_INIT;

		if (t.doc.sink.n_items)
			fail_msg("%s: %s", read_cases[i].expect,
				 doc_report(&t.doc));
		describe(&t, &b);
		assert_string_equal(buf_cstr(&b), read_cases[i].wants);
		for (uint32_t k = 0; k < t.n; k++) {
			assert_false(t.wants[k]->inferred);
			assert_true(want_compile(t.wants[k], &t.doc.sink));
			want_close(t.wants[k]);
		}
		buf_release(&b);
		doc_close(&t.doc);
	}
}

static void
test_exit(void **state UNUSED)
{
	struct read_test t = read_expect("{contains: a, exit: [0, 3]}");
	const struct ynode *codes = want_exit(t.expect);

	assert_int_equal(codes->n_items, 2);
	doc_close(&t.doc);
	t = read_expect("a");
	assert_null(want_exit(t.expect));
	doc_close(&t.doc);
}

static void
test_comment(void **state UNUSED)
{
	struct read_test t = read_text(TEXT("<!-- runbook:\n"
					    "expect:\n"
					    "  lines: |\n"
					    "    first\n"
					    "    [0-9+ (re)\n"
					    "  absent: >\n"
					    "    folded\n"
					    "    text\n"
					    "-->\n"
					    "```sh\n"
					    "true\n"
					    "```\n"));
	struct buf b = BUF_INIT;

	describe(&t, &b);
	assert_string_equal(buf_cstr(&b),
			    "lines stdout 0 'first\n[0-9+ (re)\n'\n"
			    "absent stdout 0 'folded text\n'\n");
	assert_null(t.wants[1]->map);
	/* a mistake in a line is underlined in its own line */
	assert_int_equal(t.doc.sink.n_items, 0);
	assert_false(want_compile(t.wants[0], &t.doc.sink));
	assert_string_equal(doc_report(&t.doc),
			    "5:9: RB4010 malformed regular expression: "
			    "missing terminating ] for character class\n");
	buf_release(&b);
	doc_close(&t.doc);
}

/* Where a want was not met is shown in the document. */
static const struct {
	const char *expect, *output, *where;
} placed[] = {
	{ "{lines: [alpha, beta]}", "alpha\nx\n", "beta" },
	{ "{lines: [alpha, \"be ta\"]}", "alpha\nx\n", "\"be ta\"" },
	{ "{contains: [alpha, beta]}", "", "alpha" },
	{ "{exact: \"one line\"}", "x\n", "one line" },
	{ "{exact: \"tab\\tbed\"}", "x\n", "\"tab\\tbed\"" },
	{ "{exact: 'single'}", "x\n", "single" },
	{ "{json: {a: {b: 1}}}", "{}", "{a: {b: 1}}" },
};

static void
test_places(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(placed); i++) {
		struct read_test t = read_expect(placed[i].expect);
		struct want_input input = { .out = text_of(placed[i].output) };
		struct want_result r = WANT_RESULT_INIT;

		assert_true(want_compile(t.wants[0], &t.doc.sink));
		want_check(t.wants[0], &input, &clock_system, &r);
		assert_false(r.met);
		assert_text(span_text(r.where), placed[i].where);
		want_result_release(&r);
		want_close(t.wants[0]);
		doc_close(&t.doc);
	}
}

/* What doc lets through because it knows nothing of it, and what it does not,
 * with the same words in both. */
static const struct {
	const char *expect, *report;
} mistakes[] = {
	{ "{contians: ok}", "1:17: RB1101 unknown key 'contians' in 'expect'\n"
			    "  help: did you mean 'contains'?\n" },
	{ "{contains: ok, stream: log}",
	  "1:39: RB1102 'stream' wants stdout, stderr or both\n" },
	{ "{within: 5s}",
	  "1:16: RB1102 'expect' wants something to look for\n" },
	{ "{stderr: {stream: both, contains: a}}",
	  "1:25: RB1102 'stderr' wants no stream of its own\n" },
	{ "{lines: [a, \"b\\nc\"]}",
	  "1:28: RB1102 'lines' wants a list of single lines\n" },
};

static void
test_mistakes(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		struct read_test t = read_expect(mistakes[i].expect);

		assert_string_equal(doc_report(&t.doc), mistakes[i].report);
		doc_close(&t.doc);
	}
}

/* Nodes that no document can hold, for callers that bring their own. */
static const struct {
	const char *yaml, *report;
} unchecked[] = {
	{ "[a, [b]]", "'expect' wants a text or a mapping" },
	{ "[{exit: 0}, {exit: 1}]", "'expect' wants 'exit' only once" },
	{ "{contains: {a: b}}", "'contains' wants a text or a list of texts" },
	{ "{regex: [[a]]}", "'regex' wants a text or a list of texts" },
	{ "{lines: {a: b}}", "'lines' wants a text or a list of texts" },
	{ "{within: soon}", "'within' wants a duration such as 30s" },
	{ "{stream: [both], contains: a}",
	  "'stream' wants stdout, stderr or both" },
	{ "{exi: 3}", "unknown key 'exi' in 'expect'" },
};

static void
test_unchecked(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(unchecked); i++) {
		struct excerpt yaml = { text_of(unchecked[i].yaml), NULL };
		struct diag_sink sink = DIAG_SINK_INIT;
		struct arena arena = ARENA_INIT;
		uint32_t n;

		want_read(&arena, ytree_parse(&arena, yaml, &sink), &n, &sink);
		assert_true(sink.n_items >= 1);
		assert_string_equal(sink.items[0]->message,
				    unchecked[i].report);
		diag_sink_release(&sink);
		arena_release(&arena);
	}
}

static void
test_number_is_limited(void **state UNUSED)
{
	struct buf b = BUF_INIT;
	struct read_test t;

	buf_adds(&b, "{contains: [a");
	for (int i = 1; i < LIMIT_WANTS; i++)
		buf_adds(&b, ", a");
	buf_adds(&b, "]}");
	t = read_expect(buf_cstr(&b));
	assert_int_equal(t.n, LIMIT_WANTS);
	assert_int_equal(t.doc.sink.n_items, 0);
	doc_close(&t.doc);
	buf_cut(&b, b.len - 2);
	buf_adds(&b, ", a, a]}");
	t = read_expect(buf_cstr(&b));
	assert_int_equal(t.n, LIMIT_WANTS);
	assert_int_equal(t.doc.sink.n_items, 1);
	assert_string_equal(t.doc.sink.items[0]->message,
			    "more than 32 expectations for one step");
	doc_close(&t.doc);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_unchecked),
		cmocka_unit_test(test_number_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
