/* JSON values. */
#include "base/json.h"
#include "lib/unit.h"

static void
assert_written(const struct jval *v, bool pretty, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	jval_write(v, pretty, &b);
	assert_string_equal(buf_cstr(&b), want);
}

static struct jval *
parse(const char *s)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct jval *v = jval_parse(text_of(s), &err);

	assert_string_equal(buf_cstr(&err), "");
	assert_non_null(v);
	return v;
}

static void
test_making(void **state UNUSED)
{
	CLEANUP(jval_free_ptr) struct jval *v = jval_object();
	struct jval *list = jval_array();

	jval_set(v, "z", jval_int(INT64_MIN));
	jval_set(v, "a", jval_bool(true));
	jval_push(list, jval_null());
	jval_push(list, jval_string(NULL));
	jval_push(list, jval_string(""));
	jval_push(list, jval_bool(false));
	jval_set(v, "m", list);
	jval_set(v, "z", jval_int(INT64_MAX));
	assert_written(v, false,
		       "{\"z\":9223372036854775807,\"a\":true,"
		       "\"m\":[null,null,\"\",false]}");
}

static void
test_pretty(void **state UNUSED)
{
	CLEANUP(jval_free_ptr)
	struct jval *v = parse("{\"a\":[1,{}],\"b\":[]}");

	assert_written(v, true,
		       "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

static void
assert_text_written(struct text t, const char *want)
{
	CLEANUP(jval_free_ptr) struct jval *v = jval_text(t);

	assert_written(v, false, want);
}

static void
test_texts(void **state UNUSED)
{
	assert_text_written((struct text){ NULL, 0 }, "\"\"");
	assert_text_written(TEXT("a\"\\/\n\t\x1b\x7f\xc3\xa9"),
			    "\"a\\\"\\\\/\\n\\t\\u001B\x7f\xc3\xa9\"");
	assert_text_written(TEXT("a\0b"), "\"a\\u0000b\"");
	assert_text_written(TEXT("\xff"
				 "a\xc3\xed\xa0\x80\xf0\x9f\x94\x91"),
			    "\"\xef\xbf\xbd"
			    "a\xef\xbf\xbd\xef\xbf\xbd"
			    "\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x94\x91\"");
}

static void
test_bad_key(void **state UNUSED)
{
	CLEANUP(jval_free_ptr) struct jval *v = jval_object();

	jval_set(v, "a\xff", jval_int(1));
	assert_written(v, false, "{\"a\xef\xbf\xbd\":1}");
	assert_null(jval_get(v, "a\xff"));
}

static void
test_reading(void **state UNUSED)
{
	CLEANUP(jval_free_ptr)
	struct jval *v = parse("{\"s\":\"a\\u0000b\",\"n\":-7,\"t\":true,"
			       "\"f\":false,\"0\":null,\"l\":[1,\"x\"],"
			       "\"r\":1.5}");

	assert_true(jval_is_object(v));
	assert_int_equal(jval_get_text(v, "s").len, 3);
	assert_memory_equal(jval_get_text(v, "s").at, "a\0b", 4);
	assert_int_equal(jval_get_int(v, "n", 3), -7);
	assert_int_equal(jval_get_int(v, "r", 3), 3);
	assert_int_equal(jval_get_int(v, "s", 3), 3);
	assert_true(jval_get_bool(v, "t", false));
	assert_false(jval_get_bool(v, "f", true));
	assert_true(jval_get_bool(v, "n", true));
	assert_true(jval_is_null(jval_get(v, "0")));
	assert_true(jval_is_array(jval_get(v, "l")));
	assert_int_equal(jval_count(jval_get(v, "l")), 2);
	assert_text(jval_as_text(jval_at(jval_get(v, "l"), 1)), "x");
	assert_null(jval_at(jval_get(v, "l"), 2));
}

/* Nothing to read is no mistake. */
static void
test_reading_nothing(void **state UNUSED)
{
	CLEANUP(jval_free_ptr) struct jval *n = jval_int(1);

	assert_null(jval_get(NULL, "a"));
	assert_null(jval_get(n, "a"));
	assert_null(jval_at(n, 0));
	assert_int_equal(jval_count(n), 0);
	assert_int_equal(jval_count(NULL), 0);
	assert_int_equal(jval_get_text(NULL, "a").len, 0);
	assert_int_equal(jval_as_text(n).len, 0);
	assert_false(jval_is_object(NULL) || jval_is_array(NULL) ||
		     jval_is_null(NULL));
	assert_null(jval_free(NULL));
}

static void
assert_malformed(struct text t, const char *want)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;

	assert_null(jval_parse(t, &err));
	assert_true(text_starts(buf_text(&err), want));
}

static void
test_malformed(void **state UNUSED)
{
	assert_malformed(TEXT(""), "malformed JSON at line 1, column 0: ");
	assert_malformed((struct text){ NULL, 0 },
			 "malformed JSON at line 1, column 0: ");
	assert_malformed(TEXT("{\n\"a\":}"),
			 "malformed JSON at line 2, column 5: ");
	assert_malformed(TEXT("{\"a\":1,\"a\":2}"), "malformed JSON at ");
	assert_malformed(TEXT("[1] x"), "malformed JSON at ");
	assert_malformed(TEXT("\"\xff\""), "malformed JSON at ");
	assert_malformed(TEXT("\"\\ud800\""), "malformed JSON at ");
	assert_malformed(TEXT("99999999999999999999"), "malformed JSON at ");
	assert_malformed(TEXT("[1,]"), "malformed JSON at ");
}

static void
test_depth(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct jval *v;

	buf_fill(&b, '[', 2048);
	buf_fill(&b, ']', 2048);
	v = jval_parse(buf_text(&b), &err);
	assert_non_null(v);
	assert_true(jval_equal(v, v));
	jval_free(v);
	buf_clear(&b);
	buf_fill(&b, '[', 2049);
	buf_fill(&b, ']', 2049);
	assert_malformed(buf_text(&b), "malformed JSON at ");
}

static void
assert_equality(const char *left, const char *right, bool want)
{
	CLEANUP(jval_free_ptr) struct jval *a = parse(left);
	CLEANUP(jval_free_ptr) struct jval *b = parse(right);

	assert_int_equal(jval_equal(a, b), want);
	assert_int_equal(jval_equal(b, a), want);
	assert_true(jval_equal(a, a));
}

static void
test_equality(void **state UNUSED)
{
	CLEANUP(jval_free_ptr) struct jval *null = jval_null();

	assert_equality("1", "1.0", true);
	assert_equality("1", "1.5", false);
	assert_equality("1", "2", false);
	assert_equality("1", "true", false);
	assert_equality("1.5", "1.5", true);
	assert_equality("\"1\"", "1", false);
	assert_equality("[1,2]", "[1.0,2]", true);
	assert_equality("[1,2]", "[2,1]", false);
	assert_equality("[1]", "[1,1]", false);
	assert_equality("{\"a\":1,\"b\":[{}]}", "{\"b\":[{}],\"a\":1.0}", true);
	assert_equality("{\"a\":1}", "{\"b\":1}", false);
	assert_equality("{\"a\":1}", "{\"a\":1,\"b\":1}", false);
	assert_equality("{\"a\":1}", "{\"a\":null}", false);
	assert_equality("{}", "[]", false);
	assert_equality("null", "null", true);
	assert_equality("true", "false", false);
	assert_false(jval_equal(NULL, null));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_making),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_bad_key),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_reading_nothing),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
