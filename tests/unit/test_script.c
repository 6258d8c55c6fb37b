/* Whole texts: where statements end, units, comments, limits. */
#include "base/limits.h"
#include "diag/source.h"
#include "lib/scripts.h"
#include "lib/shell_invariants.h"
#include "lib/unit.h"
#include "shell/parse.h"

static struct script *
parse(const char *text)
{
	struct excerpt source = { text_of(text), NULL };
	struct script *s = shell_parse(&arena, source);

	check_script(s);
	return s;
}

static void
assert_statement(const struct script *s, uint32_t i, const char *want)
{
	assert_text(script_text(s, s->body->items[i]->start,
				s->body->items[i]->end),
		    want);
}

static void
test_spans(void **state)
{
	const struct script *s;

	(void)state;
	s = parse("  a 'b' ; c & # d\n! e | f > g\n");
	assert_int_equal(s->body->n_items, 3);
	assert_statement(s, 0, "a 'b'");
	assert_statement(s, 1, "c");
	assert_statement(s, 2, "! e | f > g");
	s = parse("cat <<E; ls\nhi\nE\npwd");
	assert_statement(s, 0, "cat <<E; ls\nhi\nE");
	assert_statement(s, 1, "ls");
	assert_statement(s, 2, "pwd");
	s = parse("while a; do\ncat <<E\nb\nE\ndone <<F\nc\nF\nd");
	assert_statement(s, 0, "while a; do\ncat <<E\nb\nE\ndone <<F\nc\nF");
	s = parse("x=$(cat <<E\na\nE\n)\nb");
	assert_statement(s, 0, "x=$(cat <<E\na\nE\n)");
}

static void
assert_unit(const struct script *s, uint32_t i, uint32_t first, uint32_t last)
{
	uint32_t got_first, got_last;

	shell_unit(s, i, &got_first, &got_last);
	assert_int_equal(got_first, first);
	assert_int_equal(got_last, last);
}

/* Statements whose here-documents interleave cannot be cut apart. */
static void
test_units(void **state)
{
	const struct script *s;

	(void)state;
	s = parse("a; cat <<A; b; cat <<B; c\na\nA\nb\nB\nd; e");
	assert_int_equal(s->body->n_items, 7);
	assert_unit(s, 0, 0, 0);
	assert_unit(s, 1, 1, 4);
	assert_unit(s, 2, 1, 4);
	assert_unit(s, 3, 1, 4);
	assert_unit(s, 4, 1, 4);
	assert_unit(s, 5, 5, 5);
	assert_unit(s, 6, 6, 6);
	s = parse("cat <<A & \\\nb\na\nA\nc");
	assert_unit(s, 1, 0, 1);
	assert_unit(s, 2, 2, 2);
}

/* Units and what stands between them are the block, byte for byte, and each
 * unit alone has the same statements. */
static void
assert_units_cover(const char *text)
{
	const struct script *s = parse(text);
	struct buf b = BUF_INIT;
	uint32_t at = 0;

	for (uint32_t i = 0; i < s->body->n_items;) {
		uint32_t first, last, start, end = 0;
		struct excerpt unit;

		shell_unit(s, i, &first, &last);
		start = s->body->items[first]->start;
		for (uint32_t k = first; k <= last; k++) {
			if (s->body->items[k]->end > end)
				end = s->body->items[k]->end;
		}
		unit = (struct excerpt){ script_text(s, start, end), NULL };
		assert_int_equal(shell_parse(&arena, unit)->body->n_items,
				 last - first + 1);
		buf_addt(&b, script_text(s, at, start));
		buf_addt(&b, unit.text);
		at = end;
		i = last + 1;
	}
	buf_addt(&b, script_text(s, at, UINT32_MAX));
	assert_text(buf_text(&b), text);
	buf_release(&b);
}

static void
test_units_cover(void **state)
{
	(void)state;
	assert_units_cover("a; b\n# c\n\nd & e\n");
	assert_units_cover("cat <<A; cat <<B | x\na\nA\nb\nB\n\nls\n");
	assert_units_cover(" if a; then cat <<E; fi; b\nx\nE\nc <<F\nF\n");
	assert_units_cover("a )\nb\n'c\n");
	assert_units_cover("");
}

/* ---- comments ----------------------------------------------------------- */

