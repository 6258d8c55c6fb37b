/* From what stopped a run to the call that gets past it. */
#include "report/remedy.h"

#include "base/width.h"
#include "report/plan_report.h"
#include "shell/quote.h"

enum {
	BRANCHES_MOST = 6
};

static void line(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
line(struct buf *b, const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	buf_adds(b, "help: ");
	width_print(b, buf_text(&text), 0);
	buf_addc(b, '\n');
}

static bool
is_open(const struct plan_item *item)
{
	return item->stops & (STOP_CHOICE | STOP_CONDITION);
}

/* ---- choices and conditions -----------------------------------------------
 */

/* Takes ITEM, which is under a choice or a condition? */
typedef bool takes_fn(const struct plan_item *item, const void *ctx);

static bool
take_all(const struct plan_item *item UNUSED, const void *ctx UNUSED)
{
	return true;
}

static bool
take_none(const struct plan_item *item UNUSED, const void *ctx UNUSED)
{
	return false;
}

static bool
take_branch(const struct plan_item *item, const void *ctx)
{
	return step_is_in(item->step, ctx);
}

/* "runbook run x.md p --step 1 --step 3 --set …": the call that runs all steps
 * but those under a choice or a condition that TAKES does not take. */
static void
add_call(struct buf *b, struct plan *plan, takes_fn *takes, const void *ctx)
{
	CLEANUP(buf_release) struct buf steps = BUF_INIT;
	CLEANUP(buf_release) struct buf options = BUF_INIT;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->step->procedure != plan->procedure || item->dropped ||
		    (is_open(item) && !takes(item, ctx)))
			continue;
		buf_addf(&steps, " --step %u", item->step->ordinal);
		plan_approval(&options, plan, item);
	}
	buf_adds(b, "runbook run ");
	quote_add_word(b, text_of(plan->runbook->doc->src->path));
	buf_addc(b, ' ');
	quote_add_word(b, plan->procedure->path);
	buf_addt(b, buf_text(&steps));
	if (options.len)
		buf_addf(b, " %s", options.bytes);
}

static struct text
branch_name(const struct plan *plan, const struct branch *branch)
{
	if (branch->label.len)
		return branch->label;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (step_is_in(plan->items[i].step, branch))
			return plan->items[i].step->title;
	}
	return (struct text){ NULL, 0 };
}

static void
add_choice(struct buf *b, struct plan *plan, const struct choice *choice)
{
	for (uint32_t i = 0; i < choice->n_branches && i < BRANCHES_MOST; i++) {
		const struct branch *branch = choice->branches[i];
		CLEANUP(buf_release) struct buf call = BUF_INIT;
		struct text name = branch_name(plan, branch);

		add_call(&call, plan, take_branch, branch);
		if (name.len)
			line(b, "for '%.*s': %s", TEXT_ARG(name),
			     buf_cstr(&call));
	}
}

static void
add_conditions(struct buf *b, struct plan *plan)
{
	CLEANUP(buf_release) struct buf with = BUF_INIT;
	CLEANUP(buf_release) struct buf without = BUF_INIT;

	add_call(&with, plan, take_all, NULL);
	add_call(&without, plan, take_none, NULL);
	line(b, "if it is the case: %s", buf_cstr(&with));
	line(b, "if it is not: %s", buf_cstr(&without));
}

/* ---- what is lacking ------------------------------------------------------
 */

struct lacks {
	const struct plan_item *open; /* the first one */
	bool human, refused, unsettled;
	struct buf options;
};

static void
find_lacks(struct plan *plan, const struct plan_item *first, struct lacks *ret)
{
	for (uint32_t i = first->number - 1; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->dropped)
			continue;
		if (is_open(item) && !ret->open)
			ret->open = item;
		ret->refused |= (item->stops & STOP_REFUSED) && !is_open(item);
		ret->human |= (item->stops & (STOP_TERMINAL | STOP_HUMAN)) != 0;
		ret->unsettled |= (item->stops & (STOP_TYPED | STOP_CONFIRM)) &&
				  !item->settled;
		plan_approval(&ret->options, plan, item);
	}
}

/* It stopped because nobody could be asked: what would have answered. */
static void
add_unattended(struct buf *b, struct plan *plan, const struct run_end *end,
	       const char *resume)
{
	struct lacks l = { .options = BUF_INIT };
	const char *then = "";

	find_lacks(plan, end->next, &l);
	if (l.unsettled)
		then = "; then plan again for the confirmation";
	if (l.refused)
		;
	else if (l.human)
		line(b, "run it at a terminal, where somebody answers");
	else if (l.open && (l.open->stops & STOP_CHOICE))
		add_choice(b, plan, plan_open_choice(plan, l.open));
	else if (l.open)
		add_conditions(b, plan);
	else if (end->fresh && l.options.len)
		line(b, "to run it, add %s%s", buf_cstr(&l.options), then);
	else if (end->fresh)
		; /* nothing was lacking but what has been told */
	else
		line(b, "go on with '%s%s%s'%s", resume,
		     l.options.len ? " " : "", buf_cstr(&l.options), then);
	buf_release(&l.options);
}

/* Past a step that failed, for who knows that this is right. */
static void
add_past(struct buf *b, const struct run_end *end, const char *resume)
{
	const struct plan_item *item = end->next;
	CLEANUP(buf_release) struct buf id = BUF_INIT;

	if (item->resolved->level == EFFECT_READS)
		buf_addf(&id, "%u", item->step->ordinal);
	else
		quote_add_word(&id, text_of(item->step->id));
	line(b, "or behind it, as it is: '%s --skip %s'", resume,
	     buf_cstr(&id));
}

void
remedy_add(struct buf *b, struct plan *plan, const struct run_end *end,
	   const char *resume)
{
	if (!end->next)
		return;
	if (end->status == RUN_STATUS_STOPPED && end->unattended) {
		add_unattended(b, plan, end, resume);
		return;
	}
	if (end->next->lack && (end->next->stops & STOP_REFUSED))
		return;
	line(b, "go on with '%s'", resume);
	if (end->status == RUN_STATUS_FAILED && end->exit == 1)
		add_past(b, end, resume);
}
