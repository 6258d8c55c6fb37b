/* Regular expressions: what they match, and that they end. */
#include "base/limits.h"
#include "diag/source.h"
#include "lib/unit.h"
#include "lib/wanted.h"
#include "want/regex.h"

static const struct {
	const char *pattern, *output;
	char verdict;
} cases[] = {
	{ "ready", "not yet\nis ready now\n", 'm' },
	{ "ready", "not yet\n", 'u' },
	{ "ready\n", "is ready\n", 'm' }, /* YAML's newline at the end */
	{ "^ready$", "a\nready\nb\n", 'm' },
	{ "^ready$", "a\nready now\n", 'u' },
	{ "a\\nb", "a\nb\n", 'm' },
	{ "a.b", "a\nb\n", 'u' },
	{ "(?s)a.b", "a\nb\n", 'm' },
	{ "(?i)READY", "ready\n", 'm' },
	{ "\\Aa", "a\nb\n", 'm' },
	{ "\\Ab", "a\nb\n", 'u' },
	{ "b\\n\\z", "a\nb\n", 'm' },
	{ "^\\w+$", "Malmö\n", 'm' },
	{ "^.$", "🦀\n", 'm' },
	{ "(\\d+) of \\1", "3 of 3\n", 'm' },
	{ "(\\d+) of \\1", "0 of 3\n", 'u' },
	{ "b", "\xff\xfe b \xff\n", 'm' }, /* not UTF-8 */
	{ "^b$", "\xff\nb\n\xff", 'm' },
	{ "", "", 'm' },
	{ "x(", "x\n", 'x' },
	{ "\\C", "x\n", 'x' }, /* half a character */
	{ "a\\", "x\n", 'x' },
	{ "[z-a]", "x\n", 'x' },
	{ "*", "x\n", 'x' },
	{ "(?<=a+)b", "x\n", 'x' },
};

static void
test_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char verdict =
			judge(WANT_REGEX, cases[i].pattern, cases[i].output);

		if (verdict != cases[i].verdict)
			fail_msg("'%s' by '%s': %c, not %c", cases[i].output,
				 cases[i].pattern, verdict, cases[i].verdict);
	}
}

static void
test_error_points_into_pattern(void **state UNUSED)
{
	struct judge j;

	assert_false(judge_begin(&j, WANT_REGEX, "abc[z-a]"));
	assert_string_equal(j.sink.items[0]->message,
			    "malformed regular expression: range out of order "
			    "in character class");
	assert_int_equal(j.sink.items[0]->where.start, 6);
	judge_end(&j);
}

static void
test_unmet_shows_the_last_line(void **state UNUSED)
{
	struct judge j;
	const struct want_result *r;

	assert_true(judge_begin(&j, WANT_REGEX, "^ready$"));
	r = judge_output(&j, TEXT("starting\nfailed: port in use\n\n"));
	assert_string_equal(buf_cstr(&r->message),
			    "nothing in stdout matches '^ready$'");
	assert_string_equal(buf_cstr(&r->got), "failed: port in use");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->stream, WANT_STDOUT);
	judge_end(&j);
}

static struct rx *
must_compile(const char *pattern, enum rx_mode mode)
{
	struct buf reason = BUF_INIT;
	size_t at;
	struct rx *rx = rx_new(text_of(pattern), mode, &reason, &at);

	if (!rx)
		fail_msg("'%s': %s", pattern, buf_cstr(&reason));
	buf_release(&reason);
	return rx;
}

static void
test_groups(void **state UNUSED)
{
	struct rx *rx = must_compile("id=(\\d+)(x)?,(\\w+)", RX_SEARCH);
	struct text subject = TEXT("a id=42,abc id=7x,def");
	struct buf reason = BUF_INIT;
	struct rx_group groups[5];
	struct budget budget;

	budget_start(&budget, &clock_system, LIMIT_MATCH_MS);
	assert_int_equal(rx_n_groups(rx), 3);
	assert_int_equal(rx_match(rx, subject, 0, &budget, groups, 5, &reason),
			 RX_YES);
	assert_text(text_sub(subject, groups[0].start, groups[0].end),
		    "id=42,abc");
	assert_text(text_sub(subject, groups[1].start, groups[1].end), "42");
	assert_true(groups[2].start == SIZE_MAX);
	assert_text(text_sub(subject, groups[3].start, groups[3].end), "abc");
	assert_true(groups[4].start == SIZE_MAX);
	assert_int_equal(rx_match(rx, subject, 5, &budget, groups, 2, &reason),
			 RX_YES);
	assert_text(text_sub(subject, groups[1].start, groups[1].end), "7");
	assert_int_equal(rx_match(rx, subject, 15, &budget, NULL, 0, &reason),
			 RX_NO);
	assert_int_equal(reason.len, 0);
	buf_release(&reason);
	rx_free(rx);
}

/* Patterns with more ways to fail than there are atoms; each on its subject
 * runs for years when nothing stops it. */
static const struct {
	const char *pattern;
	const char *unit; /* the subject: 20,000 bytes of it, and "!" */
} endless[] = {
	{ "^(a+)+$", "a" },
	{ "(a|a)*$", "a" },
	{ "(x+x+)+[yz]", "x" },
	{ "(a*)*[bc]", "a" },
	{ "([a-z]+)*\\d", "abc" },
	{ "(\\w+\\s?)*$", "a " },
	{ "(.*)\\1\\1\\1\\1[yz]", "ab" },
	{ "((a+)+b?)+\\2[cd]", "a" },
	{ "(?:(?:a?){20}){20}[bc]", "a" },
	{ "(a?){1000}[bc]", "a" },
	{ "^(?:(a+)|\\1b)*$", "a" },
	{ "(?=(a+)+$)[bc]|(a+)+[cd]", "a" },
	{ "(a(?1)?a|a)+$", "a" },
	{ "(?:.{0,50}){50}[yz]", "ab" },
	{ "(?:\\X+)+\\d", "å" },
	{ ".*.*.*.*.*[yz]", "ab" },
};

