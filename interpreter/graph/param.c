/* Parameters: places that a reader fills in, one per name in a procedure, each
 * use with the shells that will read it on its way. */
#include "graph/infer.h"
#include "shell/parse.h"

bool
names_are_alike(struct text a, struct text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		char x = byte_lower(a.at[i]), y = byte_lower(b.at[i]);

		if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y))
			return false;
	}
	return true;
}

bool
param_is_called(const struct param *p, struct text name)
{
	return names_are_alike(p->name, name);
}

/* ---- by name ---------------------------------------------------------------
 *
 * Open addressing; names that are alike have one slot, for none is added that
 * is found. */

static uint32_t
slot_of(const struct procedure *p, struct text name)
{
	uint32_t hash = 2166136261U, mask = p->n_slots - 1;

	for (size_t i = 0; i < name.len; i++) {
		char c = byte_lower(name.at[i]);

		hash ^= (unsigned char)(c == '_' ? '-' : c);
		hash *= 16777619U; /* FNV-1a */
	}
	for (hash &= mask; p->slots[hash]; hash = (hash + 1) & mask) {
		if (names_are_alike(p->slots[hash]->name, name))
			break;
	}
	return hash;
}

static void
remember(struct builder *b, struct param *param)
{
	struct procedure *p = b->p;

	if (2 * p->n_params >= p->n_slots) {
		p->n_slots = p->n_slots ? 4 * p->n_slots : 16;
		p->slots = arena_alloc(b->arena,
				       p->n_slots * sizeof(struct param *));
		for (uint32_t i = 0; i < p->n_params; i++)
			p->slots[slot_of(p, p->params[i]->name)] = p->params[i];
	}
	p->slots[slot_of(p, param->name)] = param;
	ARENA_PUSH(b->arena, p->params, p->n_params, param);
}

struct param *
procedure_param(const struct procedure *p, struct text name)
{
	return p->n_slots ? p->slots[slot_of(p, name)] : NULL;
}

/* ---- definitions ------------------------------------------------------------
 */

static const struct param_definition *
find_in(const struct param_definition *list, uint32_t n, struct text name)
{
	for (uint32_t i = 0; i < n; i++) {
		if (names_are_alike(list[i].name, name))
			return &list[i];
	}
	return NULL;
}

/* What the procedure says of NAME, else what the document says. */
static const struct param_definition *
find_definition(const struct builder *b, struct text name)
{
	const struct param_definition *own =
		find_in(b->p->defined, b->p->n_defined, name);

	return own ? own : find_in(b->rb->defined, b->rb->n_defined, name);
}

struct param *
add_param(struct builder *b, struct text name, struct text text,
	  struct span where)
{
	struct param *p = ARENA_NEW(b->arena, struct param);

	p->defined = find_definition(b, name);
	p->name = name;
	p->text = text;
	p->where = where;
	p->secret = p->defined && p->defined->secret;
	remember(b, p);
	return p;
}

/* As the author wrote it: with the quotes when nothing else is in them. */
static struct text
written(const struct script *s, const struct placeholder *ph)
{
	uint32_t start = ph->start, end = ph->end;
	struct text t = s->source.text;

	if (start > 0 && end < t.len && t.at[start - 1] == t.at[end] &&
	    (t.at[end] == '\'' || t.at[end] == '"'))
		return script_text(s, start - 1, end + 1);
	return script_text(s, start, end);
}

/* ---- through how many shells a use goes ------------------------------------
 */

/* Found while the step is judged, for all uses in it at once: going through
 * its shells costs as much as it is long. */
struct level_finder {
	struct arena *arena;
	struct param_use *uses;
	uint32_t n_uses;
	const struct script *own; /* of the step: its placeholders that are
				   * used begin with number FIRST */
	uint32_t first;
};

static bool
same_place(struct span a, struct span b)
{
	return a.src == b.src && a.start == b.start && a.end == b.end;
}

static bool
is_within(struct span inner, struct span outer)
{
	return inner.src == outer.src && inner.start >= outer.start &&
	       inner.end <= outer.end;
}

static void
add_level(struct level_finder *f, struct param_use *use,
	  struct quote_place place)
{
	ARENA_PUSH(f->arena, use->levels, use->n_levels, place);
	if (place.context == QUOTE_REFUSED && !use->refused)
		use->refused = place.why;
}

