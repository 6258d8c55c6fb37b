/* Characters that deceive are reported where they do, and nowhere else. */
#include "diag/source.h"
#include "lib/unit.h"
#include "shell/check.h"
#include "shell/parse.h"

/* Checking TEXT reports WANT: "CODE 'bytes': message; help" per line. */
static void
assert_reports(const char *text, const char *want)
{
	struct source *source =
		source_new("t", xmemdup0(text, strlen(text)), strlen(text));
	struct arena arena = ARENA_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct map *map = map_new(&arena, source);
	struct buf b = BUF_INIT;

	map_add(&arena, map, (uint32_t)strlen(text), 0, (uint32_t)strlen(text),
		MAP_COPIED);
	shell_check(&sink, shell_parse(&arena,
				       (struct excerpt){ source->bytes, map }));
	for (size_t i = 0; i < sink.n_items; i++) {
		const struct diag *d = sink.items[i];

		buf_addf(&b, "%s '%.*s': %s; %s\n", diag_info(d->code)->number,
			 TEXT_ARG(span_text(d->where)), d->message, d->help);
	}
	assert_string_equal(buf_cstr(&b), want);
	buf_release(&b);
	diag_sink_release(&sink);
	arena_release(&arena);
	source_free(source);
}

static void
test_lookalikes(void **state)
{
	(void)state;
	assert_reports("git\xc2\xa0status",
		       "RB2011 '\xc2\xa0': a no-break space (U+00A0) is part "
		       "of the word; write a space\n");
	assert_reports("echo \xe2\x80\x9cx\xe2\x80\x9d",
		       "RB2011 '\xe2\x80\x9c': a typographic quote (U+201C) "
		       "is part of the word; write \"\n"
		       "RB2011 '\xe2\x80\x9d': a typographic quote (U+201D) "
		       "is part of the word; write \"\n");
	assert_reports("rm \xe2\x80\x93rf x\xe2\x80\x93y",
		       "RB2011 '\xe2\x80\x93': an en dash (U+2013) is part of "
		       "the word; write - or --\n");
	assert_reports("a \"$(b\xe2\x80\x8b)\"",
		       "RB2011 '\xe2\x80\x8b': a zero-width space (U+200B) is "
		       "part of the word; remove it\n");
}

static void
test_no_lookalikes(void **state)
{
	(void)state;
	assert_reports("echo 'a\xc2\xa0"
		       "b' \"\xe2\x80\x9cx\xe2\x80\x9d\" # "
		       "\xe2\x80\x93\ncat <<E\n\xc2\xa0\nE\n",
		       "");
	assert_reports("touch \xc3\xa9t\xc3\xa9 \xff\xfe", "");
}

static void
test_backslashes(void **state)
{
	(void)state;
	assert_reports("rm \\ \n-rf x",
		       "RB2012 '\\ ': a backslash before a blank does not "
		       "continue the line; remove the blanks behind it\n");
	assert_reports("rm a\\ \t \nb",
		       "RB2012 '\\ \t ': a backslash before a blank does not "
		       "continue the line; remove the blanks behind it\n");
	assert_reports("rm \\\n-rf a\\ b '\\ \n' \\x", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookalikes),
		cmocka_unit_test(test_no_lookalikes),
		cmocka_unit_test(test_backslashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
