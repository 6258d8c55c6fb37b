/* Choices and conditions in the making. */
#include "graph/infer.h"

/* "A" … "Z", "AA" …: bijective, so that no two are alike. */
static const char *
choice_name(struct arena *arena, uint32_t number)
{
	char name[8];
	size_t at = sizeof(name);

	name[--at] = '\0';
	for (; number > 0; number = (number - 1) / 26)
		name[--at] = (char)('A' + (number - 1) % 26);
	return arena_strdup(arena, &name[at]);
}

struct text
text_as_line(struct arena *arena, struct text t)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	t = text_trim(t);
	if (text_chr(t, '\n', 0) == t.len)
		return t;
	for (size_t i = 0; i < t.len; i++)
		buf_addc(&b, t.at[i] == '\n' ? ' ' : t.at[i]);
	return arena_text(arena, buf_text(&b));
}

struct choice *
choice_new(struct builder *b, struct text question, struct span where,
	   const struct branch *inside)
{
	struct choice *c = ARENA_NEW(b->arena, struct choice);

	c->name = choice_name(b->arena, ++b->n_choices);
	c->question = text_as_line(b->arena, question);
	c->where = where;
	c->inside = inside;
	return c;
}

struct branch *
choice_branch(struct builder *b, struct choice *c, struct text label)
{
	struct branch *branch = ARENA_NEW(b->arena, struct branch);

	branch->choice = c;
	branch->number = c->n_branches + 1;
	branch->label = text_as_line(b->arena, label);
	ARENA_PUSH(b->arena, c->branches, c->n_branches, branch);
	return branch;
}

bool
range_is_together(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first + 1; i < r.end; i++) {
		if (p->steps[i]->branch != p->steps[r.first]->branch)
			return false;
	}
	return true;
}

void
branch_take(struct builder *b, const struct branch *branch, struct range r,
	    enum infer_rule rule, const char *why)
{
	for (uint32_t i = r.first; i < r.end; i++) {
		struct step *s = b->p->steps[i];

		s->branch = branch;
		reason_add(b->arena, &s->reasons, rule, "relation",
			   branch->choice->where, "%s", why);
	}
}

void
choose_one_of(struct builder *b, struct range r, struct text question,
	      struct span where, enum infer_rule rule, const char *why)
{
	struct choice *c;

	if (r.end - r.first < 2 || !range_is_together(b->p, r))
		return;
	c = choice_new(b, question, where, b->p->steps[r.first]->branch);
	for (uint32_t i = r.first; i < r.end; i++)
		branch_take(b, choice_branch(b, c, (struct text){ NULL, 0 }),
			    (struct range){ i, i + 1 }, rule, why);
}

/* ---- conditions ------------------------------------------------------------
 */

static const struct condition *
find_condition(const struct builder *b, struct span where,
	       const struct condition *outer)
{
	for (uint32_t i = 0; i < b->n_conditions; i++) {
		const struct condition *c = b->conditions[i];

		if (c->where.src == where.src &&
		    c->where.start == where.start && c->outer == outer)
			return c;
	}
	return NULL;
}

static bool
has_condition(const struct step *s, struct span where)
{
	for (const struct condition *c = s->condition; c; c = c->outer) {
		if (c->where.src == where.src && c->where.start == where.start)
			return true;
	}
	return false;
}

void
condition_add(struct builder *b, struct step *s, enum infer_rule rule,
	      struct text words, struct span where)
{
	const struct condition *known;
	struct condition *c;

	if (has_condition(s, where))
		return;
	words = text_as_line(b->arena, words);
	reason_add(b->arena, &s->reasons, rule, "relation", where, "%.*s",
		   TEXT_ARG(words));
	known = find_condition(b, where, s->condition);
	if (!known) {
		c = ARENA_NEW(b->arena, struct condition);
		c->words = words;
		c->where = where;
		c->outer = s->condition;
		ARENA_PUSH(b->arena, b->conditions, b->n_conditions, c);
		known = c;
	}
	s->condition = known;
}

void
infer_relation(struct builder *b)
{
	for (uint32_t i = 0; i < b->p->n_steps; i++) {
		struct step *s = b->p->steps[i];

		s->relation = s->condition ? RELATION_CONDITIONAL
			      : s->branch  ? RELATION_ALTERNATIVE
					   : RELATION_NEXT;
	}
}
