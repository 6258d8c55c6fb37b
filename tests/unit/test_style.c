/* Lines that end between words. */
#include "lib/unit.h"
#include "report/style.h"

static void
assert_wrapped(unsigned width, unsigned first, unsigned indent,
	       const char *text, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct style style = { false, width };

	style_add_wrapped(&b, &style, text_of(text), first, indent);
	assert_string_equal(buf_cstr(&b), want);
}

static void
test_wrapped(void **state)
{
	(void)state;
	assert_wrapped(0, 0, 2, "one two three", "one two three\n");
	assert_wrapped(7, 0, 2, "one two three", "one two\n  three\n");
	assert_wrapped(7, 2, 2, "one two three", "one\n  two\n  three\n");
	assert_wrapped(20, 0, 2, "", "\n");
	/* A word is never broken, and nothing is lost of it. */
	assert_wrapped(5, 0, 2, "a longer-than-that b",
		       "a\n  longer-than-that\n  b\n");
	/* Columns, not bytes; and control bytes as they are shown. */
	assert_wrapped(7, 0, 2, "åäö åäö x", "åäö åäö\n  x\n");
	assert_wrapped(20, 0, 2, "a\033[1mb", "a^[[1mb\n");
	/* Blanks between words stay, those at a line's end go. */
	assert_wrapped(20, 0, 2, "a  b", "a  b\n");
	assert_wrapped(4, 0, 1, "aaa  bbb", "aaa\n bbb\n");
}

static void
test_prompt(void **state)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct style style = { false, 10 };

	(void)state;
	style_add_prompt(&b, &style, TEXT("Run it now?  [y]es: "));
	assert_string_equal(buf_cstr(&b), "Run it\n    now?\n    [y]es: ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrapped),
		cmocka_unit_test(test_prompt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