static void
on_script(void *ctx, const struct script *s, const struct hop *hop UNUSED,
	  unsigned depth)
{
	struct level_finder *f = ctx;
	uint32_t first = s == f->own ? f->first : 0;
	uint32_t end = s == f->own ? first + f->n_uses : s->n_placeholders;

	for (uint32_t i = first; i < end; i++) {
		const struct placeholder *ph = &s->placeholders[i];
		struct span where = script_span(s, ph->start, ph->end);

		for (uint32_t u = 0; u < f->n_uses; u++) {
			struct param_use *use = &f->uses[u];

			/* not a second time, when two texts hold it */
			if (depth == use->n_levels &&
			    same_place(where, use->where))
				add_level(f, use, quote_place_at(s, ph->start));
		}
	}
}

static struct quote_place
foreign_place(const struct foreign *foreign)
{
	switch (foreign->takes) {
	case FOREIGN_PLAIN:
		return (struct quote_place){ .context = QUOTE_PLAIN_ONLY };
	case FOREIGN_INT:
		return (struct quote_place){ .context = QUOTE_INT_ONLY };
	case FOREIGN_NOTHING:
		break;
	}
	return (struct quote_place){
		.context = QUOTE_REFUSED,
		.why = "inside a text of another language",
	};
}

/* The first that holds a use says what may stand there; that nothing may, holds
 * whoever says it. */
static void
on_foreign(void *ctx, const struct foreign *foreign)
{
	struct quote_place place = foreign_place(foreign);
	struct level_finder *f = ctx;
	struct span where = map_span(foreign->text.map, 0,
				     (uint32_t)foreign->text.text.len);

	for (uint32_t u = 0; u < f->n_uses; u++) {
		struct param_use *use = &f->uses[u];

		if (!is_within(use->where, where) ||
		    (use->foreign && place.context != QUOTE_REFUSED))
			continue;
		add_level(f, use, place);
		use->foreign = true;
	}
}

static void
find_levels(struct builder *b, struct step *s, struct param_use *uses,
	    uint32_t n, uint32_t first)
{
	struct level_finder f = { b->arena, uses, n, s->script, first };
	struct unwrap_visitor visitor = { .on_script = on_script,
					  .on_foreign = on_foreign,
					  .ctx = &f };

	judge_step(b, s, &visitor);
}

/* In a here-document it may as well be a tag or an address: there it is a
 * parameter when the author has declared it, or when a shell reads the text. */
static bool
is_meant(const struct builder *b, const struct placeholder *ph,
	 const struct param_use *use)
{
	return ph->certainty != PLACEHOLDER_POSSIBLE ||
	       procedure_param(b->p, ph->name) ||
	       (use->n_levels > (use->foreign ? 2 : 1) && !use->refused);
}

static void
add_use(struct builder *b, struct step *s, const struct placeholder *ph,
	struct param_use use)
{
	if (!is_meant(b, ph, &use))
		return;
	use.param = procedure_param(b->p, ph->name);
	if (!use.param)
		use.param = add_param(b, ph->name, written(s->script, ph),
				      use.where);
	use.param->secret |= ph->secret;
	ARENA_PUSH(b->arena, s->uses, s->n_uses, use);
	reason_add(b->arena, &s->reasons, INFER_PARAMETER, "parameter",
		   use.where, "%.*s is %s", TEXT_ARG(use.param->text),
		   placeholder_kind_help(ph->kind));
	infer_param_type(b, s, use.param, ph->kind);
}

void
infer_params(struct builder *b, struct step *s)
{
	const struct placeholder *all = s->script->placeholders;
	uint32_t start = s->script->body->items[s->first]->start;
	uint32_t end = s->script->body->items[s->last]->end;
	uint32_t first = 0, n = 0;
	struct param_use *uses;

	for (uint32_t over = s->script->n_placeholders; first < over;) {
		uint32_t middle = first + (over - first) / 2;

		if (all[middle].start < start)
			first = middle + 1;
		else
			over = middle;
	}
	while (first + n < s->script->n_placeholders &&
	       all[first + n].end <= end)
		n++;
	if (n == 0)
		return;
	uses = arena_alloc(b->arena, n * sizeof(*uses));
	for (uint32_t i = 0; i < n; i++) {
		const struct placeholder *ph = &all[first + i];

		uses[i].where = script_span(s->script, ph->start, ph->end);
		uses[i].start = ph->start - start;
		uses[i].end = ph->end - start;
	}
	find_levels(b, s, uses, n, first);
	for (uint32_t i = 0; i < n; i++)
		add_use(b, s, &all[first + i], uses[i]);
}
