/* How far a step may go whose values are not all known. */
#include "graph/resolve.h"

/* What stands in for a value that nobody has given: a name that could be that
 * of a commit, so that what takes one is seen to move. */
static const char stand_in[] = "a1b2c3d4";

enum {
	CHOICES_MOST = 8 /* of one parameter that are tried */
};

struct trial {
	const struct resolve_place *place;
	uint32_t number; /* of the choice that is tried */
};

static const struct ynode *
choices_of(const struct param *p)
{
	return p->defined ? p->defined->choices : NULL;
}

static struct text
try_value(void *ctx, const struct param *p)
{
	const struct trial *t = ctx;
	const struct ynode *choices = choices_of(p);
	struct text value = t->place->lookup(t->place->ctx, p);
	uint32_t n = choices ? setting_count(choices) : 0;

	if (value.at)
		return value;
	if (n)
		return setting_at(choices, t->number % n)->text;
	switch (param_type(p)) {
	case PARAM_INT:
	case PARAM_PORT:
		return TEXT("1");
	case PARAM_BOOL:
		return TEXT("true");
	case PARAM_DATE:
		return TEXT("20260101");
	case PARAM_STRING:
	case PARAM_PATH:
	case PARAM_HOST:
	case PARAM_USER:
	case PARAM_WORDS:
	case PARAM_CHOICE:
		break;
	}
	return text_of(stand_in);
}

static uint32_t
count_trials(const struct resolved *r)
{
	uint32_t most = 1;

	for (uint32_t i = 0; i < r->n_missing; i++) {
		const struct ynode *choices = choices_of(r->missing[i]);
		uint32_t n = choices ? setting_count(choices) : 0;

		if (n > most)
			most = n;
	}
	return most < CHOICES_MOST ? most : CHOICES_MOST;
}

enum effect_level
step_reach(struct arena *arena, const struct step *s, const struct resolved *r,
	   const struct resolve_place *place)
{
	enum effect_level worst = r->level;
	uint32_t n = count_trials(r);

	for (uint32_t i = 0; i < n && worst < EFFECT_DESTROYS; i++) {
		struct trial trial = { place, i };
		struct resolve_place filled = *place;
		const struct resolved *one;

		filled.lookup = try_value;
		filled.ctx = &trial;
		one = step_resolve(arena, s, &filled);
		if (!one->error && one->level > worst)
			worst = one->level;
	}
	return worst;
}
