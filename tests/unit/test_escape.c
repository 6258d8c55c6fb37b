/* Where control sequences begin and end. */
#include "base/escape.h"
#include "base/limits.h"
#include "lib/unit.h"

/* What each byte of T is: '.' text, '-' inside, '=' last, '!' broken and
 * then what it is when fed again. */
static void
assert_steps(struct text t, const char *want)
{
	CLEANUP(buf_release) struct buf got = BUF_INIT;
	struct escape e = { .kind = ESCAPE_NONE };

	for (size_t i = 0; i < t.len; i++) {
		enum escape_step step = escape_feed(&e, t.at[i]);

		if (step == ESCAPE_BROKEN) {
			buf_addc(&got, '!');
			step = escape_feed(&e, t.at[i]);
		}
		buf_addc(&got, step == ESCAPE_TEXT     ? '.'
			       : step == ESCAPE_INSIDE ? '-'
						       : '=');
	}
	assert_string_equal(buf_cstr(&got), want);
}

static void
test_sequences(void **state UNUSED)
{
	assert_steps(TEXT("a\nb\xff"), "....");
	assert_steps(TEXT("\033[m."), "--=.");
	assert_steps(TEXT("\033[?25l\033[1 q"), "-----=----=");
	assert_steps(TEXT("\033c\033(B\033#8"), "-=--=--=");
	assert_steps(TEXT("\033]0;t\a."), "-----=.");
	assert_steps(TEXT("\033]0;t\033\\."), "------=.");
	assert_steps(TEXT("\033Pq\a\r\033\\."), "------=.");
	assert_steps(TEXT("\033]\xc3\xa9\a"), "----=");
}

static void
test_broken(void **state UNUSED)
{
	assert_steps(TEXT("\033\n"), "-!.");
	assert_steps(TEXT("\033\033[m"), "-!--=");
	assert_steps(TEXT("\033\0"), "-!.");
	assert_steps(TEXT("\033\xc3"), "-!.");
	assert_steps(TEXT("\033[1\r"), "---!.");
	assert_steps(TEXT("\033[1\033[m"), "---!--=");
	assert_steps(TEXT("\033]0;t\n."), "-----!..");
	assert_steps(TEXT("\033]0;t\033[m"), "------!..");
	assert_steps(TEXT("\033_a\030b\033Xc\032d"), "---!..---!..");
}

static void
test_longest(void **state UNUSED)
{
	struct escape e = { .kind = ESCAPE_NONE };

	escape_feed(&e, '\033');
	escape_feed(&e, ']');
	for (int i = 2; i < LIMIT_ESCAPE_BYTES; i++)
		assert_int_equal(escape_feed(&e, 'x'), ESCAPE_INSIDE);
	assert_int_equal(escape_feed(&e, 'x'), ESCAPE_BROKEN);
	assert_int_equal(escape_feed(&e, 'x'), ESCAPE_TEXT);
	escape_feed(&e, '\033');
	escape_feed(&e, ']');
	for (int i = 2; i < LIMIT_ESCAPE_BYTES - 1; i++)
		assert_int_equal(escape_feed(&e, 'x'), ESCAPE_INSIDE);
	assert_int_equal(escape_feed(&e, '\a'), ESCAPE_LAST);
}

static void
test_sgr(void **state UNUSED)
{
	assert_true(escape_is_sgr(TEXT("\033[m")));
	assert_true(escape_is_sgr(TEXT("\033[0m")));
	assert_true(escape_is_sgr(TEXT("\033[38;5;255m")));
	assert_true(escape_is_sgr(TEXT("\033[4:3m")));
	assert_true(escape_is_sgr(TEXT("\033[;;;;;;;;;;;;;;;m")));
	assert_false(escape_is_sgr(TEXT("\033[;;;;;;;;;;;;;;;;m")));
	assert_false(escape_is_sgr(TEXT("\033[1000m")));
	assert_false(escape_is_sgr(TEXT("\033[?1m")));
	assert_false(escape_is_sgr(TEXT("\033[1 m")));
	assert_false(escape_is_sgr(TEXT("\033[1K")));
	assert_false(escape_is_sgr(TEXT("\033(m")));
	assert_false(escape_is_sgr(TEXT("m")));
	assert_false(escape_is_sgr(TEXT("")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_sgr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
