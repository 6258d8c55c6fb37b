/* What a diagnostic's own bad example gets. */
#include "report/example.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "diag/snippet.h"
#include "lint/lint.h"
#include "want/want.h"

enum {
	DAY_MS = 24 * 60 * 60 * 1000
};

static void
close_wants(const struct runbook *rb)
{
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			want_close_step(p->steps[k]);
	}
}

void
example_print(struct buf *b, enum diag_code code)
{
	const char *bad = diag_explanation(code)->bad;
	const struct snippet_style style = { false, false };
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct lint_options options = { .today = clock_wall_ms(&clock_system) /
						 DAY_MS };
	CLEANUP(document_free_ptr)
	struct document *doc = document_parse(
		"bad.md", xstrdup(bad), strlen(bad), &clock_system, &sink);
	struct runbook *rb = runbook_build(doc, effect_rules_builtin(), &sink);
	struct lint_result result;

	for (uint32_t i = 0; i < rb->n_procedures; i++)
		want_verify(rb->procedures[i], &sink);
	result = lint_runbook(rb, &options, &sink);
	lint_result_release(&result);
	close_wants(rb);
	for (size_t i = 0; i < sink.n_items; i++) {
		if (sink.items[i]->code == code)
			snippet_print(b, sink.items[i], style);
	}
}
