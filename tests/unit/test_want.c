/* Wants as their users see them: text that stands or does not, globs, which
 * stream, what was cut off, results that are used again, limits. */
#include "base/limits.h"
#include "diag/source.h"
#include "lib/unit.h"
#include "lib/wanted.h"
#include "want/glob.h"

static const struct {
	enum want_kind kind;
	const char *text, *output;
	char verdict;
} cases[] = {
	{ WANT_CONTAINS, "ready", "is ready now\n", 'm' },
	{ WANT_CONTAINS, "ready", "", 'u' },
	{ WANT_CONTAINS, "ready", "Ready\n", 'u' },
	{ WANT_CONTAINS, "ready\n", "ready now\n", 'm' }, /* a block of YAML */
	{ WANT_CONTAINS, "a\nb", "x a\nb x\n", 'm' },
	{ WANT_CONTAINS, "a\nb", "a b\n", 'u' },
	{ WANT_CONTAINS, "a.c", "abc\n", 'u' },
	{ WANT_CONTAINS, "", "x\n", 'x' },
	{ WANT_CONTAINS, "\n", "x\n", 'x' },
	{ WANT_ABSENT, "error", "fine\n", 'm' },
	{ WANT_ABSENT, "error", "", 'm' },
	{ WANT_ABSENT, "error", "an error\n", 'u' },
	{ WANT_ABSENT, "", "x\n", 'x' },
	{ WANT_GLOB, "web-*-? is up", "db\nweb-1-a is up\n", 'm' },
	{ WANT_GLOB, "web-*-? is up", "web-1-ab is up\n", 'u' },
	{ WANT_GLOB, "web*", "the web\n", 'u' },
	{ WANT_GLOB, "* 3 *\n", "has 3 nodes\n", 'm' },
	{ WANT_GLOB, "[ok] *", "[ok] started\n", 'm' },
	{ WANT_GLOB, "[ok] *", "o started\n", 'u' },
	{ WANT_GLOB, "a\nb", "a\nb\n", 'x' },
	{ WANT_GLOB, "", "\n", 'm' },
	{ WANT_GLOB, "", "", 'u' },
};

static void
test_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char verdict =
			judge(cases[i].kind, cases[i].text, cases[i].output);

		if (verdict != cases[i].verdict)
			fail_msg("%s '%s' in '%s': %c, not %c",
				 want_kind_name(cases[i].kind), cases[i].text,
				 cases[i].output, verdict, cases[i].verdict);
	}
}

/* What is shown is the line that the reader would look for. */
static const struct {
	enum want_kind kind;
	const char *text, *output, *message, *got;
	uint32_t line;
} failures[] = {
	{ WANT_CONTAINS, "drained 3 nodes", "ok\ndrained 0 of 3 nodes\nbye\n",
	  "stdout does not contain 'drained 3 nodes'", "drained 0 of 3 nodes",
	  2 },
	{ WANT_CONTAINS, "ready", "a\nb\n\n", "stdout does not contain 'ready'",
	  "b", 2 },
	{ WANT_CONTAINS, "ready", "", "stdout does not contain 'ready'", "",
	  0 },
	{ WANT_CONTAINS, "a\nb", "a\n", "stdout does not contain 'a …'", "a",
	  1 },
	{ WANT_ABSENT, "error", "ok\n2 errors\nerror\n",
	  "stdout contains 'error'", "2 errors", 2 },
	{ WANT_GLOB, "up*", "down\n", "no line of stdout matches 'up*'", "down",
	  1 },
};

static void
test_failures(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct want_result *r;
		struct judge j;

		assert_true(
			judge_begin(&j, failures[i].kind, failures[i].text));
		r = judge_output(&j, text_of(failures[i].output));
		assert_false(r->met || r->broken);
		assert_string_equal(buf_cstr(&r->message), failures[i].message);
		assert_string_equal(buf_cstr(&r->got), failures[i].got);
		assert_int_equal(r->line, failures[i].line);
		judge_end(&j);
	}
}

struct stream_case {
	enum want_kind kind;
	const char *text;
	char out, err, both; /* verdicts by stream */
};

