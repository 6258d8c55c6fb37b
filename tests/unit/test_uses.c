/* What statements take from their shell and leave in it. */
#include "base/buf.h"
#include "lib/scripts.h"
#include "lib/unit.h"
#include "shell/parse.h"
#include "shell/uses.h"

static void
add_names(struct buf *b, const char *label, const struct shell_names *names)
{
	for (uint32_t i = 0; i < names->n; i++)
		buf_addf(b, "%s%s%.*s", b->len ? " " : "", i ? "" : label,
			 TEXT_ARG(names->items[i]));
}

static void
assert_takes(const char *text, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct shell_takes takes;
	const struct script *s = script_of(text);

	shell_takes(&arena, s, 0, s->body->n_items - 1, &takes);
	add_names(&b, "", &takes.variables);
	if (takes.any)
		buf_adds(&b, b.len ? " any" : "any");
	if (strcmp(buf_cstr(&b), want) != 0)
		fail_msg("'%s' takes '%s', not '%s'", text, buf_cstr(&b), want);
}

static void
assert_gives(const char *text, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct shell_gives gives;
	const struct script *s = script_of(text);

	shell_gives(&arena, s, 0, s->body->n_items - 1, &gives);
	add_names(&b, "", &gives.variables);
	add_names(&b, "calls:", &gives.commands);
	add_names(&b, "env:", &gives.exports);
	if (gives.folder)
		buf_adds(&b, b.len ? " folder" : "folder");
	if (gives.any)
		buf_adds(&b, b.len ? " any" : "any");
	if (strcmp(buf_cstr(&b), want) != 0)
		fail_msg("'%s' gives '%s', not '%s'", text, buf_cstr(&b), want);
}

static void
test_takes(void **state)
{
	(void)state;
	assert_takes("ls a", "");
	assert_takes("rm -rf \"/srv/$dir\" ${x:-1} $dir", "dir x");
	assert_takes("ssh h \"rm $dir \\$other\"", "dir");
	assert_takes("ssh h 'rm $dir'", "");
	assert_takes("a $(b $x) `c $y` <(d $z)", "x y z");
	assert_takes("a $1 $@ $? $$", "");
	assert_takes("a $((n + 1)) && ((m > 2))", "n m");
	assert_takes("cat > $f <<END\n$g\nEND", "f g");
	assert_takes("cat <<'END'\n$g\nEND", "");
	assert_takes("eval a", "any");
	assert_takes(". f", "any");
	assert_takes("$cmd a", "cmd any");
	assert_takes("a ${!x}", "x any");
}

/* What the step sets itself it does not take from others. */
static void
test_own(void **state)
{
	(void)state;
	assert_takes("for f in *; do rm $f $d; done", "d");
	assert_takes("{ x=1; rm $x; }", "");
	assert_takes("{ rm $x; x=1; }", "x");
	assert_takes("x=$x:a", "x");
	assert_takes("while read l; do rm $l; done", "");
	assert_takes("x=1 rm $x", "x");
	assert_takes("{ x=1 a; rm $x; }", "x");
}

static void
test_gives(void **state)
{
	(void)state;
	assert_gives("ls a", "");
	assert_gives("x=1", "x");
	assert_gives("x=1 a", "");
	assert_gives("x=$(cat f) y+=2 z[1]=3", "x y z");
	assert_gives("export x=1 y", "x y env:x y");
	assert_gives("declare -x x=1", "x env:x");
	assert_gives("declare -i n=1", "n");
	assert_gives("PATH=/x", "PATH env:PATH");
	assert_gives("read -r a b", "a b");
	assert_gives("read $a", "any");
	assert_gives("printf -v x a", "x");
	assert_gives("printf a", "");
	assert_gives("unset x", "x");
	assert_gives("for i in a; do j=$i; done", "i j");
	assert_gives("a ${x:=1} $((y++)) $((z))", "x y");
	assert_gives("(x=1; cd /)", "");
	assert_gives("x=1 | cd /", "");
	assert_gives("x=1 &", "");
	assert_gives("a $(x=1)", "");
	assert_gives("cd /srv && x=1", "x folder");
	assert_gives("f() { x=1; }", "calls:f");
	assert_gives("alias g=h", "calls:g");
	assert_gives(". f", "any");
	assert_gives("command . f", "any");
	assert_gives("set -a", "any");
	assert_gives("set -e", "");
	assert_gives("$cmd", "any");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_gives),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
