/* Going through a plan: state, digests, stops. */
#include "run/plan_state.h"

#include <sys/random.h>

#include "base/alloc.h"
#include "base/hmac.h"
#include "run/journal.h"
#include "shell/leaves.h"

/* ---- digests --------------------------------------------------------------
 *
 * What --confirm is bound to: all that decides what runs. Texts end with a NUL,
 * which none of them holds. */

static void
add(struct sha256 *h, struct text t)
{
	sha256_add(h, t);
	sha256_add(h, (struct text){ "", 1 });
}

static void
add_string(struct sha256 *h, const char *s)
{
	add(h, s ? text_of(s) : (struct text){ NULL, 0 });
}

/* Without the key of this user there is one for this plan alone: nothing that
 * it prints can be confirmed later. */
static void
need_key(struct plan *plan)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *runs = NULL;

	if (plan->has_key)
		return;
	plan->has_key = true;
	runs = runs_folder(true, &error);
	if (runs && secret_key(runs, plan->key, &error) == 0)
		return;
	if (getrandom(plan->key, sizeof(plan->key), 0) !=
	    (ssize_t)sizeof(plan->key))
		BUG("no random bytes");
}

/* A secret counts by what nobody without the key can try values against. */
static void
add_value(struct sha256 *h, struct plan *plan, const struct param *p)
{
	struct text value = values_lookup(plan->values, p);
	CLEANUP(buf_wipe) struct buf all = BUF_INIT;
	char hex[SHA256_HEX + 1];

	if (!p->secret || !value.at) {
		add(h, value);
		return;
	}
	need_key(plan);
	buf_adds(&all, "confirm");
	buf_addc(&all, '\0');
	buf_addt(&all, p->name);
	buf_addc(&all, '\0');
	buf_addt(&all, value);
	hmac_hex(plan->key, buf_text(&all), hex);
	add_string(h, hex);
}

/* The command, its values, and what its annotations give it. */
static void
add_command(struct sha256 *h, struct plan *plan, const struct plan_item *item)
{
	const struct step *s = item->step;
	const struct resolved *r = item->resolved;

	add_string(h, step_kind_name(s->kind));
	add(h, s->path);
	add(h, s->text.text);
	add(h, r->host);
	add_string(h, step_io_name(r->io));
	add_string(h, s->whole ? "whole" : NULL);
	add_string(h, s->cwd);
	for (const char *const *e = s->env; e && *e; e++)
		add_string(h, *e);
	for (uint32_t i = 0; i < s->n_uses; i++) {
		const struct param *p = s->uses[i].param;

		add(h, p->name);
		add_value(h, plan, p);
	}
	for (uint32_t i = 0; i < s->n_variables; i++) {
		const struct param *p = s->variables[i].param;

		add(h, s->variables[i].name);
		add_value(h, plan, p);
	}
}

static void
add_shell_options(struct sha256 *h, const struct plan *plan)
{
	const struct ynode *list =
		setting_shell_options(plan->runbook->doc->annotation);

	for (uint32_t i = 0; list && i < setting_count(list); i++)
		add(h, setting_at(list, i)->text);
}

/* Where the call is made counts for whatever may run there: as long as no step
 * went to a folder that is known. */
static bool
begins_here(const struct plan_item *item, const struct scope *scope)
{
	struct value folder = scope_folder(scope);
	const struct resolved *r = item->resolved;

	if (r->host.len &&
	    r->script->body->items[r->first]->node->n_redirects == 0)
		return false;
	if (item->step->cwd && item->step->cwd[0] == '/')
		return false;
	return folder.state != VALUE_EXACT ||
	       !text_starts(folder.bytes.text, "/");
}

static void
set_hash(struct plan *plan, struct plan_item *item, const struct scope *scope)
{
	const struct resolved *r = item->resolved;
	struct sha256 *h = sha256_new();
	char hex[SHA256_HEX + 1];

	add_string(h, "step");
	add_command(h, plan, item);
	add_string(h, effect_level_name(r->level));
	add_string(h, plan->options->hosts);
	for (uint32_t i = 0; r->effect && i < r->effect->n_inputs; i++)
		add_string(h, r->effect->inputs[i].sha256);
	if (item->step->kind == STEP_COMMAND && r->dispatch == DISPATCH_LOCAL) {
		add_shell_options(h, plan);
		add_string(h, plan->options->who);
		add_string(h, plan->chain.hex);
		add_string(h, begins_here(item, scope) ? plan->options->cwd
						       : NULL);
	} else if (r->dispatch == DISPATCH_REMOTE && item->step->n_uses == 0) {
		add(h, r->run);
	}
	sha256_end(h, hex);
	memcpy(item->hash, hex, sizeof(item->hash) - 1);
}

/* What ITEM does to the shell decides what those behind it do. */
static void
extend_chain(struct plan *plan, const struct plan_item *item)
{
	const struct resolved *r = item->resolved;
	struct plan_chain *chain = &plan->chain;
	struct sha256 *h;

	if (item->dropped || !step_shares_shell(item->step, r) ||
	    shell_leaves(r->script, r->first, r->last) == SHELL_LEAVES_NOTHING)
		return;
	h = sha256_new();
	add_string(h, chain->hex);
	add_command(h, plan, item);
	sha256_end(h, chain->hex);
	chain->settled &= item->settled;
}

