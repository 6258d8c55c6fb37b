/* May this step run? The table of the design's section 6, menus, conditions,
 * missing values. */
#include "base/exit.h"
#include "exec/environ.h"
#include "run/log.h"
#include "run/plan_state.h"

/* ---- before anything --------------------------------------------------------
 */

/* What stops ITEM for lack of an operator. On a host any terminal will do for
 * a command that insists on one; on this machine it is the operator's. */
static unsigned
unattended_stops(struct plan_item *item)
{
	if (item->resolved->io == EFFECT_IO_INTERACTIVE &&
	    item->resolved->dispatch == DISPATCH_LOCAL)
		item->stops |= STOP_TERMINAL;
	return item->stops & ~(unsigned)STOP_VALUE;
}

/* It runs only when it is chosen, and until then it needs no values. */
static bool
awaits_choice(const struct plan_item *item)
{
	return item->stops & (STOP_CHOICE | STOP_CONDITION);
}

/* A value that an earlier selected step will read out of its output. */
static bool
is_captured_before(const struct plan *plan, const struct plan_item *item,
		   const struct param *p)
{
	for (uint32_t i = 0; &plan->items[i] != item; i++) {
		const struct step *s = plan->items[i].step;

		if (plan->items[i].dropped)
			continue;
		for (uint32_t k = 0; k < s->n_captures; k++) {
			if (s->captures[k].param == p)
				return true;
		}
	}
	return false;
}

static void
tell_missing(struct run *run, const struct plan_item *item,
	     const struct param *p)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	struct span where = p->where;

	for (uint32_t i = 0; i < item->step->n_uses; i++) {
		if (item->step->uses[i].param == p)
			where = item->step->uses[i].where;
	}
	for (uint32_t i = 0; i < item->step->n_variables; i++) {
		if (item->step->variables[i].param == p)
			where = item->step->variables[i].where;
	}
	buf_addf(&help, "give it with --set%s '%.*s=…'",
		 p->secret ? "-file" : "", TEXT_ARG(p->name));
	if (p->elsewhere.len)
		buf_addf(&help, "; line %u sets it to '%.*s'",
			 span_line(p->set_where), TEXT_ARG(p->elsewhere));
	else if (p->set_where.src)
		buf_addf(&help, "; line %u sets it", span_line(p->set_where));
	tell_diag(run, DIAG_VALUE_MISSING, where, buf_cstr(&help),
		  "step '%s' needs a value for '%.*s'", item->step->id,
		  TEXT_ARG(p->name));
}

/* All missing values, each told once. */
static bool
tell_all_missing(struct run *run)
{
	struct plan *plan = run->plan;
	bool *told = arena_alloc(plan->arena, plan->procedure->n_params + 1);
	bool any = false;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];
		const struct procedure *p = item->step->procedure;

		for (uint32_t k = 0; k < item->resolved->n_missing; k++) {
			const struct param *param = item->resolved->missing[k];
			uint32_t n = 0;

			if (awaits_choice(item) ||
			    is_captured_before(plan, item, param))
				continue;
			while (p == plan->procedure && n < p->n_params &&
			       p->params[n] != param)
				n++;
			if (p != plan->procedure || !told[n])
				tell_missing(run, item, param);
			told[p == plan->procedure ? n : p->n_params] = true;
			any = true;
		}
	}
	return any;
}

static void
tell_refused(struct run *run, const struct plan_item *item)
{
	struct span where = item->resolved->error ? item->resolved->error_where
						  : item->step->where;

	tell_diag(run, DIAG_STEP_REFUSED, where,
		  plan_refusal_help(run->plan, item),
		  "step '%s' cannot be run: %s", item->step->id, item->refusal);
}

/* Steps of a menu or under a condition refuse nothing until they are chosen. */
static bool
tell_all_refused(struct run *run)
{
	bool any = false;

	for (uint32_t i = 0; i < run->plan->n_items; i++) {
		const struct plan_item *item = &run->plan->items[i];

		if (!(item->stops & STOP_REFUSED) || awaits_choice(item))
			continue;
		tell_refused(run, item);
		any = true;
	}
	return any;
}