static const struct stream_case stream_cases[] = {
	{ WANT_CONTAINS, "left", 'm', 'u', 'm' },
	{ WANT_CONTAINS, "right", 'u', 'm', 'm' },
	{ WANT_CONTAINS, "nowhere", 'u', 'u', 'u' },
	{ WANT_ABSENT, "left", 'u', 'm', 'u' },
	{ WANT_ABSENT, "right", 'm', 'u', 'u' },
	{ WANT_ABSENT, "nowhere", 'm', 'm', 'm' },
	{ WANT_REGEX, "^right$", 'u', 'm', 'm' },
	{ WANT_GLOB, "l?ft", 'm', 'u', 'm' },
	{ WANT_EXACT, "left\n", 'm', 'u', 'u' },
	{ WANT_EXACT, "left\nright\n", 'u', 'u', 'm' },
	{ WANT_LINES, "…\nright\n", 'u', 'm', 'm' },
};

static char
judge_stream(struct judge *j, enum want_stream stream,
	     const struct want_input *input)
{
	j->want->stream = stream;
	want_check(j->want, input, &clock_system, &j->result);
	return j->result.met ? 'm' : j->result.broken ? 'b' : 'u';
}

static void
test_streams(void **state UNUSED)
{
	/* without a newline: streams are never joined into one line */
	struct want_input input = { .out = TEXT("left"),
				    .err = TEXT("right\n") };

	for (size_t i = 0; i < ARRAY_LEN(stream_cases); i++) {
		const struct stream_case *c = &stream_cases[i];
		struct judge j;

		assert_true(judge_begin(&j, c->kind, c->text));
		assert_int_equal(judge_stream(&j, WANT_STDOUT, &input), c->out);
		assert_int_equal(judge_stream(&j, WANT_STDERR, &input), c->err);
		assert_int_equal(judge_stream(&j, WANT_BOTH, &input), c->both);
		judge_end(&j);
	}
}

/* Of both, the line is counted in the stream that it came on. */
static void
test_line_of_stream(void **state UNUSED)
{
	struct want_input input = { .out = TEXT("a\nb\nc\n"),
				    .err = TEXT("d\nfailed: x\n") };
	struct judge j;

	assert_true(judge_begin(&j, WANT_CONTAINS, "failed: y"));
	judge_stream(&j, WANT_BOTH, &input);
	assert_string_equal(buf_cstr(&j.result.message),
			    "output does not contain 'failed: y'");
	assert_string_equal(buf_cstr(&j.result.got), "failed: x");
	assert_int_equal(j.result.stream, WANT_STDERR);
	assert_int_equal(j.result.line, 2);
	judge_stream(&j, WANT_STDERR, &input);
	assert_int_equal(j.result.stream, WANT_STDERR);
	assert_int_equal(j.result.line, 2);
	judge_stream(&j, WANT_STDOUT, &input);
	assert_int_equal(j.result.stream, WANT_STDOUT);
	assert_int_equal(j.result.line, 3);
	judge_end(&j);
}

/* With the beginning gone, what was found was there and what was not found may
 * have been: never a verdict that the lost part could turn. */
static const struct {
	enum want_kind kind;
	const char *text;
	char verdict;
} cut_cases[] = {
	{ WANT_CONTAINS, "two", 'm' },
	{ WANT_CONTAINS, "zero", 'b' },
	{ WANT_ABSENT, "two", 'u' },
	{ WANT_ABSENT, "zero", 'b' },
	{ WANT_GLOB, "tw*", 'm' },
	{ WANT_GLOB, "ze*", 'b' },
	{ WANT_LINES, "...\ntwo\n", 'm' },
	{ WANT_LINES, "...\nzero\n", 'b' },
	{ WANT_LINES, "one (*)\ntwo\n", 'b' },
	{ WANT_LINES, "* (glob*)\ntwo\n", 'b' },
	{ WANT_LINES, "one\ntwo\n", 'b' },
	{ WANT_EXACT, "one\ntwo\n", 'b' },
	{ WANT_EXACT, "two\n", 'u' }, /* already longer than that */
	{ WANT_EXAMPLE, "...\ntwo\n", 'm' },
	{ WANT_EXAMPLE, "one\ntwo\n", 'b' },
	{ WANT_JSON, "1", 'b' },
};

static void
test_cut(void **state UNUSED)
{
	struct want_input input = { .out = TEXT("one\ntwo\n"),
				    .out_cut = true };

	for (size_t i = 0; i < ARRAY_LEN(cut_cases); i++) {
		struct judge j;
		char verdict;

		assert_true(
			judge_begin(&j, cut_cases[i].kind, cut_cases[i].text));
		verdict = judge_stream(&j, WANT_STDOUT, &input);
		if (verdict != cut_cases[i].verdict)
			fail_msg("%s '%s': %c", want_kind_name(j.want->kind),
				 cut_cases[i].text, verdict);
		assert_int_equal(j.result.line, 0);
		if (verdict == 'b')
			assert_string_equal(
				buf_cstr(&j.result.message),
				"stdout is longer than what was kept of it");
		judge_end(&j);
	}
}

