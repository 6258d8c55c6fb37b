/* Constants and functions: what stays known after which command. */
#include "lib/scripts.h"
#include "lib/unit.h"
#include "shell/parse.h"
#include "shell/word.h"

static struct scope *
after(const char *text)
{
	struct scope *scope = scope_new(&arena);
	const struct script *s = script_of(text);

	for (uint32_t i = 0; i < s->body->n_items; i++)
		scope_run(scope, s, s->body->items[i], NULL);
	return scope;
}

/* After TEXT, variable x has the value WANT; NULL: it is not known. */
static void
assert_x(const char *text, const char *want)
{
	struct value x = scope_variable(after(text), TEXT("x"));

	if (!want) {
		if (x.state == VALUE_EXACT)
			fail_msg("'%s' leaves x='%.*s'", text,
				 TEXT_ARG(x.bytes.text));
		return;
	}
	if (x.state != VALUE_EXACT)
		fail_msg("'%s' leaves x unknown", text);
	assert_text(x.bytes.text, want);
}

static void
test_assignments(void **state)
{
	(void)state;
	assert_x("x=1", "1");
	assert_x("x=", "");
	assert_x("x='a b'\"c\"", "a bc");
	assert_x("a=1; x=$a/\"$a\"", "1/1");
	assert_x("x=1; x=$y", NULL);
	assert_x("x=$(date)", NULL);
	assert_x("x=1; x+=2", NULL);
	assert_x("x=(1 2)", NULL);
	assert_x("x=1; x[0]=2", NULL);
	assert_x("export x=1", "1");
	assert_x("readonly x=1 y=2", "1");
	assert_x("x=1; export x", "1");
	assert_x("x=1 cmd", NULL);
	assert_x("x=2; x=1 cmd; y=1 cmd", "2");
	assert_x("RANDOM=1; x=$RANDOM", NULL);
}

/* Where it cannot be told whether, or how often, something was run. */
static void
test_doubt(void **state)
{
	(void)state;
	assert_x("x=1; if a; then x=2; fi", NULL);
	assert_x("x=1; if x=2; then a; fi", "2");
	assert_x("x=1; a && x=2", NULL);
	assert_x("x=1 && a", "1");
	assert_x("x=1; for x in a b; do c; done", NULL);
	assert_x("x=1; for y in a; do x=2; done", NULL);
	assert_x("x=1; while a; do read x; done", NULL);
	assert_x("x=1; case a in b) x=2;; esac", NULL);
	assert_x("x=1; n=y; while a; do read $n; n=x; done", NULL);
}

/* What runs in a process of its own changes nothing. */
static void
test_subshells(void **state)
{
	(void)state;
	assert_x("x=1; (x=2)", "1");
	assert_x("x=1; a | x=2", "1");
	assert_x("x=1; x=2 &", "1");
	assert_x("x=1; y=$(x=2)", "1");
	assert_x("x=1; { x=2; }", "2");
	assert_x("x=1; ! x=2", "2");
	assert_x("x=1; { x=2; } &", "1");
}

static void
test_builtins(void **state)
{
	(void)state;
	assert_x("x=1; read y", "1");
	assert_x("x=1; read -r x y", NULL);
	assert_x("x=1; read $y", NULL);
	assert_x("x=1; mapfile x", NULL);
	assert_x("x=1; printf -v x a", NULL);
	assert_x("x=1; printf x", "1");
	assert_x("x=1; unset x", NULL);
	assert_x("x=1; eval a", NULL);
	assert_x("x=1; source f", NULL);
	assert_x("x=1; . f", NULL);
	assert_x("x=1; command eval a", NULL);
	assert_x("x=1; let x=2", NULL);
	assert_x("x=1; ((x++))", NULL);
	assert_x("x=1; ((y++))", "1");
	assert_x("x=1; a $((x=2))", NULL);
	assert_x("x=1; a ${x:=2}", NULL);
	assert_x("x=1; exec {x}<f", NULL);
	assert_x("x=1; trap 'x=2' DEBUG", NULL);
	assert_x("x=1; trap 'x=2' EXIT", "1");
	assert_x("x=1; $y a", NULL);
	assert_x("x=1; ls a", "1");
}