/* The first step that would end a run without an operator, whether it lacks a
 * value or an approval. */
static struct plan_item *
first_stop(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (item->stops || unattended_stops(item))
			return item;
	}
	return NULL;
}

/* Nobody can give the values that are missing. All of them are told; what the
 * run ends with is decided by the step that would have ended it first. */
static int
approve_values(struct run *run)
{
	struct plan_item *first;

	if (!tell_all_missing(run))
		return 0;
	first = first_stop(run->plan);
	if ((first->stops & STOP_VALUE) && !awaits_choice(first))
		return EXIT_STATUS_USAGE;
	run->end.next = first;
	tell_stop(run, first);
	return EXIT_STATUS_STOPPED;
}

/* Whoever can put programs where our steps look for theirs decides what runs
 * here. Who only reads is warned. */
static bool
tell_unsafe_path(struct run *run)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	const char *path = getenv("PATH");
	const struct plan_item *first = NULL;

	if (!path || environ_path_is_safe(path, &why))
		return false;
	for (uint32_t i = 0; i < run->plan->n_items && !first; i++) {
		const struct plan_item *item = &run->plan->items[i];

		if (item->step->kind == STEP_COMMAND &&
		    item->resolved->dispatch == DISPATCH_LOCAL &&
		    item->resolved->level > EFFECT_READS)
			first = item;
	}
	if (!first) {
		tell_diag(run, DIAG_PATH_UNSAFE,
			  (struct span){ run->plan->runbook->doc->src, 0, 0 },
			  NULL, "%s", buf_cstr(&why));
		return false;
	}
	tell_diag(run, DIAG_STEP_REFUSED, first->step->where,
		  "take it out of PATH, or say where programs are: "
		  "PATH=/usr/bin:/bin runbook …",
		  "step '%s' cannot be run: %s", first->step->id,
		  buf_cstr(&why));
	return true;
}

int
approve_plan(struct run *run)
{
	bool refused = tell_all_refused(run);

	if (!refused && tell_unsafe_path(run))
		return EXIT_STATUS_USAGE;
	if (refused)
		return EXIT_STATUS_USAGE;
	return run->config->asker ? 0 : approve_values(run);
}

/* ---- one step
 * ----------------------------------------------------------------- */

/* Without an operator: the first step behind ITEM that would still stop. */
static struct plan_item *
later_stop(struct run *run, const struct plan_item *item)
{
	struct plan *plan = run->plan;

	for (uint32_t i = item->number; i < plan->n_items; i++) {
		struct plan_item *later = &plan->items[i];

		if (unattended_stops(later))
			return later;
	}
	return NULL;
}

static enum verdict
stop(struct run *run, struct plan_item *item)
{
	tell_stop(run, item);
	return VERDICT_STOP;
}

/* Nobody can be asked. What only reads may run; anything above waits until
 * every later step is approved too, so that the run is not left half done. */
static enum verdict
approve_unattended(struct run *run, struct plan_item *item)
{
	struct plan_item *later;

	if (unattended_stops(item) || item->stops)
		return stop(run, item);
	if (item->resolved->level == EFFECT_READS)
		return VERDICT_RUN;
	later = later_stop(run, item);
	return later ? stop(run, later) : VERDICT_RUN;
}

/* The first parameter of ITEM that somebody must give, or NULL. */
static struct param *
wanted_value(const struct plan *plan, const struct plan_item *item)
{
	for (uint32_t i = 0; i < item->resolved->n_missing; i++) {
		struct param *p = item->resolved->missing[i];

		if (!is_captured_before(plan, item, p))
			return p;
	}
	return NULL;
}

/* Ask for what ITEM needs and no step before it will give. */
static bool
ask_some_values(struct run *run, struct plan_item *item)
{
	const struct asker *a = run->config->asker;
	struct param *p;

	while ((p = wanted_value(run->plan, item))) {
		CLEANUP(buf_release) struct buf value = BUF_INIT;
		CLEANUP(buf_release) struct buf why = BUF_INIT;

		if (!a->value(a->ctx, run->plan, item, p, &value))
			return false;
		if (!run_set_value(run, p, buf_text(&value), VALUE_ANSWER,
				   &why))
			tell_diag(run, DIAG_VALUE_REFUSED, p->where, NULL, "%s",
				  buf_cstr(&why));
	}
	return true;
}

