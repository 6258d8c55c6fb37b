/* The line that tells a pipeline's statuses is taken out of the output. */
#include "exec/pipes_ear.h"
#include "lib/unit.h"

/* TEXT, in which "@" stands for the beginning of the line, in pieces. */
static void
check(const char *text, size_t n, const char *want, int hidden)
{
	CLEANUP(buf_release) struct buf command = BUF_INIT;
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	struct pipes_ear e = { .mark = BUF_INIT };

	pipes_ear_ask(&e, &command);
	for (const char *c = text; *c; c++) {
		if (*c == '@')
			buf_addt(&all, buf_text(&e.mark));
		else
			buf_addc(&all, *c);
	}
	for (size_t i = 0; i < all.len; i += n)
		pipes_ear_hear(&e, text_sub(buf_text(&all), i, i + n), &out);
	pipes_ear_end(&e, &out);
	assert_string_equal(buf_cstr(&out), want);
	assert_int_equal(e.heard, hidden >= 0);
	assert_int_equal(e.hidden, hidden < 0 ? 0 : hidden);
	pipes_ear_release(&e);
}

static void
test_lines(void **state)
{
	static const struct {
		const char *text, *want;
		int hidden; /* -1: not heard */
	} cases[] = {
		{ "", "", -1 },
		{ "a\nb\n", "a\nb\n", -1 },
		{ "a\n\nRB1 x pipes 0 1 .\n", "a\n\nRB1 x pipes 0 1 .\n", -1 },
		{ "@0 3 0 .\n", "", 3 },
		{ "a\n@0 0 0 .\n", "a\n", 0 },
		{ "no newline@0 1 2 0 .\n", "no newline", 2 },
		{ "@0 1 2 .\n", "", 0 },
		{ "@0 0 2 .\n", "", 0 },
		{ "@0 141 0 .\n", "", 0 },
		{ "@3 2 3 .\n", "", 0 },
		{ "a@0 4 0 .\nlate\n", "alate\n", 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t n = 1; n < 50; n++)
			check(cases[i].text, n, cases[i].want, cases[i].hidden);
	}
}

/* What cannot be one stays, whole. */
static void
test_others(void **state)
{
	static const char *const lines[] = { "x", "0 .x\n", "0 256 .\n", ".\n",
					     "0 1\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		CLEANUP(buf_release) struct buf command = BUF_INIT;
		CLEANUP(buf_release) struct buf all = BUF_INIT;
		CLEANUP(buf_release) struct buf out = BUF_INIT;
		struct pipes_ear e = { .mark = BUF_INIT };

		pipes_ear_ask(&e, &command);
		buf_addt(&all, buf_text(&e.mark));
		buf_adds(&all, lines[i]);
		pipes_ear_hear(&e, buf_text(&all), &out);
		pipes_ear_end(&e, &out);
		assert_string_equal(buf_cstr(&out), buf_cstr(&all));
		assert_false(e.heard);
		pipes_ear_release(&e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
