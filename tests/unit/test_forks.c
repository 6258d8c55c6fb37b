/* Whether a statement may start a process. */
#include "lib/unit.h"
#include "shell/forks.h"
#include "shell/parse.h"

static void
assert_all(const char *const *texts, size_t n, bool want)
{
	for (size_t i = 0; i < n; i++) {
		struct excerpt e = { .text = text_of(texts[i]) };
		struct arena arena;
		const struct script *s;

		arena_init(&arena);
		s = shell_parse(&arena, e);
		if (shell_forks(s, 0, s->body->n_items - 1) != want)
			fail_msg("%s", texts[i]);
		arena_release(&arena);
	}
}

static void
test_builtins(void **state UNUSED)
{
	static const char *const texts[] = {
		"true",
		"test 5 -ge 0",
		"[ -e f ] && echo \"$x ${y:-z} $((1 + 2))\" || ! false",
		"echo a > f 2>&1; printf '%s\\n' *.md >> g",
		"x=1 pwd",
	};

	assert_all(texts, ARRAY_LEN(texts), false);
}

static void
test_processes(void **state UNUSED)
{
	static const char *const texts[] = {
		"ls",
		"\\true",
		"'true'",
		"/bin/true",
		"$x",
		"true &",
		"true; echo a & true",
		"true | true",
		"(true)",
		"{ true & }",
		"echo $(true)",
		"echo \"`true`\"",
		"echo > >(cat)",
		"echo <(true)",
		"echo \"${x:-$(true)}\"",
		"cat <<E\n$(true)\nE",
		"echo <<E\n$(true)\nE",
		"coproc true",
		"f() { true; }",
		"if true; then true; fi",
		"builtin true",
		"eval true",
		"echo 'a",
		"echo )",
	};

	assert_all(texts, ARRAY_LEN(texts), true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtins),
		cmocka_unit_test(test_processes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