/* What a step before ITEM should have given has to be asked for, too, when it
 * was left out. */
static bool
ask_values(struct run *run, struct plan_item *item)
{
	tell_step_show(run, item);
	return ask_some_values(run, item) && item->resolved->n_missing == 0 &&
	       !(item->stops & STOP_REFUSED);
}

/* The branches of CHOICE that the plan holds steps of. */
static const struct branch **
branches_of(const struct plan *plan, const struct choice *choice,
	    uint32_t *ret_n)
{
	const struct branch **list = NULL;

	*ret_n = 0;
	for (uint32_t i = 0; i < choice->n_branches; i++) {
		const struct branch *branch = choice->branches[i];
		bool any = branch->label.len > 0; /* done without the program */

		for (uint32_t k = 0; k < plan->n_items && !any; k++)
			any = step_is_in(plan->items[k].step, branch);
		if (any)
			ARENA_PUSH(plan->arena, list, *ret_n, branch);
	}
	return list;
}

/* Ask which branches are taken, outermost first; false: none. */
static bool
choose(struct run *run, struct plan_item *item)
{
	const struct asker *a = run->config->asker;
	const struct choice *choice;

	while (!item->dropped && (choice = plan_open_choice(run->plan, item))) {
		uint32_t n;
		const struct branch **branches =
			branches_of(run->plan, choice, &n);
		int picked = a->choose(a->ctx, run->plan, choice, branches, n);

		if (picked < 0)
			return false;
		plan_take(run->plan, branches[picked]);
	}
	return true;
}

static enum verdict
verdict_of(enum answer answer)
{
	switch (answer) {
	case ANSWER_YES:
	case ANSWER_ALL:
		return VERDICT_RUN;
	case ANSWER_SKIP:
		return VERDICT_SKIP;
	case ANSWER_NO:
	case ANSWER_QUIT:
		break;
	}
	return VERDICT_STOP;
}

/* Ask whether the conditions hold, outermost first; each is asked once,
 * however many steps it stands over. */
static enum verdict
ask_conditions(struct run *run, struct plan_item *item)
{
	const struct asker *a = run->config->asker;
	const struct condition *c;

	while (!item->dropped && (c = plan_open_condition(run->plan, item))) {
		enum answer answer;

		tell_step_show(run, item);
		answer = a->condition(a->ctx, run->plan, item, c);
		if (answer == ANSWER_QUIT)
			return VERDICT_STOP;
		plan_judge(run->plan, c, answer == ANSWER_YES);
	}
	return item->dropped ? VERDICT_SKIP : VERDICT_RUN;
}

/* "All below disrupts" was said, and holds for ITEM: not where the author
 * asks. */
static bool
is_allowed(const struct run *run, const struct plan_item *item)
{
	return run->allow_all && item->resolved->level < EFFECT_UNKNOWN &&
	       item->step->confirm.len == 0;
}

/* Is there a question of y and n before it? The author's is asked whatever was
 * said of other steps, and before the name of what goes is typed. A file is
 * asked about when it is known what would change (approve_write). */
static bool
is_asked(const struct run *run, const struct plan_item *item)
{
	if (item->step->kind == STEP_FILE ||
	    !(item->stops & (STOP_EFFECT | STOP_CONFIRM)))
		return false;
	if (item->step->confirm.len)
		return true;
	return !(item->stops & STOP_TYPED) && !is_allowed(run, item);
}

static enum verdict
ask_confirm(struct run *run, struct plan_item *item)
{
	const struct asker *a = run->config->asker;
	enum answer answer = a->confirm(a->ctx, run->plan, item);

	run->allow_all |= answer == ANSWER_ALL;
	return verdict_of(answer);
}

