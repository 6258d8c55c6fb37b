/* One text for another in a stream. */
#include "exec/retitle.h"
#include "lib/unit.h"

static const struct retitle fresh = {
	{ "/run/1/step: ", 13 }, { "x.md: ", 6 }, BUF_INIT, 0
};

/* TEXT in pieces of N bytes, with ADD more lines. */
static void
check(const char *text, size_t n, uint32_t add, const char *want)
{
	struct retitle r = fresh;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text all = text_of(text);

	r.add = add;
	for (size_t i = 0; i < all.len; i += n)
		retitle_write(&r, text_sub(all, i, i + n), &b);
	retitle_flush(&r, &b);
	retitle_release(&r);
	assert_string_equal(buf_cstr(&b), want);
}

static void
wherever_it_is_cut(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "/", "/" },
		{ "plain\n", "plain\n" },
		{ "/run/1/step: line 3: no\n", "x.md: line 3: no\n" },
		{ "a /run/1/step: /run/1/step: b", "a x.md: x.md: b" },
		/* a beginning that is none, and one within */
		{ "/run/1/steps", "/run/1/steps" },
		{ "/run/run/1/step: y", "/runx.md: y" },
		{ "//run/1/step: y/run/1/step:", "/x.md: y/run/1/step:" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t n = 1; n < 30; n++)
			check(cases[i].text, n, 0, cases[i].want);
	}
}

/* A line is told by where it stands in the document. */
static void
lines_are_added(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "/run/1/step: line 3: no\n", "x.md: line 503: no\n" },
		{ "/run/1/step: line 12", "x.md: line 512" },
		{ "/run/1/step: lin", "x.md: lin" },
		{ "/run/1/step: ", "x.md: " },
		{ "/run/1/step: line x: 3", "x.md: line x: 3" },
		{ "/run/1/step: line 3/run/1/step: line 4 line 5",
		  "x.md: line 503x.md: line 504 line 5" },
		{ "line 3: no", "line 3: no" },
		{ "/run/1/step: line 99999999999: no",
		  "x.md: line 99999999999: no" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t n = 1; n < 35; n++)
			check(cases[i].text, n, 500, cases[i].want);
	}
}

/* Only what may be the beginning waits. */
static void
what_is_held(void **state)
{
	struct retitle r = fresh;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	(void)state;
	retitle_write(&r, TEXT("50%\r/run/"), &b);
	assert_string_equal(buf_cstr(&b), "50%\r");
	assert_int_equal(r.held.len, 5);
	retitle_write(&r, TEXT("x"), &b);
	assert_string_equal(buf_cstr(&b), "50%\r/run/x");
	assert_int_equal(r.held.len, 0);
	retitle_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wherever_it_is_cut),
		cmocka_unit_test(lines_are_added),
		cmocka_unit_test(what_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
