/* Doing what findings offer to do. */
#include "lint/fix.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "diag/source.h"

struct edits {
	const struct diag_edit **at; /* owned; by place */
	size_t n;
};

/* Take the edits of FIX when all of them lie behind *END, and move it. What
 * another one is in the way of comes with the next round. */
static bool
take(struct edits *e, const struct diag_fix *fix, uint32_t *end)
{
	uint32_t last = *end;

	for (const struct diag_edit *edit = fix->edits; edit;
	     edit = edit->next) {
		/* two insertions at one place have no order */
		if (e->n && edit->start <= *end)
			return false;
		if (edit->end > last)
			last = edit->end;
	}
	for (const struct diag_edit *edit = fix->edits; edit;
	     edit = edit->next) {
		if (e->n == 0 || (e->n >= 16 && (e->n & (e->n - 1)) == 0))
			e->at = xreallocarray(e->at, e->n ? 2 * e->n : 16,
					      sizeof(edit));
		e->at[e->n++] = edit;
	}
	*end = last;
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
	uint32_t n = 0, at = 0, last = 0;

	for (size_t i = 0; i < sink->n_items; i++) {
		const struct diag *d = sink->items[i];

		if (d->fix && d->fix->safe && d->where.src == src)
			n += take(&e, d->fix, &last);
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
