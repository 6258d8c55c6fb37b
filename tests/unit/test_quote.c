/* What quotes a place, and values that real shells hand on unchanged. */
#include "lib/random.h"
#include "lib/run_shell.h"
#include "lib/scripts.h"
#include "lib/unit.h"
#include "shell/parse.h"
#include "shell/quote.h"

/* ---- contexts ----------------------------------------------------------- */

/* The context of the first "@V@" of TEXT; WHY for a refused one, else NULL. */
static void
assert_context(const char *text, enum quote_context want, const char *want_why)
{
	struct excerpt source = { text_of(text), NULL };
	const struct script *s = shell_parse_resolved(&arena, source);
	size_t at = text_find(source.text, TEXT("@V@"), 0);
	struct quote_place got;

	assert_true(at < source.text.len);
	got = quote_place_at(s, (uint32_t)at);
	if (got.context != want)
		fail_msg("'%s': context %d, %s", text, (int)got.context,
			 got.why ? got.why : "-");
	if (want_why)
		assert_string_equal(got.why, want_why);
	else
		assert_null(got.why);
}

static void
test_words(void **state)
{
	(void)state;
	assert_context("a @V@", QUOTE_BARE, NULL);
	assert_context("a x/@V@.c", QUOTE_BARE, NULL);
	assert_context("a \"x @V@\"", QUOTE_DOUBLE, NULL);
	assert_context("a $\"@V@\"", QUOTE_DOUBLE, NULL);
	assert_context("a 'x @V@'", QUOTE_SINGLE, NULL);
	assert_context("A=@V@ b", QUOTE_BARE, NULL);
	assert_context("A=\"@V@\"", QUOTE_DOUBLE, NULL);
	assert_context("A=(1 @V@)", QUOTE_BARE, NULL);
	assert_context("a > @V@", QUOTE_BARE, NULL);
	assert_context("a <<< \"@V@\"", QUOTE_DOUBLE, NULL);
	assert_context("a {b,@V@}", QUOTE_BARE, NULL);
	assert_context("for i in a @V@; do b; done", QUOTE_BARE, NULL);
	assert_context("case @V@ in a) ;; esac", QUOTE_BARE, NULL);
	assert_context("case a in x@V@) ;; esac", QUOTE_BARE, NULL);
	assert_context("while a; do b \"$(c '@V@')\"; done", QUOTE_SINGLE,
		       NULL);
	assert_context("a \"$(b @V@)\"", QUOTE_BARE, NULL);
	assert_context("a ${x:-$(b @V@)}", QUOTE_BARE, NULL);
	assert_context("a <(b \"@V@\")", QUOTE_DOUBLE, NULL);
	assert_context("export A=@V@", QUOTE_BARE, NULL);
	assert_context("export A=\"x@V@\"", QUOTE_DOUBLE, NULL);
	assert_context("[[ $x == @V@ ]]", QUOTE_BARE, NULL);
	assert_context("[ \"$x\" -eq @V@ ]", QUOTE_BARE, NULL);
	assert_context("f() { a @V@; }", QUOTE_BARE, NULL);
}

static void
test_documents(void **state)
{
	(void)state;
	assert_context("a <<E\nx @V@\nE\n", QUOTE_HEREDOC, NULL);
	assert_context("a <<'E'\nx @V@\nE\n", QUOTE_HEREDOC_QUOTED, NULL);
	assert_context("a <<E\n\"@V@\" '$x'\nE\n", QUOTE_HEREDOC, NULL);
	assert_context("a <<E\n$(b @V@)\nE\n", QUOTE_BARE, NULL);
	assert_context("a <<E\n`b @V@`\nE\n", QUOTE_REFUSED, "in backquotes");
	assert_context("a <<@V@\nb\n@V@\n", QUOTE_REFUSED,
		       "in the end word of a here-document");
	assert_context("a <<E\n@V@", QUOTE_REFUSED,
		       "in a here-document that cannot be read");
}

