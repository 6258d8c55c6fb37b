/* Steps that take from the shell what only steps set that are not run: begun
 * in the middle, left out, or whose shell is gone. They would run with
 * something else, or with nothing: `rm -r "$dir"/old` with an empty $dir. */
#include "run/plan_state.h"
#include "shell/uses.h"

/* What is not there, and the step that would have set it. */
struct absence {
	struct text name;
	const struct step *by;
};

struct absences {
	struct absence *items;
	uint32_t n;
};

struct looking {
	struct plan *plan;
	struct absences variables, commands, exports;
	const struct step *folder, *any; /* NULL: none */
	struct shell_names given;        /* by the steps that are run */
	struct shell_names functions;    /* of them, commands */
	struct shell_names given_exports;
	bool given_folder;
};

/* Who would have set NAME; NULL when that is nobody, or another did. */
static const struct step *
find_absent(const struct absences *list, const struct shell_names *given,
	    struct text name)
{
	if (shell_names_have(given, name))
		return NULL;
	for (uint32_t i = list->n; i > 0; i--) {
		if (text_eq(list->items[i - 1].name, name))
			return list->items[i - 1].by;
	}
	return NULL;
}

static void
add_names(struct arena *arena, struct absences *list,
	  const struct shell_names *names, const struct step *by)
{
	for (uint32_t i = 0; i < names->n; i++) {
		struct absence a = { names->items[i], by };

		ARENA_PUSH(arena, list->items, list->n, a);
	}
}

/* ---- steps that are not run ------------------------------------------------
 */

static void
add_absent(struct looking *l, const struct shell_gives *g,
	   const struct step *by)
{
	struct arena *arena = l->plan->arena;

	add_names(arena, &l->variables, &g->variables, by);
	add_names(arena, &l->commands, &g->commands, by);
	add_names(arena, &l->exports, &g->exports, by);
	if (g->folder && !l->given_folder)
		l->folder = by;
	if (g->any)
		l->any = by;
}

static bool
shares_shell(const struct step *s)
{
	return s->kind == STEP_COMMAND && s->dispatch == DISPATCH_LOCAL &&
	       !s->whole;
}

/* A function may set anything. */
static bool
calls_function(const struct looking *l, const struct shell_takes *takes)
{
	for (uint32_t i = 0; i < takes->commands.n; i++) {
		struct text name = takes->commands.items[i];

		if (shell_names_have(&l->functions, name) ||
		    find_absent(&l->commands, &l->functions, name))
			return true;
	}
	return false;
}

static void
leave_out(struct looking *l, const struct step *s)
{
	struct shell_gives gives;
	struct shell_takes takes;

	if (!shares_shell(s))
		return;
	shell_gives(l->plan->arena, s->script, s->first, s->last, &gives);
	shell_takes(l->plan->arena, s->script, s->first, s->last, &takes);
	gives.any |= calls_function(l, &takes);
	add_absent(l, &gives, s);
}

static void
leave_out_procedure(struct looking *l, const struct procedure *p,
		    unsigned depth)
{
	enum {
		DEPTH_MAX = 16
	};

	for (uint32_t i = 0; depth < DEPTH_MAX && i < p->n_needs; i++)
		leave_out_procedure(l, p->needs[i], depth + 1);
	for (uint32_t i = 0; depth && i < p->n_steps; i++)
		leave_out(l, p->steps[i]);
}

/* ---- steps that are run ----------------------------------------------------
 */

struct lack {
	const struct step *by; /* NULL: nothing is lacking */
	const char *what;
};

static struct lack
lack_of_names(struct looking *l, const struct shell_takes *takes)
{
	struct lack lack = { NULL, NULL };

	for (uint32_t i = 0; i < takes->variables.n && !lack.by; i++) {
		lack.by = find_absent(&l->variables, &l->given,
				      takes->variables.items[i]);
		lack.what = arena_printf(l->plan->arena, "it uses $%.*s, which",
					 TEXT_ARG(takes->variables.items[i]));
	}
	for (uint32_t i = 0; i < takes->commands.n && !lack.by; i++) {
		lack.by = find_absent(&l->commands, &l->functions,
				      takes->commands.items[i]);
		lack.what =
			arena_printf(l->plan->arena, "it calls '%.*s', which",
				     TEXT_ARG(takes->commands.items[i]));
	}
	return lack;
}

static bool
is_known_folder(const struct plan_item *item)
{
	struct value folder = item->folder_after;

	return folder.state == VALUE_EXACT &&
	       text_starts(folder.bytes.text, "/");
}

/* What every program meets: the folder, the environment. A call of ssh leaves
 * both behind. */
static struct lack
lack_of_place(struct looking *l, const struct plan_item *item)
{
	struct lack lack = { NULL, NULL };

	if (item->resolved->host.len)
		return lack;
	if (l->folder && !is_known_folder(item) &&
	    !(item->step->cwd && item->step->cwd[0] == '/')) {
		lack.by = l->folder;
		lack.what = "it runs in the folder to which";
	}
	for (uint32_t i = 0; i < l->exports.n && !lack.by; i++) {
		struct text name = l->exports.items[i].name;

		lack.by = find_absent(&l->exports, &l->given_exports, name);
		lack.what = arena_printf(l->plan->arena,
					 "its programs see $%.*s, which",
					 TEXT_ARG(name));
	}
	return lack;
}

