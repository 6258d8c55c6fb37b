/* Applying changes. */
#include "edit/patch.h"

void
patch_init(struct patch *p, struct arena *arena, struct text bytes)
{
	*p = (struct patch){ .arena = arena, .bytes = bytes };
}

bool
patch_replace(struct patch *p, uint32_t start, uint32_t end, struct text text)
{
	struct edit e = { start, end, arena_text(p->arena, text), p->made };
	uint32_t at = p->n_edits;

	while (at > 0 && p->edits[at - 1].start > start)
		at--;
	/* An insertion at the start of a replaced range comes before it. */
	if (start == end && at > 0 && p->edits[at - 1].start == start &&
	    p->edits[at - 1].end > start)
		at--;
	if ((at > 0 && p->edits[at - 1].end > start) ||
	    (at < p->n_edits && p->edits[at].start < end))
		return false;
	ARENA_PUSH(p->arena, p->edits, p->n_edits, e);
	for (uint32_t i = p->n_edits - 1; i > at; i--)
		p->edits[i] = p->edits[i - 1];
	p->edits[at] = e;
	p->made++;
	return true;
}

void
patch_undo(struct patch *p, uint32_t from, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n_edits; i++) {
		if (p->edits[i].made < from || p->edits[i].made >= end)
			p->edits[n++] = p->edits[i];
	}
	p->n_edits = n;
}

void
patch_apply(const struct patch *p, struct buf *b)
{
	size_t at = 0;

	for (uint32_t i = 0; i < p->n_edits; i++) {
		const struct edit *e = &p->edits[i];

		buf_addt(b, text_sub(p->bytes, at, e->start));
		buf_addt(b, e->text);
		at = e->end;
	}
	buf_addt(b, text_sub(p->bytes, at, p->bytes.len));
}
