/* Making plans. */
#include "run/plan.h"

#include "base/alloc.h"
#include "run/plan_state.h"

struct planner {
	struct plan *plan;
	struct buf *reterr;
	enum exit_status *reterr_status;
	struct procedure **open; /* being expanded, for circles */
	uint32_t n_open;
};

/* ---- what stops an item -----------------------------------------------------
 */

static unsigned
effect_stop(const struct plan *plan, const struct plan_item *item)
{
	enum effect_level level = item->resolved->level;

	if (!effect_level_stops(level) || item->confirmed)
		return 0;
	if (level == EFFECT_DESTROYS)
		return STOP_TYPED;
	return plan->options->allow & (1u << level) ? 0 : STOP_EFFECT;
}

/* A terminal is wanted by what the command does, not only by an option such
 * as -it on a command that asks nothing; for that a pty will do. */
static bool
reads_terminal(const struct plan_item *item)
{
	const struct effect *e = item->resolved->effect;

	if (item->resolved->io != EFFECT_IO_INTERACTIVE)
		return false;
	if (!e)
		return true;
	for (uint32_t i = 0; i < e->n_findings; i++) {
		if (e->findings[i].tags & EFFECT_TAG_INTERACTIVE)
			return true;
	}
	return !item->step->tty;
}

static const char *
refusal(const struct plan *plan, const struct plan_item *item)
{
	const struct resolved *r = item->resolved;

	if (item->step->refusal)
		return item->step->refusal;
	if (r->error)
		return r->error;
	if (item->lack)
		return item->lack;
	if (plan->options->read_only && r->level > EFFECT_READS)
		return arena_printf(plan->arena,
				    "--read-only refuses it, because it %s",
				    r->level == EFFECT_UNKNOWN
					    ? "could do anything"
					    : effect_level_name(r->level));
	return NULL;
}

/* ---- choices and conditions
 * --------------------------------------------------
 */

bool
plan_is_made(const struct plan *plan, const struct choice *choice)
{
	for (uint32_t i = 0; i < plan->n_taken; i++) {
		if (plan->taken[i]->choice == choice)
			return true;
	}
	return false;
}

const struct choice *
plan_open_choice(const struct plan *plan, const struct plan_item *item)
{
	const struct choice *open = NULL;

	if (item->named)
		return NULL;
	for (const struct branch *b = item->step->branch; b;
	     b = b->choice->inside) {
		if (!plan_is_made(plan, b->choice))
			open = b->choice;
	}
	return open;
}

bool
plan_is_judged(const struct plan *plan, const struct condition *condition)
{
	for (uint32_t i = 0; i < plan->n_judged; i++) {
		if (plan->judged[i].condition == condition)
			return true;
	}
	return false;
}

const struct condition *
plan_open_condition(const struct plan *plan, const struct plan_item *item)
{
	const struct condition *open = NULL;

	if (item->named)
		return NULL;
	for (const struct condition *c = item->step->condition; c;
	     c = c->outer) {
		if (!plan_is_judged(plan, c))
			open = c;
	}
	return open;
}

unsigned
plan_stops(const struct plan *plan, struct plan_item *item)
{
	const struct step *s = item->step;
	unsigned stops = 0;

	item->refusal = refusal(plan, item);
	if (plan_open_choice(plan, item))
		stops |= STOP_CHOICE;
	if (plan_open_condition(plan, item))
		stops |= STOP_CONDITION;
	if (item->refusal)
		return stops | STOP_REFUSED;
	if (item->resolved->n_missing)
		stops |= STOP_VALUE;
	if ((s->confirm.len || plan->options->step_by_step) && !item->confirmed)
		stops |= STOP_CONFIRM;
	if (s->kind == STEP_MANUAL)
		return stops | STOP_HUMAN;
	if (s->kind == STEP_FILE)
		return stops;
	if (reads_terminal(item))
		stops |= STOP_TERMINAL;
	return stops | effect_stop(plan, item);
}

static bool
depends_on_choice(const struct step *s, const struct choice *choice)
{
	const struct branch *b = s->branch;

	while (b && b->choice != choice)
		b = b->choice->inside;
	return b != NULL;
}

void
plan_take(struct plan *plan, const struct branch *branch)
{
	ARENA_PUSH(plan->arena, plan->taken, plan->n_taken, branch);
	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (!depends_on_choice(item->step, branch->choice))
			continue;
		item->dropped |= !step_is_in(item->step, branch);
	}
	plan_foresee(plan);
}

void
plan_judge(struct plan *plan, const struct condition *condition, bool holds)
{
	struct judged judged = { condition, holds };

	ARENA_PUSH(plan->arena, plan->judged, plan->n_judged, judged);
	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (!step_depends_on(item->step, condition))
			continue;
		item->dropped |= !holds;
	}
	plan_foresee(plan);
}

