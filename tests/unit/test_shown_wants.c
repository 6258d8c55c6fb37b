/* What documents show of outputs, and what is made of it: comments, prompts,
 * blocks. */
#include "effect/table.h"
#include "lib/doc.h"
#include "want/want.h"

/* The wants of the first procedure, one a line: "step kind 'text' @line",
 * newlines as "/"; "!" behind the kind when unmet fails the step. */
static const char *
wants_of(const char *markdown)
{
	static struct buf b;
	struct doc_test t = doc_open(markdown);
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);

	buf_clear(&b);
	assert_true(rb->n_procedures > 0);
	for (uint32_t i = 0; i < rb->procedures[0]->n_steps; i++) {
		const struct step *s = rb->procedures[0]->steps[i];

		for (uint32_t w = 0; w < s->n_wants; w++) {
			const struct want *want = s->wants[w];
			struct text text = want->text;

			buf_addf(&b, "%u %s%s%s '", s->ordinal,
				 want_kind_name(want->kind),
				 want->inferred ? "" : "!",
				 want->of_all ? " of all" : "");
			if (text_ends(text, "\n"))
				text.len--;
			for (size_t at = 0; at < text.len; at++)
				buf_addc(&b, text.at[at] == '\n' ? '/'
								 : text.at[at]);
			buf_addf(&b, "' @%u\n", span_line(want->where));
			/* every line of it stands where the map says */
			if (want->map && want->text.len)
				assert_text(
					span_text(map_span(
						want->map, 0,
						(uint32_t)text_chr(want->text,
								   '\n', 0))),
					arena_text(t.doc->arena,
						   text_sub(want->text, 0,
							    text_chr(want->text,
								     '\n', 0)))
						.at);
		}
		for (uint32_t k = 0; k < s->n_exit_codes; k++)
			buf_addf(&b, "%u exit %d\n", s->ordinal,
				 s->exit_codes[k]);
	}
	doc_close(&t);
	return buf_cstr(&b);
}

/* A command with COMMENT, on the line below it or behind it. */
static const char *
said(const char *comment)
{
	struct buf md = BUF_INIT;
	const char *wants;

	buf_addf(&md, "# T\n\n```bash\nx %s\n```\n", comment);
	wants = wants_of(buf_cstr(&md));
	buf_release(&md);
	return wants;
}

static void
test_stated(void **state UNUSED)
{
	assert_string_equal(said("\n# Expected: 200"), "1 exact '200' @5\n");
	assert_string_equal(said("\n# expected: {\"a\": 1}"),
			    "1 example '{\"a\": 1}' @5\n");
	assert_string_equal(said("\n# Expected output: \"Remote\""),
			    "1 contains 'Remote' @5\n");
	assert_string_equal(said("\n# Expected (on db1): up"),
			    "1 exact 'up' @5\n");
	assert_string_equal(said("\n# → 3"), "1 exact '3' @5\n");
	assert_string_equal(said("\n# => a b=1"), "1 example 'a b=1' @5\n");
	assert_string_equal(said("\n#-> ok"), "1 exact 'ok' @5\n");
	assert_string_equal(said("# → 3"), "1 exact '3' @4\n");
	assert_string_equal(said("# Expected: ok"), "1 exact 'ok' @4\n");
	assert_string_equal(said("\n# Expected:\n# a 1\n#\n#   b"),
			    "1 example 'a 1//  b' @5\n");
	assert_string_equal(said("\n# Example output:\n# a\n\n# other"),
			    "1 example 'a' @5\n");
	assert_string_equal(said("\n# Note this.\n# Expected: 3"),
			    "1 exact '3' @6\n");
}

/* Sentences are for people. */
static void
test_prose(void **state UNUSED)
{
	assert_string_equal(said("\n# Expected: All checks pass ✓"), "");
	assert_string_equal(said("\n# Expected: ~18.5 GB for the model"), "");
	assert_string_equal(said("\n# → goes to the other host"), "");
	assert_string_equal(said("\n# Should connect successfully!"), "");
	assert_string_equal(said("\n# Should show HTML from Caddy"), "");
	assert_string_equal(said("\n# Should show no $ at end"), "");
	assert_string_equal(said("\n# Should NOT see any rule for port 22"),
			    "");
	assert_string_equal(said("\n# Should be >= number of instances"), "");
	assert_string_equal(said("\n# Should be fast"), "");
	assert_string_equal(said("\n# Outputs are kept in x"), "");
	assert_string_equal(said("# show tunnel status"), "");
	assert_string_equal(said("# Prints the version"), "");
	assert_string_equal(said("\n# Expected:"), "");
	assert_string_equal(said("\n# Output: plaintext password"), "");
}

