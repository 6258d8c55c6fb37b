/* Whether a WHERE leaves any row out. */
#include "effect/sql.h"

enum {
	DEPTH_MAX = 32
};

struct range {
	struct text all;
	const struct sql_token *t;
	uint32_t n;
};

static bool
is_punct(const struct range *r, uint32_t i, char c)
{
	return i < r->n && r->t[i].kind == SQL_PUNCT &&
	       r->all.at[r->t[i].start] == c;
}

static struct range
part_of(const struct range *r, uint32_t start, uint32_t end)
{
	return (struct range){ r->all, r->t + start, end - start };
}

/* Without the parentheses around all of it; empty when there are too many, or
 * one is not closed. */
static struct range
unwrapped(struct range r)
{
	for (unsigned n = 0; n <= DEPTH_MAX; n++) {
		uint32_t i = 1;

		if (!is_punct(&r, 0, '('))
			return r;
		while (i < r.n && r.t[i].depth > r.t[0].depth)
			i++;
		if (i < r.n - 1)
			return r;
		if (i == r.n)
			break;
		r = part_of(&r, 1, r.n - 1);
	}
	return part_of(&r, 0, 0);
}

static struct text
value_of(const struct range *r, uint32_t i)
{
	return text_sub(r->all, r->t[i].inner, r->t[i].inner_end);
}

static bool
same(const struct range *r, uint32_t i, uint32_t k)
{
	return r->t[i].kind == r->t[k].kind && r->t[i].kind != SQL_OPAQUE &&
	       text_eq_nocase(value_of(r, i), value_of(r, k));
}

/* true, 1, 'x' = 'x', 1 = 1, id = id, x LIKE '%'. */
static bool
is_always_true(const struct range *r)
{
	uint64_t n;

	if (r->n == 1)
		return sql_is(r->all, &r->t[0], "true") ||
		       (r->t[0].kind == SQL_NUMBER &&
			text_to_uint(value_of(r, 0), 1000000, &n) && n > 0);
	if (r->n == 2)
		return sql_is(r->all, &r->t[0], "not") &&
		       sql_is(r->all, &r->t[1], "false");
	if (r->n == 3 && r->t[1].kind == SQL_PUNCT)
		return is_punct(r, 1, '=') && same(r, 0, 2);
	if (r->n == 3)
		return (sql_is(r->all, &r->t[1], "like") ||
			sql_is(r->all, &r->t[1], "ilike") ||
			sql_is(r->all, &r->t[1], "is")) &&
		       (text_is(value_of(r, 2), "%") || same(r, 0, 2));
	if (r->n == 4)
		return (is_punct(r, 1, '>') || is_punct(r, 1, '<')) &&
		       is_punct(r, 2, '=') && same(r, 0, 3);
	return false;
}

static bool leaves_out(struct range r, unsigned depth);

static uint32_t
level_of(const struct range *r)
{
	uint32_t level = r->t[0].depth;

	for (uint32_t i = 0; i < r->n; i++)
		if (r->t[i].depth < level)
			level = r->t[i].depth;
	return level;
}

static bool
is_joint(const struct range *r, uint32_t i, uint32_t level, const char *word)
{
	return r->t[i].depth == level && sql_is(r->all, &r->t[i], word);
}

static bool
has_joint(const struct range *r, const char *word)
{
	uint32_t level = level_of(r);

	for (uint32_t i = 0; i < r->n; i++)
		if (is_joint(r, i, level, word))
			return true;
	return false;
}

/* Cut R at each WORD of its own level. ANY: true when some part leaves rows
 * out; else when every part does. */
static bool
parts_leave_out(const struct range *r, const char *word, bool any,
		unsigned depth)
{
	uint32_t level = level_of(r), start = 0;

	for (uint32_t i = 0; i <= r->n; i++) {
		if (i < r->n && !is_joint(r, i, level, word))
			continue;
		if (leaves_out(part_of(r, start, i), depth + 1) == any)
			return any;
		start = i + 1;
	}
	return !any;
}

/* Nothing, and what is nested too deep, leaves no row out. */
static bool
leaves_out(struct range r, unsigned depth)
{
	r = unwrapped(r);
	if (r.n == 0 || depth > DEPTH_MAX)
		return false;
	if (has_joint(&r, "or"))
		return parts_leave_out(&r, "or", false, depth);
	if (has_joint(&r, "and") && !has_joint(&r, "between"))
		return parts_leave_out(&r, "and", true, depth);
	return !is_always_true(&r);
}

bool
sql_where_leaves_out(struct text all, const struct sql_token *tokens,
		     uint32_t n)
{
	struct range r = { all, tokens, n };

	return leaves_out(r, 0);
}
