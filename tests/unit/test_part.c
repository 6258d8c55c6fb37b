/* The parts of words, and here-documents. */
#include "lib/scripts.h"
#include "lib/shell_dump.h"
#include "lib/shell_invariants.h"
#include "lib/unit.h"
#include "shell/parse.h"

static struct script *
parse_bytes(const char *text, size_t len)
{
	struct excerpt source = { { text, len }, NULL };
	struct script *s = shell_parse(&arena, source);

	check_script(s);
	return s;
}

/* The second word of the command TEXT has the parts WANT. */
static void
assert_parts(const char *text, const char *want)
{
	const struct script *s = parse_bytes(text, strlen(text));
	struct buf b = BUF_INIT;

	assert_int_equal(s->n_errors, 0);
	dump_word(&b, s, s->body->items[0]->node->words[1]);
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

static void
test_quotes(void **state)
{
	(void)state;
	assert_parts("e a\"b c\"'d'\\e$'\\f'$\"g\"",
		     "lit:a double(lit:b c) single:d escape:e ansi:\\f "
		     "locale(lit:g)");
	assert_parts("e ec\\\nho", "lit:ec escape:\\n lit:ho");
	assert_parts("e \"a\\\"b\\c'd\\\n\"",
		     "double(lit:a escape:\" lit:b\\c'd escape:\\n)");
	assert_parts("e \"`b \"c\"`\"", "double(backtick[cmd(b, \"c\")])");
	assert_parts("e `a \\`b\\` \\$c`", "backtick[cmd(a, `b`, $c)]");
	assert_parts("e $ x", "lit:$");
	assert_parts("e \"$'x'\"", "double(lit:$'x')");
	assert_parts("e a#b", "lit:a#b");
	assert_parts("e \"\"", "double()");
}

static void
test_parameters(void **state)
{
	(void)state;
	assert_parts("e $a$1$10$@", "param:a param:1 param:1 lit:0 param:@");
	assert_parts("e ${a:-b c}${d//x/y}${e#*/}${f^^}${g@Q}${h:1:2}",
		     "param:a:-(lit:b c) param:d//(lit:x/y) param:e#(lit:*/) "
		     "param:f^^ param:g@(lit:Q) param:h:(lit:1:2)");
	assert_parts("e ${#a}${!b}${#}${!}${##}${#-x}",
		     "param:#a param:!b param:# param:! param:## "
		     "param:#-(lit:x)");
	assert_parts("e ${a[1]}${b[$c]:-d}${e[@]}",
		     "param:a[lit:1] param:b[param:c]:-(lit:d) param:e[lit:@]");
	assert_parts("e \"${a:-\"b $c\"}\"",
		     "double(param:a:-(double(lit:b  param:c)))");
	assert_parts("e ${x:-\"}\"}}", "param:x:-(double(lit:})) lit:}");
	assert_parts("e ${a b}", "param:a(lit: b)");
	assert_parts("e ${}${ a}", "param: param:(lit: a)");
	assert_parts("e $a\\\nb", "param:ab");
}

static void
test_substitutions(void **state)
{
	(void)state;
	assert_parts("e $(a $(b \"c $(d)\"))",
		     "command[cmd(a, $(b \"c $(d)\"))]");
	assert_parts("e $(case x in a) b;; esac)",
		     "command[case x (a)[cmd(b)];;]");
	assert_parts("e \"$(a \")\" ')' # )\n)\"", "double(command[cmd(a, "
						   "\")\", ')')])");
	assert_parts("e $((1+$x*(2)))", "arith(lit:1+ param:x lit:*(2))");
	assert_parts("e $((1<<2))", "arith(lit:1<<2)");
	assert_parts("e $((a); (b))",
		     "command[sub body[cmd(a)]; sub body[cmd(b)]]");
	assert_parts("e $[1+${x}]", "arith(lit:1+ param:x)");
	assert_parts("e a<(b)c>(d)", "lit:a process[cmd(b)] lit:c "
				     "process[cmd(d)]");
	assert_parts("e $(<f)$()", "command[cmd(<f)] command[]");
}

static void
test_shapes(void **state)
{
	(void)state;
	assert_parts("e a*b?[!x-z][[:alpha:]_]c[",
		     "lit:a glob:* lit:b glob:? glob:[!x-z] "
		     "glob:[[:alpha:]_] lit:c[");
	assert_parts("e [\"a\"]", "glob:[ double(lit:a) lit:]");
	assert_parts("e a@(b|c*)d", "lit:a extglob@(lit:b, lit:c*) lit:d");
	assert_parts("e ~/a", "tilde:~ lit:/a");
	assert_parts("e ~bob-1/a", "tilde:~bob-1 lit:/a");
	assert_parts("e a~/~", "lit:a~/~");
	assert_parts("e ~\"x\"", "lit:~ double(lit:x)");
	assert_parts("e P=~/a:~", "lit:P= tilde:~ lit:/a: tilde:~");
	assert_parts("e a{b,c{1..3}}d",
		     "lit:a brace,(lit:b, lit:c brace..(lit:1, lit:3)) lit:d");
	assert_parts("e {~,*}", "brace,(tilde:~, glob:*)");
	assert_parts("e x{y}\\{z,z}",
		     "lit:x brace,(lit:y} escape:{ lit:z, lit:z)");
	assert_parts("e x{\\}z,\\}", "lit:x{ escape:} lit:z, escape:}");
}

/* More braces than are put together: an unknown, not a guess. */
static void
test_too_many_braces(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	buf_adds(&b, "e ");
	for (int i = 0; i < 65; i++)
		buf_adds(&b, "{a,b}");
	buf_addc(&b, '\0');
	{
		const struct script *s = parse_bytes(b.bytes, b.len - 1);
		const struct word *w = s->body->items[0]->node->words[1];

		assert_int_equal(w->n_parts, 1);
		assert_int_equal(w->parts[0]->kind, PART_BRACE);
		assert_int_equal(w->parts[0]->n_words, 0);
		assert_int_equal(word_value(&arena, s, w, NULL).state,
				 VALUE_UNKNOWN);
	}
	buf_release(&b);
}

static void
test_placeholders(void **state)
{
	(void)state;
	assert_parts("e <name>", "hole:<name>");
	assert_parts("e a/<x y>:latest", "lit:a/ hole:<x y> lit::latest");
	assert_parts("e \"a <b-c> d\"", "double(lit:a  hole:<b-c> lit: d)");
	assert_parts("e 'a <b-c> d'", "single(lit:a  hole:<b-c> lit: d)");
	assert_parts("e $(a <b>)", "command[cmd(a, <b>)]");
	assert_parts("e x-YYYYMMDD.sql", "lit:x- hole:YYYYMMDD lit:.sql");
}

/* A NUL is what another shell puts there. */
static void
test_opaque(void **state)
{
	static const char text[] = "e a\0b \"c\0\" '\0'";
	const struct script *s = parse_bytes(text, sizeof(text) - 1);
	const struct node *node = s->body->items[0]->node;

	(void)state;
	assert_int_equal(node->n_words, 4);
	assert_int_equal(node->words[1]->parts[1]->kind, PART_OPAQUE);
	assert_int_equal(node->words[2]->parts[0]->parts[1]->kind, PART_OPAQUE);
	assert_int_equal(node->words[3]->parts[0]->parts[0]->kind, PART_OPAQUE);
	assert_int_equal(word_value(&arena, s, node->words[1], NULL).state,
			 VALUE_PARTIAL);
}

/* ---- here-documents ----------------------------------------------------- */

/* TEXT has the tree WANT; a tree with "open" has errors, others do not. */
static void
assert_tree(const char *text, const char *want)
{
	const struct script *s = parse_bytes(text, strlen(text));
	struct buf b = BUF_INIT;

	dump_list(&b, s, s->body);
	assert_string_equal(buf_cstr(&b), want);
	assert_int_equal(s->n_errors > 0, strstr(want, "open") != NULL);
	buf_release(&b);
}

static void
test_bodies(void **state)
{
	(void)state;
	assert_tree("cat <<E > f\nhi $U\nE\nb",
		    "cmd(cat, <<E{hi $U\\n}, > f); cmd(b)");
	assert_tree("cat <<A; cat <<B\na\nA\nb\nB\nc",
		    "cmd(cat, <<A{a\\n}); cmd(cat, <<B{b\\n}); cmd(c)");
	assert_tree("cat <<A <<B\na\nA\nb\nB",
		    "cmd(cat, <<A{a\\n}, <<B{b\\n})");
	assert_tree("cat <<E |\nhi\nE\ngrep h",
		    "pipe(cmd(cat, <<E{hi\\n}) | cmd(grep, h))");
	assert_tree("cat <<E && \\\nb\nhi\nE",
		    "andor(cmd(cat, <<E{hi\\n}) && cmd(b))");
	assert_tree("<<E cat\nhi\nE", "cmd(<<E{hi\\n}, cat)");
	assert_tree("e \"a\nb\" <<E \"c\nd\"\nx\nE\ny",
		    "cmd(e, \"a\\nb\", <<E{x\\n}, \"c\\nd\"); cmd(y)");
	assert_tree("if a; then cat <<E; fi\nx\nE\nb",
		    "if cond[cmd(a)] body[cmd(cat, <<E{x\\n})]; cmd(b)");
	assert_tree("f() { a; } <<E\nhi\nE",
		    "function f group body[cmd(a)] <<E{hi\\n}");
	assert_tree("x=$(cat <<E\nhi )\nE\n)\ny",
		    "cmd(x=$(cat <<E\\nhi )\\nE\\n)); cmd(y)");
	assert_tree("diff <(cat <<A\nx\nA\n) - <<B\ny\nB",
		    "cmd(diff, <(cat <<A\\nx\\nA\\n), -, <<B{y\\n})");
	assert_tree("cat <<E # <<X\nhi\nE\nb", "cmd(cat, <<E{hi\\n}); cmd(b)");
}

static void
test_end_lines(void **state)
{
	(void)state;
	assert_tree("cat <<E\nE\nb", "cmd(cat, <<E{}); cmd(b)");
	assert_tree("cat <<E\nhi\nE \nE\nb",
		    "cmd(cat, <<E{hi\\nE \\n}); cmd(b)");
	assert_tree("cat <<-E\n\t\tx\n\tE\nb", "cmd(cat, <<-E{\t\tx\\n}); "
					       "cmd(b)");
	assert_tree("cat <<-E\n    E\nE", "cmd(cat, <<-E{    E\\n})");
	assert_tree("cat <<\"E F\"\n$x\nE F",
		    "cmd(cat, <<\"E F\"{$x\\n}quoted)");
	assert_tree("cat <<E\"O\"F\n$x\nEOF",
		    "cmd(cat, <<E\"O\"F{$x\\n}quoted)");
	assert_tree("cat <<\\E\n`\nE", "cmd(cat, <<\\E{`\\n}quoted)");
	assert_tree("cat <<$x\nhi\n$x\nb", "cmd(cat, <<$x{hi\\n}); cmd(b)");
	assert_tree("cat <<E\nhi\\\nE\nE", "cmd(cat, <<E{hi\\\\nE\\n})");
	assert_tree("cat <<'E'\nhi\\\nE\nb", "cmd(cat, <<'E'{hi\\\\n}quoted); "
					     "cmd(b)");
	assert_tree("cat <<E\nhi\\\\\nE\nb",
		    "cmd(cat, <<E{hi\\\\\\n}); cmd(b)");
	assert_tree("cat <<E\nE\\\n\nb", "cmd(cat, <<E{}); cmd(b)");
	assert_tree("cat <<E\r\nhi\r\nE\r\n", "cmd(cat, <<E\r{hi\r\\n})");
}

static void
test_no_end(void **state)
{
	const struct script *s;

	(void)state;
	assert_tree("cat <<E\nabc", "cmd(cat, <<E{abc}open)");
	assert_tree("cat <<E", "cmd(cat, <<E{}open)");
	s = parse_bytes("a $(cat <<E)\nhi", 15);
	assert_int_equal(s->body->n_items, 2);
	assert_int_equal(s->n_errors, 1);
	s = parse_bytes("x=$(cat <<E\nhi\nE) y", 20);
	assert_int_equal(s->body->n_items, 1);
	assert_int_equal(s->n_errors, 1);
	assert_string_equal(s->errors[0].message,
			    "here-document without its end line 'E'");
}

static void
test_body_parts(void **state)
{
	const struct script *s =
		parse_bytes("cat <<E\na \"$b\" \\$c \\x $(d\n) `e`\nE\n", 33);
	const struct heredoc *heredoc =
		s->body->items[0]->node->redirects[0]->heredoc;
	struct word body = { heredoc->body,
			     heredoc->body_end,
			     heredoc->parts,
			     heredoc->n_parts,
			     false,
			     false,
			     NULL };
	struct buf b = BUF_INIT;

	(void)state;
	dump_word(&b, s, &body);
	assert_string_equal(buf_cstr(&b),
			    "lit:a \" param:b lit:\"  escape:$ lit:c \\x  "
			    "command[cmd(d)] lit:  backtick[cmd(e)] lit:\\n");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_substitutions),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_too_many_braces),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_opaque),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_end_lines),
		cmocka_unit_test(test_no_end),
		cmocka_unit_test(test_body_parts),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