/* A gap between the two streams is in the middle of both. */
static void
test_gap(void **state UNUSED)
{
	struct want_input input = { .out = TEXT("a\n"),
				    .err = TEXT("b\n"),
				    .err_cut = true };
	struct judge j;

	assert_true(judge_begin(&j, WANT_LINES, "...\nb\n"));
	assert_int_equal(judge_stream(&j, WANT_BOTH, &input), 'b');
	assert_int_equal(judge_stream(&j, WANT_STDERR, &input), 'm');
	judge_end(&j);
	assert_true(judge_begin(&j, WANT_CONTAINS, "b"));
	assert_int_equal(judge_stream(&j, WANT_BOTH, &input), 'm');
	judge_end(&j);
	assert_true(judge_begin(&j, WANT_CONTAINS, "x"));
	assert_int_equal(judge_stream(&j, WANT_BOTH, &input), 'b');
	judge_end(&j);
}

/* Only the last LIMIT_MATCH_BYTES count, from the start of a line on. */
static void
test_long_output(void **state UNUSED)
{
	struct buf output = BUF_INIT;
	struct judge j;

	buf_adds(&output, "first\n");
	while (output.len < 2 * LIMIT_MATCH_BYTES)
		buf_adds(&output, "0123456789\n");
	buf_adds(&output, "last\n");
	assert_true(judge_begin(&j, WANT_CONTAINS, "last"));
	assert_true(judge_output(&j, buf_text(&output))->met);
	judge_end(&j);
	assert_true(judge_begin(&j, WANT_CONTAINS, "first"));
	assert_true(judge_output(&j, buf_text(&output))->broken);
	judge_end(&j);
	/* no line begins with a piece of one */
	assert_true(judge_begin(&j, WANT_REGEX, "^[1-9]"));
	assert_true(judge_output(&j, buf_text(&output))->broken);
	judge_end(&j);
	buf_clear(&output);
	buf_fill(&output, 'a', LIMIT_MATCH_BYTES);
	assert_true(judge_begin(&j, WANT_REGEX, "^a"));
	assert_true(judge_output(&j, buf_text(&output))->met);
	buf_fill(&output, 'a', 1);
	assert_true(judge_output(&j, buf_text(&output))->broken);
	judge_end(&j);
	assert_true(judge_begin(&j, WANT_GLOB, "a*"));
	assert_true(judge_output(&j, buf_text(&output))->broken);
	judge_end(&j);
	/* but a line that is all there is serves as far as it goes */
	assert_true(judge_begin(&j, WANT_CONTAINS, "aaa"));
	assert_true(judge_output(&j, buf_text(&output))->met);
	judge_end(&j);
	buf_release(&output);
}

static void
test_result_is_used_again(void **state UNUSED)
{
	struct judge j;

	assert_true(judge_begin(&j, WANT_EXACT, "b\n"));
	judge_output(&j, TEXT("a\n"));
	assert_string_equal(buf_cstr(&j.result.diff), "-b\n+a\n");
	judge_output(&j, TEXT("b\n"));
	assert_true(j.result.met);
	assert_int_equal(j.result.message.len, 0);
	assert_int_equal(j.result.diff.len, 0);
	assert_int_equal(j.result.got.len, 0);
	judge_end(&j);
}

static void
test_inferred(void **state UNUSED)
{
	struct judge j;

	assert_true(judge_begin(&j, WANT_EXAMPLE, "3 nodes\n"));
	assert_true(j.want->inferred);
	assert_null(j.want->rule);
	assert_int_equal(j.want->stream, WANT_STDOUT);
	assert_int_equal(j.want->within_ms, 0);
	judge_end(&j);
}

/* What a document shows is what a reader saw: OUT, then ERR, or those of the
 * whole block. */
static bool
is_shown(const char *text, bool of_all, const char *out, const char *err,
	 const struct want_input *all)
{
	struct want_input input = { .out = text_of(out),
				    .err = text_of(err),
				    .all = all };
	struct judge j;
	bool met;

	assert_true(judge_begin(&j, WANT_EXAMPLE, text));
	j.want->rule = "want-block";
	j.want->of_all = of_all;
	want_check(j.want, &input, &clock_system, &j.result);
	met = j.result.met;
	judge_end(&j);
	return met;
}

