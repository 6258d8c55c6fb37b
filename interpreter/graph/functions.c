/* The functions that a document defines, wherever in it: a procedure that calls
 * one of another section means no program of that name. */
#include <stdlib.h>

#include "graph/infer.h"

struct functions {
	struct effect_function *items;
	uint32_t n;
};

static void
note_step(struct arena *arena, struct functions *all, const struct step *s)
{
	struct text heading = s->procedure->heading;

	for (uint32_t i = s->first; i <= s->last; i++) {
		const struct node *node = s->script->body->items[i]->node;
		struct effect_function f = { .name = node->name };

		if (node->kind != NODE_FUNCTION || node->name.len == 0)
			continue;
		f.line = span_line(
			script_span(s->script, node->start, node->end));
		f.where = arena_printf(arena, "section '%.*s' (line %u)",
				       TEXT_ARG(heading), f.line);
		ARENA_PUSH(arena, all->items, all->n, f);
	}
}

/* The first definition of a name stands first. */
static int
by_name(const void *a, const void *b)
{
	const struct effect_function *x = a, *y = b;

	int order = text_cmp(x->name, y->name);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

void
functions_find(struct runbook *rb)
{
	struct functions all = { NULL, 0 };
	struct effect_rules *rules;
	uint32_t n = 0;

	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			const struct step *s = p->steps[k];

			/* a script with "#!" keeps its functions */
			if (s->kind == STEP_COMMAND && !s->whole)
				note_step(rb->doc->arena, &all, s);
		}
	}
	if (all.n == 0)
		return;
	qsort(all.items, all.n, sizeof(*all.items), by_name);
	for (uint32_t i = 0; i < all.n; i++) {
		if (i == 0 ||
		    !text_eq(all.items[i].name, all.items[n - 1].name))
			all.items[n++] = all.items[i];
	}
	rules = effect_rules_new(rb->doc->arena, rb->rules);
	effect_rules_set_functions(rules, all.items, n);
	rb->rules = rules;
}
