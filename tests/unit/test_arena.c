/* Arenas: alignment, growth, copies, arrays. */
#include <stdalign.h>

#include "lib/death.h"
#include "lib/random.h"
#include "lib/unit.h"

static void
assert_aligned(const void *p)
{
	assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
}

/* Every byte of every block is zero at first and stays what it is set to,
 * over chunks and sizes. */
static void
test_blocks(void **state UNUSED)
{
	enum {
		N = 3000
	};
	static unsigned char *blocks[N];
	static size_t sizes[N];
	struct arena a = ARENA_INIT;
	uint64_t seed = 3;

	for (int i = 0; i < N; i++) {
		sizes[i] = random_below(&seed, i % 100 ? 200 : 100000);
		blocks[i] = arena_alloc(&a, sizes[i]);
		assert_non_null(blocks[i]);
		assert_aligned(blocks[i]);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], 0);
		memset(blocks[i], i % 255 + 1, sizes[i]);
	}
	for (int i = 0; i < N; i++) {
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(blocks[i][k], i % 255 + 1);
	}
	arena_release(&a);
}

static void
test_nothing(void **state UNUSED)
{
	struct arena a;
	void *first, *second;

	arena_init(&a);
	first = arena_alloc(&a, 0);
	second = arena_alloc(&a, 0);
	assert_non_null(first);
	assert_ptr_not_equal(first, second);
	arena_release(&a);
	assert_null(a.chunks);
	arena_release(&a);
}

static void
test_large_block(void **state UNUSED)
{
	struct arena a = ARENA_INIT;
	char *small = arena_strdup(&a, "small");
	char *large = arena_alloc(&a, 5 * 1024 * 1024);

	large[5 * 1024 * 1024 - 1] = 'x';
	assert_string_equal(small, "small");
	assert_true(a.total < 6 * 1024 * 1024);
	arena_release(&a);
	assert_int_equal(a.total, 0);
}

static void
test_copies(void **state UNUSED)
{
	struct arena a = ARENA_INIT;
	struct text none = { NULL, 0 };

	assert_memory_equal(arena_memdup0(&a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_strdup(&a, ""), "");
	assert_text(arena_text(&a, TEXT("text")), "text");
	assert_int_equal(arena_text(&a, none).len, 0);
	assert_string_equal(arena_printf(&a, "%s-%03d", "a", 7), "a-007");
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	arena_release(&a);
}

static void
test_arrays(void **state UNUSED)
{
	struct arena a = ARENA_INIT;
	struct pair {
		size_t n;
		char c;
	} *pairs = NULL;
	size_t n = 0;

	for (size_t i = 0; i < 1000; i++) {
		struct pair p = { i, (char)('a' + i % 26) };

		ARENA_PUSH(&a, pairs, n, p);
		assert_aligned(pairs);
	}
	assert_int_equal(n, 1000);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pairs[i].n, i);
		assert_int_equal(pairs[i].c, 'a' + (int)(i % 26));
	}
	arena_release(&a);
}

/* There is room for item N, zeroed, whatever N is. */
static void
test_push_capacities(void **state UNUSED)
{
	struct arena a = ARENA_INIT;
	int *array = NULL;

	for (size_t n = 0; n < 70; n++) {
		int *moved = arena_push(&a, array, n, sizeof(*array));

		assert_int_equal(moved != array, n == 0 || n == 4 || n == 8 ||
							 n == 16 || n == 32 ||
							 n == 64);
		array = moved;
		assert_int_equal(array[n], 0);
		array[n] = (int)n + 1;
	}
	arena_release(&a);
}

static volatile size_t half = SIZE_MAX / 2;

static void
take_too_much(void)
{
	struct arena a = ARENA_INIT;
	void *p = arena_alloc(&a, half + 1);

	assert_null(p);
}

static void
print_nonsense(void)
{
	struct arena a = ARENA_INIT;

	/* no multibyte character of the C locale */
	arena_printf(&a, "%ls", L"\x20ac");
}

static void
test_ends(void **state UNUSED)
{
	assert_aborts(take_too_much, "arena allocation of ");
	assert_aborts(print_nonsense, "format '%ls' cannot be printed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_large_block),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_push_capacities),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
