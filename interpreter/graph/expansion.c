/* Going through the shells that read a step. */
#include "graph/expansion.h"

#include "shell/scope.h"
#include "shell/walk.h"

struct finder {
	struct arena *arena;
	const struct hop *hop; /* of the text that is gone through */
	struct expansion *found;
	uint32_t n_found;
	bool handed_on; /* another shell gets a text */
};

static bool
is_known(const struct finder *f, struct text text)
{
	for (uint32_t i = 0; i < f->n_found; i++) {
		if (f->found[i].hop == f->hop &&
		    text_eq(f->found[i].text, text))
			return true;
	}
	return false;
}

static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	struct finder *f = ctx;
	struct expansion e = { f->hop, script_text(s, part->start, part->end),
			       script_span(s, part->start, part->end) };

	switch (part->kind) {
	case PART_PARAM:
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_ARITH:
		if (!is_known(f, e.text))
			ARENA_PUSH(f->arena, f->found, f->n_found, e);
		return false;
	default:
		return true;
	}
}

static void
find_in_list(struct finder *f, const struct script *s, uint32_t first,
	     uint32_t last)
{
	struct shell_visitor v = { .on_part = on_part, .ctx = f };

	for (uint32_t i = first; i <= last && i < s->body->n_items; i++)
		shell_walk_node(s, s->body->items[i]->node, &v);
}

/* The text that a shell behind the first one reads. */
static void
on_script(void *ctx, const struct script *s, const struct hop *hop,
	  unsigned depth)
{
	struct finder *f = ctx;

	if (depth == 0 || s->body->n_items == 0)
		return;
	f->handed_on = true;
	f->hop = hop;
	find_in_list(f, s, 0, s->body->n_items - 1);
}

const struct expansion *
step_expansions(struct arena *arena, const struct step *s,
		const struct effect_rules *rules, uint32_t *ret_n)
{
	struct finder f = { .arena = arena };
	struct unwrap_visitor visitor = { .on_script = on_script, .ctx = &f };
	struct effect_state state = { .rules = rules };

	*ret_n = 0;
	if (s->kind != STEP_COMMAND)
		return NULL;
	state.scope = scope_new(arena);
	find_in_list(&f, s->script, s->first, s->last);
	for (uint32_t i = s->first; i <= s->last; i++)
		effect_unwrap(arena, s->script, s->script->body->items[i],
			      &state, &visitor);
	*ret_n = f.handed_on ? f.n_found : 0;
	return f.found;
}
