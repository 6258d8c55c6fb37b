/* What words become: quote removal, fields, braces; where each byte came
 * from. */
#include "base/limits.h"
#include "diag/source.h"
#include "lib/random.h"
#include "lib/run_shell.h"
#include "lib/scripts.h"
#include "lib/shell_words.h"
#include "lib/unit.h"
#include "shell/parse.h"
#include "shell/word.h"

/* The values of the words of TEXT's first command, behind its name. A value
 * is "bytes", "bytes+" (partial) or "?" with "*" behind it when it may be
 * another number of fields; between them "|". */
static const char *
expand(const char *text, const struct scope *scope)
{
	const struct script *s = script_of(text);
	const struct node *node = s->body->items[0]->node;
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	const struct value *values;
	uint32_t n;

	values = words_expand(&arena, s, node->words, node->n_words, scope, &n);
	for (uint32_t i = 1; i < n; i++) {
		buf_adds(&b, i > 1 ? "|" : "");
		if (values[i].state == VALUE_UNKNOWN)
			buf_addc(&b, '?');
		else
			buf_addt(&b, values[i].bytes.text);
		if (values[i].state == VALUE_PARTIAL)
			buf_addc(&b, '+');
		if (!values[i].one_field)
			buf_addc(&b, '*');
	}
	return arena_text(&arena, buf_text(&b)).at;
}

static void
test_quotes(void **state)
{
	(void)state;
	assert_string_equal(expand("e a\"b c\"'d e'f\\ g \"\" ''", NULL),
			    "ab cd ef g||");
	assert_string_equal(expand("e \"a 'b' \\\"c\\\" \\$d \\x \\\\\"", NULL),
			    "a 'b' \"c\" $d \\x \\");
	assert_string_equal(expand("e ec\\\nho \"a\\\nb\" 'c\\\nd'", NULL),
			    "echo|ab|c\\\nd");
	assert_string_equal(
		expand("e r\"\"m 'r'm r\\m \\rm $'\\x72\\x6d'", NULL),
		"rm|rm|rm|rm|rm");
	assert_string_equal(expand("e $\"loc\" $ a$ \"$\"", NULL),
			    "loc|$|a$|$");
}

static void
test_ansi_c(void **state)
{
	(void)state;
	assert_string_equal(expand("e $'a\\tb\\e\\'\\\"\\?\\101\\x4'", NULL),
			    "a\tb\033'\"?A\004");
	assert_string_equal(expand("e $'\\u00e9\\U1F600\\cA\\c?\\z\\xg'", NULL),
			    "\xc3\xa9\xf0\x9f\x98\x80\001\177\\z\\xg");
	assert_string_equal(expand("e $'\\x{41}b' $'a\\0b'c $'\\0'", NULL),
			    "Ab|ac|");
}

static void
test_unknown(void **state)
{
	(void)state;
	assert_string_equal(expand("e $x \"$x\" a$x \"a $x b\"", NULL),
			    "?*|?|a+*|a +");
	assert_string_equal(expand("e $(c) \"`c`\" <(c) $((1)) $[2]", NULL),
			    "?*|?|?|?|?");
	assert_string_equal(
		expand("e \"$@\" \"$*\" \"${a[@]}\" \"${a[0]}\"", NULL),
		"?*|?|?*|?");
	assert_string_equal(expand("e *.c b/?[ab] !(x|y)z [ a[ ~/x ~bob", NULL),
			    "+*|b/+*|+*|[|a[|~/x|~bob");
	assert_string_equal(expand("declare a=(1 2) b=$x", NULL), "a=+|b=+*");
}

static void
test_braces(void **state)
{
	(void)state;
	assert_string_equal(expand("e {rm,-rf,x} {a,b}{1..3} x{} {a}", NULL),
			    "rm|-rf|x|a1|a2|a3|b1|b2|b3|x{}|{a}");
	assert_string_equal(expand("e {01..3} {a..e..2} {3..-1..2} {,x}", NULL),
			    "01|02|03|a|c|e|3|1|-1|x");
	assert_string_equal(expand("e {\"a,b\",c\\,d}$'\\x41' '{a,b}'", NULL),
			    "a,bA|c,dA|{a,b}");
	assert_string_equal(expand("e {a,$x}b {1..x} a{b}c,d}", NULL),
			    "ab|+*|{1..x}|ab}c|ad");
	assert_string_equal(expand("e {}{a,b} x{},b} {a,{}b}", NULL),
			    "{}a|{}b|x}|xb|a|{}b");
	assert_string_equal(expand("e {1..1000000000} x", NULL), "?*|x");
	assert_string_equal(expand("e {a..C}", NULL), "?*");
}