struct plan_item *
plan_find(const struct plan *plan, const char *name)
{
	const struct step *s = procedure_step(plan->procedure, text_of(name));

	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct step *one = plan->items[i].step;

		if (one == s || (!s && text_is(text_of(name), one->id)))
			return &plan->items[i];
	}
	return NULL;
}

struct plan_number
plan_number(const struct plan *plan, const struct plan_item *item)
{
	if (plan->mixed)
		return (struct plan_number){ item->number, plan->n_items };
	return (struct plan_number){ item->step->ordinal,
				     plan->procedure->n_steps };
}

const char *
plan_confirm_id(struct plan *plan, struct plan_item *item)
{
	return arena_printf(plan->arena, "%s@%s", item->step->id, item->hash);
}

/* ---- which steps
 * ------------------------------------------------------------- */

static void
add_item(struct plan *plan, const struct step *step, bool named)
{
	struct plan_item item = { .step = step, .named = named };

	item.number = plan->n_items + 1;
	plan->mixed |= step->procedure != plan->procedure;
	ARENA_PUSH(plan->arena, plan->items, plan->n_items, item);
}

static bool add_procedure(struct planner *pl, struct procedure *p);

static bool
add_needs(struct planner *pl, struct procedure *p)
{
	for (uint32_t i = 0; i < pl->n_open; i++) {
		if (pl->open[i] == p) {
			buf_addf(pl->reterr,
				 "procedure '%.*s' needs itself, through its "
				 "needs\n",
				 TEXT_ARG(p->path));
			return false;
		}
	}
	ARENA_PUSH(pl->plan->arena, pl->open, pl->n_open, p);
	for (uint32_t i = 0; i < p->n_needs; i++) {
		if (!add_procedure(pl, p->needs[i]))
			return false;
	}
	pl->n_open--;
	return true;
}

static bool
add_procedure(struct planner *pl, struct procedure *p)
{
	if (!add_needs(pl, p))
		return false;
	for (uint32_t i = 0; i < p->n_steps; i++)
		add_item(pl->plan, p->steps[i], false);
	return true;
}

static struct step *
find_step(struct planner *pl, const char *name, const char *option)
{
	enum {
		SHOWN = 8
	};
	const struct procedure *p = pl->plan->procedure;
	struct step *found[SHOWN];
	uint32_t n = procedure_steps(p, text_of(name), found, SHOWN);

	if (n == 1)
		return found[0];
	if (n == 0) {
		buf_addf(pl->reterr,
			 "no step '%s' in '%.*s' (option %s): it has steps 1 "
			 "to %u\n",
			 name, TEXT_ARG(p->path), option, p->n_steps);
		return NULL;
	}
	buf_addf(pl->reterr,
		 "%u steps of '%.*s' are called '%s' (option %s): ", n,
		 TEXT_ARG(p->path), name, option);
	for (uint32_t i = 0; i < n && i < SHOWN; i++)
		buf_addf(pl->reterr, "%s%u (line %u)", i ? ", " : "",
			 found[i]->ordinal, found[i]->line);
	if (n > SHOWN)
		buf_addf(pl->reterr, " and %u more", n - SHOWN);
	buf_adds(pl->reterr, "; give the number\n");
	return NULL;
}

/* The steps that --step names, in the document's order, each once. */
static bool
add_named(struct planner *pl)
{
	const struct plan_options *o = pl->plan->options;
	const struct procedure *p = pl->plan->procedure;
	bool *wanted = arena_alloc(pl->plan->arena, p->n_steps + 1);
	bool ok = true;

	for (size_t i = 0; i < o->n_steps; i++) {
		const struct step *s = find_step(pl, o->steps[i], "--step");

		if (s)
			wanted[s->ordinal] = true;
		else
			ok = false;
	}
	for (uint32_t i = 0; i < p->n_steps && ok; i++) {
		if (wanted[i + 1])
			add_item(pl->plan, p->steps[i], true);
	}
	return ok;
}

static bool
add_from(struct planner *pl)
{
	const struct procedure *p = pl->plan->procedure;
	const struct step *s = find_step(pl, pl->plan->options->from, "--from");

	for (uint32_t i = s ? s->ordinal - 1 : 0; s && i < p->n_steps; i++)
		add_item(pl->plan, p->steps[i], false);
	return s != NULL;
}

/* ---- options that fit nothing
 * -------------------------------------------------- */

/* The item that confirmation ID is for, or NULL. */
static struct plan_item *
confirmed_item(const struct plan *plan, const char *id)
{
	struct text t = text_of(id);
	struct text name = text_sub(t, 0, text_chr(t, '@', 0));

	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (text_is(name, plan->items[i].step->id))
			return &plan->items[i];
	}
	return NULL;
}

