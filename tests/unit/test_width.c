/* Columns, and characters as they may be shown. */
#include "base/visible.h"
#include "base/width.h"
#include "lib/unit.h"

static void
test_codes(void **state UNUSED)
{
	assert_int_equal(width_of_code('a'), 1);
	assert_int_equal(width_of_code('~'), 1);
	assert_int_equal(width_of_code(0xe9), 1);
	assert_int_equal(width_of_code(0x0301), 0);
	assert_int_equal(width_of_code(0x200d), 0);
	assert_int_equal(width_of_code(0x65e5), 2);
	assert_int_equal(width_of_code(0x1f511), 2);
	assert_int_equal(width_of_code(0xff21), 2);
	assert_int_equal(width_of_code(0x2026), 1);
}

static void
test_texts(void **state UNUSED)
{
	assert_int_equal(width_of_text(TEXT(""), 8), 0);
	assert_int_equal(width_of_text(TEXT("abc"), 8), 3);
	assert_int_equal(width_of_text(TEXT("a\tb"), 8), 10);
	assert_int_equal(width_of_text(TEXT("e\xcc\x81"), 8), 1);
	assert_int_equal(width_of_text(TEXT("\xe6\x97\xa5\xf0\x9f\x94\x91"), 8),
			 4);
	assert_int_equal(width_of_text(TEXT("\033[m"), 8), 4);
	assert_int_equal(width_of_text(TEXT("\xff"), 8), 4);
	assert_int_equal(width_of_text(TEXT("\xe2\x80\xae"), 8), 8);
}

/* T becomes WANT within MAX columns, and the columns are told. */
static void
assert_printed(struct text t, unsigned max, const char *want, unsigned columns)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	assert_int_equal(width_print(&b, t, max), columns);
	assert_string_equal(buf_cstr(&b), want);
	assert_int_equal(width_of_text(buf_text(&b), 1), columns);
}

static void
test_printing(void **state UNUSED)
{
	assert_printed(TEXT(""), 0, "", 0);
	assert_printed(TEXT("pl in\t."), 0, "pl in\t.", 7);
	assert_printed(TEXT("a\nb\r\0\x7f"), 0, "a^Jb^M^@^?", 10);
	assert_printed(TEXT("\033]0;t\a"), 0, "^[]0;t^G", 8);
	assert_printed(TEXT("\xc2\x9b"
			    "1m"),
		       0, "\\u{009B}1m", 10);
	assert_printed(TEXT("\xe2\x80\xae\xef\xbb\xbf"), 0,
		       "\\u{202E}\\u{FEFF}", 16);
	assert_printed(TEXT("\xf3\xa0\x81\x81"), 0, "\\u{E0041}", 9);
	assert_printed(TEXT("\xff\xc3(\xe2\x82"), 0, "\\xFF\\xC3(\\xE2\\x82",
		       17);
	assert_printed(TEXT("e\xcc\x81\xe6\x97\xa5"), 0,
		       "e\xcc\x81\xe6\x97\xa5", 3);
}

static void
test_cutting(void **state UNUSED)
{
	assert_printed(TEXT("abcdef"), 6, "abcdef", 6);
	assert_printed(TEXT("abcdef"), 5, "abcd…", 5);
	assert_printed(TEXT("abcdef"), 1, "…", 1);
	/* no half of a wide character, of an escape, of a cluster */
	assert_printed(TEXT("ab\xe6\x97\xa5"
			    "c"),
		       4, "ab…", 3);
	assert_printed(TEXT("ab\xe6\x97\xa5"
			    "c"),
		       5,
		       "ab\xe6\x97\xa5"
		       "c",
		       5);
	assert_printed(TEXT("ab\033cd"), 4, "ab…", 3);
	assert_printed(TEXT("abe\xcc\x81xy"), 4, "abe\xcc\x81…", 4);
	assert_printed(TEXT("\xff\xff"), 7, "\\xFF…", 5);
}

static void
test_hidden(void **state UNUSED)
{
	static const uint32_t hidden[] = { 0x80,    0x9f,   0x61c,  0x200b,
					   0x200e,  0x2028, 0x202e, 0x2060,
					   0x2066,  0x206f, 0xfeff, 0xfffa,
					   0xe0000, 0xe007f };
	static const uint32_t seen[] = { 'a',    0x7f,   0xa0,   0x61b,
					 0x200a, 0x200c, 0x200d, 0x2027,
					 0x202f, 0x2070, 0xfffd, 0xe0080 };

	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		assert_true(visible_is_hidden(hidden[i]));
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_false(visible_is_hidden(seen[i]));
}

/* Whatever is shown is safe: showing it again changes nothing. */
static void
test_every_code(void **state UNUSED)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		CLEANUP(buf_release) struct buf once = BUF_INIT;
		CLEANUP(buf_release) struct buf twice = BUF_INIT;
		unsigned char bytes[3] = { (unsigned char)(c >> 16),
					   (unsigned char)(c >> 8),
					   (unsigned char)c };
		struct text t = { (const char *)bytes, sizeof(bytes) };

		width_print(&once, t, 0);
		width_print(&twice, buf_text(&once), 0);
		assert_true(text_eq(buf_text(&once), buf_text(&twice)));
		assert_true(text_is_utf8(buf_text(&once)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_printing),
		cmocka_unit_test(test_cutting),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_every_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
