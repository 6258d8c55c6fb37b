/* Wants that were not declared, and what kinds are called. */
#include "graph/want.h"

static const struct {
	const char *name, *help;
} kinds[] = {
#define WANT_KIND(symbol, name, help) { name, help },
#include "graph/want_kinds.def"
#undef WANT_KIND
};

const char *
want_kind_name(enum want_kind kind)
{
	return kinds[kind].name;
}

const char *
want_kind_help(enum want_kind kind)
{
	return kinds[kind].help;
}

struct want *
want_inferred(struct arena *arena, enum want_kind kind, struct text text,
	      struct span where, const char *rule)
{
	struct want *w = ARENA_NEW(arena, struct want);

	w->kind = kind;
	w->text = text;
	w->where = where;
	w->inferred = true;
	w->rule = rule;
	return w;
}