static void
test_shown(void **state UNUSED)
{
	const struct want_input all = { .out = TEXT("one\ntwo\n"),
					.err = TEXT("and this\n") };

	assert_true(is_shown("two\n", false, "two\n", "", NULL));
	assert_true(is_shown("two\n", false, "", "two\n", NULL));
	assert_true(is_shown("two\n", false, "two\n", "noise\n", NULL));
	assert_true(is_shown("a\nb\n", false, "a\n", "b\n", NULL));
	assert_false(is_shown("a\nb\n", false, "a\n", "c\n", NULL));
	assert_false(is_shown("one\ntwo\n", false, "two\n", "", &all));
	assert_true(is_shown("one\ntwo\n", true, "two\n", "", &all));
	assert_true(is_shown("one\ntwo\nand this\n", true, "two\n", "", &all));
	assert_true(is_shown("two\n", true, "two\n", "", &all));
	assert_false(is_shown("one\n", true, "two\n", "", &all));
	assert_false(is_shown("one\ntwo\n", true, "two\n", "", NULL));
}

static void
test_got_is_described(void **state UNUSED)
{
	struct judge j;
	struct buf b = BUF_INIT;

	assert_true(judge_begin(&j, WANT_CONTAINS, "3 nodes"));
	judge_output(&j, TEXT("one\n0 of 3 node\033[2Js\n"));
	want_describe_got(&j.result, &b);
	assert_string_equal(buf_cstr(&b),
			    "got '0 of 3 node^[[2Js' (line 2 of stdout)");
	buf_clear(&b);
	judge_output(&j, TEXT("3 nodes"));
	want_describe_got(&j.result, &b);
	assert_string_equal(buf_cstr(&b), "");
	judge_end(&j);
	buf_release(&b);
}

static void
test_kinds_have_names(void **state UNUSED)
{
	for (int i = 0; i < WANT_KIND_COUNT; i++) {
		assert_true(*want_kind_name((enum want_kind)i));
		assert_true(*want_kind_help((enum want_kind)i));
	}
	assert_string_equal(want_kind_name(WANT_ABSENT), "absent");
}

static void
test_describe_is_the_text(void **state UNUSED)
{
	struct buf b = BUF_INIT;
	struct judge j;

	assert_true(judge_begin(&j, WANT_REGEX, "^a+$"));
	want_describe(j.want, &b);
	assert_string_equal(buf_cstr(&b), "^a+$");
	judge_end(&j);
	buf_release(&b);
}

/* A glob that goes back at every star is cut by the clock. */
static void
test_glob_ends(void **state UNUSED)
{
	struct buf pattern = BUF_INIT, line = BUF_INIT;
	struct fake_clock fake;
	struct budget budget;

	buf_adds(&pattern, "*");
	buf_fill(&pattern, 'a', 1000);
	buf_adds(&pattern, "b");
	buf_fill(&line, 'a', 20000);
	fake_clock_init(&fake, 50 * 1000000);
	budget_start(&budget, &fake.clock, 100);
	assert_false(line_glob_matches(buf_text(&pattern), buf_text(&line),
				       &budget));
	assert_true(budget.spent);
	assert_int_equal(fake.now_ns, 150 * 1000000);
	buf_release(&pattern);
	buf_release(&line);
}

static void
test_too_slow_is_broken(void **state UNUSED)
{
	struct want_input input = { .out = { NULL, 0 } };
	struct buf line = BUF_INIT;
	struct fake_clock fake;
	struct judge j;

	buf_fill(&line, 'a', 20000);
	input.out = buf_text(&line);
	fake_clock_init(&fake, 200 * 1000000);
	assert_true(judge_begin(&j, WANT_GLOB, "*aaaaaaaaab"));
	want_check(j.want, &input, &fake.clock, &j.result);
	assert_true(j.result.broken);
	assert_string_equal(buf_cstr(&j.result.message),
			    "output took more than 100 ms to judge");
	judge_end(&j);
	/* a met want is met, however late */
	assert_true(judge_begin(&j, WANT_CONTAINS, "aaa"));
	want_check(j.want, &input, &fake.clock, &j.result);
	assert_true(j.result.met);
	judge_end(&j);
	buf_release(&line);
}

