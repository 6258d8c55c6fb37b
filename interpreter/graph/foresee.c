/* What each step does when the whole procedure is planned, with nothing chosen
 * and no value given but defaults: the level that people are shown, and that a
 * plan begins with. Reading a document takes every step as done; here what a
 * menu or a condition may leave out leaves doubt behind. */
#include "graph/infer.h"
#include "graph/resolve.h"

static bool
may_be_left_out(const struct step *s)
{
	return s->branch || s->condition;
}

static struct text
lookup_default(void *ctx UNUSED, const struct param *p)
{
	return param_default(p);
}

/* A step of P makes what was found while reading doubtful, or narrower. */
static bool
is_unlike_reading(const struct procedure *p)
{
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];

		if (s->kind == STEP_COMMAND &&
		    (may_be_left_out(s) || s->cwd || s->env ||
		     s->io == EFFECT_IO_FOLLOW || s->n_uses || s->n_variables))
			return true;
	}
	return false;
}

void
infer_foreseen(struct builder *b)
{
	struct resolve_place place = { .rules = b->rb->rules,
				       .lookup = lookup_default,
				       .as_read = true };
	struct scope *scope, *inside = NULL;
	const struct step *of = NULL; /* whose branch INSIDE is in */

	for (uint32_t i = 0; i < b->p->n_steps; i++)
		b->p->steps[i]->foreseen = b->p->steps[i]->level;
	if (!is_unlike_reading(b->p))
		return;
	scope = scope_new(b->arena);
	for (uint32_t i = 0; i < b->p->n_steps; i++) {
		struct step *s = b->p->steps[i];
		bool doubtful = may_be_left_out(s);
		const struct resolved *r;

		if (doubtful && (!of || of->branch != s->branch ||
				 of->condition != s->condition))
			inside = scope_copy(b->arena, scope);
		of = doubtful ? s : NULL;
		place.scope = doubtful ? inside : scope;
		r = step_resolve(b->arena, s, &place);
		s->foreseen = r->level;
		s->foreseen_effect = r->effect;
		place.as_read &= step_leaves_as_read(s, r) &&
				 (!doubtful || !step_shares_shell(s, r));
		if (r->error)
			continue;
		if (doubtful)
			step_pass(s, r, true, inside);
		step_pass(s, r, !doubtful, scope);
	}
}
