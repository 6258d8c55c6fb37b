/* TEST_FILTER=pattern runs only the cases whose names match ('*' and '?'). */
#include "lib/unit.h"

__attribute__((constructor)) static void
set_filter(void)
{
	const char *pattern = getenv("TEST_FILTER");

	if (pattern)
		cmocka_set_test_filter(pattern);
}