/* Past the time of a step the rest is not looked at, and not met. */
static void
test_step_budget(void **state UNUSED)
{
	enum {
		N = 5
	};
	struct want_input input = { .out = TEXT("yes\n") };
	struct want_result results[N];
	struct want *wants[N];
	struct judge judges[N];
	struct fake_clock fake;

	for (size_t i = 0; i < N; i++) {
		assert_true(judge_begin(&judges[i], WANT_CONTAINS, "yes"));
		wants[i] = judges[i].want;
		results[i] = (struct want_result)WANT_RESULT_INIT;
	}
	assert_true(want_check_all(wants, N, &input, &clock_system, results));
	fake_clock_init(&fake, 300 * 1000000);
	assert_false(want_check_all(wants, N, &input, &fake.clock, results));
	/* two readings for each want: 1,000 ms are over before the third */
	assert_true(results[0].met && results[1].met);
	for (size_t i = 2; i < N; i++) {
		assert_true(results[i].broken && !results[i].met);
		assert_string_equal(buf_cstr(&results[i].message),
				    "output of one step took more than 1000 ms "
				    "to judge");
	}
	for (size_t i = 0; i < N; i++) {
		want_result_release(&results[i]);
		judge_end(&judges[i]);
	}
}

static void
test_limits(void **state UNUSED)
{
	struct buf text = BUF_INIT;
	struct judge j;

	for (int i = 0; i < LIMIT_WANT_LINES; i++)
		buf_addf(&text, "%d\n", i);
	assert_true(judge_begin(&j, WANT_LINES, buf_cstr(&text)));
	assert_true(judge_output(&j, buf_text(&text))->met);
	judge_end(&j);
	buf_adds(&text, "one more\n");
	assert_false(judge_begin(&j, WANT_LINES, buf_cstr(&text)));
	assert_int_equal(j.sink.items[0]->code, DIAG_WANT_LIMIT);
	judge_end(&j);
	buf_clear(&text);
	buf_fill(&text, 'a', LIMIT_MATCH_BYTES);
	assert_true(judge_begin(&j, WANT_CONTAINS, buf_cstr(&text)));
	judge_end(&j);
	assert_false(judge_begin(&j, WANT_GLOB, buf_cstr(&text)));
	judge_end(&j);
	buf_fill(&text, 'a', 1);
	assert_false(judge_begin(&j, WANT_CONTAINS, buf_cstr(&text)));
	assert_int_equal(j.sink.items[0]->code, DIAG_WANT_LIMIT);
	judge_end(&j);
	buf_release(&text);
}

/* A character range that ignores case takes the compiler long: there are only
 * so many, in one regex or in all lines of a want. */
static void
test_caseless_ranges(void **state UNUSED)
{
	struct buf text = BUF_INIT;
	struct judge j;

	buf_adds(&text, "(?i)");
	for (int i = 0; i < LIMIT_CASELESS_RANGES; i++)
		buf_adds(&text, "[b-y]");
	assert_true(judge_begin(&j, WANT_REGEX, buf_cstr(&text)));
	judge_end(&j);
	buf_adds(&text, "[b-y]");
	assert_false(judge_begin(&j, WANT_REGEX, buf_cstr(&text)));
	assert_string_equal(j.sink.items[0]->message,
			    "malformed regular expression: more than 20 ranges "
			    "that ignore case");
	judge_end(&j);
	buf_drop(&text, 4);
	assert_true(judge_begin(&j, WANT_REGEX, buf_cstr(&text)));
	judge_end(&j);
	buf_clear(&text);
	for (int i = 0; i < LIMIT_CASELESS_RANGES; i++)
		buf_adds(&text, "(?s-m:(?mi:[b-y])) (re)\n");
	assert_false(judge_begin(&j, WANT_LINES, buf_cstr(&text)));
	assert_int_equal(j.sink.items[0]->code, DIAG_WANT_LIMIT);
	judge_end(&j);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_line_of_stream),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_long_output),
		cmocka_unit_test(test_result_is_used_again),
		cmocka_unit_test(test_inferred),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_got_is_described),
		cmocka_unit_test(test_kinds_have_names),
		cmocka_unit_test(test_describe_is_the_text),
		cmocka_unit_test(test_glob_ends),
		cmocka_unit_test(test_too_slow_is_broken),
		cmocka_unit_test(test_step_budget),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_caseless_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
