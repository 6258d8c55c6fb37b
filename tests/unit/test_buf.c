/* Buffers. */
#include "lib/death.h"
#include "lib/unit.h"

static void
test_empty(void **state UNUSED)
{
	struct buf b;
	size_t len = 9;
	char *bytes;

	buf_init(&b);
	assert_string_equal(buf_cstr(&b), "");
	assert_int_equal(buf_text(&b).len, 0);
	buf_drop(&b, 0);
	buf_drop(&b, 5);
	buf_cut(&b, 0);
	buf_clear(&b);
	assert_null(b.bytes);
	bytes = buf_detach(&b, &len);
	assert_string_equal(bytes, "");
	assert_int_equal(len, 0);
	free(bytes);
	buf_release(&b);
	buf_wipe(&b);
}

static void
test_adding(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_add(&b, NULL, 0);
	assert_string_equal(buf_cstr(&b), "");
	buf_add(&b, "a\0b", 3);
	buf_adds(&b, "cd");
	buf_addt(&b, TEXT("ef"));
	buf_addt(&b, (struct text){ NULL, 0 });
	buf_addc(&b, 'g');
	buf_fill(&b, '-', 3);
	buf_fill(&b, '-', 0);
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.bytes, "a\0bcdefg---", 12);
}

/* The NUL is there at each length, whatever the capacity is. */
static void
test_growing(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (size_t i = 0; i < 1000; i++) {
		buf_addc(&b, (char)('a' + i % 26));
		assert_int_equal(b.len, i + 1);
		assert_int_equal(b.bytes[b.len], 0);
		assert_true(b.cap > b.len);
	}
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(b.bytes[i], 'a' + (int)(i % 26));
}

static void
test_printing(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b, "%s", "");
	assert_string_equal(b.bytes, "");
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "%d,", i);
	assert_int_equal(b.len, 10 * 2 + 90 * 3);
	assert_string_equal(b.bytes + b.len - 6, "98,99,");
	buf_clear(&b);
	buf_addf(&b, "%063d", 0); /* exactly to the first capacity */
	assert_int_equal(b.len, 63);
	assert_int_equal(b.bytes[63], 0);
}

static void
test_reserve(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	char *room;

	buf_adds(&b, "ab");
	room = buf_reserve(&b, 1000);
	assert_ptr_equal(room, b.bytes + 2);
	assert_true(b.cap - b.len > 1000);
	memset(room, 'x', 1000);
	b.len += 1000;
	b.bytes[b.len] = '\0';
	assert_int_equal(strlen(b.bytes), 1002);
}

static void
test_dropping(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&b, "abcdef");
	buf_drop(&b, 2);
	assert_string_equal(b.bytes, "cdef");
	buf_cut(&b, 2);
	assert_string_equal(b.bytes, "cd");
	buf_drop(&b, 99);
	assert_string_equal(b.bytes, "");
	buf_adds(&b, "again");
	assert_string_equal(b.bytes, "again");
	buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_non_null(b.bytes);
}

static void
test_detach(void **state UNUSED)
{
	struct buf b = BUF_INIT;
	size_t len;
	char *bytes;

	buf_adds(&b, "abc");
	bytes = buf_detach(&b, &len);
	assert_string_equal(bytes, "abc");
	assert_int_equal(len, 3);
	assert_null(b.bytes);
	free(bytes);
	buf_adds(&b, "next");
	bytes = buf_detach(&b, NULL);
	assert_string_equal(bytes, "next");
	free(bytes);
}

static void
cut_too_long(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&b, "abc");
	buf_cut(&b, 4);
}

static volatile size_t half = SIZE_MAX / 2;

static void
reserve_too_much(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_reserve(&b, half);
}

static void
print_nonsense(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	/* no multibyte character of the C locale */
	buf_addf(&b, "%ls", L"\x20ac");
}

static void
test_ends(void **state UNUSED)
{
	assert_aborts(cut_too_long, "cut of 3 bytes to 4");
	assert_aborts(reserve_too_much, "out of memory");
	assert_aborts(print_nonsense, "format '%ls' cannot be printed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),   cmocka_unit_test(test_adding),
		cmocka_unit_test(test_growing), cmocka_unit_test(test_printing),
		cmocka_unit_test(test_reserve), cmocka_unit_test(test_dropping),
		cmocka_unit_test(test_detach),  cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
