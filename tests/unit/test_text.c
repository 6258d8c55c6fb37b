/* Looking at bytes. */
#include "lib/random.h"
#include "lib/unit.h"

static const struct text none = { NULL, 0 };

static void
test_bytes(void **state UNUSED)
{
	assert_true(byte_is_alpha('a') && byte_is_alpha('Z'));
	assert_false(byte_is_alpha('@') || byte_is_alpha('[') ||
		     byte_is_alpha('`') || byte_is_alpha('{') ||
		     byte_is_alpha('\xe9'));
	assert_true(byte_is_digit('0') && byte_is_digit('9'));
	assert_false(byte_is_digit('/') || byte_is_digit(':'));
	assert_true(byte_is_alnum('5') && byte_is_alnum('q'));
	assert_false(byte_is_alnum('_'));
	assert_true(byte_is_blank(' ') && byte_is_blank('\t'));
	assert_false(byte_is_blank('\n') || byte_is_blank('\0'));
	assert_true(byte_is_space('\v') && byte_is_space('\r'));
	assert_false(byte_is_space('\b') || byte_is_space('\x0e'));
	assert_int_equal(byte_lower('Z'), 'z');
	assert_int_equal(byte_lower('['), '[');
	assert_int_equal(byte_lower('\xc9'), '\xc9');
}

static void
test_sub(void **state UNUSED)
{
	struct text t = TEXT("hello");

	assert_text(text_sub(t, 1, 3), "el");
	assert_text(text_sub(t, 0, 99), "hello");
	assert_text(text_sub(t, 5, 5), "");
	assert_text(text_sub(t, 9, 99), "");
	assert_text(text_sub(t, 4, 2), "");
	assert_int_equal(text_sub(none, 0, 9).len, 0);
	assert_null(text_sub(none, 3, 9).at);
	assert_int_equal(text_of(NULL).len, 0);
}

static void
test_equality(void **state UNUSED)
{
	assert_true(text_is(TEXT("ab"), "ab"));
	assert_false(text_is(TEXT("ab"), "abc"));
	assert_false(text_is(TEXT("ab\0c"), "ab"));
	assert_true(text_is(none, ""));
	assert_true(text_eq(none, TEXT("")));
	assert_true(text_eq_nocase(TEXT("AbC"), TEXT("aBc")));
	assert_false(text_eq_nocase(TEXT("AbC"), TEXT("aBcd")));
	assert_false(text_eq_nocase(TEXT("[a"), TEXT("{a")));
	assert_true(text_eq_nocase(none, TEXT("")));
}

static void
test_order(void **state UNUSED)
{
	assert_int_equal(text_cmp(TEXT("a"), TEXT("a")), 0);
	assert_true(text_cmp(TEXT("a"), TEXT("b")) < 0);
	assert_true(text_cmp(TEXT("a"), TEXT("aa")) < 0);
	assert_true(text_cmp(TEXT("b"), TEXT("aa")) > 0);
	assert_true(text_cmp(TEXT("aa"), TEXT("a")) > 0);
	assert_true(text_cmp(TEXT("\xff"), TEXT("a")) > 0);
	assert_int_equal(text_cmp(none, TEXT("")), 0);
}

static void
test_ends(void **state UNUSED)
{
	assert_true(text_starts(TEXT("abc"), "ab"));
	assert_true(text_starts(TEXT("abc"), ""));
	assert_true(text_starts(none, ""));
	assert_false(text_starts(TEXT("a"), "ab"));
	assert_true(text_starts_nocase(TEXT("ABc"), "ab"));
	assert_false(text_starts_nocase(TEXT("A"), "ab"));
	assert_true(text_ends(TEXT("abc"), "bc"));
	assert_true(text_ends(none, ""));
	assert_false(text_ends(TEXT("c"), "bc"));
	assert_false(text_ends(TEXT("abcd"), "bc"));
}