/* Braces are expanded where bash does: not in assignments, redirections take
 * one word. */
/* Each of these words may become so many, all together may not. */
static void
test_braces_together(void **state UNUSED)
{
	CLEANUP(arena_release) struct arena own = ARENA_INIT;
	const struct script *s = script_of("e {1..4000} {1..9000}");
	const struct node *node = s->body->items[0]->node;
	const struct value *values;
	uint32_t n, known = 0;

	values = words_expand(&own, s, node->words, 3, NULL, &n);
	assert_int_equal(n, 1 + 4000 + 1);
	assert_int_equal(values[4000].state, VALUE_EXACT);
	assert_int_equal(values[4001].state, VALUE_UNKNOWN);
	assert_false(values[4001].one_field);
	while (known < 1000) {
		values = words_expand(&own, s, node->words, 2, NULL, &n);
		if (values[n - 1].state != VALUE_EXACT)
			break;
		known++;
	}
	assert_in_range(known, 10, 999);
	assert_int_equal(n, 2);
	assert_in_range(own.total, LIMIT_BRACE_BYTES, 2 * LIMIT_BRACE_BYTES);
}

static void
test_no_braces(void **state)
{
	const struct script *s = script_of("x={a,b} cmd");
	const struct assignment *a = s->body->items[0]->node->assignments[0];

	(void)state;
	assert_text(word_value(&arena, s, a->value, NULL).bytes.text, "{a,b}");
}

static void
test_here_documents(void **state)
{
	const struct script *s = script_of(
		"cat <<A <<-B <<-'C'\n\ta\\\n $x \\$y \"z\" `w`\nA\n\tb\n"
		"\t\tc$(d)\n\tB\n\te\\\n\tf\nC\n");
	const struct node *node = s->body->items[0]->node;
	struct value v;

	(void)state;
	v = heredoc_value(&arena, s, node->redirects[0]->heredoc, NULL);
	assert_int_equal(v.state, VALUE_PARTIAL);
	assert_text(v.bytes.text, "\ta ");
	assert_int_equal(v.text.text.len, 14);
	assert_memory_equal(v.text.text.at, "\ta \0 $y \"z\" \0\n", 14);
	v = heredoc_value(&arena, s, node->redirects[1]->heredoc, NULL);
	assert_memory_equal(v.text.text.at, "b\nc\0\n", 6);
	v = heredoc_value(&arena, s, node->redirects[2]->heredoc, NULL);
	assert_int_equal(v.state, VALUE_EXACT);
	assert_text(v.bytes.text, "e\\\nf\n");
}

/* ---- places ------------------------------------------------------------- */

/* The script of a document that is TEXT from byte FROM on. */
static const struct script *
parse_in(const struct source *source, uint32_t from)
{
	uint32_t len = (uint32_t)source->bytes.len - from;
	struct map *map = map_new(&arena, source);
	struct excerpt all = { text_sub(source->bytes, from, from + len), map };

	map_add(&arena, map, len, from, len, MAP_COPIED);
	return shell_parse(&arena, all);
}

/* Where the bytes NEEDLE of VALUE stand in the document. */
static struct text
place_of(const struct excerpt *value, const char *needle)
{
	size_t at = text_find(value->text, text_of(needle), 0);

	assert_true(at < value->text.len);
	return span_text(map_span(value->map, (uint32_t)at,
				  (uint32_t)(at + strlen(needle))));
}

/* Word I of S's first command, as a shell text of its own. */
static const struct script *
inner_script(const struct script *s, uint32_t i)
{
	const struct node *node = s->body->items[0]->node;

	return shell_parse(&arena,
			   word_value(&arena, s, node->words[i], NULL).text);
}

