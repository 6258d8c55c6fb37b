/* Line by line: what cram and scrut promise about (re), (glob), (esc),
 * (no-eol), (equal) and the quantifiers, written anew as pattern, output and
 * verdict; and where we differ on purpose. */
#include "diag/source.h"
#include "lib/unit.h"
#include "lib/wanted.h"

struct line_case {
	const char *pattern, *output;
	char verdict; /* 'm' met, 'u' unmet, 'x' malformed */
};

static const struct line_case equal_cases[] = {
	{ "Hello\n", "Hello\n", 'm' },
	{ "Hello\n", "hello\n", 'u' },
	{ "Hello\n", "Hello \n", 'u' },
	{ " Hello\n", "Hello\n", 'u' },
	{ "Hello (equal)\n", "Hello\n", 'm' },
	{ "Hello (eq)\n", "Hello\n", 'm' },
	{ "Hello (eq)\n", "Hello (eq)\n", 'u' },
	{ "a\nb\n", "a\nb\n", 'm' },
	{ "a\nb\n", "b\na\n", 'u' },
	{ "a\nb\n", "a\n", 'u' },
	{ "a\n", "a\nb\n", 'u' },
	{ "a\n\nb\n", "a\n\nb\n", 'm' },
	{ "a\n\nb\n", "a\nb\n", 'u' },
	{ "", "", 'm' },
	{ "", "a\n", 'u' },
	{ "", "\n", 'u' },
	{ "\n", "\n", 'm' },
	/* only a known word in the parentheses is ours */
	{ "f(x) (see below)\n", "f(x) (see below)\n", 'm' },
	{ "total (re-read)\n", "total (re-read)\n", 'm' },
	{ "call(re)\n", "call(re)\n", 'm' },
	{ "(re)\n", "(re)\n", 'm' },
	{ "()\n", "()\n", 'm' },
	{ "x ()\n", "x ()\n", 'm' },
	{ "x (RE)\n", "x (RE)\n", 'm' },
	/* (equal) ends what a suffix can be */
	{ "foo.* (re) (equal)\n", "foo.* (re)\n", 'm' },
	{ "foo.* (re) (equal)\n", "foobar\n", 'u' },
	{ "foo (+) (eq)\n", "foo (+)\n", 'm' },
	{ "... (eq)\n", "...\n", 'm' },
	{ "... (eq)\n", "foo\n", 'u' },
	/* names and figures beyond ASCII */
	{ "smörgås 🦀\n", "smörgås 🦀\n", 'm' },
	{ "smörgås\n", "smorgas\n", 'u' },
};

static const struct line_case end_cases[] = {
	/* a missing newline at the end of everything is forgiven, cram would
	 * not; (no-eol) asks for it */
	{ "foo\n", "foo", 'm' },
	{ "foo", "foo\n", 'm' },
	{ "foo (no-eol)\n", "foo", 'm' },
	{ "foo (no-eol)\n", "foo\n", 'u' },
	{ "a\nfoo (no-eol)\n", "a\nfoo", 'm' },
	{ "foo (no-eol)\n", "foo\nbar", 'u' },
	{ "fo+ (re) (no-eol)\n", "fooo", 'm' },
	{ "fo* (no-eol) (glob)\n", "fooo", 'm' },
	{ "a\\tb (esc) (no-eol)\n", "a\tb", 'm' },
	{ "foo (no-eol)\nbar\n", "foo\nbar\n", 'x' },
	/* CR LF on either side is a line's end like any other */
	{ "a\r\nb\r\n", "a\nb\n", 'm' },
};

static const struct line_case glob_cases[] = {
	{ "Hello* (glob)\n", "Hello You\n", 'm' },
	{ "Hello* (glob)\n", "Hello\n", 'm' },
	{ "Hello* (glob)\n", "Say Hello\n", 'u' },
	{ "*Hello* (glob)\n", "Say Hello You\n", 'm' },
	{ "*Hello (gl)\n", "Say Hello\n", 'm' },
	{ "Hello? (glob)\n", "Hello!\n", 'm' },
	{ "Hello? (glob)\n", "Hello\n", 'u' },
	{ "Hello? (glob)\n", "Hello!!\n", 'u' },
	{ "? (glob)\n", "å\n", 'm' },
	{ "a\\*b (glob)\n", "a*b\n", 'm' },
	{ "a\\*b (glob)\n", "axb\n", 'u' },
	{ "a\\?b (glob)\n", "a?b\n", 'm' },
	{ "a\\?b (glob)\n", "axb\n", 'u' },
	{ "a\\\\b (glob)\n", "a\\b\n", 'm' },
	{ "[INFO] * started (glob)\n", "[INFO] web started\n", 'm' },
	{ "[INFO] * started (glob)\n", "I web started\n", 'u' },
	{ "*a*b*c* (glob)\n", "xxaxxbxxcxx\n", 'm' },
	{ "*a*b*c* (glob)\n", "xxaxxcxxbxx\n", 'u' },
	{ "* (glob)\n", "\n", 'm' },
	{ "* (glob)\n", "", 'u' },
};

