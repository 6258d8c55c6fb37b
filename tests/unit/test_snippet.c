/* Diagnostics as text. */
#include "base/width.h"
#include "diag/snippet.h"
#include "diag/source.h"
#include "lib/unit.h"

static const struct snippet_style plain = { false, false };

/* DOC with the bytes [START, END) underlined gives WANT. */
static void
assert_snippet(struct text doc, uint32_t start, uint32_t end, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(source_free_ptr)
	struct source *src =
		source_new("d.md", xmemdup0(doc.at, doc.len), doc.len);

	diag_report(&sink, DIAG_UNKNOWN_KEY, (struct span){ src, start, end },
		    "no '%s'", "x");
	snippet_print_all(&b, &sink, plain);
	assert_string_equal(b.bytes, want);
}

static void
test_plain(void **state UNUSED)
{
	assert_snippet(TEXT("# T\n\n```bash {tmieout: 5s}\n"), 14, 21,
		       "d.md:3:10: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "3 | ```bash {tmieout: 5s}\n"
		       "  |          ^~~~~~~\n");
}

static void
test_gutter(void **state UNUSED)
{
	assert_snippet(TEXT("\n\n\n\n\n\n\n\n\nten\n"), 9, 12,
		       "d.md:10:1: error: no 'x' [RB1101]\n"
		       "   |\n"
		       "10 | ten\n"
		       "   | ^~~\n");
}

static void
test_edges(void **state UNUSED)
{
	/* an empty file, an empty span, the end with and without a newline */
	assert_snippet(TEXT(""), 0, 0,
		       "d.md:1:1: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | \n"
		       "  | ^\n");
	assert_snippet(TEXT("ab"), 1, 1,
		       "d.md:1:2: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | ab\n"
		       "  |  ^\n");
	assert_snippet(TEXT("ab"), 2, 2,
		       "d.md:1:3: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | ab\n"
		       "  |   ^\n");
	assert_snippet(TEXT("ab\n"), 3, 3,
		       "d.md:1:4: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | ab\n"
		       "  |   ^\n");
	assert_snippet(TEXT("ab\r\ncd"), 1, 3,
		       "d.md:1:2: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | ab\n"
		       "  |  ^\n");
}

static void
test_several_lines(void **state UNUSED)
{
	assert_snippet(TEXT("a\nbcd\nef\n"), 3, 8,
		       "d.md:2:2: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "2 | bcd\n"
		       "  |  ^~\n");
}

static void
test_columns(void **state UNUSED)
{
	/* a tab is copied; wide counts two, combining none */
	assert_snippet(TEXT("\ta\tbc"), 3, 5,
		       "d.md:1:4: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | \ta\tbc\n"
		       "  | \t \t^~\n");
	assert_snippet(TEXT("\xe6\x97\xa5"
			    "e\xcc\x81\xe6\x97\xa5"),
		       6, 9,
		       "d.md:1:4: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | \xe6\x97\xa5"
		       "e\xcc\x81\xe6\x97\xa5\n"
		       "  |    ^~\n");
}

static void
test_controls(void **state UNUSED)
{
	assert_snippet(TEXT("\033[2Jx\xffy"), 4, 7,
		       "d.md:1:5: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | ^[[2Jx\\xFFy\n"
		       "  |      ^~~~~~\n");
	assert_snippet(TEXT("\xe2\x80\xaeq"), 3, 4,
		       "d.md:1:2: error: no 'x' [RB1101]\n"
		       "  |\n"
		       "1 | \\u{202E}q\n"
		       "  |         ^\n");
}

static void
test_messages(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(source_free_ptr)
	struct source *src = source_new("a\033.md", xstrdup("one\ntwo\n"), 8);
	struct span nowhere = { NULL, 0, 0 };
	struct diag *d =
		diag_report(&sink, DIAG_UNKNOWN_KEY, (struct span){ src, 0, 3 },
			    "bad\nvalue \033[2J");

	diag_help(d, "do\tthis\r");
	diag_note(d, (struct span){ src, 4, 7 }, "and here");
	diag_note(d, nowhere, "or nowhere");
	diag_report(&sink, DIAG_UNKNOWN_KEY, nowhere, "no place");
	snippet_print_all(&b, &sink, plain);
	assert_string_equal(b.bytes,
			    "a^[.md:1:1: error: bad^Jvalue ^[[2J [RB1101]\n"
			    "  |\n"
			    "1 | one\n"
			    "  | ^~~\n"
			    "a^[.md:2:1: note: and here\n"
			    "  |\n"
			    "2 | two\n"
			    "  | ^~~\n"
			    "runbook: note: or nowhere\n"
			    "help: do\tthis^M\n"
			    "runbook: error: no place [RB1101]\n");
	buf_clear(&b);
	snippet_print_all(&b, &sink, (struct snippet_style){ .brief = true });
	assert_string_equal(b.bytes,
			    "a^[.md:1:1: error: bad^Jvalue ^[[2J [RB1101]\n"
			    "runbook: error: no place [RB1101]\n");
}

static void
test_colors(void **state UNUSED)
{
	static const struct {
		enum diag_level level;
		const char *word, *sgr;
	} rows[] = {
		{ LEVEL_ERROR, "error", "\033[1;31m" },
		{ LEVEL_WARNING, "warning", "\033[1;35m" },
		{ LEVEL_INFO, "note", "\033[1;36m" },
	};
	CLEANUP(source_free_ptr)
	struct source *src = source_new("d.md", xstrdup("one"), 3);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		CLEANUP(buf_release) struct buf want = BUF_INIT;
		CLEANUP(diag_sink_release)
		struct diag_sink sink = DIAG_SINK_INIT;
		struct diag *d = diag_report(&sink, DIAG_UNKNOWN_KEY,
					     (struct span){ src, 0, 3 }, "m");

		d->level = rows[i].level;
		diag_help(d, "h");
		snippet_print(&b, d, (struct snippet_style){ .color = true });
		buf_addf(&want,
			 "d.md:1:1: %s%s\033[0m: m [RB1101]\n"
			 "  |\n1 | one\n  | %s^~~\033[0m\n"
			 "\033[1;32mhelp\033[0m: h\n",
			 rows[i].sgr, rows[i].word, rows[i].sgr);
		assert_string_equal(b.bytes, want.bytes);
	}
}

/* Of a long line only a part is shown, and the caret stands under the span:
 * the span is a word that stands nowhere else. */
static void
test_long_line(void **state UNUSED)
{
	for (uint32_t at = 0; at < 2000; at += 13) {
		CLEANUP(buf_release) struct buf doc = BUF_INIT;
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		CLEANUP(diag_sink_release)
		struct diag_sink sink = DIAG_SINK_INIT;
		CLEANUP(source_free_ptr) struct source *src = NULL;
		struct text rest, line, carets;
		size_t word, caret;

		while (doc.len < at)
			buf_adds(&doc, "\xe6\x97\xa5");
		at = (uint32_t)doc.len;
		buf_adds(&doc, "word");
		while (doc.len < 2000)
			buf_adds(&doc, "\xc3\xa9");
		src = source_new("d.md", xmemdup0(doc.bytes, doc.len), doc.len);
		diag_report(&sink, DIAG_UNKNOWN_KEY,
			    (struct span){ src, at, at + 4 }, "m");
		snippet_print_all(&b, &sink, plain);
		assert_true(text_is_utf8(buf_text(&b)));
		rest = buf_text(&b);
		for (int i = 0; i < 3; i++)
			assert_true(text_next_line(&rest, &line));
		assert_true(text_next_line(&rest, &carets));
		assert_true(line.len < 300);
		word = text_find(line, TEXT("word"), 0);
		caret = text_find(carets, TEXT("^~~~"), 0);
		assert_int_equal(caret + 4, carets.len);
		assert_int_equal(width_of_text(text_sub(line, 0, word), 1) - 1,
				 caret - 1);
	}
}

static void
test_long_span(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf doc = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	buf_fill(&doc, 'x', 1000);
	buf_adds(&want, "d.md:1:1: error: no 'x' [RB1101]\n  |\n1 | ");
	buf_fill(&want, 'x', 240);
	buf_adds(&want, "…\n  | ^");
	buf_fill(&want, '~', 239);
	buf_addc(&want, '\n');
	assert_snippet(buf_text(&doc), 0, 1000, want.bytes);
	/* at the very end of a long line, behind its newline */
	buf_addc(&doc, '\n');
	buf_clear(&want);
	buf_adds(&want, "d.md:1:1002: error: no 'x' [RB1101]\n  |\n1 | …");
	buf_fill(&want, 'x', 80);
	buf_adds(&want, "\n  | ");
	buf_fill(&want, ' ', 81);
	buf_adds(&want, "^\n");
	assert_snippet(buf_text(&doc), 1001, 1001, want.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_gutter),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_several_lines),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_colors),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_long_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
