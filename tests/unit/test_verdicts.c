/* What bash accepts, we accept; what it refuses, we refuse; every exception
 * is a row of tests/shell/verdicts.tsv with its reason. */
#include <fcntl.h>

#include "base/fd.h"
#include "lib/random.h"
#include "lib/run_shell.h"
#include "lib/shell_invariants.h"
#include "lib/unit.h"
#include "shell/parse.h"

enum {
	TABLE_MAX = 1024 * 1024,
	ROWS_LEAST = 400,
	RANDOM_TEXTS = 400
};

static struct arena arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

struct row {
	struct text verdict, text, reason;
};

/* The text of a cell, with a newline at its end as blocks have. */
static struct text
decode(struct text cell)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;

	for (size_t i = 0; i < cell.len; i++) {
		char c = cell.at[i];

		if (c == '\\' && i + 1 < cell.len) {
			c = cell.at[++i];
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		buf_addc(&b, c);
	}
	buf_addc(&b, '\n');
	return arena_text(&arena, buf_text(&b));
}

static struct row *
read_rows(uint32_t *ret_n)
{
	struct buf CLEANUP(buf_release) table = BUF_INIT;
	int fd = open("tests/shell/verdicts.tsv", O_RDONLY | O_CLOEXEC);
	struct text rest, line;
	struct row *rows = NULL;

	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, TABLE_MAX, &table), 0);
	fd_close(&fd);
	rest = arena_text(&arena, buf_text(&table));
	*ret_n = 0;
	while (text_next_field(&rest, '\n', &line)) {
		struct row row = { 0 };

		if (text_starts(line, "#"))
			continue;
		text_next_field(&line, '\t', &row.verdict);
		text_next_field(&line, '\t', &row.text);
		row.text = decode(row.text);
		row.reason = line;
		ARENA_PUSH(&arena, rows, *ret_n, row);
	}
	assert_true(*ret_n >= ROWS_LEAST);
	return rows;
}

static bool
we_accept(struct text t)
{
	struct excerpt source = { t, NULL };
	const struct script *s = shell_parse_resolved(&arena, source);

	check_script(s);
	return s->n_errors == 0;
}

static bool
bash_accepts(struct text t)
{
	static const char *const argv[] = { "bash",    "--norc", "-O",
					    "extglob", "-n",     NULL };
	struct buf CLEANUP(buf_release) out = BUF_INIT;
	size_t files;

	return run_shell(argv, t, &out, &files) == 0;
}

static void
test_table(void **state)
{
	uint32_t n;
	const struct row *rows = read_rows(&n);

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		bool want = text_is(rows[i].verdict, "yes");

		if (text_is(rows[i].verdict, "bash"))
			assert_true(rows[i].reason.len > 0);
		if (we_accept(rows[i].text) != want)
			fail_msg("'%.*s' is %s", TEXT_ARG(rows[i].text),
				 want ? "refused" : "accepted");
	}
}

static void
test_table_in_bash(void **state)
{
	uint32_t n;
	const struct row *rows = read_rows(&n);

	(void)state;
	if (!have_program("bash"))
		return;
	for (uint32_t i = 0; i < n; i++) {
		bool want = !text_is(rows[i].verdict, "no");

		if (bash_accepts(rows[i].text) != want)
			fail_msg("bash: '%.*s' is %s", TEXT_ARG(rows[i].text),
				 want ? "refused" : "accepted");
	}
}

/* Tokens in any order: whatever we accept of that, bash does. */
static void
test_random(void **state)
{
	static const char *const tokens[] = {
		"a",          "b=",    "c=(",       ")",     "(",     "((",
		"))",         "{ ",    " }",        "; ",    "\n",    " & ",
		" | ",        " && ",  " ",         " ",     "if ",   "then ",
		"fi ",        "else ", "for x in ", "do ",   "done ", "while ",
		"case a in ", "b) ",   ";; ",       "esac ", "[[ ",   " ]] ",
		"f() ",       "! ",    "time ",     "$(",    "`",     "\"",
		"'",          "$x",    "${y",       "}",     "<f ",   ">g ",
		"2>&1 ",      "<<E ",  "E\n",       "<(",    "#",     "\\",
		"*",          "@(",    "{1,2}",     "=~ ",   "-f ",   "[",
	};
	uint64_t seed = 7;

	(void)state;
	if (!have_program("bash"))
		return;
	for (int i = 0; i < RANDOM_TEXTS;) {
		struct buf b = BUF_INIT;
		struct text t;

		for (size_t n = 1 + random_below(&seed, 8); n > 0; n--)
			buf_adds(
				&b,
				tokens[random_below(&seed, ARRAY_LEN(tokens))]);
		buf_addc(&b, '\n');
		t = arena_text(&arena, buf_text(&b));
		buf_release(&b);
		if (!we_accept(t))
			continue;
		if (!bash_accepts(t))
			fail_msg("bash refuses '%.*s'", TEXT_ARG(t));
		i++;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_in_bash),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
