/* Each code of lint: its bad example gets it and nothing else, its good one
 * nothing. */
#include "base/fd.h"
#include "graph/runbook.h"
#include "lib/doc.h"
#include "lint/lint.h"
#include "lint/programs.h"
#include "want/want.h"

enum {
	TODAY = 20780 /* 2026-11-23 */
};

static struct text
field(const struct ynode *row, const char *name)
{
	const struct ynode *value = ytree_get(row, name);

	if (!value)
		fail_msg("a row has no '%s'", name);
	return value->text;
}

/* Rules that ask other programs are tried where those are. */
static struct lint_programs *
programs_for(const char *number)
{
	struct buf error = BUF_INIT;
	bool bash = strcmp(number, "RB3911") == 0;
	bool shellcheck = strcmp(number, "RB3912") == 0;
	struct lint_programs *p = NULL;

	if (bash || shellcheck) {
		p = lint_programs_new(bash, shellcheck, &error);
		if (!p)
			print_message("%s: skipped, %s\n", number,
				      buf_cstr(&error));
	}
	buf_release(&error);
	return p;
}

static struct doc_test
lint_text(struct text t, struct lint_programs *programs)
{
	struct doc_test test = doc_open_bytes(t.at, t.len);
	const struct lint_options options = { .today = TODAY,
					      .programs = programs };
	struct lint_result result;
	struct runbook *rb =
		runbook_build(test.doc, effect_rules_builtin(), &test.sink);

	result = lint_runbook(rb, &options, &test.sink);
	lint_result_release(&result);
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			for (uint32_t w = 0; w < p->steps[k]->n_wants; w++)
				want_close(p->steps[k]->wants[w]);
		}
	}
	return test;
}

static void
check_row(const struct ynode *row)
{
	const char *number = field(row, "code").at;
	struct lint_programs *programs = programs_for(number);
	struct doc_test bad, good;

	if (!programs && strncmp(number, "RB391", 5) == 0)
		return;
	bad = lint_text(field(row, "bad"), programs);
	good = lint_text(field(row, "good"), programs);
	lint_programs_free(programs);

	if (bad.sink.n_items == 0)
		print_error("bad example of %s gets nothing\n", number);
	assert_int_not_equal(bad.sink.n_items, 0);
	for (size_t i = 0; i < bad.sink.n_items; i++) {
		if (strcmp(diag_info(bad.sink.items[i]->code)->number,
			   number) != 0)
			fail_msg("bad example of %s: %s", number,
				 doc_report(&bad));
	}
	if (good.sink.n_items)
		fail_msg("good example of %s: %s", number, doc_report(&good));
	doc_close(&bad);
	doc_close(&good);
}

static uint32_t
check_table(const char *path)
{
	struct arena arena = ARENA_INIT;
	struct diag_sink sink = DIAG_SINK_INIT;
	struct buf bytes = BUF_INIT, err = BUF_INIT;
	const struct ynode *rows;
	uint32_t n;

	if (file_read(path, 1 << 20, &bytes, &err) < 0)
		fail_msg("%s", buf_cstr(&err));
	rows = ytree_parse(&arena, (struct excerpt){ buf_text(&bytes), NULL },
			   &sink);
	assert_int_equal(sink.n_items, 0);
	assert_int_equal(rows->kind, Y_SEQUENCE);
	n = rows->n_items;
	for (uint32_t i = 0; i < n; i++)
		check_row(rows->items[i]);
	arena_release(&arena);
	buf_release(&bytes);
	return n;
}

static void
examples_do_what_they_say(void **state UNUSED)
{
	uint32_t n = 0,
		 rows = check_table("schema/diagnostics/lint-document.yaml") +
			check_table("schema/diagnostics/lint-command.yaml");

	for (int i = 0; i < DIAG_CODE_COUNT; i++)
		n += strncmp(diag_info((enum diag_code)i)->number, "RB3", 3) ==
		     0;
	assert_int_equal(n, rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_do_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
