/* Wants brought up to date with what came. */
#include "lib/random.h"
#include "lib/unit.h"
#include "lib/wanted.h"

/* The lines after the update, joined by "/"; those that stay behind "=", new
 * ones behind "+". "-" for a kind that cannot be updated. */
static const char *
updated(enum want_kind kind, const char *text, const char *output)
{
	static struct buf b;
	struct want_line *lines;
	struct judge j;
	uint32_t n;

	buf_clear(&b);
	assert_true(judge_begin(&j, kind, text));
	if (!want_update(j.want, text_of(output), &clock_system, &j.arena,
			 &lines, &n)) {
		judge_end(&j);
		return "-";
	}
	for (uint32_t i = 0; i < n; i++) {
		buf_adds(&b, i ? "/" : "");
		buf_addc(&b, lines[i].old == UINT32_MAX ? '+' : '=');
		buf_addt(&b, lines[i].text);
	}
	judge_end(&j);
	return buf_cstr(&b);
}

static void
test_example(void **state UNUSED)
{
	assert_string_equal(updated(WANT_EXAMPLE, "a\nb\nc\n", "a\nx\nc\n"),
			    "=a/+x/=c");
	/* what came, also where the shape would do */
	assert_string_equal(
		updated(WANT_EXAMPLE, "up 3 days\nb\n", "up 5 days\nc\n"),
		"+up 5 days/+c");
	assert_string_equal(updated(WANT_EXAMPLE, "a 1\na 2\n", "a 1\n"),
			    "=a 1");
	assert_string_equal(updated(WANT_EXAMPLE, "a\n", "a\na\na\n"),
			    "=a/+a/+a");
	/* but for lines that say that they are no literal text */
	assert_string_equal(
		updated(WANT_EXAMPLE, "top\n...\nend\n", "top\nx\ny\nEND\n"),
		"=top/=...");
	assert_string_equal(
		updated(WANT_EXAMPLE, "id <id>\nb\n", "id 3f9a\nc\n"),
		"=id <id>/+c");
	assert_string_equal(updated(WANT_EXAMPLE, "id <id>\n", "nothing\n"),
			    "+nothing");
	assert_string_equal(updated(WANT_EXAMPLE, "token ***\n", "token abc\n"),
			    "=token ***");
	/* blank lines frame; blanks at the ends of lines are nothing */
	assert_string_equal(updated(WANT_EXAMPLE, "\na\n\n", "b   \n\n"),
			    "=/+b/=");
	assert_string_equal(updated(WANT_EXAMPLE, "a  \n", "a\n"), "=a  ");
	assert_string_equal(updated(WANT_EXAMPLE, "a\n", ""), "");
	assert_string_equal(updated(WANT_EXAMPLE, "a\r\nb\r\n", "a\nc\n"),
			    "=a/+c");
}

static void
test_exact(void **state UNUSED)
{
	assert_string_equal(updated(WANT_EXACT, "a\nb", "a\nc\n"), "=a/+c");
	assert_string_equal(updated(WANT_EXACT, "...", "x\n"), "+x");
	assert_string_equal(updated(WANT_EXACT, "a", "a \n"), "+a ");
}

static void
test_lines(void **state UNUSED)
{
	assert_string_equal(updated(WANT_LINES, "a\\d (re)\nb\n", "a1\nc\n"),
			    "=a\\d (re)/+c");
	assert_string_equal(updated(WANT_LINES, "a\\d (re)\nb\n", "x\nb\n"),
			    "+x/=b");
	assert_string_equal(updated(WANT_LINES, "a (?)\nb\nc (*)\n", "x\n"),
			    "=a (?)/+x/=c (*)");
	assert_string_equal(updated(WANT_LINES, "x (+)\nend\n", "x\nx\nEND\n"),
			    "=x (+)/+END");
	assert_string_equal(
		updated(WANT_LINES, "x (+)\nend\n", "x\ny\nx\nend\n"),
		"=x (+)/+y/+x/=end");
	/* what comes may look like a pattern, or be no text */
	assert_string_equal(
		updated(WANT_LINES, "a\n", "foo (re)\n...\n\001\\\n b \n\n"),
		"+foo (re) (eq)/+... (eq)/+\\x01\\\\ (esc)/"
		"+ b\\x20 (esc)/+");
	assert_string_equal(updated(WANT_LINES, "a\n", "\001 (glob)\n"),
			    "+\\x01 (glob\\x29 (esc)");
	assert_string_equal(updated(WANT_LINES, "a\n", "\xff\n"),
			    "+\\xff (esc)");
}

static void
test_other_kinds(void **state UNUSED)
{
	assert_string_equal(updated(WANT_CONTAINS, "a", "b\n"), "-");
	assert_string_equal(updated(WANT_REGEX, "a", "b\n"), "-");
	assert_string_equal(updated(WANT_JSON, "1", "2\n"), "-");
}

/* Whatever came: the want made of the new lines is met by it. */
static void
test_is_met(void **state UNUSED)
{
	static const enum want_kind kinds[] = { WANT_EXAMPLE, WANT_EXACT,
						WANT_LINES };
	static const char *const lines[] = {
		"a",    "b 1",    "b 22", "",           "...",
		"<x>",  "a (re)", "\\x",  "a*b (glob)", "x (+)",
		"b\t1", "  c",    "c  ",  "***",        "2026-11-23 up 3 days",
		"\001",
	};
	uint64_t seed = 7;

	for (unsigned round = 0; round < 6000; round++) {
		enum want_kind kind = kinds[round % ARRAY_LEN(kinds)];
		struct buf want = BUF_INIT, raw = BUF_INIT, out = BUF_INIT;
		struct buf again = BUF_INIT;
		struct want_line *made;
		struct judge j;
		uint32_t n;

		for (size_t i = random_below(&seed, 6); i-- > 0;)
			buf_addf(&want, "%s\n",
				 lines[random_below(&seed, ARRAY_LEN(lines))]);
		for (size_t i = random_below(&seed, 6); i-- > 0;)
			buf_addf(&raw, "%s\n",
				 lines[random_below(&seed, ARRAY_LEN(lines))]);
		want_normalize(buf_text(&raw), &out);
		if (judge_begin(&j, kind, buf_cstr(&want))) {
			assert_true(want_update(j.want, buf_text(&out),
						&clock_system, &j.arena, &made,
						&n));
			for (uint32_t i = 0; i < n; i++) {
				buf_addt(&again, made[i].text);
				buf_addc(&again, '\n');
			}
			if (judge(kind, buf_cstr(&again), buf_cstr(&out)) !=
			    'm')
				fail_msg("kind %s, want:\n%s--- came:\n%s--- "
					 "new:\n%s",
					 want_kind_name(kind), buf_cstr(&want),
					 buf_cstr(&out), buf_cstr(&again));
		}
		judge_end(&j);
		buf_release(&want);
		buf_release(&raw);
		buf_release(&out);
		buf_release(&again);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_is_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
