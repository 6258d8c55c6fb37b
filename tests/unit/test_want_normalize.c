/* What remains of output when a terminal's part is taken away. */
#include "lib/unit.h"
#include "want/want.h"

static const struct {
	const char *raw, *plain;
} cases[] = {
	{ "", "" },
	{ "plain\n", "plain\n" },
	{ "a\tb\vc\fd\n", "a\tb\vc\fd\n" },
	/* line ends */
	{ "a\r\nb\r\n", "a\nb\n" },
	{ "a\r\r\nb\n", "a\nb\n" },
	{ "\r\n", "\n" },
	{ "a\r", "a" },
	/* a line that is written again */
	{ " 10%\r 50%\r100%\n", "100%\n" },
	{ "first\n 10%\rdone\n", "first\ndone\n" },
	{ "long progress\rok\n", "ok\n" },
	{ "50%\r\033[K\n", "\n" },
	{ "50%\r\033[Kdone\n", "done\n" },
	{ "wrong\033[2Kright\n", "right\n" },
	{ "kept\033[K\n", "kept\n" },
	/* backspaces */
	{ "N\bNA\bA\n", "NA\n" },
	{ "|\b/\b-\bdone\n", "done\n" },
	{ "a\n\bb\n", "a\nb\n" },
	{ "\xc3\xa5\bo\n", "o\n" },
	{ "\b\b\n", "\n" },
	/* control sequences */
	{ "\033[1;31mred\033[0m\n", "red\n" },
	{ "\033[?25lhidden\033[?25h\n", "hidden\n" },
	{ "\033[38:2::255:0:0mtrue colour\033[m\n", "true colour\n" },
	{ "\033[ qcursor\n", "cursor\n" },
	{ "\033(B\033)0sets\033c\n", "sets\n" },
	{ "\033=keypad\033>\n", "keypad\n" },
	{ "bell\a\n", "bell\n" },
	{ "\016shift\017\n", "shift\n" },
	/* control strings: title, link, device string */
	{ "\033]0;title\atext\n", "text\n" },
	{ "\033]0;title\033\\text\n", "text\n" },
	{ "\033]8;;http://h/\033\\link\033]8;;\033\\\n", "link\n" },
	{ "\033Pdevice\033\\after\n", "after\n" },
	{ "\033_app\033\\\033^pm\033\\\033Xsos\033\\end\n", "end\n" },
	{ "\033]0;cut\030after\n", "after\n" },
	/* what is cut off or stray swallows no other line */
	{ "\033]0;never ends\nnext\n", "\nnext\n" },
	{ "\033]0;cut by \033[1mbold\n", "bold\n" },
	{ "a\033", "a" },
	{ "a\033[", "a" },
	{ "a\033[31", "a" },
	{ "a\033]0;t", "a" },
	{ "\033[\nb\n", "\nb\n" },
	{ "\033\033[1mx\n", "x\n" },
	{ "\033\nx\n", "\nx\n" },
};

static void
test_table(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT;

		want_normalize(text_of(cases[i].raw), &b);
		assert_string_equal(buf_cstr(&b), cases[i].plain);
		buf_release(&b);
	}
}

static void
test_twice_is_once(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf once = BUF_INIT, twice = BUF_INIT;

		want_normalize(text_of(cases[i].raw), &once);
		want_normalize(buf_text(&once), &twice);
		assert_text(buf_text(&twice), buf_cstr(&once));
		buf_release(&once);
		buf_release(&twice);
	}
}

static void
test_appends(void **state UNUSED)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "before\n");
	want_normalize(TEXT("50%\r100%\b\b\b\b\b\b\n"), &b);
	assert_string_equal(buf_cstr(&b), "before\n\n");
	buf_release(&b);
}

static void
test_nul_bytes_stay(void **state UNUSED)
{
	static const char raw[] = "a\0b\033[1mc";
	struct buf b = BUF_INIT;

	want_normalize((struct text){ raw, sizeof(raw) - 1 }, &b);
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.bytes, "a\0bc", 4);
	buf_release(&b);
}

/* Every byte is looked at a bounded number of times, whatever it introduces:
 * 16 MiB of the worst openers would take hours in a square. */
static void
test_linear(void **state UNUSED)
{
	static const char *const openers[] = { "\033]", "\033[", "\033P0",
					       "a\r",   "a\b",   "\033[2K" };

	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		struct buf raw = BUF_INIT, b = BUF_INIT;

		while (raw.len < 16 * 1024 * 1024)
			buf_adds(&raw, openers[i]);
		want_normalize(buf_text(&raw), &b);
		assert_true(b.len <= 2);
		buf_release(&raw);
		buf_release(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_twice_is_once),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_nul_bytes_stay),
		cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