static void
test_ints(void **state)
{
	(void)state;
	assert_context("a $((1+@V@))", QUOTE_INT_ONLY, NULL);
	assert_context("((x = @V@))", QUOTE_INT_ONLY, NULL);
	assert_context("for ((i=0;i<@V@;i++)); do a; done", QUOTE_INT_ONLY,
		       NULL);
	assert_context("x[@V@]=1", QUOTE_INT_ONLY, NULL);
	assert_context("x=([@V@]=1)", QUOTE_INT_ONLY, NULL);
	assert_context("[[ @V@ -eq 1 ]]", QUOTE_INT_ONLY, NULL);
	assert_context("[[ $x -lt \"@V@\" ]]", QUOTE_INT_ONLY, NULL);
	assert_context("[[ -v @V@ ]]", QUOTE_INT_ONLY, NULL);
	assert_context("test -v x@V@", QUOTE_INT_ONLY, NULL);
	assert_context("printf -v \"@V@\" x", QUOTE_INT_ONLY, NULL);
	assert_context("let x=@V@", QUOTE_INT_ONLY, NULL);
	assert_context("read x@V@", QUOTE_INT_ONLY, NULL);
	assert_context("declare -i x=@V@", QUOTE_INT_ONLY, NULL);
}

static void
test_refused(void **state)
{
	(void)state;
	assert_context("@V@ a", QUOTE_REFUSED, "in the name of a command");
	assert_context("A=1 \"x@V@\"", QUOTE_REFUSED,
		       "in the name of a command");
	assert_context("command @V@ a", QUOTE_REFUSED,
		       "in the name of a command");
	assert_context("eval \"a @V@\"", QUOTE_REFUSED,
		       "in an argument of eval");
	assert_context("builtin eval @V@", QUOTE_REFUSED,
		       "in an argument of eval");
	assert_context("trap '@V@' EXIT", QUOTE_REFUSED,
		       "in an argument of trap");
	assert_context("alias a=@V@", QUOTE_REFUSED, "in an argument of alias");
	assert_context("export @V@", QUOTE_REFUSED,
		       "in an argument of a declaration");
	assert_context("a $'@V@'", QUOTE_REFUSED, "in $'…'");
	assert_context("a `b @V@`", QUOTE_REFUSED, "in backquotes");
	assert_context("a ${x:-@V@}", QUOTE_REFUSED, "in ${…}");
	assert_context("a \"${x:-\"@V@\"}\"", QUOTE_REFUSED, "in ${…}");
	assert_context("a # @V@", QUOTE_REFUSED, "in a comment");
	assert_context("a ) @V@", QUOTE_REFUSED, "in text that cannot be read");
	assert_context("for @V@ in a; do b; done", QUOTE_REFUSED,
		       "outside the words of a command");
}

/* ---- encoders ----------------------------------------------------------- */