static struct value
inner_value(const struct script *s, uint32_t i)
{
	return word_value(&arena, s, s->body->items[0]->node->words[i], NULL);
}

static struct source *
source_of(const char *text)
{
	return source_new("t.md", xmemdup0(text, strlen(text)), strlen(text));
}

static void
test_places_through_levels(void **state)
{
	struct source *source = source_of("# T\n\nssh h \"docker exec db psql "
					  "-c \\\"DROP TABLE x\\\"\"\n");
	const struct script *s = parse_in(source, 5);
	struct value value;

	(void)state;
	s = inner_script(s, 2);
	value = inner_value(s, 0);
	assert_text(place_of(&value.bytes, "docker"), "docker");
	value = inner_value(s, 5);
	assert_text(value.bytes.text, "DROP TABLE x");
	assert_text(place_of(&value.bytes, "DROP TABLE"), "DROP TABLE");
	assert_int_equal(map_span(value.bytes.map, 0, 4).start, 37);
	source_free(source);
}

/* An escape stands for the bytes that were decoded, at each level. */
static void
test_places_of_escapes(void **state)
{
	struct source *source =
		source_of("ssh h \"sh -c \\\"echo \\\\\\$(rm)\\\"\" $'a\\tb'");
	const struct script *s = parse_in(source, 0);
	struct value value = inner_value(s, 3);

	(void)state;
	assert_text(place_of(&value.bytes, "\t"), "\\t");
	assert_text(place_of(&value.bytes, "a\tb"), "a\\tb");
	s = inner_script(s, 2);
	value = inner_value(s, 2);
	assert_text(value.bytes.text, "echo $(rm)");
	assert_text(place_of(&value.bytes, "$("), "\\\\\\$(");
	assert_text(place_of(&value.bytes, "rm"), "rm");
	source_free(source);
}

/* A block in a list of a document with CR LF. */
static void
test_places_of_lines(void **state)
{
	struct source *source =
		source_of("- x\r\n  ssh h \"a &&\r\n  rm y\"\r\n");
	struct map *map = map_new(&arena, source);
	const char *content = "ssh h \"a &&\nrm y\"\n";
	struct value value;

	(void)state;
	map_add(&arena, map, 11, 7, 11, MAP_COPIED);
	map_add(&arena, map, 1, 18, 2, MAP_DECODED);
	map_add(&arena, map, 5, 22, 5, MAP_COPIED);
	map_add(&arena, map, 1, 27, 2, MAP_DECODED);
	value = inner_value(
		shell_parse(&arena, (struct excerpt){ text_of(content), map }),
		2);
	assert_text(place_of(&value.bytes, "rm y"), "rm y");
	assert_text(place_of(&value.bytes, "&&\nrm"), "&&\r\n  rm");
	source_free(source);
}

static void
test_places_in_backquotes(void **state)
{
	struct source *source = source_of("a \"`b \\\"c d\\\"`\"");
	const struct script *s = parse_in(source, 0);
	const struct part *quote = s->body->items[0]->node->words[1]->parts[0];
	const struct script *inner = quote->parts[0]->script;
	const struct word *w = inner->body->items[0]->node->words[1];
	struct span span = script_span(inner, w->start, w->end);

	(void)state;
	assert_text(script_text(inner, 0, UINT32_MAX), "b \"c d\"");
	assert_text(span_text(span), "\\\"c d\\\"");
	source_free(source);
}

static void
test_joined(void **state)
{
	struct source *source = source_of("ssh h docker   exec 'a b' $x");
	const struct script *s = parse_in(source, 0);
	const struct node *node = s->body->items[0]->node;
	const struct value *values;
	struct value all;
	uint32_t n;

	(void)state;
	values = words_expand(&arena, s, node->words, node->n_words, NULL, &n);
	all = values_join(&arena, values + 2, 3);
	assert_int_equal(all.state, VALUE_EXACT);
	assert_text(all.bytes.text, "docker exec a b");
	assert_text(place_of(&all.bytes, "r e"), "r   e");
	assert_text(place_of(&all.bytes, "a b"), "a b");
	all = values_join(&arena, values + 2, 4);
	assert_int_equal(all.state, VALUE_PARTIAL);
	assert_text(all.bytes.text, "docker exec a b ");
	assert_int_equal(all.text.text.at[16], 0);
	assert_int_equal(all.text.text.len, 17);
	source_free(source);
}

