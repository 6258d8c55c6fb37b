/* What a document sets variables to, wherever in it: for a procedure that reads
 * one which another section sets. */
#include "graph/infer.h"
#include "shell/word.h"

struct setting {
	struct text name;
	struct text value; /* empty: not certain, or not the same everywhere */
	struct span where; /* of the first */
};

struct settings {
	struct setting *items; /* each name once */
	uint32_t n_items;
};

enum {
	SETTINGS_MAX = 1000 /* names that are kept */
};

static struct setting *
find(const struct settings *all, struct text name)
{
	for (uint32_t i = 0; i < all->n_items; i++) {
		if (text_eq(all->items[i].name, name))
			return &all->items[i];
	}
	return NULL;
}

/* The value of A, when it is certain and stands for nothing else. */
static struct text
certain_value(struct arena *arena, const struct script *s,
	      const struct assignment *a)
{
	struct text none = { NULL, 0 };
	struct value v;

	if (!a->value || a->is_array || a->append || a->subscript)
		return none;
	v = word_value(arena, s, a->value, NULL);
	return v.state == VALUE_EXACT ? v.bytes.text : none;
}

static void
note(struct arena *arena, struct settings *all, const struct script *s,
     const struct assignment *a)
{
	struct setting item = { .name = a->name,
				.value = certain_value(arena, s, a),
				.where = script_span(s, a->start, a->end) };
	struct setting *known = find(all, a->name);

	if (known) {
		if (!text_eq(known->value, item.value))
			known->value.len = 0;
	} else if (all->n_items < SETTINGS_MAX) {
		ARENA_PUSH(arena, all->items, all->n_items, item);
	}
}

static void
note_step(struct arena *arena, struct settings *all, const struct step *s)
{
	for (uint32_t i = s->first; i <= s->last; i++) {
		const struct node *node = s->script->body->items[i]->node;
		uint32_t k = node->n_words ? node->n_prefix : 0;

		for (; node->kind == NODE_SIMPLE && k < node->n_assignments;
		     k++)
			note(arena, all, s->script, node->assignments[k]);
	}
}

static const struct settings *
settings_of(struct runbook *rb)
{
	struct settings *all;

	if (rb->settings)
		return rb->settings;
	rb->settings = all = ARENA_NEW(rb->doc->arena, struct settings);
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			if (p->steps[k]->kind == STEP_COMMAND)
				note_step(rb->doc->arena, all, p->steps[k]);
		}
	}
	return all;
}

void
settings_find(struct runbook *rb, struct param *p)
{
	const struct setting *found = find(settings_of(rb), p->name);

	if (!found)
		return;
	p->set_where = found->where;
	if (!p->secret)
		p->elsewhere = found->value;
}