static void
test_declarations(void **state)
{
	(void)state;
	assert_x("declare -i x=1+1", NULL);
	assert_x("declare -u x; x=a", NULL);
	assert_x("declare -x x=1", "1");
	assert_x("x=1; declare -n y=x; y=2", NULL);
	assert_x("declare -n y=x; x=1", NULL);
	assert_x("x=1; declare \"x=2\"", NULL);
	assert_x("y=1; declare y=2 x=$y", "1");
	assert_x("y=1; y=2 x=$y", "2");
	assert_x("x=1; declare $y", NULL);
	assert_x("x=1; )", NULL);
}

static void
test_functions(void **state)
{
	struct scope *scope = after("f() { a; }; alias g=b; if c; then h() "
				    "{ d; }; fi; f2() { a; }; f2() { b; }");
	const struct script *s;
	const struct node *body = scope_function(scope, TEXT("f"), &s);

	(void)state;
	assert_non_null(body);
	assert_int_equal(body->kind, NODE_GROUP);
	assert_text(script_text(s, body->start, body->end), "{ a; }");
	assert_null(scope_function(scope, TEXT("g"), &s));
	assert_null(scope_function(scope, TEXT("h"), &s));
	assert_null(scope_function(scope, TEXT("f2"), &s));
	assert_true(scope_shadows(scope, TEXT("f")));
	assert_true(scope_shadows(scope, TEXT("g")));
	assert_true(scope_shadows(scope, TEXT("h")));
	assert_true(scope_shadows(scope, TEXT("f2")));
	assert_false(scope_shadows(scope, TEXT("a")));
	assert_x("x=1; f() { x=2; }; a", "1");
	assert_x("x=1; f() { x=2; }; f", NULL);
}

static void
test_copies(void **state)
{
	struct scope *one = after("x=1; f() { a; }");
	struct scope *two = scope_copy(&arena, one);
	const struct script *s = script_of("for i in a; do x=2; y=3; done");

	(void)state;
	scope_set(one, TEXT("y"), scope_variable(one, TEXT("x")));
	scope_forget_list(one, s, s->body);
	assert_int_equal(scope_variable(one, TEXT("x")).state, VALUE_UNKNOWN);
	assert_int_equal(scope_variable(one, TEXT("y")).state, VALUE_UNKNOWN);
	assert_int_equal(scope_variable(two, TEXT("x")).state, VALUE_EXACT);
	assert_int_equal(scope_variable(two, TEXT("y")).state, VALUE_UNKNOWN);
	assert_true(scope_shadows(two, TEXT("f")));
}

/* After TEXT, each statement of which ended well, the shell is in WANT; NULL:
 * that is not known. */
static void
assert_folder(const char *text, const char *want)
{
	struct scope *scope = scope_new(&arena);
	const struct script *s = script_of(text);
	struct value folder;

	for (uint32_t i = 0; i < s->body->n_items; i++)
		scope_succeed(scope, s, s->body->items[i], NULL);
	folder = scope_folder(scope);
	if (!want && folder.state == VALUE_EXACT)
		fail_msg("'%s' leaves the folder '%.*s'", text,
			 TEXT_ARG(folder.bytes.text));
	if (!want)
		return;
	if (folder.state != VALUE_EXACT)
		fail_msg("'%s' leaves the folder unknown", text);
	assert_text(folder.bytes.text, want);
}

