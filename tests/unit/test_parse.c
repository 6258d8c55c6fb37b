/* Statements, pipelines, compound commands: their trees, and what is refused
 * where. */
#include "lib/scripts.h"
#include "lib/shell_dump.h"
#include "lib/shell_invariants.h"
#include "lib/unit.h"
#include "shell/parse.h"

static struct script *
parse(const char *text)
{
	struct excerpt source = { text_of(text), NULL };
	struct script *s = shell_parse_resolved(&arena, source);

	check_script(s);
	return s;
}

static void
assert_dump(const struct script *s, const char *want)
{
	struct buf b = BUF_INIT;

	dump_list(&b, s, s->body);
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

/* TEXT has the tree WANT and no error. */
static void
assert_tree(const char *text, const char *want)
{
	const struct script *s = parse(text);

	assert_dump(s, want);
	if (s->n_errors)
		fail_msg("'%s': %s", text, s->errors[0].message);
}

/* TEXT has the tree WANT; its first error is MESSAGE at AT, opened at OPENED.
 */
static void
assert_error(const char *text, const char *want, const char *message,
	     uint32_t at, uint32_t opened)
{
	const struct script *s = parse(text);

	assert_dump(s, want);
	assert_true(s->n_errors > 0);
	assert_string_equal(s->errors[0].message, message);
	assert_int_equal(s->errors[0].start, at);
	assert_int_equal(s->errors[0].opened, opened);
}

static void
test_lists(void **state)
{
	(void)state;
	assert_tree("", "");
	assert_tree("\n\n# only a comment\n \n", "");
	assert_tree("a;b", "cmd(a); cmd(b)");
	assert_tree("a & b & c", "cmd(a) &; cmd(b) &; cmd(c)");
	assert_tree("a &\n\n\nb", "cmd(a) &; cmd(b)");
	assert_tree("a\nb;\nc", "cmd(a); cmd(b); cmd(c)");
	assert_tree("a && b || c; d",
		    "andor(cmd(a) && cmd(b) || cmd(c)); cmd(d)");
	assert_tree("a &&\n\n b", "andor(cmd(a) && cmd(b))");
	assert_tree("a && # why\n  b", "andor(cmd(a) && cmd(b))");
	assert_tree("a && b & c", "andor(cmd(a) && cmd(b)) &; cmd(c)");
}

static void
test_pipelines(void **state)
{
	(void)state;
	assert_tree("a | b |& c", "pipe(cmd(a) | cmd(b) |& cmd(c))");
	assert_tree("a |\n\n# c\nb", "pipe(cmd(a) | cmd(b))");
	assert_tree("! a | b", "! pipe(cmd(a) | cmd(b))");
	assert_tree("! ! a", "pipe(cmd(a))");
	assert_tree("time -p a | b; time", "time pipe(cmd(a) | cmd(b)); time "
					   "pipe()");
	assert_tree("a | time b", "pipe(cmd(a) | cmd(time, b))");
	assert_tree("!; a", "! pipe(); cmd(a)");
	assert_tree("a && ! b", "andor(cmd(a) && ! pipe(cmd(b)))");
}

static void
test_simple(void **state)
{
	(void)state;
	assert_tree("A=1 B=\"x y\" cmd C=2", "cmd(A=1, B=\"x y\", cmd, C=2)");
	assert_tree("> out echo hi", "cmd(> out, echo, hi)");
	assert_tree("echo a > f b 2>&1", "cmd(echo, a, > f, b, 2>&1)");
	assert_tree("echo 2>f; echo 2 >f; echo a2>f",
		    "cmd(echo, 2>f); cmd(echo, 2, >f); cmd(echo, a2, >f)");
	assert_tree("e >f <g &>>h >>i <>j >|k {fd}>l 3<&- 4>&5-",
		    "cmd(e, >f, <g, &>>h, >>i, <>j, >|k, {fd}>l, 3<&-, "
		    "4>&5-)");
	assert_tree("c >& f &> g", "cmd(c, >& f, &> g)");
	assert_tree("echo if then fi do done { } !",
		    "cmd(echo, if, then, fi, do, done, {, }, !)");
	assert_tree("[ -f a ]", "cmd([, -f, a, ])");
	assert_tree("export A=1 b=(2 3)", "cmd(export, A=1, b=(2 3))");
}

static void
test_compound(void **state)
{
	(void)state;
	assert_tree("(a; b) && { c; d; } > f",
		    "andor(sub body[cmd(a); cmd(b)] && group body[cmd(c); "
		    "cmd(d)] > f)");
	assert_tree("{ echo a }\n}", "group body[cmd(echo, a, })]");
	assert_tree("if a; then b; elif c; then d; else e; fi; f",
		    "if cond[cmd(a)] body[cmd(b)] else[if cond[cmd(c)] "
		    "body[cmd(d)] else[cmd(e)]]; cmd(f)");
	assert_tree("if (a) then b; fi", "if cond[sub body[cmd(a)]] "
					 "body[cmd(b)]");
	assert_tree("while a; do b; done < f", "while cond[cmd(a)] "
					       "body[cmd(b)] < f");
	assert_tree("until a\ndo b\ndone", "until cond[cmd(a)] body[cmd(b)]");
	assert_tree("{(a)}", "group body[sub body[cmd(a)]]");
	assert_tree("((x++)); ((a) ); ((a); b)",
		    "arith(x++); sub body[sub body[cmd(a)]]; sub body[sub "
		    "body[cmd(a)]; cmd(b)]");
}

static void
test_for(void **state)
{
	(void)state;
	assert_tree("for i in a \"$c\"; do e; done",
		    "for i (a, \"$c\") body[cmd(e)]");
	assert_tree("for x\ndo e; done; for y in; do :; done",
		    "for x  body[cmd(e)]; for y () body[cmd(:)]");
	assert_tree("for x do e; done", "for x  body[cmd(e)]");
	assert_tree("for in in in; { e; }", "for in (in) body[cmd(e)]");
	assert_tree("for ((i=0;i<3;i++)); do e; done",
		    "for(i=0, i<3, i++) body[cmd(e)]");
	assert_tree("for ((;$(a;b);\";\")) { e; }",
		    "for(, $(a;b), \";\") body[cmd(e)]");
	assert_tree("select x in a b; do break; done",
		    "select x (a, b) body[cmd(break)]");
	assert_error("for x { e; }", "error(for x { e; })", "unexpected '{'", 6,
		     0);
	assert_error("for ((a;b)); do e; done",
		     "error(for ((a;b)); do e; done)",
		     "(( )) of a for wants three expressions", 6, 0);
}

static void
test_case(void **state)
{
	(void)state;
	assert_tree("case \"$1\" in\n  a|b) x ;;\n  (*.t) y;&\n  \"x y\") "
		    ";;&\n *) z\nesac\nls",
		    "case \"$1\" (a, b)[cmd(x)];; (*.t)[cmd(y)];& (\"x "
		    "y\")[];;& (*)[cmd(z)];;; cmd(ls)");
	assert_tree("case x in esac", "case x");
	assert_tree("case in in in) ;; (esac) a;; esac",
		    "case in (in)[];; (esac)[cmd(a)];;");
	assert_tree("case x in !(a)) ;; esac", "case x (!(a))[];;");
	assert_error("case x in a b) ;; esac", "error(case x in a b) ;; esac)",
		     "unexpected 'b'", 12, 0);
	assert_error("case x in a\n) ;; esac",
		     "error(case x in a); error() "
		     ";; esac)",
		     "unexpected end of the line", 11, 0);
}

static void
test_functions(void **state)
{
	(void)state;
	assert_tree("f() { a; }\nfunction g {\n b\n}\nfunction h() (c)",
		    "function f group body[cmd(a)]; function g group "
		    "body[cmd(b)]; function h sub body[cmd(c)]");
	assert_tree("function f (a)", "function f sub body[cmd(a)]");
	assert_tree("my-f ( )\n\n{ a; } 2>&1", "function my-f group "
					       "body[cmd(a)] 2>&1");
	assert_tree("coproc X { a; }; coproc cat",
		    "coproc X  body[group body[cmd(a)]]; coproc "
		    "body[cmd(cat)]");
	assert_error("function", "error(function)",
		     "the text ends before this 'function' does", 8, 0);
	assert_error("coproc function f { a; }",
		     "error(coproc function f { a; })", "unexpected 'function'",
		     7, 0);
	assert_error("f() a", "error(f() a)", "unexpected 'a'", 4, 0);
	assert_error("a b() { c; }", "error(a b() { c; })", "unexpected '('", 3,
		     3);
}

static void
test_conditions(void **state)
{
	(void)state;
	assert_tree("[[ $x == y* && -n $z ]]", "cond($x, ==, y*, &&, -n, $z)");
	assert_tree("[[ a < b && c > d || ( $x =~ ^(a|b )+$ ) ]]",
		    "cond(a, <, b, &&, c, >, d, ||, (, $x, =~, ^(a|b )+$, ))");
	assert_tree("[[ a =~ (x|y z) ]]", "cond(a, =~, (x|y z))");
	assert_tree("[[ ! -f a &&\n b ]] >f", "cond(!, -f, a, &&, b) >f");
	assert_error("[[ ]]", "error([[ ]])", "unexpected ']]'", 3, 0);
	assert_error("[[ a b ]]", "error([[ a b ]])", "unexpected 'b'", 5, 0);
	assert_error("[[ -f ]]", "error([[ -f ]])", "unexpected ']]'", 6, 0);
}

static void
test_continuations(void **state)
{
	(void)state;
	assert_tree("docker run \\\n  -d \\\n  nginx\necho",
		    "cmd(docker, run, -d, nginx); cmd(echo)");
	assert_tree("a &\\\n& b", "andor(cmd(a) && cmd(b))");
	assert_tree("i\\\nf a; then b; fi", "if cond[cmd(a)] body[cmd(b)]");
	assert_tree("ls \\\n\necho", "cmd(ls); cmd(echo)");
	assert_tree("rm \\ \n-rf", "cmd(rm, \\ ); cmd(-rf)");
	assert_tree("e \\\r\n b", "cmd(e, \\\r); cmd(b)");
	assert_tree("e # \\\nb", "cmd(e); cmd(b)");
	assert_tree("<\\\n<E cat\nx\nE", "cmd(<\\\\n<E{x\\n}, cat)");
}

static void
test_assignments(void **state)
{
	(void)state;
	assert_tree("a=(1 \"2 3\" $(ls)\n# c )\n4) b[$(x y) z]=1 c+=(d)",
		    "cmd(a=(1 \"2 3\" $(ls)\\n# c )\\n4), b[$(x y) z]=1, "
		    "c+=(d))");
	assert_tree("declare -A m=([a]=1 [\"b c\"]=\"2 3\")",
		    "cmd(declare, -A, m=([a]=1 [\"b c\"]=\"2 3\"))");
	assert_tree("f a[b c]=1", "cmd(f, a[b, c]=1)");
	assert_error("command declare a=(1)", "error(command declare a=(1))",
		     "unexpected '('", 18, 18);
	assert_error("b=1 <x c=(d)", "error(b=1 <x c=(d))", "unexpected '('", 9,
		     9);
	assert_error("a[b", "error(a[b)", "unterminated subscript", 3, 1);
	assert_error("a=(1;2)", "error(a=(1;2))", "unexpected ';'", 4, 2);
}

/* What bash refuses, and where reading goes on. */
static void
test_errors(void **state)
{
	(void)state;
	assert_error("; ls", "error(; ls)", "unexpected ';'", 0, 0);
	assert_error("ls & ; pwd", "cmd(ls) &; error(; pwd)", "unexpected ';'",
		     5, 5);
	assert_error("a;b;;\nc", "cmd(a); error(b;;); cmd(c)",
		     "unexpected ';;'", 3, 3);
	assert_error("done\nls", "error(done); cmd(ls)", "unexpected 'done'", 0,
		     0);
	assert_error("echo a)\nls", "error(echo a)); cmd(ls)", "unexpected ')'",
		     6, 6);
	assert_error("cat <\nls", "error(cat <); cmd(ls)",
		     "unexpected end of the line", 5, 4);
	assert_error("if true; then\n echo hi",
		     "error(if true; then\\n echo "
		     "hi)",
		     "the text ends before this 'if' does", 22, 0);
	assert_error("echo it's\nls", "error(echo it's\\nls)",
		     "unterminated single quote", 12, 7);
	assert_error("echo \"abc\nls", "error(echo \"abc\\nls)",
		     "unterminated double quote", 12, 5);
	assert_error("x=$(ls\nls", "error(x=$(ls\\nls)",
		     "the text ends before this '$(' does", 9, 2);
	assert_error("echo $'x", "error(echo $'x)", "unterminated $'…' quote",
		     8, 5);
	assert_error("echo $((1", "error(echo $((1)", "unterminated $((", 9, 5);
	assert_error("echo $[1", "error(echo $[1)", "unterminated $[", 8, 5);
	assert_error("echo @(a", "error(echo @(a)", "unterminated pattern list",
		     8, 6);
	assert_error("((a", "error(((a)", "unterminated ((", 3, 0);
	assert_error("[[ a =~ (b", "error([[ a =~ (b)",
		     "unterminated parenthesis", 10, 8);
	assert_error("echo `x", "error(echo `x)", "unterminated backquote", 7,
		     5);
	assert_error("echo ${x", "error(echo ${x)", "unterminated ${", 8, 5);
	assert_error("in a", "error(in a)", "unexpected 'in'", 0, 0);
	assert_error("a | ! b", "error(a | ! b)", "unexpected '!'", 4, 4);
	assert_error("echo (a)", "error(echo (a))", "unexpected 'a'", 6, 0);
	assert_error("< 2>&1 x", "error(< 2>&1 x)", "unexpected '2'", 2, 0);
}

/* A line that goes on in quotes, and a here-document of the failed line, are
 * not read as commands. */
static void
test_recovery(void **state)
{
	(void)state;
	assert_error("a ) 'x\nrm y' z\nb", "error(a ) 'x\\nrm y' z); cmd(b)",
		     "unexpected ')'", 2, 2);
	assert_error("cat <<E )\nrm x\nE\nb", "error(cat <<E )); cmd(b)",
		     "unexpected ')'", 8, 8);
	assert_error("cat <<E\nit's\nE\nif; then\nb",
		     "cmd(cat, <<E{it's\\n}); error(if; then); cmd(b)",
		     "unexpected ';'", 17, 17);
	assert_error("a $((b\n#)\n)) c\nd", "error(a $((b\\n#)\\n)) c); cmd(d)",
		     "'$((' is closed in two ways", 2, 2);
	assert_error("for x in a; do\n foo )\n ls\ndone\nb",
		     "error(for x in a; do\\n foo )); cmd(ls); error(done); "
		     "cmd(b)",
		     "unexpected ')'", 20, 0);
}

static void
test_soft_errors(void **state)
{
	const struct script *s;

	(void)state;
	s = parse("a `if`; b");
	assert_dump(s, "cmd(a, `if`); cmd(b)");
	assert_int_equal(s->n_errors, 1);
	assert_true(s->body->items[0]->node->has_error);
	assert_true(s->body->items[0]->node->words[1]->has_error);
	assert_false(s->body->items[0]->node->words[0]->has_error);
	assert_false(s->body->items[1]->node->has_error);
	s = parse("case a in b) c `(`;; esac; d");
	assert_true(s->body->items[0]->node->has_error);
	assert_false(s->body->items[1]->node->has_error);
	s = parse("{ cat <<E; }\n$(\nE\nb");
	assert_int_equal(s->n_errors, 1);
	assert_true(s->body->items[0]->node->has_error);
	assert_false(s->body->items[1]->node->has_error);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_pipelines),
		cmocka_unit_test(test_simple),
		cmocka_unit_test(test_compound),
		cmocka_unit_test(test_for),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_continuations),
		cmocka_unit_test(test_assignments),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_soft_errors),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