static void
test_endless_is_cut(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
		struct buf output = BUF_INIT;
		struct judge j;
		const struct want_result *r;
		int64_t before, ms;

		while (output.len < 20000)
			buf_adds(&output, endless[i].unit);
		buf_addc(&output, '!');
		assert_true(judge_begin(&j, WANT_REGEX, endless[i].pattern));
		before = clock_mono_ms(&clock_system);
		r = judge_output(&j, buf_text(&output));
		ms = clock_mono_ms(&clock_system) - before;
		if (!r->broken)
			fail_msg("'%s' is judged", endless[i].pattern);
		assert_true(text_starts(buf_text(&r->message),
					"regular expression took more than "));
		if (ms > 500)
			fail_msg("'%s' takes %d ms", endless[i].pattern,
				 (int)ms);
		judge_end(&j);
		buf_release(&output);
	}
}

/* The same by an injected clock, so that the limit itself is seen: the time
 * is over at the first reading after it, not earlier, not never. */
static void
test_clock_decides(void **state UNUSED)
{
	struct rx *rx = must_compile("^(a+)+$", RX_SEARCH);
	struct text subject = TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	struct buf reason = BUF_INIT;
	struct fake_clock fake;
	struct budget budget;

	fake_clock_init(&fake, 10 * 1000000);
	budget_start(&budget, &fake.clock, 100);
	assert_int_equal(rx_match(rx, subject, 0, &budget, NULL, 0, &reason),
			 RX_BROKEN);
	assert_string_equal(buf_cstr(&reason), "took more than 100 ms");
	assert_int_equal(fake.now_ns, 110 * 1000000);
	rx_free(rx);
	buf_release(&reason);
}

/* Where the clock stands still, attempts are counted. */
static void
test_attempts_are_counted(void **state UNUSED)
{
	struct rx *rx = must_compile("^(a+)+$", RX_SEARCH);
	struct text subject = TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	struct buf reason = BUF_INIT;
	struct fake_clock fake;
	struct budget budget;

	fake_clock_init(&fake, 0);
	budget_start(&budget, &fake.clock, 100);
	assert_int_equal(rx_match(rx, subject, 0, &budget, NULL, 0, &reason),
			 RX_BROKEN);
	assert_string_equal(buf_cstr(&reason),
			    "took more than 10000000 attempts");
	rx_free(rx);
	buf_release(&reason);
}

static void
test_memory_is_bounded(void **state UNUSED)
{
	struct rx *rx =
		must_compile("(?:(.)(.)(.)(.)(.)(.)(.)(.)|x)*z", RX_WHOLE);
	struct buf subject = BUF_INIT, reason = BUF_INIT;
	struct fake_clock fake;
	struct budget budget;

	buf_fill(&subject, 'a', 4 * 1024 * 1024);
	fake_clock_init(&fake, 0);
	budget_start(&budget, &fake.clock, 100);
	assert_int_equal(
		rx_match(rx, buf_text(&subject), 0, &budget, NULL, 0, &reason),
		RX_BROKEN);
	assert_string_equal(buf_cstr(&reason), "took more than 16 MiB");
	rx_free(rx);
	buf_release(&subject);
	buf_release(&reason);
}

/* Bytes that are gone are not the beginning. */
static void
test_cut_output(void **state UNUSED)
{
	static const struct {
		const char *pattern;
		bool met;
	} patterns[] = {
		{ "^first", true },        { "\\Afirst", false },
		{ "second$", true },       { "absent", false },
		{ "(?<=\\n)first", true },
	};
	struct want_input input = { .out = TEXT("first\nsecond\n"),
				    .out_cut = true };

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct judge j;

		assert_true(judge_begin(&j, WANT_REGEX, patterns[i].pattern));
		want_check(j.want, &input, &clock_system, &j.result);
		assert_int_equal(j.result.met, patterns[i].met);
		assert_int_equal(j.result.broken, !patterns[i].met);
		judge_end(&j);
	}
}

static void
test_pattern_length(void **state UNUSED)
{
	struct buf pattern = BUF_INIT, reason = BUF_INIT;
	struct rx *rx;
	size_t at;

	buf_fill(&pattern, 'a', LIMIT_PATTERN_BYTES);
	rx = rx_new(buf_text(&pattern), RX_SEARCH, &reason, &at);
	assert_non_null(rx);
	rx = rx_free(rx);
	assert_null(rx);
	buf_addc(&pattern, 'a');
	assert_null(rx_new(buf_text(&pattern), RX_SEARCH, &reason, &at));
	assert_string_equal(buf_cstr(&reason), "longer than 4096 bytes");
	buf_release(&pattern);
	buf_release(&reason);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_error_points_into_pattern),
		cmocka_unit_test(test_unmet_shows_the_last_line),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_endless_is_cut),
		cmocka_unit_test(test_clock_decides),
		cmocka_unit_test(test_attempts_are_counted),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_cut_output),
		cmocka_unit_test(test_pattern_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
