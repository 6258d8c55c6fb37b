/* From findings to the effect of a statement. */
#include "effect/walk.h"

static struct effect *
effect_of(struct walk *w)
{
	struct effect *e = ARENA_NEW(w->arena, struct effect);

	e->findings = w->findings;
	e->n_findings = w->n_findings;
	e->inputs = w->inputs;
	e->n_inputs = w->n_inputs;
	for (uint32_t i = 0; i < w->n_findings; i++) {
		const struct finding *f = &w->findings[i];

		e->tags |= f->tags;
		if (f->io > e->io)
			e->io = f->io;
		if (!e->worst || f->level > e->worst->level)
			e->worst = f;
	}
	if (e->worst)
		e->level = e->worst->level;
	for (uint32_t i = 0; i < w->n_findings; i++)
		if (w->findings[i].level == EFFECT_UNKNOWN &&
		    e->level > EFFECT_UNKNOWN)
			e->partly_unknown = true;
	e->mounts = w->mounted;
	return e;
}

static void
walk_statement(struct walk *w, const struct script *s,
	       const struct statement *statement, struct scope *scope,
	       bool ended_well)
{
	struct arena scratch = ARENA_INIT;
	struct statement *items[] = { (struct statement *)statement };
	struct list list = { items, 1 };
	struct place place = { .script = s, .scope = scope, .shell = true };

	w->scratch = &scratch;
	w->renewed = false;
	w->mounted = w->mounted || (scope && scope_has_mounts(scope));
	w->weary = false;
	w->work = w->replayed = 0;
	if (scope)
		scope_look(scope, s, statement);
	walk_list(w, &place, &list);
	if (scope)
		walk_run(w, &place, statement, ended_well);
	if (scope && w->mounted)
		scope_mount(scope);
	arena_release(&scratch);
}

static struct walk
begin(struct arena *arena, const struct effect_state *state)
{
	const struct effect_rules *rules =
		state->rules ? state->rules : effect_rules_builtin();

	return (struct walk){ .arena = arena,
			      .rules = rules,
			      .files = state->elsewhere ? NULL
							: table_files(rules) };
}

struct effect *
effect_judge(struct arena *arena, const struct script *s,
	     const struct statement *statement, struct effect_state *state)
{
	struct walk w = begin(arena, state);

	walk_statement(&w, s, statement, state->scope, true);
	return effect_of(&w);
}

struct effect *
effect_judge_visited(struct arena *arena, const struct script *s,
		     uint32_t first, uint32_t last, bool one_by_one,
		     struct effect_state *state,
		     const struct unwrap_visitor *visitor)
{
	struct walk w = begin(arena, state);
	struct scope *scope = state->scope ? state->scope : scope_new(arena);

	w.visitor = visitor;
	if (visitor && visitor->on_script)
		visitor->on_script(visitor->ctx, s, NULL, 0);
	for (uint32_t i = first; i <= last && i < s->body->n_items; i++)
		walk_statement(&w, s, s->body->items[i], scope, one_by_one);
	return effect_of(&w);
}

struct effect *
effect_judge_range(struct arena *arena, const struct script *s, uint32_t first,
		   uint32_t last, bool one_by_one, struct effect_state *state)
{
	return effect_judge_visited(arena, s, first, last, one_by_one, state,
				    NULL);
}

struct effect *
effect_judge_script(struct arena *arena, const struct script *s,
		    struct effect_state *state)
{
	return effect_judge_range(arena, s, 0, UINT32_MAX, false, state);
}

/* ---- visiting
 * ---------------------------------------------------------------- */

void
effect_unwrap(struct arena *arena, const struct script *s,
	      const struct statement *statement,
	      const struct effect_state *state,
	      const struct unwrap_visitor *visitor)
{
	struct walk w = begin(arena, state);
	struct scope *scope =
		state->scope ? scope_copy(arena, state->scope) : NULL;

	w.visitor = visitor;
	w.within = true;
	if (visitor->on_script)
		visitor->on_script(visitor->ctx, s, NULL, 0);
	walk_statement(&w, s, statement, scope, true);
}