static void
assert_encoded(enum quote_context context, const char *value,
	       const char *end_line, const char *want)
{
	struct buf b = BUF_INIT;
	struct heredoc heredoc = { .delimiter = text_of(end_line) };
	struct quote_place place = { context, NULL,
				     end_line ? &heredoc : NULL };
	bool ok = quote_add(&b, place, text_of(value));

	if (ok != (want != NULL))
		fail_msg("'%s' in context %d", value, (int)context);
	if (want)
		assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

static void
test_encoders(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_encoded(QUOTE_BARE, "", NULL, "''");
	assert_encoded(QUOTE_BARE, "it's", NULL, "'it'\\''s'");
	assert_encoded(QUOTE_DOUBLE, "a\"$`\\!'", NULL, "a\\\"\\$\\`\\\\!'");
	assert_encoded(QUOTE_SINGLE, "it's", NULL, "it'\\''s");
	assert_encoded(QUOTE_HEREDOC, "a\"$`\\", "E", "a\"\\$\\`\\\\");
	assert_encoded(QUOTE_HEREDOC_QUOTED, "a$`\\", "E", "a$`\\");
	assert_encoded(QUOTE_INT_ONLY, "-12", NULL, "-12");
	assert_encoded(QUOTE_INT_ONLY, "999999999999999999", NULL,
		       "999999999999999999");
	assert_encoded(QUOTE_INT_ONLY, "1000000000000000000", NULL, NULL);
	assert_encoded(QUOTE_INT_ONLY, "", NULL, NULL);
	assert_encoded(QUOTE_INT_ONLY, "-", NULL, NULL);
	assert_encoded(QUOTE_INT_ONLY, "+1", NULL, NULL);
	assert_encoded(QUOTE_INT_ONLY, "a[$(b)]", NULL, NULL);
	assert_encoded(QUOTE_REFUSED, "a", NULL, NULL);
	assert_false(quote_add(&b, (struct quote_place){ .why = NULL },
			       (struct text){ "a\0b", 3 }));
	quote_add_word(&b, TEXT("a b"));
	quote_add_word(&b, TEXT("/x-1"));
	assert_string_equal(buf_cstr(&b), "'a b'/x-1");
	buf_release(&b);
}

/* A value must not be able to complete the line that ends the document. */
static void
test_end_lines(void **state)
{
	static const char *const ends[] = { "a\nEOF\nb", "a\nEOF", "EOF\nb",
					    "EOF",       "OF\nrm", "a\nEO",
					    "O",         "\tx",    "a\n\tb" };
	static const char *const fits[] = {
		"a\nEOFx\nb", "xEOF", "EOF x", "F\t", "a\n\nb", "OE", ""
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		assert_encoded(QUOTE_HEREDOC, ends[i], "EOF", NULL);
		assert_encoded(QUOTE_HEREDOC_QUOTED, ends[i], "EOF", NULL);
	}
	for (size_t i = 0; i < ARRAY_LEN(fits); i++) {
		assert_encoded(QUOTE_HEREDOC, fits[i], "EOF", fits[i]);
		assert_encoded(QUOTE_HEREDOC_QUOTED, fits[i], "EOF", fits[i]);
	}
}

static void
test_references(void **state)
{
	static const struct {
		enum quote_context context;
		const char *want;
	} cases[] = {
		{ QUOTE_BARE, "\"${R}\"" },     { QUOTE_DOUBLE, "${R}" },
		{ QUOTE_SINGLE, "'\"${R}\"'" }, { QUOTE_HEREDOC, "${R}" },
		{ QUOTE_HEREDOC_QUOTED, NULL }, { QUOTE_INT_ONLY, NULL },
		{ QUOTE_REFUSED, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_INIT;
		bool ok = quote_add_reference(&b, cases[i].context, "R");

		assert_int_equal(ok, cases[i].want != NULL);
		if (ok)
			assert_string_equal(buf_cstr(&b), cases[i].want);
		buf_release(&b);
	}
}

static void
test_plain(void **state)
{
	(void)state;
	assert_true(quote_is_plain(TEXT("aZ9_@%+=:,./-")));
	assert_false(quote_is_plain(TEXT("")));
	assert_false(quote_is_plain(TEXT("-a")));
	assert_false(quote_is_plain(TEXT("=a")));
	assert_false(quote_is_plain(TEXT("a b")));
	assert_false(quote_is_plain(TEXT("~")));
	assert_false(quote_is_plain(TEXT("\xc3\xa9")));
	assert_false(quote_is_plain((struct text){ "a\0", 2 }));
}

/* ---- real shells -------------------------------------------------------- */

/* A way through shells: HEAD, one ARGUMENT per value with "@" where the value
 * belongs, TAIL; S is the shell again. CONTEXTS are those of the "@",
 * outermost first. The innermost command prints its arguments. */
static const struct way {
	const char *head, *argument, *tail;
	int n;
	enum quote_context contexts[3];
	const char *end_line;
} ways[] = {
	{ "printf %s", " @", "", 1, { QUOTE_BARE }, NULL },
	{ "printf %s", " x@y", "", 1, { QUOTE_BARE }, NULL },
	{ "printf %s", " \"x@y\"", "", 1, { QUOTE_DOUBLE }, NULL },
	{ "printf %s", " 'x@y'", "", 1, { QUOTE_SINGLE }, NULL },
	{ "cat <<EOF\n", "x@y\n", "EOF", 1, { QUOTE_HEREDOC }, "EOF" },
	{ "cat <<'EOF'\n", "x@y\n", "EOF", 1, { QUOTE_HEREDOC_QUOTED }, "EOF" },
	{ "S -c \"printf %s",
	  " @",
	  "\"",
	  2,
	  { QUOTE_DOUBLE, QUOTE_BARE },
	  NULL },
	{ "S -c \"printf %s",
	  " \\\"x@y\\\"",
	  "\"",
	  2,
	  { QUOTE_DOUBLE, QUOTE_DOUBLE },
	  NULL },
	{ "S -c \"printf %s",
	  " 'x@y'",
	  "\"",
	  2,
	  { QUOTE_DOUBLE, QUOTE_SINGLE },
	  NULL },
	{ "S -c 'printf %s", " @", "'", 2, { QUOTE_SINGLE, QUOTE_BARE }, NULL },
	{ "S -c 'printf %s",
	  " \"x@y\"",
	  "'",
	  2,
	  { QUOTE_SINGLE, QUOTE_DOUBLE },
	  NULL },
	{ "S -c \"cat <<EOF\n",
	  "x@y\n",
	  "EOF\n\"",
	  2,
	  { QUOTE_DOUBLE, QUOTE_HEREDOC },
	  "EOF" },
	{ "S <<EOF\nprintf %s",
	  " @",
	  "\nEOF",
	  2,
	  { QUOTE_HEREDOC, QUOTE_BARE },
	  "EOF" },
	{ "S <<'EOF'\nprintf %s",
	  " \"x@y\"",
	  "\nEOF",
	  2,
	  { QUOTE_HEREDOC_QUOTED, QUOTE_DOUBLE },
	  "EOF" },
	{ "S -c \"S -c 'printf %s",
	  " @",
	  "'\"",
	  3,
	  { QUOTE_DOUBLE, QUOTE_SINGLE, QUOTE_BARE },
	  NULL },
	{ "S -c \"S -c \\\"printf %s",
	  " 'x@y'",
	  "\\\"\"",
	  3,
	  { QUOTE_DOUBLE, QUOTE_DOUBLE, QUOTE_SINGLE },
	  NULL },
	{ "S -c 'S -c \"printf %s",
	  " \\\"x@y\\\"",
	  "\"'",
	  3,
	  { QUOTE_SINGLE, QUOTE_DOUBLE, QUOTE_DOUBLE },
	  NULL },
	{ "S <<EOF\nS -c \"printf %s",
	  " @",
	  "\"\nEOF",
	  3,
	  { QUOTE_HEREDOC, QUOTE_DOUBLE, QUOTE_BARE },
	  "EOF" },
};

/* What breaks out of quotes, if anything does. Each would make a file. */
static const char *const canaries[] = {
	"$(touch X)",
	"`touch X`",
	";touch X;",
	"|touch X|",
	"&touch X&",
	"\ntouch X\n",
	"';touch X;'",
	"\";touch X;\"",
	"'$(touch X)'",
	"\"$(touch X)\"",
	"\\$(touch X)",
	"\\\\$(touch X)",
	"\\`touch X\\`",
	"'\"'\"$(touch X)",
	"\\';touch X;\\'",
	"\\\";touch X;\\\"",
	"EOF\ntouch X\n",
	"\nEOF\ntouch X\nEOF",
	"EOF\n",
	"${X:=$(touch X)}",
	"$((a[$(touch X)]))",
	"<(touch X)",
	">X",
	"2>X",
	">>X\n",
	"$'\\ntouch X'",
	"x\\\n$(touch X)",
	"\\\n",
	"!touch X",
	"#\ntouch X",
	"()\n{ touch X; }",
	"--",
	"-n",
	"%s%n",
	"\\c",
	"\xc3\x28$(touch X)",
	"\xff'\xfe",
};

struct values {
	struct text *at;
	uint32_t n;
};

static void
add_value(struct values *values, const char *bytes, size_t n)
{
	struct text t = { arena_memdup0(&arena, bytes, n), n };

	ARENA_PUSH(&arena, values->at, values->n, t);
}

/* All bytes, all pairs of what means something to a shell, the canaries, and
 * random texts of those. */
static struct values
hostile_values(void)
{
	static const char meta[] = " \t\n'\"\\$`;&|<>()[]{}*?!#~";
	struct values values = { NULL, 0 };
	uint64_t seed = 3;

	for (int c = 1; c < 256; c++)
		add_value(&values, &(char){ (char)c }, 1);
	for (size_t i = 0; i < sizeof(meta) - 1; i++) {
		for (size_t k = 0; k < sizeof(meta) - 1; k++)
			add_value(&values, (char[]){ meta[i], meta[k] }, 2);
	}
	for (size_t i = 0; i < ARRAY_LEN(canaries); i++)
		add_value(&values, canaries[i], strlen(canaries[i]));
	for (int i = 0; i < 300; i++) {
		struct buf b = BUF_INIT;

		random_text(&seed, &b, " \n'\"\\$`;&|<>(){}*aEOF\xc3\xa9", 0,
			    12);
		add_value(&values, buf_cstr(&b), b.len);
		buf_release(&b);
	}
	return values;
}

/* VALUE encoded for all contexts of WAY, the innermost first; false when one
 * refuses it. */
static bool
encode(const struct way *way, struct text value, struct text *ret)
{
	for (int i = way->n - 1; i >= 0; i--) {
		struct buf CLEANUP(buf_release) b = BUF_INIT;
		struct heredoc heredoc = {
			.delimiter = text_of(way->end_line),
		};
		struct quote_place place = { way->contexts[i], NULL,
					     way->end_line ? &heredoc : NULL };

		if (!quote_add(&b, place, value))
			return false;
		value = arena_text(&arena, buf_text(&b));
	}
	*ret = value;
	return true;
}

/* Append TEXT with VALUE for each "@" and SHELL for each "S". */
static void
add_filled(struct buf *b, const char *text, struct text value,
	   const char *shell)
{
	for (; *text; text++) {
		if (*text == '@')
			buf_addt(b, value);
		else if (*text == 'S')
			buf_adds(b, shell);
		else
			buf_addc(b, *text);
	}
}

/* What the innermost shell prints for an argument or a line of a document. */
static void
add_printed(struct buf *b, const struct way *way, struct text value)
{
	for (const char *c = way->argument; *c; c++) {
		if (*c == '@')
			buf_addt(b, value);
		else if (byte_is_alpha(*c) || *c == '\n')
			buf_addc(b, *c);
	}
}

enum {
	VALUES_PER_COMMAND = 64
};

/* The commands that send VALUES along WAY, and what they are to print. How
 * many values go that way. */
static uint32_t
add_commands(const struct way *way, const char *shell,
	     const struct values *values, struct buf *script, struct buf *want)
{
	uint32_t sent = 0;
	struct text none = { NULL, 0 };

	for (uint32_t i = 0; i < values->n; i++) {
		struct text encoded;

		if (!encode(way, values->at[i], &encoded))
			continue;
		if (sent % VALUES_PER_COMMAND == 0) {
			if (sent)
				add_filled(script, way->tail, none, shell);
			buf_addc(script, '\n');
			add_filled(script, way->head, none, shell);
		}
		add_filled(script, way->argument, encoded, shell);
		add_printed(want, way, values->at[i]);
		sent++;
	}
	add_filled(script, way->tail, none, shell);
	buf_addc(script, '\n');
	return sent;
}

static void
run_ways(const char *const *argv, const char *shell)
{
	struct values values = hostile_values();

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct buf script = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
		uint32_t sent =
			add_commands(&ways[i], shell, &values, &script, &want);
		size_t files;

		assert_true(sent > values.n * 9 / 10);
		run_shell(argv, buf_text(&script), &got, &files);
		if (files)
			fail_msg("%s: a value was executed in way %zu", shell,
				 i);
		if (!text_eq(buf_text(&got), buf_text(&want)))
			fail_msg("%s: way %zu: '%.80s'", shell, i,
				 buf_cstr(&got));
		buf_release(&script);
		buf_release(&want);
		buf_release(&got);
	}
}

static void
test_bash(void **state)
{
	static const char *const argv[] = { "bash", "--norc", NULL };

	(void)state;
	if (have_program("bash"))
		run_ways(argv, "bash");
}

static void
test_dash(void **state)
{
	static const char *const argv[] = { "dash", NULL };

	(void)state;
	if (have_program("dash"))
		run_ways(argv, "dash");
}

static void
test_busybox(void **state)
{
	static const char *const argv[] = { "busybox", "sh", NULL };

	(void)state;
	if (have_program("busybox"))
		run_ways(argv, "busybox sh");
}

static void
test_zsh(void **state)
{
	static const char *const argv[] = { "zsh", "-f", NULL };

	(void)state;
	if (have_program("zsh"))
		run_ways(argv, "zsh -f");
}

static void
test_mksh(void **state)
{
	static const char *const argv[] = { "mksh", NULL };

	(void)state;
	if (have_program("mksh"))
		run_ways(argv, "mksh");
}

/* The contexts that the ways are written for are those that are found. */
static void
test_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct buf b = BUF_INIT;

		add_filled(&b, ways[i].head, TEXT(""), "sh");
		add_filled(&b, ways[i].argument, TEXT("@V@"), "sh");
		add_filled(&b, ways[i].tail, TEXT(""), "sh");
		assert_context(buf_cstr(&b), ways[i].contexts[0], NULL);
		buf_release(&b);
	}
}

