/* What is chosen and judged before a run begins: by the run that it goes on
 * with, and by who goes on with it. */
#include "run/plan_state.h"
#include "run/progress.h"

static bool
was_begun(enum step_state state)
{
	return state != STATE_PENDING && state != STATE_SKIPPED;
}

/* ITEM is run: so is its branch of each choice, and its conditions hold. */
static void
take(struct plan *plan, const struct plan_item *item)
{
	const struct branch *b = item->step->branch;
	const struct condition *c = item->step->condition;

	for (; b && plan_open_choice(plan, item); b = b->choice->inside) {
		if (!plan_is_made(plan, b->choice))
			plan_take(plan, b);
	}
	for (; c && plan_open_condition(plan, item); c = c->outer) {
		if (!plan_is_judged(plan, c))
			plan_judge(plan, c, true);
	}
}

/* A step that was begun says what was chosen for it, one that was skipped is
 * left out. */
static void
take_up(struct plan *plan, const struct progress *p)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];
		enum step_state state = progress_state(p, item->step->id);

		item->dropped |= state == STATE_SKIPPED;
		if (was_begun(state))
			take(plan, item);
	}
	plan_foresee(plan);
}

static bool
refuse(struct buf *reterr, const char *name, const char *why, const char *help)
{
	buf_addf(reterr, "--step does not take '%s': %s\nhelp: %s\n", name, why,
		 help);
	return false;
}

/* One that asks nothing is run when its turn comes, so that naming it would
 * say something that is not meant. */
static bool
take_named(struct plan *plan, const char *name, struct buf *reterr)
{
	struct plan_item *item = plan_find(plan, name);
	enum step_state state;

	if (!item)
		return refuse(reterr, name,
			      "no step of the run is called so, or several are",
			      "'runbook history RUN' shows its steps");
	state = progress_state(plan->options->resumed, item->step->id);
	if (item->dropped)
		return refuse(reterr, name,
			      "it was decided that it is left out",
			      "begin a new run to decide otherwise");
	if (!item->step->branch && !item->step->condition)
		return refuse(reterr, name,
			      was_begun(state)
				      ? "it was begun, and stands in no menu "
					"and under no condition"
				      : "it stands in no menu and under no "
					"condition, and is run in its turn",
			      "leave this option out: it only chooses and "
			      "says yes");
	take(plan, item);
	return true;
}

bool
plan_answer(struct plan *plan, struct buf *reterr)
{
	const struct plan_options *o = plan->options;

	take_up(plan, o->resumed);
	for (size_t i = 0; i < o->n_takes; i++) {
		if (!take_named(plan, o->takes[i], reterr))
			return false;
	}
	for (size_t i = 0; i < o->n_leaves; i++) {
		struct plan_item *item = plan_find(plan, o->leaves[i]);
		const struct condition *c =
			item ? plan_open_condition(plan, item) : NULL;

		if (c && !plan_open_choice(plan, item))
			plan_judge(plan, c, false);
	}
	return true;
}
