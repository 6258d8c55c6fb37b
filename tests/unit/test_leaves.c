/* What a statement leaves in its shell. */
#include "lib/unit.h"
#include "shell/leaves.h"
#include "shell/parse.h"

static enum shell_leaves
leaves(struct arena *arena, const char *text)
{
	struct excerpt e = { .text = text_of(text) };
	const struct script *s = shell_parse(arena, e);

	assert_true(s->body->n_items > 0);
	return shell_leaves(s, 0, s->body->n_items - 1);
}

static void
assert_all(const char *const *texts, size_t n, enum shell_leaves want)
{
	for (size_t i = 0; i < n; i++) {
		struct arena arena;
		enum shell_leaves got;

		arena_init(&arena);
		got = leaves(&arena, texts[i]);
		if (got != want)
			print_error("%s\n", texts[i]);
		assert_int_equal(got, want);
		arena_release(&arena);
	}
}

static void
test_nothing(void **state UNUSED)
{
	static const char *const texts[] = {
		"true",
		"ls -l /tmp",
		"ssh web1 'cd /srv && x=1'",
		"(cd /tmp; x=1)",
		"x=1 make install",
		"echo \"$(cd /tmp; read y; pwd)\"",
		"diff <(x=1; sort a) <(sort b)",
		"if test -e a; then cp a b; else rm b; fi",
		"while test -e lock; do sleep 1; done",
		"case $1 in a) echo a ;; esac",
		"dmesg | grep -q error && echo found",
		"printf '%s\\n' a > f",
		"wait",
		"echo ${x:-1} ${#y} $((1 + 2))",
		"cat <<EOF\nx=1\nEOF",
		"exit 1",
	};

	assert_all(texts, ARRAY_LEN(texts), SHELL_LEAVES_NOTHING);
}

static void
test_state(void **state UNUSED)
{
	static const char *const texts[] = {
		"x=1",
		"cd /tmp",
		"cd sub && make",
		"make && x=1",
		"{ x=1; }",
		"if true; then cd /tmp; fi",
		"for f in *; do echo $f; done",
		"export PATH=/opt/bin:$PATH",
		"read answer < file",
		"printf -v x '%s' a",
		"printf \"$format\" a",
		"set -e",
		"shopt -s nullglob",
		"trap 'rm f' EXIT",
		"umask 077",
		"exec 3> log",
		"make {log}> file",
		"echo ${x:=1}",
		"echo $((x++))",
		"((x += 1))",
		"[[ $a =~ ^x(.*)$ ]]",
		"printf '%s\\n' a | while read l; do x=$l; done",
		"true; true; x=1",
		"unset x",
	};

	assert_all(texts, ARRAY_LEN(texts), SHELL_LEAVES_STATE);
}

static void
test_commands(void **state UNUSED)
{
	static const char *const texts[] = {
		"f() { echo f; }", "source venv/bin/activate",
		". ./env",         "eval \"$(ssh-agent)\"",
		"$tool --now",     "\\cd /tmp",
		"'cd' /tmp",       "alias ll='ls -l'",
		"command cd /tmp", "if true; then . ./env; fi",
	};

	assert_all(texts, ARRAY_LEN(texts), SHELL_LEAVES_COMMANDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