/* A reference stands for any value, in bash. */
static void
test_references_in_bash(void **state)
{
	static const char *const argv[] = { "bash", "--norc", NULL };
	struct values values = hostile_values();
	struct buf script = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	size_t files;

	(void)state;
	if (!have_program("bash"))
		return;
	for (uint32_t i = 0; i < values.n; i++) {
		for (size_t k = 0; k < 5; k++) {
			struct buf reference = BUF_INIT;

			buf_adds(&script, "R=");
			quote_add_word(&script, values.at[i]);
			buf_addc(&script, '\n');
			assert_true(quote_add_reference(
				&reference, ways[k].contexts[0], "R"));
			add_filled(&script, ways[k].head, TEXT(""), "");
			add_filled(&script, ways[k].argument,
				   buf_text(&reference), "");
			add_filled(&script, ways[k].tail, TEXT(""), "");
			buf_addc(&script, '\n');
			add_printed(&want, &ways[k], values.at[i]);
			buf_release(&reference);
		}
	}
	run_shell(argv, buf_text(&script), &got, &files);
	assert_int_equal(files, 0);
	assert_true(text_eq(buf_text(&got), buf_text(&want)));
	buf_release(&script);
	buf_release(&want);
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_ints),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_encoders),
		cmocka_unit_test(test_end_lines),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_bash),
		cmocka_unit_test(test_dash),
		cmocka_unit_test(test_busybox),
		cmocka_unit_test(test_zsh),
		cmocka_unit_test(test_mksh),
		cmocka_unit_test(test_references_in_bash),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