static void
test_should(void **state UNUSED)
{
	assert_string_equal(said("# Should be 2"),
			    "1 regex '(?<![\\w.-])2(?!\\.?\\w|-)' @4\n");
	assert_string_equal(said("\n# should be active."),
			    "1 regex '(?<![\\w.-])active(?!\\.?\\w|-)' @5\n");
	assert_string_equal(said("\n# Should return \"root\" ✓"),
			    "1 contains 'root' @5\n");
	assert_string_equal(said("\n# Should include 'sudo'"),
			    "1 contains 'sudo' @5\n");
	assert_string_equal(said("\n# Should be: A=production"),
			    "1 contains 'A=production' @5\n");
	assert_string_equal(said("\n# Should print A=production"),
			    "1 contains 'A=production' @5\n");
	assert_string_equal(said("\n# Should not contain \"ERROR\""),
			    "1 absent 'ERROR' @5\n");
	assert_string_equal(said("\n# Should be empty"), "1 exact '' @5\n");
	assert_string_equal(said("\n# Should show:\n# a 1\n# b"),
			    "1 example 'a 1/b' @5\n");
	assert_string_equal(said("# Prints 0"),
			    "1 regex '(?<![\\w.-])0(?!\\.?\\w|-)' @4\n");
	assert_string_equal(said("# returns \"ok\""), "1 contains 'ok' @4\n");
}

/* What is around the number makes it another one. */
static void
test_whole_words(void **state UNUSED)
{
	struct doc_test t = doc_open("# T\n\n```bash\nx # Should be 2\n```\n");
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);
	struct want *w = rb->procedures[0]->steps[0]->wants[0];
	static const struct {
		const char *output;
		bool met;
	} cases[] = {
		{ "2\n", true },           { "a.b = 2\n", true },
		{ "a=2.\n", true },        { "12\n", false },
		{ "2.5\n", false },        { "-2\n", false },
		{ "0.2\n", false },        { "2a\n", false },
		{ "x\nvalue: 2\n", true },
	};

	assert_true(want_compile(w, &t.sink));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct want_input input = { .out = text_of(cases[i].output) };
		struct want_result r = WANT_RESULT_INIT;

		want_check(w, &input, &clock_system, &r);
		assert_int_equal(r.met, cases[i].met);
		want_result_release(&r);
	}
	want_close(w);
	doc_close(&t);
}

/* Which of several commands a comment speaks of. */
static void
test_whose(void **state UNUSED)
{
	/* above the first one, nothing else can be meant */
	assert_string_equal(
		wants_of("# T\n\n```bash\n# Expected: 200\nx\n```\n"),
		"1 exact '200' @4\n");
	assert_string_equal(
		wants_of("# T\n\n```bash\n# Expected: 200\n\nx\n```\n"), "");
	assert_string_equal(
		wants_of("# T\n\n```bash\nx\n# Expected: 3\ny\n```\n"),
		"1 exact '3' @5\n");
	/* "Prints ..." above a command is its title */
	assert_string_equal(
		wants_of("# T\n\n```bash\nx\n# Prints \"3\"\ny\n```\n"), "");
	assert_string_equal(
		wants_of("# T\n\n```bash\nx # → 1\n# Expected: 2\n```\n"),
		"1 exact '1' @4\n1 exact '2' @5\n");
}

static void
test_titles(void **state UNUSED)
{
	struct doc_test t = doc_open("# T\n\n```bash\n# First\n"
				     "# Expected: 3\nx # → 3\n\n"
				     "# Should show HTML from Caddy\ny\n```\n");
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);

	assert_text(rb->procedures[0]->steps[0]->title, "First");
	assert_text(rb->procedures[0]->steps[1]->title,
		    "Should show HTML from Caddy");
	doc_close(&t);
}

