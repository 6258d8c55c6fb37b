/* Scripts of a unit test. */
#include "lib/scripts.h"

#include "shell/parse.h"

struct arena arena;

int
scripts_set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

int
scripts_tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

const struct script *
script_of(const char *text)
{
	return shell_parse_resolved(&arena,
				    (struct excerpt){ text_of(text), NULL });
}