/* … also where nothing is expanded. */
static void
test_unknown_in_inert_text(void **state)
{
	const struct script *s =
		inner_script(script_of("ssh h \"sh <<'E'\nrm $x\nE\n\""), 2);
	const struct heredoc *heredoc =
		s->body->items[0]->node->redirects[0]->heredoc;
	struct value value = heredoc_value(&arena, s, heredoc, NULL);

	(void)state;
	assert_int_equal(value.state, VALUE_PARTIAL);
	assert_text(value.bytes.text, "rm ");
	s = inner_script(script_of("ssh h \"a $'\\$x\\t$y' '$z'\""), 2);
	value = inner_value(s, 1);
	assert_int_equal(value.state, VALUE_PARTIAL);
	assert_text(value.bytes.text, "$x\t");
	assert_int_equal(inner_value(s, 2).state, VALUE_UNKNOWN);
}

/* What one shell does not know is one unknown part to the next. */
static void
test_unknown_in_nested_text(void **state)
{
	const struct script *s =
		script_of("ssh h \"rm -rf $x/y && ls $(date) <z-1>\"");
	const struct script *inner = inner_script(s, 2);
	const struct node *rm = inner->body->items[0]->node->items[0];
	const struct node *ls = inner->body->items[0]->node->items[1];

	(void)state;
	assert_int_equal(inner->n_errors, 0);
	assert_int_equal(rm->words[2]->parts[0]->kind, PART_OPAQUE);
	assert_int_equal(ls->words[1]->parts[0]->kind, PART_OPAQUE);
	assert_int_equal(ls->words[2]->parts[0]->kind, PART_PLACEHOLDER);
	assert_false(word_value(&arena, inner, rm->words[2], NULL).one_field);
}

/* ---- bash itself -------------------------------------------------------- */

/* One of the pieces of which random words are made. */
static void
add_piece(uint64_t *seed, struct buf *b)
{
	static const char *const pieces[] = {
		"a",         "b{",        "}",        ",",          "{a,b}",
		"{1..3}",    "..",        "\\",       "\\\\",       "''",
		"'c d'",     "\"e f\"",   "\"\\\"\"", "\"\\x\"",    "$'\\t'",
		"$'\\x41'",  "{",         "{x,",      ",y}",        "\\{",
		"\\,",       "{3..1}",    "-",        "1",          "{01..2}",
		"{a..c}",    "\"{a,b}\"", "x{,}y",    "=",          "]",
		":",         "@",         "%",        "$'\\u00e9'", "\xc3\xa9",
		"{1..2..1}", "#",         "{,",       "\"",         "'",
	};

	buf_adds(b, pieces[random_below(seed, ARRAY_LEN(pieces))]);
}

static void
test_words_as_bash(void **state)
{
	uint64_t seed = 1;
	struct comparison c;

	(void)state;
	if (!have_program("bash"))
		return;
	comparison_begin(&c);
	for (int i = 0; i < 6000; i++) {
		struct buf word = BUF_INIT;

		buf_adds(&word, "e ");
		for (size_t n = random_below(&seed, 7) + 1; n > 0; n--)
			add_piece(&seed, &word);
		buf_addc(&word, '\n');
		comparison_add(
			&c, script_of(arena_text(&arena, buf_text(&word)).at));
		buf_release(&word);
	}
	assert_true(c.n > 3000);
	comparison_run(&c);
	comparison_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_ansi_c),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_braces),
		cmocka_unit_test(test_braces_together),
		cmocka_unit_test(test_no_braces),
		cmocka_unit_test(test_here_documents),
		cmocka_unit_test(test_places_through_levels),
		cmocka_unit_test(test_places_of_escapes),
		cmocka_unit_test(test_places_of_lines),
		cmocka_unit_test(test_places_in_backquotes),
		cmocka_unit_test(test_joined),
		cmocka_unit_test(test_unknown_in_nested_text),
		cmocka_unit_test(test_unknown_in_inert_text),
		cmocka_unit_test(test_words_as_bash),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
