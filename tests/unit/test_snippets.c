/* The table of snippets: what bash and shfmt make of each, and we. */
#include <fcntl.h>

#include "base/fd.h"
#include "base/json.h"
#include "lib/run_shell.h"
#include "lib/shell_invariants.h"
#include "lib/shell_words.h"
#include "lib/unit.h"
#include "shell/parse.h"

enum {
	COLUMNS = 5,
	ROWS_LEAST = 150,
	TABLE_MAX = 4 * 1024 * 1024
};

struct row {
	struct text id, snippet, valid, statements, note;
	struct buf text; /* the snippet as it is */
	struct script *script;
};

static struct arena arena;
static struct row *rows;
static uint32_t n_rows;

/* In a cell of the table one sign stands for a newline, a tab, a CR. */
static void
add_decoded(struct buf *b, struct text cell)
{
	static const struct {
		const char *sign, *byte;
	} signs[] = { { "\xe2\x8f\x8e", "\n" },
		      { "\xe2\x90\x89", "\t" },
		      { "\xe2\x90\x8d", "\r" } };
	size_t at = 0;

	while (at < cell.len) {
		struct text rest = text_sub(cell, at, cell.len);
		bool found = false;

		for (size_t i = 0; i < ARRAY_LEN(signs) && !found; i++) {
			found = text_starts(rest, signs[i].sign);
			if (found) {
				buf_adds(b, signs[i].byte);
				at += strlen(signs[i].sign);
			}
		}
		if (!found)
			buf_addc(b, cell.at[at++]);
	}
}

static void
add_row(struct text line)
{
	struct text cells[COLUMNS] = { { NULL, 0 } };
	struct row row = { .text = BUF_INIT };

	for (size_t i = 0; i < COLUMNS; i++)
		text_next_field(&line, '\t', &cells[i]);
	row.id = cells[0];
	row.snippet = cells[1];
	row.valid = cells[2];
	row.statements = cells[3];
	row.note = cells[4];
	add_decoded(&row.text, row.snippet);
	row.script = shell_parse_resolved(
		&arena, (struct excerpt){ buf_text(&row.text), NULL });
	ARENA_PUSH(&arena, rows, n_rows, row);
}

static int
set_up(void **state)
{
	char *path = test_data("shell/snippets.tsv");
	struct buf table = BUF_INIT;
	struct text rest, line;
	int fd;

	(void)state;
	arena_init(&arena);
	if (!path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (fd < 0 || fd_read_all(fd, TABLE_MAX, &table) < 0)
		return -1;
	fd_close(&fd);
	rest = arena_text(&arena, buf_text(&table));
	buf_release(&table);
	text_next_field(&rest, '\n', &line); /* the names of the columns */
	while (text_next_field(&rest, '\n', &line))
		add_row(line);
	return n_rows >= ROWS_LEAST ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < n_rows; i++)
		buf_release(&rows[i].text);
	arena_release(&arena);
	return 0;
}

static bool
note_has(const struct row *row, const char *words)
{
	return text_find(row->note, text_of(words), 0) < row->note.len;
}

/* A here-document without an end is an error here, though bash only warns. */
static bool
is_valid(const struct row *row)
{
	if (note_has(row, "flag as unterminated"))
		return false;
	return text_is(row->valid, "yes") ||
	       note_has(row, "with -O extglob bash -n accepts");
}

static void
test_validity(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < n_rows; i++) {
		const struct script *s = rows[i].script;

		if ((s->n_errors == 0) != is_valid(&rows[i]))
			fail_msg("%.*s: %s", TEXT_ARG(rows[i].id),
				 s->n_errors ? s->errors[0].message
					     : "no error");
		check_script(s);
	}
}

/* "… 2 statements" of a note that says what bash does. */
static uint64_t
statements_of_note(const struct row *row)
{
	size_t at = text_find(row->note, TEXT(" statement"), 0);
	uint64_t n = UINT64_MAX;

	if (at < row->note.len && at > 0)
		text_to_uint(text_sub(row->note, at - 1, at), 9, &n);
	return n;
}

static void
test_statements(void **state)
{
	uint32_t compared = 0;

	(void)state;
	for (uint32_t i = 0; i < n_rows; i++) {
		const struct row *row = &rows[i];
		uint64_t want;

		if (note_has(row, "follow bash"))
			want = statements_of_note(row);
		else if (!text_to_uint(row->statements, 99, &want))
			continue;
		if (want == UINT64_MAX) /* it is no valid text */
			continue;
		if (row->script->body->n_items != want)
			fail_msg("%.*s: %u statements", TEXT_ARG(row->id),
				 row->script->body->n_items);
		compared++;
	}
	assert_true(n_rows == 0 || compared > 130);
}

/* Where shfmt says that ROW's statements begin. */
static struct jval *
ask_shfmt(const struct row *row)
{
	static const char *const sh[] = { "sh", NULL };
	struct buf script = BUF_INIT, out = BUF_INIT, err = BUF_INIT;
	struct jval *tree;
	size_t files;

	buf_adds(&script, "shfmt --to-json -ln bash <<'END OF TEXT'\n");
	buf_addt(&script, buf_text(&row->text));
	buf_adds(&script, "\nEND OF TEXT\n");
	assert_int_equal(run_shell(sh, buf_text(&script), &out, &files), 0);
	tree = jval_parse(buf_text(&out), &err);
	assert_non_null(tree);
	buf_release(&script);
	buf_release(&out);
	buf_release(&err);
	return tree;
}

static void
compare_offsets(const struct row *row)
{
	struct jval CLEANUP(jval_free_ptr) *tree = ask_shfmt(row);
	const struct jval *statements = jval_get(tree, "Stmts");
	const struct list *body = row->script->body;

	assert_int_equal(jval_count(statements), body->n_items);
	for (uint32_t i = 0; i < body->n_items; i++) {
		struct jval *place = jval_get(jval_at(statements, i), "Pos");

		if (jval_get_int(place, "Offset", 0) != body->items[i]->start)
			fail_msg("%.*s: statement %u begins at %u",
				 TEXT_ARG(row->id), i, body->items[i]->start);
	}
}

static void
test_offsets(void **state)
{
	uint32_t compared = 0;
	uint64_t n;

	(void)state;
	if (n_rows == 0 || !have_program("shfmt"))
		return;
	for (uint32_t i = 0; i < n_rows; i++) {
		if (note_has(&rows[i], "follow bash") ||
		    !text_to_uint(rows[i].statements, 99, &n))
			continue;
		compare_offsets(&rows[i]);
		compared++;
	}
	assert_true(compared >= 130);
}

static void
test_words(void **state)
{
	struct comparison c;

	(void)state;
	if (n_rows == 0 || !have_program("bash"))
		return;
	comparison_begin(&c);
	for (uint32_t i = 0; i < n_rows; i++)
		comparison_add(&c, rows[i].script);
	assert_true(c.n > 500);
	comparison_run(&c);
	comparison_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
