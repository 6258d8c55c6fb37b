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

/* What is to be decided: a choice, by taking BRANCH, or CONDITION. */
struct decision {
	const struct branch *branch;       /* NULL: none, or none is taken */
	const struct condition *condition; /* NULL: it is a choice */
	bool holds;
};

static bool
is_under(const struct plan_item *item, const struct decision *d)
{
	return d->condition ? step_depends_on(item->step, d->condition)
			    : step_is_in(item->step, d->branch);
}

/* Nothing but D is open above ITEM. */
static bool
needs_only(const struct plan *plan, const struct plan_item *item,
	   const struct decision *d)
{
	const struct branch *b = item->step->branch;
	const struct condition *c = item->step->condition;

	for (; b; b = b->choice->inside) {
		if (b != d->branch && !plan_is_made(plan, b->choice))
			return false;
	}
	for (; c; c = c->outer) {
		if (c != d->condition && !plan_is_judged(plan, c))
			return false;
	}
	return true;
}

static bool
is_to_come(const struct plan *plan, const struct plan_item *item)
{
	return item->number > plan->at && !item->dropped;
}

/* The steps that D lets run: those under it alone, so that nothing else is
 * decided along with it, or when there are none all under it. */
static bool
takes(const struct plan *plan, const struct plan_item *item,
      const struct decision *d, bool alone)
{
	return d->holds && is_under(item, d) &&
	       (!alone || needs_only(plan, item, d));
}

static bool
has_alone(const struct plan *plan, const struct decision *d)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (is_to_come(plan, &plan->items[i]) &&
		    takes(plan, &plan->items[i], d, true))
			return true;
	}
	return false;
}

/* What the call that has just ended was given, and the next one needs again:
 * values and approvals. */
static void
add_given(struct buf *b, struct plan *plan)
{
	const struct values *v = plan->values;

	for (uint32_t i = 0; i < v->n_items; i++) {
		const struct given *g = &v->items[i];
		CLEANUP(buf_release) struct buf pair = BUF_INIT;
		bool secret = plan_is_secret(plan, g->name);

		if (g->origin != VALUE_OPTION)
			continue;
		buf_addf(&pair, "%.*s=", TEXT_ARG(g->name));
		buf_addt(&pair, secret ? TEXT("…") : g->value);
		buf_adds(b, secret ? " --set-file " : " --set ");
		quote_add_word(b, buf_text(&pair));
	}
	for (int level = EFFECT_UNKNOWN; level < EFFECT_DESTROYS; level++) {
		if (plan->options->allow & (1u << level))
			buf_addf(b, " --allow %s",
				 effect_level_name((enum effect_level)level));
	}
}

/* "3", or "deploy/rollback.2" of a procedure that is needed first. */
static void
add_step(struct buf *b, const struct plan *plan, const struct plan_item *item)
{
	if (item->step->procedure == plan->procedure)
		buf_addf(b, "%u", item->step->ordinal);
	else
		quote_add_word(b, text_of(item->step->id));
}

/* "runbook resume 4f2a11c0 --step 3 --set …": the call that goes on with D
 * decided, and repeats nothing. */
static void
add_answer(struct buf *b, struct plan *plan, const struct decision *d,
	   const char *resume)
{
	struct decision asked = *d;
	CLEANUP(buf_release) struct buf options = BUF_INIT;
	const struct plan_item *named = NULL;
	bool alone, settled = true;

	asked.holds = true;
	alone = has_alone(plan, &asked);
	for (uint32_t i = plan->at; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];
		bool under = takes(plan, item, &asked, alone);

		if (item->dropped)
			continue;
		if (under && !named)
			named = item;
		if (is_open(item) && !(under && d->holds))
			continue;
		plan_approval(&options, plan, item);
		settled &= !(item->stops & (STOP_TYPED | STOP_CONFIRM)) ||
			   item->settled;
	}
	if (!named)
		return;
	buf_addf(b, "%s %s ", resume, d->holds ? "--step" : "--skip");
	add_step(b, plan, named);
	if (options.len)
		buf_addf(b, " %s", options.bytes);
	if (!settled)
		buf_adds(b, "; it says then what else is to be confirmed");
}

/* The plan of the call that names the N steps NAMES of PLAN, with what PLAN was
 * given; NULL: there is none. */
static struct plan *
plan_named(struct plan *plan, const char *const *names, size_t n)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct plan_options *o = ARENA_NEW(plan->arena, struct plan_options);
	enum exit_status status;

	*o = *plan->options;
	o->steps = names;
	o->n_steps = n;
	o->from = NULL;
	o->n_confirm = 0;
	return plan_make(plan->procedure, plan->rules, o, plan->values, &error,
			 &status);
}

/* What the steps of the call that names the N steps NAMES of PLAN must be
 * approved with, levels that PLAN allows already aside. False: the
 * confirmation of one depends on values that are not given. RET_REFUSED is the
 * first that could not be run so: it takes something from one that is left out.
 */
static bool
add_approvals(struct buf *b, struct plan *plan, const char *const *names,
	      size_t n, const struct plan_item **ret_refused)
{
	struct plan *named = plan_named(plan, names, n);
	bool settled = true;

	for (uint32_t i = 0; named && i < named->n_items; i++) {
		struct plan_item *item = &named->items[i];

		if ((item->stops & STOP_REFUSED) && !*ret_refused)
			*ret_refused = item;
		plan_approval(b, named, item);
		settled &= !(item->stops & (STOP_TYPED | STOP_CONFIRM)) ||
			   item->settled;
	}
	return settled;
}

