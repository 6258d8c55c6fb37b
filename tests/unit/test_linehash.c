/* Hashes of lines, against the vectors of github/codeql-action. */
#include <stdlib.h>

#include "lib/unit.h"
#include "report/linehash.h"

static void
check(const char *text, const uint64_t *want, uint32_t n)
{
	uint32_t got;
	struct linehash *list = linehash_all(text_of(text), &got);

	assert_int_equal(got, n);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(list[i].value == want[i]);
		assert_int_equal(list[i].seen, 1);
	}
	free(list);
}

static void
test_vectors(void **state UNUSED)
{
	static const uint64_t empty[] = { 0xc129715d7a2bc9a3 };
	static const uint64_t four[] = { 0x271789c17abda88f, 0x54703d4cd895b18,
					 0x180aee12dab6264,
					 0xa23a3dc5e078b07b };

	check("", empty, 1);
	check(" a\nb\n  \t\tc\n d", four, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
