/* Our own operations guide against the document it was written after: every
 * command is there to the byte, on the same host, with the same effect, but
 * those that the table of its defects names; and nothing is wrong with it. */
#include "base/fd.h"
#include "graph/runbook.h"
#include "lib/doc.h"
#include "lib/unit.h"
#include "want/want.h"

struct opened {
	struct diag_sink sink;
	struct document *doc;
	struct runbook *rb;
};

static struct opened
open_runbook(const char *path)
{
	struct opened o = { .sink = DIAG_SINK_INIT };
	struct buf err = BUF_INIT;

	o.doc = document_load(path, &o.sink, &err);
	if (!o.doc)
		fail_msg("%s", buf_cstr(&err));
	o.rb = runbook_open(o.doc, effect_rules_builtin(), &o.sink);
	for (uint32_t i = 0; i < o.rb->n_procedures; i++)
		procedure_understand(o.rb->procedures[i]);
	return o;
}

static void
close_runbook(struct opened *o)
{
	for (uint32_t i = 0; i < o->rb->n_procedures; i++) {
		const struct procedure *p = o->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			for (uint32_t w = 0; w < p->steps[k]->n_wants; w++)
				want_close(p->steps[k]->wants[w]);
		}
	}
	document_free(o->doc);
	diag_sink_release(&o->sink);
}

/* RB has the command of S, and takes it the same way. */
static bool
has_command(const struct runbook *rb, const struct step *s)
{
	bool found = false;

	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			const struct step *t = p->steps[k];

			if (t->kind != STEP_COMMAND ||
			    !text_eq(t->text.text, s->text.text))
				continue;
			if (t->level != s->level || t->io != s->io ||
			    !text_eq(t->host, s->host))
				fail_msg("line %u does something else: %.*s",
					 s->line, TEXT_ARG(s->text.text));
			found = true;
		}
	}
	return found;
}

/* LINE stands in the column "lines" of a row of DEFECTS. */
static bool
is_defect(struct text defects, uint32_t line)
{
	struct text row, field, number;
	uint64_t n;

	while (text_next_line(&defects, &row)) {
		for (int i = 0; i < 4; i++) {
			if (!text_next_field(&row, '\t', &field))
				return false;
		}
		while (text_next_field(&field, ',', &number)) {
			if (text_to_uint(number, UINT32_MAX, &n) && n == line)
				return true;
		}
	}
	return false;
}

static void
compare(const struct runbook *theirs, const struct runbook *ours,
	struct text defects)
{
	unsigned n = 0, mended = 0;

	for (uint32_t i = 0; i < theirs->n_procedures; i++) {
		const struct procedure *p = theirs->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			const struct step *s = p->steps[k];

			if (s->kind != STEP_COMMAND)
				continue;
			n++;
			if (has_command(ours, s))
				continue;
			mended++;
			if (!is_defect(defects, s->line))
				fail_msg("line %u is not there: %.*s", s->line,
					 TEXT_ARG(s->text.text));
		}
	}
	assert_int_equal(n, 75);
	assert_in_range(mended, 1, 50);
}

static void
every_command_is_there_or_mended(void **state UNUSED)
{
	char *seed = test_data("seed/home-server.md");
	char *table = test_data("seed/defects.tsv");
	struct buf defects = BUF_INIT, err = BUF_INIT;
	struct opened theirs, ours;

	if (!seed || !table) {
		free(seed);
		free(table);
		skip();
	}
	assert_int_equal(file_read(table, 1 << 20, &defects, &err), 0);
	theirs = open_runbook(seed);
	ours = open_runbook("runbooks/home-server.md");
	compare(theirs.rb, ours.rb, buf_text(&defects));
	close_runbook(&theirs);
	close_runbook(&ours);
	buf_release(&defects);
	buf_release(&err);
	free(seed);
	free(table);
}

static void
nothing_is_wrong_with_it(void **state UNUSED)
{
	struct opened ours = open_runbook("runbooks/home-server.md");

	for (size_t i = 0; i < ours.sink.n_items; i++)
		print_message("%s\n", ours.sink.items[i]->message);
	assert_int_equal(ours.sink.n_items, 0);
	close_runbook(&ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_is_there_or_mended),
		cmocka_unit_test(nothing_is_wrong_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