/* "runbook run x.md p --step 1 --step 3 --set …": the call that runs all steps
 * that ask nothing, and those that D lets run. Nothing when there are none.
 * Returns the number of steps that wait for something else. */
static uint32_t
add_call(struct buf *b, struct plan *plan, const struct decision *d)
{
	CLEANUP(buf_release) struct buf options = BUF_INIT;
	const char **names = NULL;
	size_t n = 0;
	bool alone = has_alone(plan, d), settled;
	const struct plan_item *refused = NULL;
	uint32_t others = 0;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->step->procedure != plan->procedure || item->dropped)
			continue;
		if (is_open(item) && !takes(plan, item, d, alone)) {
			others += !d->condition || !is_under(item, d);
			continue;
		}
		ARENA_PUSH(
			plan->arena, names, n,
			arena_printf(plan->arena, "%u", item->step->ordinal));
	}
	if (n == 0)
		return 0;
	settled = add_approvals(&options, plan, names, n, &refused);
	if (refused) {
		buf_addf(b, "step %u cannot be run: %s", refused->step->ordinal,
			 refused->refusal);
		return 0;
	}
	buf_adds(b, "runbook run ");
	quote_add_word(b, text_of(plan->runbook->doc->src->path));
	buf_addc(b, ' ');
	quote_add_word(b, plan->procedure->path);
	for (size_t i = 0; i < n; i++)
		buf_addf(b, " --step %s", names[i]);
	add_given(b, plan);
	if (options.len)
		buf_addf(b, " %s", options.bytes);
	if (!settled)
		buf_adds(b, "; then plan again for the confirmation");
	return d->condition ? others : 0;
}

static struct text
branch_name(const struct plan *plan, const struct branch *branch)
{
	if (branch->label.len)
		return branch->label;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (step_is_in(plan->items[i].step, branch))
			return plan->items[i].step->label;
	}
	return (struct text){ NULL, 0 };
}

static void
add_choice(struct buf *b, struct plan *plan, const struct choice *choice,
	   const struct run_end *end, const char *resume)
{
	for (uint32_t i = 0; i < choice->n_branches && i < BRANCHES_MOST; i++) {
		const struct decision d = { choice->branches[i], NULL, true };
		CLEANUP(buf_release) struct buf call = BUF_INIT;
		struct text name = branch_name(plan, d.branch);

		if (end->fresh)
			add_call(&call, plan, &d);
		else
			add_answer(&call, plan, &d, resume);
		if (name.len && call.len)
			line(b, "for '%.*s': %s", TEXT_ARG(name),
			     buf_cstr(&call));
	}
}

static void
add_condition(struct buf *b, struct plan *plan,
	      const struct condition *condition, const struct run_end *end,
	      const char *resume)
{
	struct decision d = { NULL, condition, true };
	CLEANUP(buf_release) struct buf with = BUF_INIT;
	CLEANUP(buf_release) struct buf without = BUF_INIT;
	uint32_t others = 0;

	if (end->fresh)
		add_call(&with, plan, &d);
	else
		add_answer(&with, plan, &d, resume);
	d.holds = false;
	if (end->fresh)
		others = add_call(&without, plan, &d);
	else
		add_answer(&without, plan, &d, resume);
	line(b, "if it is the case: %s", buf_cstr(&with));
	if (without.len)
		line(b, "if it is not: %s", buf_cstr(&without));
	else
		line(b, "if it is not, nothing is to be run");
	if (others)
		line(b,
		     "%u step%s under another condition or in a menu: name "
		     "%s with --step, too, where %s to be run",
		     others, others == 1 ? " stands" : "s stand",
		     others == 1 ? "it" : "them",
		     others == 1 ? "it is" : "they are");
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
		add_choice(b, plan, plan_open_choice(plan, l.open), end,
			   resume);
	else if (l.open)
		add_condition(b, plan, plan_open_condition(plan, l.open), end,
			      resume);
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

/* What was done with a value stays so: the step would be another one. */
static bool
is_bound(const struct plan *plan, const struct plan_item *failed,
	 const struct param *param)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct plan_item *item = &plan->items[i];

		if (item != failed && item->begun &&
		    step_uses(item->step, param))
			return true;
	}
	return false;
}

/* The value may have been the wrong one. */
static void
add_values(struct buf *b, const struct plan *plan, const struct plan_item *item,
	   const char *resume)
{
	const struct step *s = item->step;
	CLEANUP(buf_release) struct buf options = BUF_INIT;

	for (uint32_t i = 0; i < s->n_uses; i++) {
		const struct param *p = s->uses[i].param;
		bool again = false;

		for (uint32_t k = 0; k < i; k++)
			again |= s->uses[k].param == p;
		if (again || p->secret || !values_lookup(plan->values, p).at ||
		    is_bound(plan, item, p))
			continue;
		buf_addf(&options, " --set %.*s=VALUE", TEXT_ARG(p->name));
	}
	if (options.len)
		line(b, "or with another value: '%s%s'", resume, options.bytes);
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
	if (end->status == RUN_STATUS_FAILED)
		add_values(b, plan, end->next, resume);
	if (end->status == RUN_STATUS_FAILED && end->exit == 1)
		add_past(b, end, resume);
}