/* "LEADING 1" … for each comment: its place and its statement. */
static void
assert_comments(const char *text, const char *want)
{
	static const char *const places[] = { "leading", "trailing", "orphan",
					      "inside" };
	const struct script *s = parse(text);
	struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];

		buf_addf(&b, "%s%s", i ? " " : "", places[c->place]);
		if (c->place != COMMENT_ORPHAN)
			buf_addf(&b, "%u", c->statement);
	}
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
}

static void
test_comments(void **state)
{
	(void)state;
	assert_comments("# a\nls\n", "leading0");
	assert_comments("# a\n\n# b\n  # c\nls # d\n# e\n\n# f",
			"orphan leading0 leading0 trailing0 orphan orphan");
	assert_comments("a\n# b\nc; d # e\n# f\ng",
			"leading1 trailing2 leading3");
	assert_comments("{ # a\n # b\n c\n}\n# d\n(e # f\n)",
			"inside0 inside0 leading1 inside1");
	assert_comments("a | # b\n # c\n d # e", "inside0 inside0 trailing0");
	assert_comments("cat <<E # a\n# b\n$(c # d\n)\nE\n# e\nf",
			"trailing0 inside0 leading1");
	assert_comments("a#b '# c' \\# \"# d\"", "");
	assert_comments("a ) # b\nc # d", "trailing1");
}

static void
test_comment_text(void **state)
{
	const struct script *s = parse("ls # why \\\n");

	(void)state;
	assert_text(script_text(s, s->comments[0].start, s->comments[0].end),
		    "# why \\");
}

static void
test_document_spans(void **state)
{
	struct source *source = source_new("t", xmemdup0("xx ls -l", 8), 8);
	struct map *map = map_new(&arena, source);
	struct script *s;
	struct span span;

	(void)state;
	map_add(&arena, map, 5, 3, 5, MAP_COPIED);
	s = shell_parse(&arena, (struct excerpt){ TEXT("ls -l"), map });
	span = script_span(s, s->body->items[0]->node->words[1]->start,
			   s->body->items[0]->node->words[1]->end);
	assert_text(span_text(span), "-l");
	assert_int_equal(span.start, 6);
	assert_null(script_span(parse("a"), 0, 1).src);
	source_free(source);
}

/* ---- limits ------------------------------------------------------------- */

/* BEFORE, N times OPEN, then MIDDLE, then N times CLOSE. */
static struct script *
parse_inside(const char *before, unsigned n, const char *open,
	     const char *middle, const char *close)
{
	struct buf b = BUF_INIT;
	struct excerpt source = { { NULL, 0 }, NULL };

	buf_adds(&b, before);
	for (unsigned i = 0; i < n; i++)
		buf_adds(&b, open);
	buf_adds(&b, middle);
	for (unsigned i = 0; i < n; i++)
		buf_adds(&b, close);
	source.text = arena_text(&arena, buf_text(&b));
	buf_release(&b);
	return shell_parse(&arena, source);
}

static struct script *
parse_nested(unsigned n, const char *open, const char *middle,
	     const char *close)
{
	return parse_inside("", n, open, middle, close);
}

static void
assert_refused(const struct script *s, const char *message)
{
	assert_int_equal(s->n_errors, 1);
	assert_string_equal(s->errors[0].message, message);
	assert_int_equal(s->body->n_items, 1);
	assert_int_equal(s->body->items[0]->node->kind, NODE_ERROR);
	assert_int_equal(s->body->items[0]->end, s->source.text.len);
}