/* One that fits no selected step was meant for another call; one that fits not
 * any more, for another command. */
static bool
check_confirmations(struct planner *pl)
{
	struct plan *plan = pl->plan;
	bool ok = true;

	for (size_t i = 0; i < plan->options->n_confirm; i++) {
		const char *id = plan->options->confirm[i];
		struct plan_item *item = confirmed_item(plan, id);

		if (!strchr(id, '@')) {
			buf_addf(pl->reterr,
				 "'%s' is no confirmation: --confirm takes "
				 "STEP@HASH, as 'runbook plan' prints it\n",
				 id);
			return false;
		}
		if (!item) {
			buf_addf(pl->reterr,
				 "no selected step is '%s' (option --confirm): "
				 "'runbook plan' prints the confirmations as "
				 "they are now\n",
				 id);
			return false;
		}
		if (strcmp(plan_confirm_id(plan, item), id) == 0)
			continue;
		buf_addf(
			pl->reterr,
			"step '%s' has changed since '%s' was printed: it is "
			"now '%s'\n"
			"help: look at it with 'runbook plan'; its values, its "
			"folder and what the steps before it leave in their "
			"shell count, too\n",
			item->step->id, id, plan_confirm_id(plan, item));
		*pl->reterr_status = EXIT_STATUS_STALE;
		ok = false;
	}
	return ok;
}

static bool
check_values(struct planner *pl)
{
	struct plan *plan = pl->plan;
	struct procedure **all = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct procedure *p = plan->items[i].step->procedure;

		if (n == 0 || all[n - 1] != p)
			ARENA_PUSH(plan->arena, all, n, p);
	}
	return values_check(plan->values, all, n, pl->reterr);
}

struct plan *
plan_make(struct procedure *procedure, const struct effect_rules *rules,
	  const struct plan_options *options, struct values *values,
	  struct buf *reterr, enum exit_status *reterr_status)
{
	struct arena *arena = procedure->runbook->doc->arena;
	struct plan *plan = ARENA_NEW(arena, struct plan);
	struct planner pl = { .plan = plan,
			      .reterr = reterr,
			      .reterr_status = reterr_status };
	bool ok;

	*reterr_status = EXIT_STATUS_USAGE;
	plan->arena = arena;
	plan->runbook = procedure->runbook;
	plan->procedure = procedure;
	plan->rules = rules;
	plan->options = options;
	plan->values = values;
	plan->scope = scope_new(arena);
	plan->chain.settled = true;
	if (options->n_steps)
		ok = add_named(&pl);
	else if (options->from)
		ok = add_from(&pl);
	else
		ok = add_procedure(&pl, procedure);
	if (!ok || !check_values(&pl))
		return NULL;
	plan_foresee(plan);
	if (options->resumed && !plan_answer(plan, reterr))
		return NULL;
	return check_confirmations(&pl) ? plan : NULL;
}

static bool
is_listed(struct param *const *list, uint32_t n, const struct param *p)
{
	for (uint32_t i = 0; i < n; i++) {
		if (list[i] == p)
			return true;
	}
	return false;
}

static void
add_params(const struct plan *plan, const struct procedure *p,
	   struct param ***list, uint32_t *n)
{
	for (uint32_t i = 0; i < p->n_params; i++) {
		if (!is_listed(*list, *n, p->params[i]))
			ARENA_PUSH(plan->arena, *list, *n, p->params[i]);
	}
}

struct param **
plan_params(const struct plan *plan, uint32_t *ret_n)
{
	const struct procedure *last = plan->procedure;
	struct param **list = NULL;

	*ret_n = 0;
	add_params(plan, plan->procedure, &list, ret_n);
	for (uint32_t i = 0; i < plan->n_items; i++) {
		const struct procedure *p = plan->items[i].step->procedure;

		if (p != last)
			add_params(plan, p, &list, ret_n);
		last = p;
	}
	return list;
}

bool
plan_is_secret(const struct plan *plan, struct text name)
{
	uint32_t n;
	struct param **params = plan_params(plan, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (params[i]->secret && param_is_called(params[i], name))
			return true;
	}
	return false;
}

const char *
plan_stop_name(enum plan_stop stop)
{
	switch (stop) {
	case STOP_VALUE:
		return "value";
	case STOP_CHOICE:
		return "choice";
	case STOP_CONDITION:
		return "condition";
	case STOP_CONFIRM:
		return "confirm";
	case STOP_EFFECT:
		return "effect";
	case STOP_TYPED:
		return "typed";
	case STOP_TERMINAL:
		return "terminal";
	case STOP_HUMAN:
		return "human";
	case STOP_REFUSED:
		return "refused";
	}
	BUG("no stop %d", (int)stop);
}
