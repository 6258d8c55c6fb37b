/* Which rules fit a command, and which of them count. */
#include "effect/verdict.h"

static void
collect(struct verdict *v, const struct effect_program *program,
	const struct args *args, const struct extra_program *extra)
{
	for (unsigned i = 0; i < program->n_rules; i++) {
		struct fitting f = { .rule = &program->rules[i], .args = args };

		if (!rule_fits(f.rule, args, &f.fit))
			continue;
		if (extra) {
			f.said = extra->where;
			f.from = extra->origin == EFFECT_OPERATOR
					 ? FROM_OPERATOR
					 : FROM_DOCUMENT;
		}
		ARENA_PUSH(v->arena, v->fits, v->n_fits, f);
	}
}

bool
fitting_has_if(const struct fitting *f)
{
	for (unsigned i = 0; i < f->rule->n_conditions; i++)
		if (!f->rule->conditions[i].negated)
			return true;
	return false;
}

/* How exactly F's verb is meant: longer is more, and then a word by name. */
static uint32_t
exactness(const struct fitting *f)
{
	return f->from == FROM_TABLE ? 2 * f->fit.n_verb + !f->fit.open : 0;
}

/* "upgrade" says nothing where "upgrade plan" fits, nor "create *" where
 * "create token" does. An added row cannot make a built-in one void this way.
 */
static void
prefer_longer_verbs(struct verdict *v)
{
	uint32_t most = 0, n = 0;

	for (uint32_t i = 0; i < v->n_fits; i++)
		if (v->fits[i].rule->verb && exactness(&v->fits[i]) > most)
			most = exactness(&v->fits[i]);
	for (uint32_t i = 0; i < v->n_fits; i++) {
		const struct fitting *f = &v->fits[i];

		if (f->from != FROM_TABLE || fitting_has_if(f) ||
		    !f->rule->verb || exactness(f) == most)
			v->fits[n++] = *f;
	}
	v->n_fits = n;
}

static bool
has_with(const struct effect_rule *rule)
{
	for (unsigned i = 0; i < rule->n_conditions; i++)
		if (rule->conditions[i].kind == EFFECT_IF_WITH &&
		    !rule->conditions[i].negated)
			return true;
	return false;
}

/* A and B ask for the same option. */
static bool
share_option(const struct effect_rule *a, const struct effect_rule *b)
{
	for (unsigned i = 0; i < a->n_conditions; i++) {
		struct text rest = text_of(a->conditions[i].arg), one;

		if (a->conditions[i].kind != EFFECT_IF_WITH ||
		    a->conditions[i].negated)
			continue;
		while (text_next_field(&rest, ' ', &one))
			if (rule_asks_for(
				    b, text_sub(one, 0, text_chr(one, '=', 0))))
				return true;
	}
	return false;
}

/* An option of its own makes the command run something: a dry run takes back
 * what the command does, but not that. */
static bool
runs_by_option(const struct verdict *v, const struct effect_rule *rule)
{
	if (!has_with(rule) ||
	    !(rule_wraps(rule) || (rule->tags & EFFECT_TAG_EXEC)))
		return false;
	for (uint32_t i = 0; i < v->n_fits; i++)
		if (v->fits[i].rule->settles &&
		    share_option(rule, v->fits[i].rule))
			return false;
	return true;
}

/* Who settles what a command does, and with how many words at most. */
struct settling {
	bool table, team;
	uint32_t n_verb; /* of the operator's rows */
};

static struct settling
who_settles(const struct verdict *v)
{
	struct settling s = { false, false, 0 };

	for (uint32_t i = 0; i < v->n_fits; i++) {
		const struct fitting *f = &v->fits[i];

		if (!f->rule->settles || f->from == FROM_DOCUMENT)
			continue;
		s.table = s.table || f->from == FROM_TABLE;
		s.team = s.team || f->from == FROM_OPERATOR;
		if (f->from == FROM_OPERATOR && f->fit.n_verb > s.n_verb)
			s.n_verb = f->fit.n_verb;
	}
	return s;
}

/* True when F counts beside what settles. The table cannot make an added row
 * void, and nobody those of a document. The operator's words make void what
 * the table says of the same words, but not what it says of options, nor what
 * is run inside; of the operator's rows the longest counts. */
static bool
counts_beside(const struct verdict *v, const struct fitting *f,
	      const struct settling *s)
{
	if (f->from == FROM_DOCUMENT)
		return true;
	if (f->from == FROM_OPERATOR)
		return f->rule->settles ? f->fit.n_verb == s->n_verb : !s->team;
	if (s->table)
		return f->rule->settles || runs_by_option(v, f->rule);
	return !s->team || has_with(f->rule) || f->rule->runs;
}

/* Where a rule settles, others are void. */
static void
settle(struct verdict *v)
{
	struct settling s = who_settles(v);
	struct fitting *fits =
		arena_alloc(v->arena, (v->n_fits + 1) * sizeof(*fits));
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->n_fits; i++)
		if (counts_beside(v, &v->fits[i], &s))
			fits[n++] = v->fits[i];
	v->fits = fits;
	v->n_fits = n;
}

static unsigned
count_tags(const struct effect_rule *rule)
{
	unsigned n = 0;

	for (unsigned tags = rule->tags; tags; tags &= tags - 1)
		n++;
	return n;
}

/* The higher level, then what says more: more conditions, more tags. */
static bool
is_better(const struct effect_rule *a, const struct effect_rule *b)
{
	if (a->level != b->level)
		return a->level > b->level;
	if (a->n_conditions != b->n_conditions)
		return a->n_conditions > b->n_conditions;
	return count_tags(a) > count_tags(b);
}

const struct fitting *
verdict_best(const struct verdict *v, bool trusted)
{
	const struct fitting *best = NULL;

	for (uint32_t i = 0; i < v->n_fits; i++)
		if (!(trusted && v->fits[i].from == FROM_DOCUMENT) &&
		    (!best || is_better(v->fits[i].rule, best->rule)))
			best = &v->fits[i];
	return best;
}

struct verdict
verdict_of(struct arena *arena, const struct known *known,
	   const struct args *args)
{
	struct verdict v = { .arena = arena };
	const struct extra_program *extra = known->more;

	if (known->program)
		collect(&v, known->program, args, NULL);
	for (; extra; extra = extra->next)
		if (strcmp(extra->program.name, known->more->program.name) == 0)
			collect(&v, &extra->program, args, extra);
	prefer_longer_verbs(&v);
	settle(&v);
	return v;
}