static const struct line_case regex_cases[] = {
	{ "foo (regex)\n", "foo\n", 'm' },
	{ "foo (re)\n", "foo", 'm' },
	/* a line is matched as a whole */
	{ "foo (re)\n", "foo bar\n", 'u' },
	{ "foo (re)\n", "a foo\n", 'u' },
	{ ".*foo.* (re)\n", "a foo bar\n", 'm' },
	{ "a|b (re)\n", "b\n", 'm' },
	{ "a|ab (re)\n", "ab\n", 'm' },
	{ "a{5} (re)\n", "aaaaa\n", 'm' },
	{ "a{5} (re)\n", "aaaa\n", 'u' },
	{ "[0-9]+ nodes? (re)\n", "12 nodes\n", 'm' },
	{ "\\d\\d:\\d\\d (re)\n", "12:34\n", 'm' },
	{ "a \\[word\\] (re)\n", "a [word]\n", 'm' },
	{ "{\"i am\": \"json\"} (re)\n", "{\"i am\": \"json\"}\n", 'm' },
	{ "\\w+ (re)\n", "Malmö\n", 'm' },
	{ "foo (esc) (re)\n", "foo esc\n", 'm' },
	{ "( (re)\n", "(\n", 'x' },
	{ "a\n[b (re)\n", "a\nb\n", 'x' },
};

static const struct line_case escaped_cases[] = {
	{ "a\\tb (esc)\n", "a\tb\n", 'm' },
	{ "a\\tb (escaped)\n", "a b\n", 'u' },
	{ "foo\\\\nbar (esc)\n", "foo\\nbar\n", 'm' },
	{ "foo\\x03bar (esc)\n", "foo\003bar\n", 'm' },
	{ "foo\\003bar (esc)\n", "foo\003bar\n", 'm' },
	{ "\\xc3\\xa5 (esc)\n", "å\n", 'm' },
	{ "\\xff (esc)\n", "\xff\n", 'm' },
	{ "caf\\xe9 (esc)\n", "caf\xe9\n", 'm' },
	{ "it\\'s \\\"so\\\" (esc)\n", "it's \"so\"\n", 'm' },
	/* colours are taken from both sides */
	{ "\\x1b[1mbold\\x1b[0m (esc)\n", "bold\n", 'm' },
	{ "\\e[31mred\\e[m (esc)\n", "red\n", 'm' },
	{ "over\\rprint (esc)\n", "print\n", 'm' },
	{ "dos\\r (esc)\n", "dos\n", 'm' },
	/* together with (glob), whose wildcards stay */
	{ "foo\\t* (escaped) (glob)\n", "foo\tbar\n", 'm' },
	{ "foo\\t\\* (esc) (glob)\n", "foo\tbar\n", 'u' },
	{ "foo\\t\\* (esc) (glob)\n", "foo\t*\n", 'm' },
	{ "foo\\x2a (esc) (glob)\n", "foobar\n", 'u' },
	{ "foo\\t* (esc) (glob+)\n", "foo\ta\nfoo\tb\n", 'm' },
	{ "bad \\q (esc)\n", "bad q\n", 'x' },
	{ "bad \\x4 (esc)\n", "bad 4\n", 'x' },
	{ "bad \\777 (esc)\n", "bad\n", 'x' },
	{ "bad \\ (esc)\n", "bad\n", 'x' },
};

