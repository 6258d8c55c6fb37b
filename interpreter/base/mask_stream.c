/* Masking a stream, which is read in two views at the same time: as it is,
 * and bare, that is, without line ends and control sequences. Each view is
 * searched by itself; places found in the bare one are translated back by the
 * list of gaps. Bytes leave when no needle that may still end covers them. */
#include "base/alloc.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/mask.h"
#include "base/needles.h"

enum {
	SLICE = 32 * 1024, /* read at once: two views of it stay in the cache */
	HOLD_SHORT = 3     /* bytes; see mask_flush_short */
};

/* A stretch to be masked, in bytes since the stream began. */
struct range {
	uint64_t start, end;
};

/* Ranges in order, none touching another's bytes. */
struct ranges {
	struct range *items; /* owned */
	size_t first, n, cap;
};

struct view {
	struct buf bytes; /* those that the search may still need */
	uint64_t base;    /* where the first of them is in this view */
	struct needle_cursor cursor;
	struct ranges found; /* in bytes of the stream */
};

/* Before byte AT of the bare view, TOTAL bytes of the stream are left out. */
struct gap {
	uint64_t at, total;
};

struct mask_stream {
	const struct mask *mask; /* borrowed, or NULL */
	size_t n_needles;        /* of the mask when it was last searched */
	struct view raw, bare;
	struct gap *gaps; /* owned; [0] holds for the first bare byte */
	size_t n_gaps, cap_gaps;
	struct escape escape;
	uint64_t told; /* bytes of the stream that have left */
};

/* The array with room for one more than N items. */
static void *
with_room(void *items, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return items;
	*cap = *cap ? 2 * *cap : 8;
	return xreallocarray(items, *cap, size);
}

static void
add_range(struct ranges *r, uint64_t start, uint64_t end)
{
	while (r->n > r->first && r->items[r->n - 1].end > start) {
		r->n--;
		if (r->items[r->n].start < start)
			start = r->items[r->n].start;
		if (r->items[r->n].end > end)
			end = r->items[r->n].end;
	}
	r->items = with_room(r->items, r->n, &r->cap, sizeof(*r->items));
	r->items[r->n++] = (struct range){ start, end };
}

static void
clear_view(struct view *v)
{
	if (v->bytes.bytes)
		explicit_bzero(v->bytes.bytes, v->bytes.cap);
	buf_clear(&v->bytes);
	v->base = 0;
	v->cursor = (struct needle_cursor){ 0 };
	v->found.first = v->found.n = 0;
}

static void
reset(struct mask_stream *s)
{
	clear_view(&s->raw);
	clear_view(&s->bare);
	s->gaps = with_room(s->gaps, 0, &s->cap_gaps, sizeof(*s->gaps));
	s->gaps[0] = (struct gap){ 0, 0 };
	s->n_gaps = 1;
	s->escape = (struct escape){ .kind = ESCAPE_NONE };
	s->told = 0;
}

struct mask_stream *
mask_stream_new(const struct mask *m)
{
	struct mask_stream *s = xcalloc(1, sizeof(*s));

	s->mask = m;
	reset(s);
	return s;
}

struct mask_stream *
mask_stream_free(struct mask_stream *s)
{
	if (!s)
		return NULL;
	buf_wipe(&s->raw.bytes);
	buf_wipe(&s->bare.bytes);
	free(s->raw.found.items);
	free(s->bare.found.items);
	free(s->gaps);
	free(s);
	return NULL;
}

void
mask_stream_free_ptr(struct mask_stream **s)
{
	*s = mask_stream_free(*s);
}

static uint64_t
view_end(const struct view *v)
{
	return v->base + v->bytes.len;
}

/* ---- the bare view ------------------------------------------------------ */

