/* Doing what findings offer to do. */
#include "lint/fix.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "diag/source.h"

struct edits {
	const struct diag_edit **at; /* owned; by place */
	size_t n;
};

static bool
is_free(const struct edits *e, const struct diag_edit *edit)
{
	for (size_t i = e->n; i-- > 0;) {
		const struct diag_edit *there = e->at[i];

		/* two insertions at one place have no order */
		if (edit->start <= there->end && there->start <= edit->end)
			return false;
	}
	return true;
}

static bool
take(struct edits *e, const struct diag_fix *fix)
{
	for (const struct diag_edit *edit = fix->edits; edit;
	     edit = edit->next) {
		if (!is_free(e, edit))
			return false;
	}
	for (const struct diag_edit *edit = fix->edits; edit;
	     edit = edit->next) {
		e->at = xreallocarray(e->at, e->n + 1, sizeof(edit));
		e->at[e->n++] = edit;
	}
	return true;
}

static int
by_place(const void *a, const void *b)
{
	const struct diag_edit *l = *(const struct diag_edit *const *)a;
	const struct diag_edit *r = *(const struct diag_edit *const *)b;

	return (l->start > r->start) - (l->start < r->start);
}

uint32_t
lint_fix_text(const struct source *src, const struct diag_sink *sink,
	      struct buf *ret)
{
	struct edits e = { NULL, 0 };
	uint32_t n = 0, at = 0;

	for (size_t i = 0; i < sink->n_items; i++) {
		const struct diag *d = sink->items[i];

		if (d->fix && d->fix->safe && d->where.src == src)
			n += take(&e, d->fix);
	}
	if (e.n)
		qsort(e.at, e.n, sizeof(struct diag_edit *), by_place);
	for (size_t i = 0; i < e.n; i++) {
		buf_addt(ret, text_sub(src->bytes, at, e.at[i]->start));
		buf_adds(ret, e.at[i]->text);
		at = e.at[i]->end;
	}
	buf_addt(ret, text_sub(src->bytes, at, src->bytes.len));
	free(e.at);
	return n;
}
