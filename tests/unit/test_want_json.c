/* JSON that holds at least what is wanted. */
#include "lib/unit.h"
#include "lib/wanted.h"

static const struct {
	const char *want, *output;
	char verdict;
} cases[] = {
	{ "1", "1\n", 'm' },
	{ "1", "2\n", 'u' },
	{ "1", "1.0\n", 'm' }, /* numbers by value */
	{ "1.5", "15e-1\n", 'm' },
	{ "1", "\"1\"\n", 'u' },
	{ "0", "false\n", 'u' },
	{ "9007199254740993", "9007199254740992\n", 'u' },
	{ "null", "null\n", 'm' },
	{ "true", "true\n", 'm' },
	{ "\"å\"", "\"\\u00e5\"\n", 'm' },
	/* an object holds one with fewer keys */
	{ "{}", "{\"a\": 1}\n", 'm' },
	{ "{\"a\": 1}", "{\"b\": 2, \"a\": 1}\n", 'm' },
	{ "{\"a\": 1}", "{\"a\": 2}\n", 'u' },
	{ "{\"a\": 1}", "{\"b\": 1}\n", 'u' },
	{ "{\"a\": null}", "{}\n", 'u' },
	{ "{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": 1, \"c\": 2}}\n", 'm' },
	{ "{\"a\": {}}", "{\"a\": []}\n", 'u' },
	{ "{}", "[]\n", 'u' },
	/* an array holds one with fewer items, in the same order */
	{ "[]", "[1, 2]\n", 'm' },
	{ "[1, 3]", "[1, 2, 3]\n", 'm' },
	{ "[3, 1]", "[1, 2, 3]\n", 'u' },
	{ "[1, 1]", "[1]\n", 'u' },
	{ "[1, 1]", "[1, 2, 1]\n", 'm' },
	{ "[{\"s\": \"up\"}]",
	  "[{\"s\": \"down\"}, {\"s\": \"up\", \"n\": 2}]\n", 'm' },
	{ "[[2]]", "[[1], [1, 2]]\n", 'm' },
	{ "[1]", "1\n", 'u' },
	/* one value a line */
	{ "{\"a\": 2}", "{\"a\": 1}\n{\"a\": 2}\n", 'm' },
	{ "{\"a\": 2}", "{\"a\": 1}\n\n{\"a\": 3}\n", 'u' },
	{ "{\"a\": 2}", "starting\n{\"a\": 2}\n", 'u' },
	/* what is no JSON */
	{ "1", "", 'u' },
	{ "1", "one\n", 'u' },
	{ "1", "\xff\n", 'u' },
	{ "1", "{\"a\": 1, \"a\": 1}\n", 'u' },
	{ "{a: 1}", "1\n", 'x' },
	{ "", "1\n", 'x' },
};

static void
test_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char verdict = judge(WANT_JSON, cases[i].want, cases[i].output);

		if (verdict != cases[i].verdict)
			fail_msg("%s in %s: %c, not %c", cases[i].want,
				 cases[i].output, verdict, cases[i].verdict);
	}
}

static const struct {
	const char *want, *output, *message, *got;
} failures[] = {
	{ "{\"nodes\": {\"db\": {\"state\": \"up\"}}}",
	  "{\"nodes\": {\"db\": {\"state\": \"down\"}}}",
	  "stdout does not hold '.nodes.db.state = \"up\"'", "\"down\"" },
	{ "{\"a b\": {\"1\": true}}", "{\"a b\": {}}",
	  "stdout does not hold '[\"a b\"][\"1\"] = true'", "" },
	{ "{\"nodes\": [{\"n\": 1}, {\"n\": 3}]}",
	  "{\"nodes\": [{\"n\": 1}, {\"n\": 2}]}",
	  "stdout does not hold '.nodes[] = {\"n\":3}'",
	  "[{\"n\":1},{\"n\":2}]" },
	{ "{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 3}",
	  "stdout does not hold '.b = 2'", "3" },
	{ "1", "2\n", "stdout does not hold '1'", "2" },
	{ "1", "\n", "stdout is empty", "" },
	{ "1", "oh\ndear\n",
	  "stdout is malformed JSON at line 1, column 2: invalid token near "
	  "'oh'",
	  "dear" },
	{ "1", "2\n3\n", "no line of stdout holds '1'", "3" },
	{ "1", "\001\n",
	  "stdout is malformed JSON at line 1, column 1: invalid token near "
	  "'^A'",
	  "\001" },
};

static void
test_failures(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct want_result *r;
		struct judge j;

		assert_true(judge_begin(&j, WANT_JSON, failures[i].want));
		r = judge_output(&j, text_of(failures[i].output));
		assert_false(r->met);
		assert_string_equal(buf_cstr(&r->message), failures[i].message);
		assert_string_equal(buf_cstr(&r->got), failures[i].got);
		judge_end(&j);
	}
}

static void
test_malformed_want(void **state UNUSED)
{
	struct judge j;

	assert_false(judge_begin(&j, WANT_JSON, "{\"a\": }"));
	assert_int_equal(j.sink.items[0]->code, DIAG_WANT_PATTERN);
	assert_string_equal(j.sink.items[0]->message,
			    "malformed JSON at line 1, column 7: unexpected "
			    "token near '}'");
	judge_end(&j);
}

/* As deep as the library parses; each level is looked at once. */
static void
test_deep(void **state UNUSED)
{
	struct buf deep = BUF_INIT;
	struct judge j;

	buf_fill(&deep, '[', 2000);
	buf_fill(&deep, ']', 2000);
	assert_true(judge_begin(&j, WANT_JSON, buf_cstr(&deep)));
	assert_true(judge_output(&j, buf_text(&deep))->met);
	assert_false(judge_output(&j, TEXT("[[]]"))->met);
	judge_end(&j);
	buf_release(&deep);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_malformed_want),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
