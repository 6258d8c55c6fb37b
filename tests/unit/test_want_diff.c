/* The difference that is shown with an unmet want. */
#include "base/limits.h"
#include "lib/unit.h"
#include "lib/wanted.h"

static const struct {
	enum want_kind kind;
	const char *text, *output, *diff;
} cases[] = {
	{ WANT_EXACT, "a\nb\nc\n", "a\nx\nc\n", " a\n-b\n+x\n c\n" },
	{ WANT_EXACT, "a\nb\n", "a\n", " a\n-b\n" },
	{ WANT_EXACT, "a\n", "a\nb\n", " a\n+b\n" },
	{ WANT_EXACT, "a\nb\n", "", "-a\n-b\n" },
	{ WANT_EXACT, "", "a\n", "+a\n" },
	/* all that is missing before all that came instead */
	{ WANT_EXACT, "1\n2\n3\n", "x\ny\nz\n", "-1\n-2\n-3\n+x\n+y\n+z\n" },
	/* one line more is one line, not all that follow */
	{ WANT_EXACT, "a\nb\nc\nd\n", "a\nnew\nb\nc\nd\n",
	  " a\n+new\n b\n c\n …\n" },
	/* far from any difference nothing is shown */
	{ WANT_EXACT, "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
	  "1\n2\n3\n4\nx\n6\n7\n8\n9\n", " …\n 3\n 4\n-5\n+x\n 6\n 7\n …\n" },
	{ WANT_EXACT, "a\n2\n3\n4\n5\n6\n7\n8\nb\n",
	  "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
	  "-a\n+x\n 2\n 3\n …\n 7\n 8\n-b\n+y\n" },
	/* patterns take their lines */
	{ WANT_LINES, "[0-9]+ (re)\nb\n", "12\nc\n", " 12\n-b\n+c\n" },
	{ WANT_LINES, "a (*)\nb\nc\n", "a\na\nb\nd\n", " …\n a\n b\n-c\n+d\n" },
	{ WANT_LINES, "a (?)\nb\nc\n", "b\nd\n", " b\n-c\n+d\n" },
	{ WANT_LINES, "a\n…\nz\n", "a\nb\nc\n", " …\n b\n c\n-z\n" },
	{ WANT_LINES, "a (+)\nb\n", "b\n", "-a (+)\n b\n" },
	{ WANT_EXAMPLE, "n 1\nok\n", "n 2\nko\n", " n 2\n-ok\n+ko\n" },
};

static void
test_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct judge j;

		assert_true(judge_begin(&j, cases[i].kind, cases[i].text));
		judge_output(&j, text_of(cases[i].output));
		assert_false(j.result.met);
		assert_string_equal(buf_cstr(&j.result.diff), cases[i].diff);
		judge_end(&j);
	}
}

static size_t
count_lines(const struct buf *b)
{
	struct text rest = buf_text(b), line;
	size_t n = 0;

	while (text_next_line(&rest, &line))
		n++;
	return n;
}

/* Two sides that have nothing in common: as many lines as one can read. */
static void
test_long_difference(void **state UNUSED)
{
	struct buf text = BUF_INIT, output = BUF_INIT;
	struct judge j;

	for (int i = 0; i < 200; i++) {
		buf_addf(&text, "w%d\n", i);
		buf_addf(&output, "g%d\n", i);
	}
	assert_true(judge_begin(&j, WANT_EXACT, buf_cstr(&text)));
	judge_output(&j, buf_text(&output));
	assert_int_equal(count_lines(&j.result.diff), LIMIT_DIFF_LINES + 1);
	assert_true(text_ends(buf_text(&j.result.diff), "\n …\n"));
	judge_end(&j);
	buf_release(&text);
	buf_release(&output);
}

/* More cells than are compared: the first difference alone, with what is
 * before it. */
static void
test_too_many_cells(void **state UNUSED)
{
	struct buf text = BUF_INIT, output = BUF_INIT;
	struct judge j;

	buf_adds(&text, "a\nb\nc\n");
	buf_adds(&output, "a\nb\nc\n");
	for (int i = 0; i < LIMIT_WANT_LINES - 3; i++)
		buf_addf(&text, "%d\n", i);
	for (int i = 0; i < LIMIT_DIFF_CELLS / LIMIT_WANT_LINES + 100; i++)
		buf_addf(&output, "%d\n", -i - 1);
	assert_true(judge_begin(&j, WANT_EXACT, buf_cstr(&text)));
	judge_output(&j, buf_text(&output));
	assert_false(j.result.met || j.result.broken);
	assert_string_equal(buf_cstr(&j.result.diff), " b\n c\n-0\n+-1\n");
	judge_end(&j);
	buf_release(&text);
	buf_release(&output);
}

/* When no time is left the verdict stands, and the first difference. */
static void
test_no_time(void **state UNUSED)
{
	struct want_input input = { .out = TEXT(
					    "1\n2\n3\n4\n5\n6\n7\nx\ny\n") };
	struct fake_clock fake;
	struct judge j;

	fake_clock_init(&fake, 200 * 1000000);
	assert_true(judge_begin(&j, WANT_EXACT,
				"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"));
	want_check(j.want, &input, &fake.clock, &j.result);
	assert_false(j.result.met || j.result.broken);
	assert_string_equal(buf_cstr(&j.result.message),
			    "stdout differs from '8'");
	assert_string_equal(buf_cstr(&j.result.diff), " 6\n 7\n-8\n+x\n");
	judge_end(&j);
}

static void
test_long_lines(void **state UNUSED)
{
	struct buf output = BUF_INIT;
	struct judge j;

	buf_fill(&output, 'a', LIMIT_DIFF_LINE_BYTES - 1);
	buf_adds(&output, "åå\n");
	assert_true(judge_begin(&j, WANT_EXACT, "b\n"));
	judge_output(&j, buf_text(&output));
	/* cut where a character begins */
	assert_int_equal(j.result.diff.len, strlen("-b\n+") +
						    LIMIT_DIFF_LINE_BYTES - 1 +
						    strlen("…\n"));
	assert_true(text_ends(buf_text(&j.result.diff), "aa…\n"));
	judge_end(&j);
	buf_release(&output);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_long_difference),
		cmocka_unit_test(test_too_many_cells),
		cmocka_unit_test(test_no_time),
		cmocka_unit_test(test_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