/* ---- state ----------------------------------------------------------------
 */

static unsigned
decisions(const struct plan *plan, const struct plan_item *item)
{
	return (plan_open_choice(plan, item) ? STOP_CHOICE : 0u) |
	       (plan_open_condition(plan, item) ? STOP_CONDITION : 0u);
}

static bool
awaits_decision(const struct plan_item *item)
{
	return item->stops & (STOP_CHOICE | STOP_CONDITION);
}

static bool
is_confirmed(const struct plan *plan, const struct plan_item *item)
{
	const struct plan_options *o = plan->options;

	for (size_t i = 0; i < o->n_confirm; i++) {
		struct text t = text_of(o->confirm[i]);
		size_t at = text_chr(t, '@', 0);

		if (text_is(text_sub(t, 0, at), item->step->id) &&
		    text_is(text_sub(t, at + 1, t.len), item->hash))
			return true;
	}
	return false;
}

static void
resolve(struct plan *plan, struct plan_item *item, const struct scope *scope,
	bool as_read)
{
	const struct resolve_place place = { .rules = plan->rules,
					     .lookup = values_lookup,
					     .ctx = plan->values,
					     .scope = scope,
					     .as_read = as_read };

	item->resolved = step_resolve(plan->arena, item->step, &place);
	set_hash(plan, item, scope);
	item->confirmed = is_confirmed(plan, item);
	item->stops = plan_stops(plan, item);
	item->settled = plan->chain.settled && item->resolved->n_missing == 0 &&
			!awaits_decision(item);
}

/* Whatever is left out leaves nothing; what may be left out, or was done in
 * part, leaves doubt. */
static void
advance(struct plan_item *item, bool well, struct scope *scope)
{
	if (!item->dropped && !item->resolved->error)
		step_pass(item->step, item->resolved, well, scope);
	item->folder_after = scope_folder(scope);
}

/* The first items of a whole procedure are met as they were read … */
static bool
comes_as_read(const struct plan *plan, const struct plan_item *item)
{
	return plan->at == 0 && item->step->ordinal == item->number &&
	       item->step->procedure == plan->items[0].step->procedure;
}

/* … until one shares its shell that may be left out, takes a value or is run
 * aside. */
static bool
leaves_as_read(const struct plan_item *item)
{
	return !step_shares_shell(item->step, item->resolved) ||
	       (!item->dropped && !awaits_decision(item) &&
		step_leaves_as_read(item->step, item->resolved));
}

/* Steps of one branch, or under one condition, are run together or not at all:
 * each meets what those before it left, while what stands behind them is left
 * in doubt. */
struct foresight {
	struct scope *scope;   /* for what is run in any case */
	struct scope *inside;  /* for the next step of … */
	const struct step *of; /* … the branch and the condition of this */
};

static struct scope *
scope_for(struct plan *plan, struct foresight *f, const struct plan_item *item)
{
	const struct step *s = item->step;

	if (!awaits_decision(item)) {
		f->of = NULL;
		return f->scope;
	}
	if (!f->of || f->of->branch != s->branch ||
	    f->of->condition != s->condition)
		f->inside = scope_copy(plan->arena, f->scope);
	f->of = s;
	return f->inside;
}

void
plan_foresee(struct plan *plan)
{
	struct foresight f = { .scope = scope_copy(plan->arena, plan->scope) };
	struct plan_chain behind = plan->chain;
	bool as_read = true;

	plan->worst = EFFECT_READS;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];

		if (i >= plan->at) {
			struct scope *scope;

			item->stops = decisions(plan, item);
			scope = scope_for(plan, &f, item);
			as_read = as_read && comes_as_read(plan, item);
			resolve(plan, item, scope, as_read);
			as_read = as_read && leaves_as_read(item);
			extend_chain(plan, item);
			if (scope == f.inside)
				advance(item, true, scope);
			advance(item, scope != f.inside, f.scope);
		}
		if (item->resolved->level > plan->worst)
			plan->worst = item->resolved->level;
	}
	plan->chain = behind;
	plan_find_lacks(plan);
	for (uint32_t i = plan->at; i < plan->n_items; i++)
		plan->items[i].stops = plan_stops(plan, &plan->items[i]);
}

void
plan_pass(struct plan *plan, struct plan_item *item, enum plan_passing passing)
{
	bool foreseen = passing == PLAN_DONE && !awaits_decision(item);

	item->dropped = passing == PLAN_LEFT_OUT;
	item->done |= passing == PLAN_DONE;
	extend_chain(plan, item);
	advance(item, passing == PLAN_DONE, plan->scope);
	plan->at = item->number;
	if (!foreseen)
		plan_foresee(plan);
}

void
plan_spoil(struct plan *plan, struct plan_item *item)
{
	advance(item, false, plan->scope);
	plan_foresee(plan);
}

void
plan_lose_shell(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->at; i++)
		plan->items[i].lost = true;
	plan->scope = scope_new(plan->arena);
	plan_foresee(plan);
}

bool
plan_judge_now(struct plan *plan, struct plan_item *item)
{
	char before[sizeof(item->hash)];

	memcpy(before, item->hash, sizeof(before));
	resolve(plan, item, plan->scope, false);
	return memcmp(before, item->hash, sizeof(before)) != 0;
}
