/* Wants that were not declared, and what kinds are called. */
#include "graph/want.h"

#include "base/limits.h"
#include "graph/line_suffix.h"

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
want_inferred(struct arena *arena, enum want_kind kind, struct excerpt text,
	      struct span where, const char *rule)
{
	struct want *w = ARENA_NEW(arena, struct want);

	w->kind = kind;
	w->text = text.text;
	w->map = text.map;
	w->where = where;
	w->inferred = true;
	w->rule = rule;
	return w;
}

bool
want_fits(struct text text)
{
	struct text line;
	uint32_t n = 0;

	if (text.len > LIMIT_MATCH_BYTES)
		return false;
	while (n <= LIMIT_WANT_LINES && text_next_line(&text, &line))
		n++;
	return n <= LIMIT_WANT_LINES;
}

struct want *
want_shown(struct arena *arena, struct excerpt text, struct span where,
	   const char *rule)
{
	bool marked = line_suffix_in(text.text);
	struct want *w = want_inferred(
		arena, marked ? WANT_LINES : WANT_EXAMPLE, text, where, rule);

	w->inferred = !marked;
	return w;
}