static void
test_depth(void **state)
{
	static const struct {
		const char *open, *middle, *close;
		unsigned levels; /* of depth that one pair counts for */
	} shapes[] = {
		{ "( ", "a", " )", 1 },
		{ "{ ", "a", "; }", 1 },
		{ "a $(", "b", ")", 1 },
		{ "a \"$(", "b", ")\"", 2 },
		{ "a ${x:-", "b", "}", 1 },
		{ "a $((", "1", "))", 1 },
		{ "a <(", "b", ")", 1 },
		{ "if a; then ", "b", "; fi", 1 },
		{ "while ", "a", "; do b; done", 1 },
		{ "f() { ", "a", "; }", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		const struct script *s;
		unsigned most = LIMIT_SHELL_DEPTH / shapes[i].levels;

		s = parse_nested(most - 1, shapes[i].open, shapes[i].middle,
				 shapes[i].close);
		if (s->n_errors)
			fail_msg("%s: %s", shapes[i].open,
				 s->errors[0].message);
		s = parse_nested(200, shapes[i].open, shapes[i].middle,
				 shapes[i].close);
		assert_refused(s, "nested too deeply");
	}
	assert_refused(parse_inside("[[ ", 200, "( ", "a", " ) ]]"),
		       "nested too deeply");
	assert_refused(parse_inside("if a; then b", 200, "; elif c; then d",
				    "; fi", ""),
		       "nested too deeply");
}

static void
test_nodes(void **state)
{
	struct script *s;

	(void)state;
	/* a simple command, a word and a literal each, and the pipeline */
	s = parse_nested(LIMIT_SHELL_NODES / 3 - 1, "a|", "b", "");
	assert_int_equal(s->n_errors, 0);
	s = parse_nested(LIMIT_SHELL_NODES / 3 + 1, "a|", "b", "");
	assert_refused(s, "too many commands and words");
	s = parse_nested(LIMIT_SHELL_NODES, "`a` ", "b", "");
	assert_refused(s, "too many commands and words");
}

/* Wherever in a text of everything the limit is met, reading ends cleanly. */
static void
test_nodes_anywhere(void **state)
{
	static const char everything[] =
		"\nif a; then b \"c $d ${e:-f} $(g) `h`\" 'i' $'j' $\"k\"; "
		"elif "
		"[[ l == m* && ( n -eq 1 ) ]]; then ! o | p |& q; else r && s "
		"|| t; fi >u 2>&1 <<E {v}<w\n$x `y`\nE\nfor z in {a,b{1..3}}~ "
		"*.c !(d|e) [f]; do :; done; for ((g=0;h<$i;j++)) { k; }\n"
		"case l in m|n) o;; (p) q;& *) esac; while r; do s; done\n"
		"t() { u; }; function v (w); coproc x { y; }; coproc z\n"
		"A=1 B[2]=\"3\" C=(4 [5]=6 $(7)) D+=8; export E=9 F=(1) "
		"G[2]=3\n"
		"((a + b)); c $((d + e)) $[f] $((g); (h)) <(i) ${j[k]:-l} "
		"${#m}\n"
		"select n in o; do p; done; until q; do r; done; time -p s; "
		"(t)\n";
	const unsigned words = LIMIT_SHELL_NODES / 2;
	unsigned fits = 0, refused = 0;

	(void)state;
	for (unsigned i = 2; i < 360; i += 3) {
		const struct script *s;

		s = parse_inside(i % 2 ? "'a' " : "", words - i / 2, "a ",
				 everything, "");
		if (s->n_errors == 0) {
			fits++;
		} else {
			assert_refused(s, "too many commands and words");
			refused++;
		}
		arena_release(&arena);
	}
	assert_true(fits > 0 && refused > 100);
}

static void
test_bytes(void **state)
{
	struct buf b = BUF_INIT;
	struct script *s;

	(void)state;
	buf_fill(&b, '#', LIMIT_SHELL_BYTES);
	s = shell_parse(&arena, (struct excerpt){ buf_text(&b), NULL });
	assert_int_equal(s->n_errors, 0);
	buf_addc(&b, '#');
	s = shell_parse(&arena, (struct excerpt){ buf_text(&b), NULL });
	assert_refused(s, "too long");
	buf_release(&b);
}

/* "((" that is no arithmetic is read twice, and not again and again. */
static void
test_rereading(void **state)
{
	struct script *s;

	(void)state;
	s = parse_nested(1000, "((a); (b));", "", "");
	assert_int_equal(s->n_errors, 0);
	assert_int_equal(s->body->n_items, 1000);
	s = parse_inside("e ", 8, "$((", "a", "); b)");
	assert_int_equal(s->n_errors, 0);
	s = parse_inside("e ", 20, "$((", "a", "); b)");
	assert_int_equal(s->n_errors, 1);
	assert_string_equal(s->errors[0].message,
			    "too many '$((' that are no arithmetic");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_units_cover),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_comment_text),
		cmocka_unit_test(test_document_spans),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_nodes_anywhere),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_rereading),
	};

	return cmocka_run_group_tests(tests, scripts_set_up, scripts_tear_down);
}
