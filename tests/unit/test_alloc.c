/* Allocation: never NULL, and a clear end when memory runs out. */
#include "lib/death.h"
#include "lib/unit.h"

static void
test_zero_bytes(void **state UNUSED)
{
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xcalloc(8, 0);
	void *d = xreallocarray(xmalloc(8), 0, 8);

	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_non_null(d);
	free(a);
	free(b);
	free(c);
	free(d);
}

static void
test_zeroed(void **state UNUSED)
{
	char *bytes = xcalloc(1000, 3);

	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(bytes[i], 0);
	free(bytes);
}

static void
test_growing(void **state UNUSED)
{
	int *numbers = xreallocarray(NULL, 2, sizeof(*numbers));

	numbers[0] = 1;
	numbers[1] = 2;
	numbers = xreallocarray(numbers, 20000, sizeof(*numbers));
	numbers[19999] = 3;
	assert_int_equal(numbers[0] + numbers[1] + numbers[19999], 6);
	free(numbers);
}

static void
test_copies(void **state UNUSED)
{
	char *s = xstrdup(""), *t = xstrdup("abc");
	char *n = xmemdup0("a\0b", 3), *none = xmemdup0(NULL, 0);

	assert_string_equal(s, "");
	assert_string_equal(t, "abc");
	assert_memory_equal(n, "a\0b", 4);
	assert_string_equal(none, "");
	free(s);
	free(t);
	free(n);
	free(none);
}

static void
test_cleanup(void **state UNUSED)
{
	CLEANUP(free_ptr) char *s = xstrdup("freed by the scope");
	CLEANUP(free_ptr) char *none = NULL;

	assert_non_null(s);
	assert_null(none);
}

/* The volatile sizes keep the compiler from knowing better. */
static volatile size_t half = SIZE_MAX / 2;

static void
take_too_much(void)
{
	free(xmalloc(half));
}

static void
take_too_many(void)
{
	free(xreallocarray(NULL, half, 8));
}

static void
resize_too_much(void)
{
	free(xreallocarray(NULL, half, 1));
}

static void
zero_too_much(void)
{
	free(xcalloc(half, 4));
}

static void
zero_very_much(void)
{
	free(xcalloc(half, 1));
}

static void
meet_a_bug(void)
{
	BUG("step %d has no %s", 3, "host");
}

static void
test_ends(void **state UNUSED)
{
	assert_aborts(take_too_much, "runbook: out of memory "
				     "(9223372036854775807 bytes wanted)\n");
	assert_aborts(take_too_many, "runbook: out of memory (");
	assert_aborts(resize_too_much, "runbook: out of memory (");
	assert_aborts(zero_too_much, "runbook: out of memory "
				     "(18446744073709551615 bytes wanted)\n");
	assert_aborts(zero_very_much, "runbook: out of memory (");
	assert_aborts(meet_a_bug, "test_alloc.c:");
	assert_aborts(meet_a_bug, ": step 3 has no host\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zero_bytes),
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_cleanup),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