static const struct line_case quantifier_cases[] = {
	{ "a (?)\nb\n", "a\nb\n", 'm' },
	{ "a (?)\nb\n", "b\n", 'm' },
	{ "a (?)\nb\n", "a\na\nb\n", 'u' },
	{ "a (*)\nb\n", "b\n", 'm' },
	{ "a (*)\nb\n", "a\na\na\nb\n", 'm' },
	{ "a (*)\nb\n", "a\nc\nb\n", 'u' },
	{ "a (+)\nb\n", "a\na\nb\n", 'm' },
	{ "a (+)\nb\n", "b\n", 'u' },
	{ "a (*)\n", "", 'm' },
	{ "a (+)\n", "", 'u' },
	{ "Hello (equal+)\n", "Hello\nHello\nHello\n", 'm' },
	{ "Hello (eq?)\n", "", 'm' },
	{ "f?? (glob+)\n", "foo\nfun\n", 'm' },
	{ "f* (glob+)\n", "foo\nfun\ngable\n", 'u' },
	{ "f.* (regex+)\n", "foo\nfun\nfacts\n", 'm' },
	{ "sea|sand (re+)\n", "sea\nsand\nsea\n", 'm' },
	{ "x\\ty (esc*)\nend\n", "x\ty\nx\ty\nend\n", 'm' },
	{ "a (no-eol?)\n", "a", 'm' },
	{ "a (no-eol?)\n", "", 'm' },
	/* a greedy line yields to the more exact one behind it */
	{ "* (glob*)\nbar\n* (glob*)\n", "foo\nbar\nbaz\n", 'm' },
	{ "* (glob*)\nbla\n* (glob*)\n", "foo\nbar\nbaz\n", 'u' },
	{ "* (glob+)\nlast\n", "one\ntwo\nlast\n", 'm' },
	{ "* (glob+)\nlast\n", "last\n", 'u' },
	{ "* (glob+)\nlast\n", "last\nlast\n", 'm' },
	{ ".* (re*)\n.* (re*)\nend\n", "a\nend\n", 'm' },
	/* to yield at the first chance would be too early here */
	{ "…\nb\nc\n", "b\nx\nb\nc\n", 'm' },
	{ "a (*)\na\na\n", "a\na\n", 'm' },
	{ "a (?)\na (?)\na\n", "a\n", 'm' },
	{ "a (*)\nb (*)\nc (*)\n", "a\nb\nb\nc\n", 'm' },
	{ "a (*)\nb (*)\nc (*)\n", "a\nc\nb\n", 'u' },
	{ "a (+) (+)\n", "a (+)\na (+)\n", 'm' },
};

static const struct line_case any_cases[] = {
	{ "...\n", "", 'm' },
	{ "…\n", "one\ntwo\n", 'm' },
	{ "start\n...\nend\n", "start\nend\n", 'm' },
	{ "start\n...\nend\n", "start\na\nb\nend\n", 'm' },
	{ "start\n...\nend\n", "start\na\n", 'u' },
	{ "start\n...\n", "start\na\n", 'm' },
	{ "...\nend\n", "a\nend\nb\n", 'u' },
	{ "…\na\n…\nb\n…\n", "1\na\n2\nb\n3\n", 'm' },
	{ "…\na\n…\nb\n…\n", "1\nb\n2\na\n3\n", 'u' },
	{ "wait...\n", "wait...\n", 'm' },
	{ "wait...\n", "wait for it\n", 'u' },
	{ " ...\n", "x\n", 'u' },
};

static void
run_cases(const struct line_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char verdict =
			judge(WANT_LINES, cases[i].pattern, cases[i].output);

		if (verdict != cases[i].verdict)
			fail_msg("'%s' by '%s': %c, not %c", cases[i].output,
				 cases[i].pattern, verdict, cases[i].verdict);
	}
}