static void
test_find(void **state UNUSED)
{
	struct text t = TEXT("a.b.\0.c");

	assert_int_equal(text_chr(t, '.', 0), 1);
	assert_int_equal(text_chr(t, '.', 2), 3);
	assert_int_equal(text_chr(t, '\0', 0), 4);
	assert_int_equal(text_chr(t, 'x', 0), 7);
	assert_int_equal(text_chr(t, 'a', 7), 7);
	assert_int_equal(text_chr(t, 'a', 99), 7);
	assert_int_equal(text_chr(none, 'a', 0), 0);
	assert_int_equal(text_find(t, TEXT(".\0."), 0), 3);
	assert_int_equal(text_find(t, TEXT(".c"), 5), 5);
	assert_int_equal(text_find(t, TEXT(".c"), 6), 7);
	assert_int_equal(text_find(t, TEXT(""), 3), 3);
	assert_int_equal(text_begun(TEXT("xab"), TEXT("abc")), 2);
	assert_int_equal(text_begun(TEXT("xaba"), TEXT("abc")), 1);
	assert_int_equal(text_begun(TEXT("aab"), TEXT("aabc")), 3);
	assert_int_equal(text_begun(TEXT("abc"), TEXT("abc")), 0);
	assert_int_equal(text_begun(TEXT(""), TEXT("abc")), 0);
	assert_int_equal(text_begun(TEXT("abc"), TEXT("")), 0);
	assert_int_equal(text_find(t, TEXT(""), 7), 7);
	assert_int_equal(text_find(t, TEXT(""), 8), 7);
	assert_int_equal(text_find(none, TEXT("a"), 0), 0);
	assert_int_equal(text_find(TEXT("aab"), TEXT("ab"), 0), 1);
}

static void
test_trim(void **state UNUSED)
{
	assert_text(text_trim(TEXT(" \t\r\na b\n ")), "a b");
	assert_text(text_trim(TEXT(" \n ")), "");
	assert_text(text_trim(none), "");
	assert_text(text_trim(TEXT("\va")), "\va");
}

static void
assert_lines(struct text t, const char *const *lines)
{
	struct text line;

	for (; *lines; lines++) {
		assert_true(text_next_line(&t, &line));
		assert_text(line, *lines);
	}
	assert_false(text_next_line(&t, &line));
	assert_false(text_next_line(&t, &line));
}

#define ASSERT_LINES(literal, ...)                                             \
	assert_lines(TEXT(literal), (const char *const[]){ __VA_ARGS__, NULL })

static void
test_lines(void **state UNUSED)
{
	ASSERT_LINES("", NULL);
	ASSERT_LINES("a", "a");
	ASSERT_LINES("a\nb\n", "a", "b");
	ASSERT_LINES("\n\n", "", "");
	ASSERT_LINES("a\r\nb\r", "a", "b");
	ASSERT_LINES("a\rb\r\r\n", "a\rb\r");
}

static void
test_fields(void **state UNUSED)
{
	struct text t = TEXT("a:b::"), field;

	assert_true(text_next_field(&t, ':', &field));
	assert_text(field, "a");
	assert_true(text_next_field(&t, ':', &field));
	assert_text(field, "b");
	assert_true(text_next_field(&t, ':', &field));
	assert_text(field, "");
	assert_false(text_next_field(&t, ':', &field));
}