static void
test_folders(void **state)
{
	(void)state;
	assert_folder("a", "");
	assert_folder("cd /srv/app", "/srv/app");
	assert_folder("cd -- /srv//app/./", "/srv/app");
	assert_folder("cd data", "data");
	assert_folder("cd data; cd old", "data/old");
	assert_folder("cd data/old; cd ../new", "data/new");
	assert_folder("cd data; cd ..", "");
	assert_folder("cd ..", NULL);
	assert_folder("cd /; cd ..; cd srv", "/srv");
	assert_folder("cd /srv; cd ../..", "/");
	assert_folder("cd ~/app/x; cd ..", "~/app");
	assert_folder("cd ~ops; cd ..", NULL);
	assert_folder("cd '~/app'", NULL);
	assert_folder("d=/srv; cd $d/app", "/srv/app");
	assert_folder("cd $d/app", NULL);
	assert_folder("cd \"$(mktemp -d)\"", NULL);
	assert_folder("cd", NULL);
	assert_folder("cd -", NULL);
	assert_folder("cd /srv *", NULL);
	assert_folder("cd $d; cd /srv", "/srv");
	assert_folder("CDPATH=/x; cd app", NULL);
	assert_folder("cd /srv; pushd /etc", NULL);
	assert_folder("cd /srv; eval a", NULL);
	assert_folder("cd /srv; . env", NULL);
	assert_folder("cd() { b; }; cd /srv", NULL);
	assert_folder("trap a DEBUG; cd /srv", "/srv");
	assert_folder("trap 'cd b' DEBUG; cd /srv", NULL);
	assert_folder("cd /srv; (cd /etc)", "/srv");
	assert_folder("cd /srv; cd /etc | a", "/srv");
	assert_folder("cd /srv; cd /etc &", "/srv");
}

/* Who does not look whether cd went well is where he was when it did not. */
static void
test_failing_cd(void **state)
{
	(void)state;
	assert_folder("mkdir a && cd a", "a");
	assert_folder("cd a && b", "a");
	assert_folder("cd a || exit", "a");
	assert_folder("cd a || exit 3", "a");
	assert_folder("cd a || exit 0", NULL);
	assert_folder("cd a || true", NULL);
	assert_folder("cd a || b && exit", NULL);
	assert_folder("{ cd a; b; }", NULL);
	assert_folder("! cd a", NULL);
	assert_folder("if cd a; then b; fi", NULL);
	assert_folder("for x in 1; do cd a; done", NULL);
	assert_int_equal(scope_folder(after("cd a")).state, VALUE_UNKNOWN);
}

/* The arguments of TEXT's last command, as known after those before it. */
static const char *
arguments(const char *text)
{
	const struct script *s = script_of(text);
	struct scope *scope = scope_new(&arena);
	uint32_t last = s->body->n_items - 1, n;
	const struct node *node = s->body->items[last]->node;
	struct buf b = BUF_INIT;
	const struct value *values;
	struct text copy;

	for (uint32_t i = 0; i < last; i++)
		scope_run(scope, s, s->body->items[i], NULL);
	values = words_expand(&arena, s, node->words, node->n_words, scope, &n);
	for (uint32_t i = 0; i < n; i++) {
		buf_adds(&b, i ? "|" : "");
		buf_addt(&b, values[i].bytes.text);
		buf_adds(&b, values[i].state == VALUE_EXACT ? "" : "+");
	}
	copy = arena_text(&arena, buf_text(&b));
	buf_release(&b);
	return copy.at;
}

static void
test_fields(void **state)
{
	(void)state;
	assert_string_equal(arguments("x='-r  -f'; rm $x \"$x\" a${x}b"),
			    "rm|-r|-f|-r  -f|a-r|-fb");
	assert_string_equal(arguments("x=; rm $x \"$x\" a$x"), "rm||a");
	assert_string_equal(arguments("x=' a '; e b${x}c"), "e|b|a|c");
	assert_string_equal(arguments("x='*.c y'; rm $x"), "rm|+|y");
	assert_string_equal(arguments("c='docker compose'; $c down"),
			    "docker|compose|down");
	assert_string_equal(arguments("IFS=:; x=a:b; e $x \"$x\""), "e|+|a:b");
	assert_string_equal(arguments("x='a b'; export y=$x"), "export|y=a b");
	assert_string_equal(arguments("x=a; e {$x,b}$x"), "e|aa|ba");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_assignments),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_subshells),
		cmocka_unit_test(test_builtins),
		cmocka_unit_test(test_declarations),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_failing_cd),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