#define TEST_CASES(name)                                                       \
	static void test_##name(void **state UNUSED)                           \
	{                                                                      \
		run_cases(name##_cases, ARRAY_LEN(name##_cases));              \
	}

TEST_CASES(equal)
TEST_CASES(end)
TEST_CASES(glob)
TEST_CASES(regex)
TEST_CASES(escaped)
TEST_CASES(quantifier)
TEST_CASES(any)

/* An output agrees with itself, line by line, whatever stands in it. */
static void
test_exact_is_equality(void **state UNUSED)
{
	static const char *const outputs[] = {
		"", "a\n", "a", "\n", "\n\n", "x (re)\n", "...\n", "* (glob)\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(outputs); i++) {
		for (size_t j = 0; j < ARRAY_LEN(outputs); j++) {
			const char *a = outputs[i], *b = outputs[j];
			bool same =
				strcmp(a, b) == 0 || (strncmp(a, "a", 1) == 0 &&
						      strncmp(b, "a", 1) == 0);

			assert_int_equal(judge(WANT_EXACT, a, b),
					 same ? 'm' : 'u');
		}
	}
}

struct failure {
	enum want_kind kind;
	const char *text, *output, *message, *got, *where;
	uint32_t line;
};

static const struct failure failures[] = {
	{ WANT_EXACT, "ready\ndrained 3 nodes\n",
	  "ready\ndrained 0 of 3 nodes\n",
	  "stdout differs from 'drained 3 nodes'", "drained 0 of 3 nodes",
	  "drained 3 nodes", 2 },
	{ WANT_EXACT, "a\nb\n", "a\n", "stdout ends before 'b'", "", "b", 0 },
	{ WANT_EXACT, "a\n", "a\nb\nc\n",
	  "stdout goes on after the last expected line", "b", "a\n", 2 },
	{ WANT_EXACT, "a  b\n", "a b\n",
	  "stdout differs only in blanks from 'a  b'", "a b", "a  b", 1 },
	{ WANT_EXACT, "a\n", "", "stdout is empty instead of 'a'", "", "a", 0 },
	{ WANT_EXACT, "", "a\n", "stdout goes on after the last expected line",
	  "a", "", 1 },
	{ WANT_LINES, "a\nb.* (re)\n", "a\nc\n",
	  "stdout differs from 'b.* (re)'", "c", "b.* (re)", 2 },
	{ WANT_LINES, "a\n…\nz\n", "a\nb\nc\n", "stdout ends before 'z'", "",
	  "z", 0 },
	{ WANT_LINES, "a (*)\nb\nc\n", "a\na\nb\nd\n",
	  "stdout differs from 'c'", "d", "c", 4 },
};

static void
test_failures(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		const struct failure *f = &failures[i];
		const struct want_result *r;
		struct judge j;

		assert_true(judge_begin(&j, f->kind, f->text));
		r = judge_output(&j, text_of(f->output));
		assert_false(r->met);
		assert_false(r->broken);
		assert_string_equal(buf_cstr(&r->message), f->message);
		assert_string_equal(buf_cstr(&r->got), f->got);
		assert_text(span_text(r->where), f->where);
		assert_int_equal(r->line, f->line);
		judge_end(&j);
	}
}

/* What a terminal would obey never stands in a message. */
static void
test_message_is_safe(void **state UNUSED)
{
	struct buf message = BUF_INIT;

	judge_message(WANT_EXACT, "a\001b\n", "x\n", &message);
	assert_string_equal(buf_cstr(&message), "stdout differs from 'a^Ab'");
	buf_clear(&message);
	judge_message(WANT_EXACT,
		      "0123456789012345678901234567890123456789"
		      "0123456789012345678901234567890123456789\n",
		      "x\n", &message);
	assert_string_equal(buf_cstr(&message),
			    "stdout differs from '"
			    "0123456789012345678901234567890123456789"
			    "0123456789012345678…'");
	buf_release(&message);
}

struct mistake {
	const char *text, *message, *where;
};

static const struct mistake mistakes[] = {
	{ "ok\nready (in (re)\n",
	  "malformed regular expression: missing closing parenthesis", "n" },
	{ "x\na\\qb (esc)\n", "unknown escape in an (esc) line", "\\q" },
	{ "a (no-eol)\nb\n", "(no-eol) before the last line", "a (no-eol)" },
};

static void
test_mistakes(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		struct judge j;

		assert_false(judge_begin(&j, WANT_LINES, mistakes[i].text));
		assert_int_equal(j.sink.n_items, 1);
		assert_int_equal(j.sink.items[0]->code, DIAG_WANT_PATTERN);
		assert_string_equal(j.sink.items[0]->message,
				    mistakes[i].message);
		assert_text(span_text(j.sink.items[0]->where),
			    mistakes[i].where);
		judge_end(&j);
	}
}

static void
test_describe(void **state UNUSED)
{
	struct buf b = BUF_INIT;
	struct judge j;

	assert_true(judge_begin(&j, WANT_LINES, "a* (glob+)\n...\n"));
	want_describe(j.want, &b);
	assert_string_equal(buf_cstr(&b), "a* (glob+)\n...\n");
	judge_end(&j);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_regex),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_quantifier),
		cmocka_unit_test(test_any),
		cmocka_unit_test(test_exact_is_equality),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_message_is_safe),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