static enum verdict
ask_effect(struct run *run, struct plan_item *item)
{
	const struct asker *a = run->config->asker;
	enum verdict v = VERDICT_RUN;

	if (!is_asked(run, item) && !(item->stops & STOP_TYPED))
		return VERDICT_RUN;
	tell_step_show(run, item);
	if (is_asked(run, item))
		v = ask_confirm(run, item);
	if (v == VERDICT_RUN && (item->stops & STOP_TYPED) &&
	    !a->typed(a->ctx, run->plan, item))
		v = VERDICT_STOP;
	return v == VERDICT_STOP ? stop(run, item) : v;
}

/* Values of steps that are sure to run are asked for before the first step
 * that does more than read: nobody looks them up while a service is down. But
 * where the step before one shows what there is to choose from, it is asked
 * when that was shown. */
static bool
ask_values_ahead(struct run *run, const struct plan_item *item)
{
	struct plan *plan = run->plan;

	for (uint32_t i = item->number; i < plan->n_items; i++) {
		struct plan_item *later = &plan->items[i];
		const struct plan_item *before = &plan->items[i - 1];

		if (later->dropped || awaits_choice(later) ||
		    !(later->stops & STOP_VALUE) ||
		    (!before->dropped && before->step->kind == STEP_COMMAND &&
		     before->resolved->level == EFFECT_READS))
			continue;
		if (!ask_some_values(run, later))
			return false;
	}
	return true;
}

static enum verdict
decide(struct run *run, struct plan_item *item)
{
	if (item->dropped)
		return VERDICT_SKIP;
	if (!run->config->asker)
		return approve_unattended(run, item);
	if ((item->stops & STOP_CHOICE) && !choose(run, item))
		return stop(run, item);
	if (item->dropped)
		return VERDICT_SKIP;
	if (item->stops & STOP_CONDITION) {
		enum verdict v = ask_conditions(run, item);

		if (v == VERDICT_STOP)
			return stop(run, item);
		if (v == VERDICT_SKIP)
			return v;
	}
	if (item->stops & STOP_REFUSED) {
		tell_refused(run, item);
		return VERDICT_STOP;
	}
	if ((item->stops & STOP_VALUE) && !ask_values(run, item))
		return stop(run, item);
	if (item->resolved->level > EFFECT_READS &&
	    !ask_values_ahead(run, item))
		return stop(run, item);
	return ask_effect(run, item);
}

/* By which word ITEM may run that does not simply run, or NULL. */
static const char *
approved_by(const struct plan_item *item)
{
	if (item->stops & STOP_TYPED)
		return "typed";
	if (item->stops & (STOP_EFFECT | STOP_CONFIRM))
		return item->step->kind == STEP_FILE ? NULL : "asked";
	if (item->confirmed)
		return "confirm";
	return effect_level_stops(item->resolved->level) ? "allow" : NULL;
}

enum verdict
approve(struct run *run, struct plan_item *item)
{
	enum verdict v;
	const char *how;
	bool may_ask;

	plan_judge_now(run->plan, item);
	may_ask = item->stops || item->resolved->level > EFFECT_READS;
	v = decide(run, item);
	if (v == VERDICT_RUN && may_ask && plan_judge_now(run->plan, item))
		return stop(run, item); /* changed while somebody was asked */
	how = v == VERDICT_RUN ? approved_by(item) : NULL;
	if (how && log_approve(run, item, how) < 0)
		return VERDICT_STOP;
	return v;
}

enum verdict
approve_write(struct run *run, struct plan_item *item)
{
	enum verdict v = is_allowed(run, item) ? VERDICT_RUN : VERDICT_STOP;

	if (item->confirmed)
		return VERDICT_RUN;
	if (v == VERDICT_STOP && run->config->asker) {
		tell_step_show(run, item);
		v = ask_confirm(run, item);
	}
	if (v == VERDICT_RUN && log_approve(run, item, "asked") < 0)
		return VERDICT_STOP;
	if (v == VERDICT_STOP) {
		item->stops |= STOP_CONFIRM;
		tell_stop(run, item);
	}
	return v;
}
