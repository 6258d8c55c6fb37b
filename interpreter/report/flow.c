/* From steps in a row to the way through them. */
#include "report/flow.h"

/* Steps that are in order, but not always next to each other. */
struct steps {
	struct step *const *items;
	uint32_t n;
};

/* What holds for all steps of a list already. */
struct around {
	const struct condition *condition;
	const struct branch *branch;
};

static struct flow *build(struct arena *arena, struct steps steps,
			  struct around around);

/* The outermost condition of S within AROUND, or NULL. */
static const struct condition *
next_condition(const struct step *s, const struct around *around)
{
	const struct condition *c = s->condition, *found = NULL;

	for (; c && c != around->condition; c = c->outer)
		found = c;
	return found;
}

/* The outermost choice of S within AROUND, or NULL. */
static const struct choice *
next_choice(const struct step *s, const struct around *around)
{
	const struct branch *b = s->branch;
	const struct choice *found = NULL;

	for (; b && b != around->branch; b = b->choice->inside)
		found = b->choice;
	return found;
}

static bool
is_of(const struct step *s, const struct choice *choice)
{
	for (uint32_t i = 0; i < choice->n_branches; i++) {
		if (step_is_in(s, choice->branches[i]))
			return true;
	}
	return false;
}

/* How many of the first steps depend on CONDITION. */
static uint32_t
reach_of_condition(struct steps steps, const struct condition *condition)
{
	uint32_t n = 0;

	while (n < steps.n && step_depends_on(steps.items[n], condition))
		n++;
	return n;
}

static uint32_t
reach_of_choice(struct steps steps, const struct choice *choice)
{
	uint32_t n = 0;

	while (n < steps.n && is_of(steps.items[n], choice))
		n++;
	return n;
}

static struct flow *
condition_flow(struct arena *arena, struct steps steps,
	       const struct condition *condition, struct around around)
{
	struct flow *f = ARENA_NEW(arena, struct flow), *way;

	f->kind = FLOW_CONDITION;
	f->condition = condition;
	around.condition = condition;
	way = build(arena, steps, around);
	ARENA_PUSH(arena, f->ways, f->n_ways, way);
	return f;
}

/* A branch may have no steps: "Option 3: ask the team". */
static struct flow *
choice_flow(struct arena *arena, struct steps steps,
	    const struct choice *choice, struct around around)
{
	struct flow *f = ARENA_NEW(arena, struct flow);

	f->kind = FLOW_CHOICE;
	f->choice = choice;
	for (uint32_t i = 0; i < choice->n_branches; i++) {
		struct step **own = NULL;
		uint32_t n = 0;
		struct flow *way;

		for (uint32_t k = 0; k < steps.n; k++) {
			if (step_is_in(steps.items[k], choice->branches[i]))
				ARENA_PUSH(arena, own, n, steps.items[k]);
		}
		around.branch = choice->branches[i];
		way = build(arena, (struct steps){ own, n }, around);
		ARENA_PUSH(arena, f->ways, f->n_ways, way);
	}
	return f;
}

/* The first item of STEPS, and in *RET_N how many of them are in it. What
 * covers more of them is around what covers less; of two that cover the same,
 * the condition is asked first. */
static struct flow *
first_item(struct arena *arena, struct steps steps, struct around around,
	   uint32_t *ret_n)
{
	const struct step *s = steps.items[0];
	const struct condition *condition = next_condition(s, &around);
	const struct choice *choice = next_choice(s, &around);
	uint32_t n_condition =
		condition ? reach_of_condition(steps, condition) : 0;
	uint32_t n_choice = choice ? reach_of_choice(steps, choice) : 0;
	struct flow *f;

	if (n_condition && n_condition >= n_choice) {
		*ret_n = n_condition;
		steps.n = n_condition;
		return condition_flow(arena, steps, condition, around);
	}
	if (n_choice) {
		*ret_n = n_choice;
		steps.n = n_choice;
		return choice_flow(arena, steps, choice, around);
	}
	*ret_n = 1;
	f = ARENA_NEW(arena, struct flow);
	f->kind = FLOW_STEP;
	f->step = s;
	return f;
}

static struct flow *
build(struct arena *arena, struct steps steps, struct around around)
{
	struct flow *first = NULL, **end = &first;

	while (steps.n) {
		uint32_t n;

		*end = first_item(arena, steps, around, &n);
		end = &(*end)->next;
		steps.items += n;
		steps.n -= n;
	}
	return first;
}

struct flow *
flow_of(struct arena *arena, const struct procedure *p)
{
	return build(arena, (struct steps){ p->steps, p->n_steps },
		     (struct around){ NULL, NULL });
}

struct text
flow_title(const struct step *s)
{
	const struct procedure *p = s->procedure;
	struct text command = s->inner.len ? s->inner : s->text.text;

	if (s->kind != STEP_COMMAND || s->ordinal < 2 ||
	    !text_eq(p->steps[s->ordinal - 2]->title, s->title))
		return s->title;
	command = text_trim(command);
	return text_sub(command, 0, text_chr(command, '\n', 0));
}

struct text
flow_label(const struct branch *branch, const struct flow *f)
{
	struct text label = text_trim(branch->label);

	if (f && !f->next && f->kind == FLOW_STEP &&
	    text_eq(label, text_trim(flow_title(f->step))))
		label.len = 0;
	return label;
}
