/* Values of parameters. */
#include "run/values.h"

#include "base/alloc.h"
#include "base/mask.h"

static struct given *
find(const struct values *v, struct text name)
{
	for (uint32_t i = 0; i < v->n_items; i++) {
		if (text_eq(v->items[i].name, name))
			return &v->items[i];
	}
	return NULL;
}

void
values_set(struct values *v, struct text name, struct text value,
	   enum value_origin origin)
{
	struct given *old = find(v, name);
	struct given g = { name, arena_text(v->arena, value), origin };

	if (old) {
		old->value = g.value;
		old->origin = origin;
		return;
	}
	g.name = arena_text(v->arena, name);
	ARENA_PUSH(v->arena, v->items, v->n_items, g);
}

static void
environment_name(struct text name, struct buf *b)
{
	buf_adds(b, "RUNBOOK_PARAM_");
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		buf_addc(b, byte_is_alnum(c) ? c : '_');
	}
}

/* The given value that means P, whatever it calls P's dashes. */
static const struct given *
given_for(const struct values *v, const struct param *p)
{
	const struct given *exact = find(v, p->name);

	if (exact)
		return exact;
	for (uint32_t i = 0; i < v->n_items; i++) {
		if (param_is_called(p, v->items[i].name))
			return &v->items[i];
	}
	return NULL;
}

void
values_from_environment(struct values *v, const struct procedure *p)
{
	for (uint32_t i = 0; i < p->n_params; i++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT;
		const char *value;

		if (given_for(v, p->params[i]))
			continue;
		environment_name(p->params[i]->name, &name);
		value = getenv(buf_cstr(&name));
		if (!value && p->params[i]->variable) {
			buf_clear(&name);
			buf_addt(&name, p->params[i]->name);
			value = getenv(buf_cstr(&name));
		}
		if (value)
			values_set(v, p->params[i]->name, text_of(value),
				   VALUE_ENVIRONMENT);
	}
}

struct text
values_lookup(void *values, const struct param *p)
{
	const struct given *g = given_for(values, p);

	return g ? g->value : param_default(p);
}

static const struct param *
param_of(struct text name, struct procedure *const *procedures, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct param *p = procedure_param(procedures[i], name);

		if (p)
			return p;
	}
	return NULL;
}

/* The parameters that there are. */
static void
add_names(struct procedure *const *procedures, uint32_t n, struct buf *reterr)
{
	const char *glue = "; it has ";

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < procedures[i]->n_params; k++) {
			buf_addf(reterr, "%s'%.*s'", glue,
				 TEXT_ARG(procedures[i]->params[k]->name));
			glue = ", ";
		}
	}
	if (*glue == ';')
		buf_adds(reterr, "; it has none");
}

static void
add_unknown(struct text name, struct procedure *const *procedures, uint32_t n,
	    struct buf *reterr)
{
	const struct param *best = NULL;
	unsigned limit = text_nearness(name), nearest = limit + 1;

	buf_addf(reterr, "no parameter '%.*s' in '%.*s'", TEXT_ARG(name),
		 TEXT_ARG(procedures[0]->path));
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < procedures[i]->n_params; k++) {
			const struct param *p = procedures[i]->params[k];
			unsigned d = text_distance(p->name, name, limit);

			if (d < nearest) {
				nearest = d;
				best = p;
			}
		}
	}
	if (best)
		buf_addf(reterr, "; did you mean '%.*s'?",
			 TEXT_ARG(best->name));
	else
		add_names(procedures, n, reterr);
	buf_addc(reterr, '\n');
}

/* A run refuses a secret that it could not keep out of what it shows. */
static bool
can_be_masked(struct text value, struct buf *reterr)
{
	CLEANUP(mask_free_ptr) struct mask *m = mask_new();

	return mask_add(m, value, reterr) == 0;
}

bool
values_check(const struct values *v, struct procedure *const *procedures,
	     uint32_t n, struct buf *reterr)
{
	size_t before = reterr->len;

	for (uint32_t i = 0; i < v->n_items; i++) {
		const struct given *g = &v->items[i];
		const struct param *p = param_of(g->name, procedures, n);
		CLEANUP(buf_release) struct buf why = BUF_INIT;

		if (!p) {
			add_unknown(g->name, procedures, n, reterr);
		} else if (!param_check(p, g->value, &why)) {
			buf_addf(reterr,
				 "parameter '%.*s': ", TEXT_ARG(p->name));
			if (p->secret)
				buf_adds(reterr, "the value is not accepted");
			else
				buf_addt(reterr, buf_text(&why));
			buf_addc(reterr, '\n');
		} else if (p->secret && !can_be_masked(g->value, &why)) {
			buf_addf(reterr, "parameter '%.*s': %s\n",
				 TEXT_ARG(p->name), buf_cstr(&why));
		}
	}
	return reterr->len == before;
}