/* Where byte AT of the bare view is in the stream. */
static uint64_t
stream_place(const struct mask_stream *s, uint64_t at)
{
	size_t low = 0, high = s->n_gaps;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (s->gaps[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return at + s->gaps[low].total;
}

/* N bytes of the stream are left out where the bare view now ends. */
static void
add_gap(struct mask_stream *s, size_t n)
{
	struct gap *last = &s->gaps[s->n_gaps - 1];
	uint64_t at = view_end(&s->bare), total = last->total + n;

	if (last->at != at) {
		s->gaps = with_room(s->gaps, s->n_gaps, &s->cap_gaps,
				    sizeof(*s->gaps));
		last = &s->gaps[s->n_gaps++];
	}
	*last = (struct gap){ at, total };
}

/* Forget gaps that no byte from AT on needs. */
static void
drop_gaps(struct mask_stream *s, uint64_t at)
{
	size_t n = 0;

	while (n + 1 < s->n_gaps && s->gaps[n + 1].at <= at)
		n++;
	s->n_gaps -= n;
	memmove(s->gaps, s->gaps + n, s->n_gaps * sizeof(*s->gaps));
}

/* How many bytes at T's start are in the bare view, seen between sequences. */
static size_t
bare_bytes(struct text t)
{
	size_t n = 0;

	while (n < t.len && t.at[n] != '\033' && t.at[n] != '\n' &&
	       t.at[n] != '\r')
		n++;
	return n;
}

static bool
is_bare(struct mask_stream *s, char c)
{
	enum escape_step step = escape_feed(&s->escape, c);

	if (step == ESCAPE_BROKEN)
		step = escape_feed(&s->escape, c);
	return step == ESCAPE_TEXT && c != '\r' && c != '\n';
}

static void
add_bare(struct mask_stream *s, struct text text)
{
	for (size_t i = 0; i < text.len;) {
		size_t n = 0;

		if (s->escape.kind == ESCAPE_NONE)
			n = bare_bytes(text_sub(text, i, text.len));
		if (n == 0 && !is_bare(s, text.at[i]))
			add_gap(s, 1);
		else
			buf_add(&s->bare.bytes, text.at + i, n ? n : 1);
		i += n ? n : 1;
	}
}

/* Where masking begins for a needle that begins at byte START of the bare
 * view. A gap after one to three bytes is not waited for (every line that
 * ends like the beginning of a secret would be held back): masking then
 * begins with the fourth byte. */
static uint64_t
masked_from(const struct mask_stream *s, uint64_t start)
{
	uint64_t first = stream_place(s, start);
	uint64_t fourth = stream_place(s, start + HOLD_SHORT);

	return fourth - first == HOLD_SHORT ? first : fourth;
}

/* ---- searching ---------------------------------------------------------- */

static void
search_raw(struct mask_stream *s)
{
	struct view *v = &s->raw;
	struct needle_hit hit;

	while (needles_next(mask_needles(s->mask), &v->cursor,
			    buf_text(&v->bytes), &hit))
		add_range(&v->found, v->base + hit.start, v->base + hit.end);
}

static void
search_bare(struct mask_stream *s)
{
	struct view *v = &s->bare;
	struct needle_hit hit;

	while (needles_next(mask_needles(s->mask), &v->cursor,
			    buf_text(&v->bytes), &hit)) {
		size_t len = hit.end - hit.start;
		uint64_t start = v->base + hit.start;
		uint64_t end = stream_place(s, start + len - 1) + 1;
		uint64_t gaps = end - stream_place(s, start) - len;

		if (len >= LIMIT_SECRET_LINE_BYTES && gaps > 0 &&
		    gaps <= LIMIT_SECRET_GAP_BYTES)
			add_range(&v->found, masked_from(s, start), end);
	}
}

static size_t
live_bytes(const struct mask_stream *s, const struct view *v)
{
	return needles_live(mask_needles(s->mask), &v->cursor,
			    buf_text(&v->bytes));
}

/* Where the bare view's live beginning of LEN bytes is in the stream. A needle
 * with as many gaps as count begins late enough, should the live one have
 * more. */
static uint64_t
bare_held_from(const struct mask_stream *s, size_t len)
{
	uint64_t from = masked_from(s, view_end(&s->bare) - len);
	uint64_t end = view_end(&s->raw);

	if (end - from > len + LIMIT_SECRET_GAP_BYTES)
		return end - len - LIMIT_SECRET_GAP_BYTES;
	return from;
}

/* The first byte of the stream that a needle which has not ended yet may
 * cover, when beginnings of up to IGNORED bytes do not count. */
static uint64_t
held_from(const struct mask_stream *s, size_t ignored)
{
	size_t raw = live_bytes(s, &s->raw), bare = live_bytes(s, &s->bare);
	uint64_t held = view_end(&s->raw), from;

	if (raw > ignored)
		held -= raw;
	if (bare <= HOLD_SHORT)
		return held;
	from = bare_held_from(s, bare);
	return from < held ? from : held;
}

/* ---- telling ------------------------------------------------------------ */

static bool
is_empty(const struct ranges *r)
{
	return r->first == r->n;
}

/* The view whose first range begins first; NULL: none has any. */
static const struct ranges *
first_ranges(const struct ranges *a, const struct ranges *b)
{
	if (is_empty(a) || is_empty(b))
		return is_empty(a) ? (is_empty(b) ? NULL : b) : a;
	return a->items[a->first].start <= b->items[b->first].start ? a : b;
}

/* Take from R the ranges that overlap *JOINED, which grows to cover them. */
static bool
take_overlapping(struct ranges *r, struct range *joined)
{
	size_t before = r->first;

	while (!is_empty(r) && r->items[r->first].start < joined->end) {
		if (r->items[r->first].end > joined->end)
			joined->end = r->items[r->first].end;
		r->first++;
	}
	return r->first != before;
}

/* Take the first stretch to be masked, joined over both views; false when
 * none begins before byte UNTIL. */
static bool
take_range(struct mask_stream *s, uint64_t until, struct range *ret)
{
	struct ranges *raw = &s->raw.found, *bare = &s->bare.found;
	const struct ranges *r = first_ranges(raw, bare);

	if (!r || r->items[r->first].start >= until)
		return false;
	*ret = r->items[r->first];
	while (take_overlapping(raw, ret) || take_overlapping(bare, ret))
		;
	return true;
}

/* Append the bytes up to UNTIL as they are. */
static void
tell(struct mask_stream *s, uint64_t until, struct buf *out)
{
	if (until <= s->told)
		return;
	buf_add(out, s->raw.bytes.bytes + (s->told - s->raw.base),
		(size_t)(until - s->told));
	s->told = until;
}

/* Append what is before byte UNTIL; a stretch that reaches over it waits. */
static void
tell_masked(struct mask_stream *s, uint64_t until, struct buf *out)
{
	size_t raw = s->raw.found.first, bare = s->bare.found.first;
	struct range next;

	while (take_range(s, until, &next)) {
		if (next.end > until) {
			s->raw.found.first = raw;
			s->bare.found.first = bare;
			until = next.start;
			break;
		}
		raw = s->raw.found.first;
		bare = s->bare.found.first;
		if (next.end <= s->told)
			continue;
		tell(s, next.start, out);
		buf_adds(out, "***");
		s->told = next.end;
	}
	tell(s, until, out);
}

static void
drop_bytes(struct view *v, uint64_t until)
{
	size_t n = (size_t)(until - v->base), at = v->cursor.at;

	buf_drop(&v->bytes, n);
	v->base = until;
	v->cursor.at = at > n ? at - n : 0;
}

static void
drop_ranges(struct ranges *r)
{
	r->n -= r->first;
	if (r->n)
		memmove(r->items, r->items + r->first,
			r->n * sizeof(*r->items));
	r->first = 0;
}

/* Forget what has been told and no search needs. */
static void
drop(struct mask_stream *s)
{
	uint64_t raw = view_end(&s->raw) - live_bytes(s, &s->raw);
	uint64_t bare = view_end(&s->bare) - live_bytes(s, &s->bare);

	drop_bytes(&s->raw, raw < s->told ? raw : s->told);
	drop_bytes(&s->bare, bare);
	drop_gaps(s, bare);
	drop_ranges(&s->raw.found);
	drop_ranges(&s->bare.found);
}

/* When a secret was added since, what is held back may begin it. */
static void
notice_secrets(struct mask_stream *s)
{
	size_t n = needles_count(mask_needles(s->mask));

	if (n == s->n_needles)
		return;
	s->n_needles = n;
	s->raw.cursor = s->bare.cursor = (struct needle_cursor){ 0 };
}

void
mask_write(struct mask_stream *s, struct text text, struct buf *out)
{
	if (!s->mask || mask_is_empty(s->mask)) {
		buf_addt(out, text);
		return;
	}
	notice_secrets(s);
	for (size_t i = 0; i < text.len; i += SLICE) {
		struct text slice = text_sub(text, i, i + SLICE);

		buf_addt(&s->raw.bytes, slice);
		add_bare(s, slice);
		search_raw(s);
		search_bare(s);
		tell_masked(s, held_from(s, 0), out);
		drop(s);
	}
}

size_t
mask_held(const struct mask_stream *s)
{
	return (size_t)(view_end(&s->raw) - s->told);
}

void
mask_flush_short(struct mask_stream *s, struct buf *out)
{
	if (mask_held(s) == 0)
		return;
	tell_masked(s, held_from(s, HOLD_SHORT), out);
	drop(s);
}

void
mask_flush(struct mask_stream *s, struct buf *out)
{
	tell_masked(s, view_end(&s->raw), out);
	reset(s);
}
