/* What is said at the end of a run. */
#include "report/closing.h"

#include "base/width.h"
#include "graph/rescue.h"
#include "report/item.h"
#include "report/remedy.h"

enum {
	SECTIONS_MOST = 3
};

/* ---- what the document says ------------------------------------------------
 */

/* "help: WHAT with 'runbook run app.md deploy/rollback'" */
static void
suggest(struct buf *b, const struct plan *plan, const char *what,
	struct procedure *const *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		buf_addf(b, "help: %s with 'runbook run ", what);
		width_print(b, text_of(plan->runbook->doc->src->path), 0);
		buf_addc(b, ' ');
		width_print(b, list[i]->path, 0);
		buf_adds(b, "'\n");
	}
}

/* Nothing is annotated, but a section beside that of the run is called so. */
static void
suggest_sections(struct buf *b, const struct plan *plan)
{
	struct procedure *found[SECTIONS_MOST];
	uint32_t n = rescue_find(plan->procedure, found, SECTIONS_MOST);

	for (uint32_t i = 0; i < n; i++) {
		CLEANUP(buf_release) struct buf what = BUF_INIT;

		buf_adds(&what, "the document says what then, in '");
		width_print(&what, found[i]->heading, 0);
		buf_adds(&what, "': run it");
		suggest(b, plan, buf_cstr(&what), &found[i], 1);
	}
}

static void
suggest_procedures(struct buf *b, const struct plan *plan,
		   const struct run_end *end)
{
	const struct procedure *p = plan->procedure;
	uint32_t n_done = end->count[RUN_STATUS_SUCCEEDED];
	bool failed =
		end->count[RUN_STATUS_FAILED] || end->count[RUN_STATUS_TIMEOUT];

	if (end->exit == 0) {
		suggest(b, plan, "check the result", p->verify, p->n_verify);
		return;
	}
	if (failed)
		suggest(b, plan, "go after the failure", p->on_failure,
			p->n_on_failure);
	if (n_done || failed)
		suggest(b, plan, "undo it", p->rollback, p->n_rollback);
	if (failed && p->n_on_failure == 0 && p->n_rollback == 0)
		suggest_sections(b, plan);
}

/* ---- what came out ---------------------------------------------------------
 */

/* What disrupts or destroys and was begun may be left as it is now. */
static void
add_left(struct buf *b, const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];
		CLEANUP(buf_release) struct buf scratch = BUF_INIT;

		if (!item->begun || item->begun_as < EFFECT_DISRUPTS)
			continue;
		buf_adds(b, "note: ");
		item_add_name(b, plan, item);
		buf_addf(b,
			 " on %s, %s and was done%s: what it left may need "
			 "somebody\n",
			 resolved_host_name(item->resolved, &scratch),
			 effect_level_name(item->begun_as),
			 item->done ? "" : ", at least in part");
	}
}

/* The rest may have gone well; these did not. */
static void
add_passed(struct buf *b, const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];
		CLEANUP(buf_release) struct buf scratch = BUF_INIT;

		if (!item->passed)
			continue;
		buf_adds(b, "note: ");
		item_add_name(b, plan, item);
		buf_addf(b, " on %s, did not end well and was passed over\n",
			 resolved_host_name(item->resolved, &scratch));
	}
}

/* An example that is not met may have grown old, or the step has failed: who
 * ran it looks first, and only then is the document in the wrong. */
static void
add_differed(struct buf *b, const struct closing *c)
{
	const char *they = c->n_differed > 1 ? "they" : "it";

	if (c->differed) {
		buf_adds(b, "help: ");
		item_add_name(b, c->plan, c->differed);
		if (c->n_differed > 1)
			buf_addf(b, " and %u more", c->n_differed - 1);
		buf_addf(b,
			 " may not have done what %s should: look at what %s "
			 "printed\n",
			 they, they);
	}
	if (c->accept)
		buf_addf(b,
			 "help: only when that is as it should be, bring the "
			 "document up to date with '%s'\n",
			 c->accept);
}

/* A job of a shell does not always outlive it (bash(1), SIGHUP). */
static void
add_jobs(struct buf *b, const struct run_end *end)
{
	if (end->jobs_ended) {
		buf_adds(b, "note: ended with the shell of the run: ");
		width_print(b, text_of(end->jobs_ended), 0);
		buf_adds(b, "; 'nohup' or 'setsid' in front lets it go on\n");
	}
	if (end->jobs_left) {
		buf_adds(b, "note: left by the run and still running: ");
		width_print(b, text_of(end->jobs_left), 0);
		buf_addc(b, '\n');
	}
}

void
closing_add(struct buf *b, const struct closing *c)
{
	add_jobs(b, c->end);
	add_differed(b, c);
	if (c->end->exit != 0) {
		add_passed(b, c->plan);
		add_left(b, c->plan);
	}
	suggest_procedures(b, c->plan, c->end);
	remedy_add(b, c->plan, c->end, c->resume);
}
