/* Finding procedures and steps by what people call them. */
#include "graph/runbook.h"

const char *
procedure_mode_name(enum procedure_mode mode)
{
	return mode == PROCEDURE_MENU ? "menu" : "sequence";
}

static struct text
last_part(struct text path)
{
	for (size_t i = path.len; i > 0; i--) {
		if (path.at[i - 1] == '/')
			return text_sub(path, i, path.len);
	}
	return path;
}

typedef bool equal_fn(struct text a, struct text b);

static bool
is_called(const struct procedure *p, struct text name, equal_fn *equal)
{
	return equal(p->path, name) || equal(last_part(p->path), name) ||
	       equal(p->heading, name) || (p->name.len && equal(p->name, name));
}

/* A heading without the remark in parentheses at its end. */
static struct text
without_remark(struct text heading)
{
	size_t open = heading.len;

	if (!text_ends(heading, ")"))
		return heading;
	while (open > 0 && heading.at[open - 1] != '(')
		open--;
	return open ? text_trim(text_sub(heading, 0, open - 1)) : heading;
}

static bool
equal_but_remark(struct text heading, struct text name)
{
	return text_eq_nocase(without_remark(heading), name);
}

static uint32_t
find_all(const struct runbook *rb, struct text name, equal_fn *equal,
	 struct procedure **ret, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < rb->n_procedures && n < max; i++) {
		if (is_called(rb->procedures[i], name, equal))
			ret[n++] = rb->procedures[i];
	}
	return n;
}

void
runbook_find(const struct runbook *rb, struct text name, struct procedure **ret,
	     uint32_t max, uint32_t *ret_n)
{
	*ret_n = 0;
	for (uint32_t i = 0; i < rb->n_procedures && max; i++) {
		if (text_eq(rb->procedures[i]->path, name)) {
			ret[0] = rb->procedures[i];
			*ret_n = 1;
			return;
		}
	}
	*ret_n = find_all(rb, name, text_eq, ret, max);
	if (*ret_n == 0)
		*ret_n = find_all(rb, name, text_eq_nocase, ret, max);
	if (*ret_n == 0)
		*ret_n = find_all(rb, name, equal_but_remark, ret, max);
}

/* Smaller is nearer; a name that holds the other, or begins nearly like it, is
 * near whatever its length. */
static unsigned
distance(const struct procedure *p, struct text name)
{
	enum {
		FAR = 12
	};
	struct text last = last_part(p->path);
	unsigned best = text_distance(last, name, FAR);
	unsigned other = text_distance(p->heading, name, FAR);

	if (other < best)
		best = other;
	other = text_distance(p->path, name, FAR);
	if (other < best)
		best = other;
	if (last.len > name.len && name.len > 2) {
		other = text_distance(text_sub(last, 0, name.len), name, FAR);
		if (other + 1 < best)
			best = other + 1;
	}
	if (name.len > 2 && (text_find(p->path, name, 0) < p->path.len ||
			     text_find(p->heading, name, 0) < p->heading.len))
		best = best < 2 ? best : 2;
	return best;
}

uint32_t
runbook_nearest(const struct runbook *rb, struct text name,
		struct procedure **ret, uint32_t max)
{
	unsigned limit = text_nearness(name);
	uint32_t n = 0;

	for (unsigned d = 0; d <= limit; d++) {
		for (uint32_t i = 0; i < rb->n_procedures && n < max; i++) {
			if (distance(rb->procedures[i], name) == d)
				ret[n++] = rb->procedures[i];
		}
	}
	return n;
}

uint32_t
procedure_steps(const struct procedure *p, struct text text, struct step **ret,
		uint32_t max)
{
	uint64_t number;
	uint32_t n = 0;

	if (text_to_uint(text, UINT32_MAX, &number)) {
		if (number < 1 || number > p->n_steps)
			return 0;
		ret[0] = p->steps[number - 1];
		return 1;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (text_eq(p->steps[i]->name, text) ||
		    text_is(text, p->steps[i]->id) ||
		    (!text_eq(p->steps[i]->label, p->steps[i]->title) &&
		     text_eq_nocase(p->steps[i]->label, text))) {
			ret[0] = p->steps[i];
			return 1;
		}
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (!text_eq_nocase(p->steps[i]->title, text))
			continue;
		if (n < max)
			ret[n] = p->steps[i];
		n++;
	}
	return n;
}

struct step *
procedure_step(const struct procedure *p, struct text text)
{
	struct step *s;

	return procedure_steps(p, text, &s, 1) == 1 ? s : NULL;
}