static void
test_numbers(void **state UNUSED)
{
	uint64_t n = 99;

	assert_true(text_to_uint(TEXT("0"), 0, &n));
	assert_int_equal(n, 0);
	assert_true(text_to_uint(TEXT("0042"), 42, &n));
	assert_int_equal(n, 42);
	assert_true(text_to_uint(TEXT("18446744073709551615"), UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	n = 7;
	assert_false(
		text_to_uint(TEXT("18446744073709551616"), UINT64_MAX, &n));
	assert_false(text_to_uint(TEXT("43"), 42, &n));
	assert_false(text_to_uint(TEXT("9"), 5, &n));
	assert_false(text_to_uint(TEXT("10"), 5, &n));
	assert_false(text_to_uint(TEXT(""), 9, &n));
	assert_false(text_to_uint(none, 9, &n));
	assert_false(text_to_uint(TEXT("1a"), 99, &n));
	assert_false(text_to_uint(TEXT("-1"), 99, &n));
	assert_false(text_to_uint(TEXT(" 1"), 99, &n));
	assert_int_equal(n, 7);
}

/* Every value and limit of one or two digits. */
static void
test_small_numbers(void **state UNUSED)
{
	for (uint64_t value = 0; value < 100; value++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		uint64_t n;

		buf_addf(&b, "%d", (int)value);
		for (uint64_t max = 0; max < 100; max++) {
			bool ok = text_to_uint(buf_text(&b), max, &n);

			assert_int_equal(ok, value <= max);
			assert_true(!ok || n == value);
		}
	}
}

static void
test_distance(void **state UNUSED)
{
	char far[65];

	memset(far, 'x', sizeof(far));
	assert_int_equal(text_distance(TEXT("timeout"), TEXT("timeout"), 2), 0);
	assert_int_equal(text_distance(TEXT("tmieout"), TEXT("timeout"), 2), 1);
	assert_int_equal(text_distance(TEXT("hlep"), TEXT("help"), 2), 1);
	assert_int_equal(text_distance(TEXT("timout"), TEXT("timeout"), 2), 1);
	assert_int_equal(text_distance(TEXT("timeoutt"), TEXT("timeout"), 2),
			 1);
	assert_int_equal(text_distance(TEXT("host"), TEXT("retry"), 2), 3);
	assert_int_equal(text_distance(TEXT(""), TEXT("ab"), 2), 2);
	/* "nope" is none of "logs", whose every letter is another. */
	assert_true(text_distance(TEXT("nope"), TEXT("logs"), 9) >
		    text_nearness(TEXT("nope")));
	assert_false(text_distance(TEXT("lst"), TEXT("list"), 9) >
		     text_nearness(TEXT("lst")));
	assert_int_equal(text_nearness(TEXT("full-database-reset")), 4);
	assert_int_equal(text_distance(none, none, 2), 0);
	assert_int_equal(text_distance(TEXT("abc"), TEXT(""), 2), 3);
	assert_int_equal(text_distance((struct text){ far, 64 },
				       (struct text){ far, 64 }, 2),
			 0);
	assert_int_equal(text_distance((struct text){ far, 65 },
				       (struct text){ far, 65 }, 2),
			 3);
}

/* ---- UTF-8 -------------------------------------------------------------- */

/* CODE by the table of RFC 3629, 3; also for what it forbids. */
static struct text
encode(uint32_t code, char bytes[4])
{
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	bytes[0] = (char)(lead[n] | code);
	return (struct text){ bytes, n };
}

static void
test_every_code(void **state UNUSED)
{
	for (uint32_t code = 0; code < 0x120000; code++) {
		bool valid =
			code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
		char bytes[4];
		struct text t = encode(code, bytes);
		uint32_t got = 0;

		assert_int_equal(text_utf8(t, &got), valid ? t.len : 0);
		assert_int_equal(got, valid ? code : 0);
		assert_int_equal(text_is_utf8(t), valid);
		for (size_t n = 1; n < t.len; n++) {
			t.len = n;
			assert_int_equal(text_utf8(t, &got), 0);
			if (valid)
				assert_true(text_is_cut_utf8(t));
		}
	}
}

/* A beginning counts as cut exactly when some valid sequence begins so. */
static void
test_cut(void **state UNUSED)
{
	static bool begins[0x1000000];

	for (uint32_t code = 0x80; code <= 0x10ffff; code++) {
		char bytes[4];
		struct text t = encode(code, bytes);
		uint32_t key = 0;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		for (size_t n = 1; n < t.len; n++) {
			key = key << 8 | (unsigned char)bytes[n - 1];
			begins[key] = true;
		}
	}
	for (uint32_t key = 0; key < ARRAY_LEN(begins); key++) {
		size_t n = key < 0x100 ? 1 : key < 0x10000 ? 2 : 3;
		char bytes[] = { (char)(key >> 8 * (n - 1)),
				 (char)(n == 3 ? key >> 8 : key), (char)key };
		bool cut = text_is_cut_utf8((struct text){ bytes, n });

		if (cut != begins[key])
			fail_msg("%06x", key);
	}
	assert_false(text_is_cut_utf8(none));
	assert_false(text_is_cut_utf8(TEXT("\xf0\x9f\x94\x91")));
}

static void
test_broken_utf8(void **state UNUSED)
{
	uint32_t code = 5;

	assert_int_equal(text_utf8(none, &code), 0);
	assert_int_equal(text_utf8(TEXT("\xc0\x80"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\xc1\xbf"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\xe0\x9f\xbf"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\xf0\x8f\xbf\xbf"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\xf5\x80\x80\x80"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\x80"), &code), 0);
	assert_int_equal(text_utf8(TEXT("\xe2\x82\x28"), &code), 0);
	assert_int_equal(code, 5);
	assert_true(text_is_utf8(none));
	assert_true(text_is_utf8(TEXT("a\0\xc3\xa9")));
	assert_false(text_is_utf8(TEXT("a\xc3")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_sub),
		cmocka_unit_test(test_equality),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_small_numbers),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_every_code),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_broken_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