static void
test_blocks(void **state UNUSED)
{
	assert_string_equal(
		wants_of("# T\n\n```bash\nx\n```\n\n```text\na 1\n```\n"),
		"1 example 'a 1' @8\n");
	assert_string_equal(wants_of("# T\n\n```bash\nx\ny\n```\n\nOutput:\n\n"
				     "```\na 1\n```\n"),
			    "2 example of all 'a 1' @11\n");
	assert_string_equal(
		wants_of("# T\n\n- ```bash\n  x\n  ```\n\n  ```text\n  a\n"
			 "    b\n  ```\n"),
		"1 example 'a/  b' @8\n");
	assert_string_equal(
		wants_of(
			"# T\n\n```bash\nx\n```\n\n```text\na \\d (re)\n```\n"),
		"1 lines! 'a \\d (re)' @8\n");
}

static void
test_prompts(void **state UNUSED)
{
	assert_string_equal(
		wants_of("# T\n\n```console\n$ x\na 1\nb\n$ y\n$ z\nc\n```\n"),
		"1 example 'a 1/b' @5\n3 example 'c' @9\n");
	/* cram's marks, each alone enough */
	assert_string_equal(
		wants_of("# T\n\n```console\n$ x\na\nb+ (re)\n$ y\na*b (glob)\n"
			 "$ z\n\\x41 (esc)\n$ w\na (no-eol)\n```\n"),
		"1 lines! 'a/b+ (re)' @5\n2 lines! 'a*b (glob)' @8\n"
		"3 lines! '\\x41 (esc)' @10\n4 lines! 'a (no-eol)' @12\n");
	/* and its status */
	assert_string_equal(
		wants_of("# T\n\n```console\n$ x\na (re)\n[3]\n```\n"),
		"1 lines! 'a (re)' @5\n1 exit 3\n");
	/* of both commands, perhaps */
	assert_string_equal(
		wants_of("# T\n\n```console\n$ w\n$ x; y\na 1\n```\n"),
		"3 example of all 'a 1' @6\n");
	/* what has another meaning elsewhere is output */
	assert_string_equal(
		wants_of("# T\n\n```console\n$ x\na (*)\n[1]\n```\n"),
		"1 example 'a (*)/[1]' @5\n");
}

/* An output that is too long to compare is no expectation. */
static void
test_too_long(void **state UNUSED)
{
	struct buf md = BUF_INIT;

	buf_adds(&md, "# T\n\n```bash\nx\n```\n\n```text\n");
	for (int i = 0; i <= 2000; i++)
		buf_adds(&md, "a\n");
	buf_adds(&md, "```\n");
	assert_string_equal(wants_of(buf_cstr(&md)), "");
	buf_release(&md);
}

static void
test_verify(void **state UNUSED)
{
	struct doc_test t =
		doc_open("# T\n\n"
			 "```bash {expect: {regex: \"a(\"}}\nx\n```\n\n"
			 "```bash {retry: {attempts: 2, until: {regex: "
			 "\"b(\"}}}\nx\n```\n\n"
			 "```bash {capture: {v: \"no group\"}}\nx\n```\n\n"
			 "```bash {capture: {v: \"open(\"}}\necho <v>\n```\n\n"
			 "```console\n$ x\nc( (re)\n```\n\n"
			 "```bash {expect: {regex: \"fine\"}}\nx\n```\n");
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);

	assert_int_equal(t.sink.n_errors, 0);
	assert_false(want_verify(rb->procedures[0], &t.sink));
	assert_string_equal(
		doc_report(&t),
		"3:29: RB4010 malformed regular expression: missing closing "
		"parenthesis\n"
		"7:49: RB4010 malformed regular expression: missing closing "
		"parenthesis\n"
		"11:23: RB4010 the pattern of a capture must have exactly one "
		"group, which is the value\n"
		"15:23: RB4010 malformed regular expression: missing closing "
		"parenthesis\n"
		"21:2: RB4010 malformed regular expression: missing closing "
		"parenthesis\n");
	doc_close(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stated),
		cmocka_unit_test(test_prose),
		cmocka_unit_test(test_should),
		cmocka_unit_test(test_whole_words),
		cmocka_unit_test(test_whose),
		cmocka_unit_test(test_titles),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
