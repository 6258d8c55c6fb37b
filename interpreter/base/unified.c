/* Unified diffs: the shortest edit script of Myers (1986), forwards, with the
 * way back kept. */
#include "base/unified.h"

#include "base/alloc.h"
#include "base/limits.h"

enum {
	CONTEXT = 3
};

struct lines {
	struct text *at; /* owned; each with its newline */
	size_t n;
};

/* Lines [old, old_end) become [new, new_end). */
struct change {
	size_t old, old_end, new, new_end;
};

struct script {
	struct lines old, new;
	struct change *changes; /* owned; in order, apart */
	size_t n;
};

static struct lines
split(struct text t)
{
	struct lines l = { NULL, 0 };
	size_t n = 0;

	for (size_t at = 0; at < t.len; n++)
		at = text_chr(t, '\n', at) + 1;
	l.at = xreallocarray(NULL, n ? n : 1, sizeof(*l.at));
	for (size_t at = 0; at < t.len;) {
		size_t end = text_chr(t, '\n', at) + 1;

		l.at[l.n++] = text_sub(t, at, end);
		at = end;
	}
	return l;
}

/* Put a change before the first one; joins it when it touches it. */
static void
prepend(struct script *s, struct change c)
{
	struct change *last = s->n ? &s->changes[s->n - 1] : NULL;

	if (last && last->old == c.old_end && last->new == c.new_end) {
		last->old = c.old;
		last->new = c.new;
		return;
	}
	s->changes = xreallocarray(s->changes, s->n + 1, sizeof(c));
	s->changes[s->n++] = c;
}

/* ---- the shortest way ------------------------------------------------------
 */

/* Round D knows how far diagonals -D … D get: their row is 2 D + 1 long. */
struct search {
	const struct script *s;
	size_t first, old_end, new_end; /* what is compared */
	size_t *rows[LIMIT_UNIFIED_EDITS + 1];
	size_t n_rows;
};

static size_t
follow(const struct search *f, size_t x, size_t y)
{
	while (f->first + x < f->old_end && f->first + y < f->new_end &&
	       text_eq(f->s->old.at[f->first + x], f->s->new.at[f->first + y]))
		x++, y++;
	return x;
}

/* Where diagonal K of round D begins, before equal lines: DOWN tells whether a
 * line came in. */
static size_t
start_of(const size_t *before, long d, long k, bool *ret_down)
{
	/* before[k' + d - 1] is diagonal k' of the round before */
	size_t left = k > -d ? before[k - 1 + d - 1] : 0;
	size_t up = k < d ? before[k + 1 + d - 1] : 0;

	*ret_down = k == -d || (k != d && left < up);
	return *ret_down ? up : left + 1;
}

/* The round and diagonal in which both texts end; false: too far. */
static bool
search_end(struct search *f, long *ret_d)
{
	long goal =
		(long)(f->old_end - f->first) - (long)(f->new_end - f->first);

	for (long d = 0; d <= LIMIT_UNIFIED_EDITS; d++) {
		size_t *row =
			xreallocarray(NULL, (size_t)(2 * d + 1), sizeof(*row));

		f->rows[f->n_rows++] = row;
		for (long k = -d; k <= d; k += 2) {
			bool down = false;
			size_t x =
				d ? start_of(f->rows[d - 1], d, k, &down) : 0;

			/* past an end: not a way, but harmless to keep */
			if (f->first + x <= f->old_end && (long)x - k >= 0 &&
			    f->first + (size_t)((long)x - k) <= f->new_end)
				x = follow(f, x, (size_t)((long)x - k));
			row[k + d] = x;
			if (k == goal && f->first + x >= f->old_end) {
				*ret_d = d;
				return true;
			}
		}
	}
	return false;
}

static void
walk_back(struct search *f, struct script *s, long d)
{
	long k = (long)(f->old_end - f->first) - (long)(f->new_end - f->first);

	for (; d > 0; d--) {
		bool down;
		size_t x = start_of(f->rows[d - 1], d, k, &down);
		size_t y = (size_t)((long)x - k);
		struct change c = { f->first + x, f->first + x, f->first + y,
				    f->first + y };

		if (down)
			c.new --;
		else
			c.old--;
		prepend(s, c);
		k += down ? 1 : -1;
	}
}

static void
compare(struct script *s)
{
	struct search f = { .s = s };
	size_t tail = 0;
	long d;

	while (f.first < s->old.n &&
	       f.first < s->new.n &&text_eq(s->old.at[f.first],
					    s->new.at[f.first]))
		f.first++;
	while (tail < s->old.n - f.first &&
	       tail < s->new.n - f.first &&text_eq(
					 s->old.at[s->old.n - 1 - tail],
					 s->new.at[s->new.n - 1 - tail]))
		tail++;
	f.old_end = s->old.n - tail;
	f.new_end = s->new.n - tail;
	if (f.old_end == f.first && f.new_end == f.first)
		return;
	if (search_end(&f, &d))
		walk_back(&f, s, d);
	else
		prepend(s, (struct change){ f.first, f.old_end, f.first,
					    f.new_end });
	while (f.n_rows)
		free(f.rows[--f.n_rows]);
}

/* ---- printing --------------------------------------------------------------
 */

static void
add_lines(struct buf *b, char sign, const struct lines *l, size_t from,
	  size_t end)
{
	for (size_t i = from; i < end; i++) {
		buf_addc(b, sign);
		buf_addt(b, l->at[i]);
		if (!text_ends(l->at[i], "\n"))
			buf_adds(b, "\n\\ No newline at end of file\n");
	}
}

/* "12,3"; of no line the one before. */
static void
add_range(struct buf *b, char sign, size_t from, size_t end)
{
	size_t n = end - from;

	buf_addf(b, "%c%zu", sign, n ? from + 1 : from);
	if (n != 1)
		buf_addf(b, ",%zu", n);
}

/* Changes FIRST down to LAST (they stand last one first) as one hunk. */
static void
add_hunk(struct buf *b, const struct script *s, size_t first, size_t last)
{
	const struct change *head = &s->changes[first];
	const struct change *tail = &s->changes[last];
	size_t before = head->old < CONTEXT ? head->old : CONTEXT;
	size_t after = s->old.n - tail->old_end, at;

	after = after < CONTEXT ? after : CONTEXT;
	buf_adds(b, "@@ ");
	add_range(b, '-', head->old - before, tail->old_end + after);
	buf_addc(b, ' ');
	add_range(b, '+', head->new - before, tail->new_end + after);
	buf_adds(b, " @@\n");
	at = head->old - before;
	for (size_t i = first + 1; i-- > last;) {
		const struct change *c = &s->changes[i];

		add_lines(b, ' ', &s->old, at, c->old);
		add_lines(b, '-', &s->old, c->old, c->old_end);
		add_lines(b, '+', &s->new, c->new, c->new_end);
		at = c->old_end;
	}
	add_lines(b, ' ', &s->old, at, at + after);
}

void
unified_diff(struct buf *b, const char *path, struct text old, struct text new)
{
	struct script s = { split(old), split(new), NULL, 0 };

	compare(&s);
	if (s.n)
		buf_addf(b, "--- a/%s\n+++ b/%s\n", path, path);
	for (size_t first = s.n; first-- > 0;) {
		size_t last = first;

		while (last > 0 &&
		       s.changes[last - 1].old - s.changes[last].old_end <=
			       2 * (size_t)CONTEXT)
			last--;
		add_hunk(b, &s, first, last);
		first = last;
	}
	free(s.old.at);
	free(s.new.at);
	free(s.changes);
}