static struct lack
find_lack(struct looking *l, const struct plan_item *item)
{
	const struct resolved *r = item->resolved;
	struct shell_takes takes;
	struct lack lack;

	shell_takes(l->plan->arena, r->script, r->first, r->last, &takes);
	lack = lack_of_names(l, &takes);
	if (!lack.by)
		lack = lack_of_place(l, item);
	if (!lack.by && l->any &&
	    (item->resolved->host.len == 0 || takes.variables.n)) {
		lack.by = l->any;
		lack.what = "it may use what";
	} else if (!lack.by && takes.any && (l->variables.n || l->folder)) {
		lack.by = l->folder ? l->folder : l->variables.items[0].by;
		lack.what = "it runs a text that is not in the document and "
			    "may use what";
	}
	return lack;
}

/* "it uses $dir, which step 1 sets, and that step is not run" */
static const char *
explain(struct plan *plan, const struct lack *lack)
{
	const char *does = "sets";

	if (text_ends(text_of(lack->what), "to which"))
		does = "goes";
	return arena_printf(plan->arena,
			    "%s step '%s' (line %u) %s, and that step is not "
			    "run",
			    lack->what, lack->by->id, lack->by->line, does);
}

static void
add_all(struct arena *arena, struct shell_names *to,
	const struct shell_names *from)
{
	for (uint32_t i = 0; i < from->n; i++) {
		if (!shell_names_have(to, from->items[i]))
			ARENA_PUSH(arena, to->items, to->n, from->items[i]);
	}
}

/* What it gives is there from here on; unless it is made of what is not. */
static void
run_item(struct looking *l, struct plan_item *item)
{
	struct arena *arena = l->plan->arena;
	const struct resolved *r = item->resolved;
	struct shell_gives gives;
	struct lack lack = find_lack(l, item);

	if (lack.by && r->level > EFFECT_READS) {
		item->lack = explain(l->plan, &lack);
		item->lack_by = lack.by;
	}
	if (!step_shares_shell(item->step, r))
		return;
	shell_gives(arena, r->script, r->first, r->last, &gives);
	if (lack.by) {
		gives.folder &= !is_known_folder(item);
		add_absent(l, &gives, lack.by);
		return;
	}
	add_all(arena, &l->given, &gives.variables);
	add_all(arena, &l->functions, &gives.commands);
	add_all(arena, &l->given_exports, &gives.exports);
	if (gives.folder) {
		l->given_folder |= !l->folder || is_known_folder(item);
		if (is_known_folder(item))
			l->folder = NULL;
	}
}

static bool
is_absent(const struct plan *plan, const struct plan_item *item)
{
	return item->dropped || (item->lost && item->number <= plan->at);
}

const char *
plan_refusal_help(const struct plan *plan, const struct plan_item *item)
{
	const struct step *by = item->lack_by;
	const struct plan_options *o = plan->options;

	if (item->step->refusal || item->resolved->error)
		return NULL;
	if (!item->lack)
		return o->read_only && item->refusal
			       ? "name the steps that only read with --step, "
				 "or "
				 "run it without --read-only"
			       : NULL;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (plan->items[i].step == by)
			return "do by hand what is left, or begin anew";
	}
	if (by->procedure != plan->procedure)
		return "run the procedure from its beginning";
	return o->from ? arena_printf(plan->arena, "begin there: --from %u",
				      by->ordinal)
		       : arena_printf(plan->arena, "name it, too: --step %u",
				      by->ordinal);
}

/* Steps of the same procedure may be missing between two items. */
static void
look_through(struct looking *l)
{
	const struct procedure *p = NULL;
	uint32_t next = 0; /* step of P that is to come */

	for (uint32_t i = 0; i < l->plan->n_items; i++) {
		struct plan_item *item = &l->plan->items[i];
		const struct step *s = item->step;

		if (!p || s->procedure != p)
			next = 0;
		p = s->procedure;
		for (; next + 1 < s->ordinal; next++)
			leave_out(l, s->procedure->steps[next]);
		next = s->ordinal;
		if (is_absent(l->plan, item))
			leave_out(l, s);
		else if (s->kind == STEP_COMMAND &&
			 item->resolved->dispatch == DISPATCH_LOCAL)
			run_item(l, item);
	}
}

void
plan_find_lacks(struct plan *plan)
{
	const struct plan_options *o = plan->options;
	struct looking l = { .plan = plan };
	bool any = o->n_steps || o->from;

	for (uint32_t i = 0; i < plan->n_items; i++) {
		plan->items[i].lack = NULL;
		any |= is_absent(plan, &plan->items[i]);
	}
	if (!any)
		return;
	if (o->n_steps || o->from)
		leave_out_procedure(&l, plan->procedure, 0);
	look_through(&l);
}
