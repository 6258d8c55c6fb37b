/* Words for what a step is. */
#include "graph/step.h"

static const char *const rules[] = {
#define INFER(symbol, name, help) name,
#include "graph/rules.def"
#undef INFER
};

const char *
infer_rule_name(enum infer_rule rule)
{
	return rules[rule];
}

void
reason_add(struct arena *arena, struct reason **list, enum infer_rule rule,
	   const char *attribute, struct span where, const char *fmt, ...)
{
	struct reason *r = ARENA_NEW(arena, struct reason);
	va_list ap;

	r->rule = rule;
	r->attribute = attribute;
	r->where = where;
	va_start(ap, fmt);
	r->text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	while (*list)
		list = &(*list)->next;
	*list = r;
}

const struct choice *
step_choice(const struct step *s)
{
	const struct branch *b = s->branch;

	while (b && b->choice->inside)
		b = b->choice->inside;
	return b ? b->choice : NULL;
}

bool
step_is_in(const struct step *s, const struct branch *branch)
{
	const struct branch *b = s->branch;

	while (b && b != branch)
		b = b->choice->inside;
	return b != NULL;
}

bool
step_depends_on(const struct step *s, const struct condition *condition)
{
	const struct condition *c = s->condition;

	while (c && c != condition)
		c = c->outer;
	return c != NULL;
}

bool
step_uses(const struct step *s, const struct param *param)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param == param)
			return true;
	}
	return false;
}

const char *
step_kind_name(enum step_kind kind)
{
	static const char *const names[] = { "command", "file", "manual" };

	return names[kind];
}

const char *
step_relation_name(enum step_relation relation)
{
	static const char *const names[] = { "next", "alternative",
					     "conditional" };

	return names[relation];
}

const char *
step_io_name(enum effect_io io)
{
	static const char *const names[] = { "batch", "follow", "interactive" };

	return names[io];
}

const char *
step_host_name(const struct step *step, struct buf *scratch)
{
	if (step->host.len == 0)
		return "local";
	buf_clear(scratch);
	buf_addt(scratch, step->host);
	return buf_cstr(scratch);
}

struct text
param_default(const struct param *p)
{
	if (!p->defined || !p->defined->value)
		return (struct text){ NULL, 0 };
	return p->defined->value->text;
}

enum param_type
param_type(const struct param *p)
{
	return p->defined ? p->defined->type : p->type;
}

struct text
param_help(const struct param *p)
{
	return p->defined ? p->defined->help : (struct text){ NULL, 0 };
}

struct text
param_pattern(const struct param *p)
{
	if (!p->defined)
		return text_of(p->pattern);
	return p->defined->pattern ? p->defined->pattern->text
				   : (struct text){ NULL, 0 };
}

const char *
param_expects(const struct param *p)
{
	static const char *const texts[] = {
		[PARAM_STRING] = NULL,
		[PARAM_INT] = "a whole number",
		[PARAM_BOOL] = "true or false",
		[PARAM_DATE] = "a date",
		[PARAM_CHOICE] = NULL,
		[PARAM_PATH] = "a path",
		[PARAM_HOST] = "a host",
		[PARAM_USER] = "a user",
		[PARAM_PORT] = "a port",
		[PARAM_WORDS] = "one or more words",
	};

	return p->defined ? texts[p->defined->type] : p->expects;
}
