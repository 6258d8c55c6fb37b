/* Maps from derived text to its source. */
#include "diag/map.h"

#include "base/alloc.h"

struct map *
map_new(struct arena *a, const struct source *src)
{
	struct map *m = ARENA_NEW(a, struct map);

	m->src = src;
	return m;
}

static bool
joins(const struct map_segment *last, uint32_t src_at, enum map_kind kind)
{
	return kind == MAP_COPIED && last->kind == MAP_COPIED &&
	       last->src + last->src_len == src_at;
}

void
map_add(struct arena *a, struct map *m, uint32_t len, uint32_t src_at,
	uint32_t src_len, enum map_kind kind)
{
	struct map_segment *last;

	if (kind == MAP_COPIED && len != src_len)
		BUG("%u bytes copied from %u", len, src_len);
	if (len == 0)
		return;
	last = m->n_segments ? &m->segments[m->n_segments - 1] : NULL;
	if (last && joins(last, src_at, kind)) {
		last->len += len;
		last->src_len += src_len;
	} else {
		struct map_segment s = { m->len, len, src_at, src_len, kind };

		ARENA_PUSH(a, m->segments, m->n_segments, s);
	}
	m->len += len;
}

/* Index of the segment that holds offset AT; the last one for the end. */
static size_t
segment_at(const struct map *m, uint32_t at)
{
	size_t low = 0, high = m->n_segments;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (m->segments[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void
copy_range(struct arena *a, struct map *m, const struct map *parent,
	   uint32_t start, uint32_t end)
{
	for (size_t i = segment_at(parent, start); start < end; i++) {
		const struct map_segment *s;
		uint32_t stop, skip;

		if (i >= parent->n_segments)
			BUG("byte %u is not in the map", start);
		s = &parent->segments[i];
		stop = s->at + s->len < end ? s->at + s->len : end;
		skip = start - s->at;
		if (s->kind == MAP_COPIED)
			map_add(a, m, stop - start, s->src + skip, stop - start,
				MAP_COPIED);
		else
			map_add(a, m, stop - start, s->src, s->src_len,
				s->kind);
		start = stop;
	}
}

void
map_add_from(struct arena *a, struct map *m, uint32_t len,
	     const struct map *parent, uint32_t start, uint32_t end,
	     enum map_kind kind)
{
	struct span where;

	if (!parent || parent->n_segments == 0) {
		map_add(a, m, len, 0, 0, MAP_INSERTED);
		return;
	}
	if (kind == MAP_COPIED) {
		if (len != end - start)
			BUG("%u bytes copied from %u", len, end - start);
		copy_range(a, m, parent, start, end);
		return;
	}
	where = map_span(parent, start, end);
	map_add(a, m, len, where.start, where.end - where.start, kind);
}

/* What of the source [START, END) of segment S stands for. */
static struct map_segment
clip(const struct map_segment *s, uint32_t start, uint32_t end)
{
	struct map_segment part = *s;

	if (s->kind != MAP_COPIED)
		return part;
	if (s->at < start)
		part.src += start - s->at;
	if (s->at + s->len > end)
		part.src_len -= s->at + s->len - end;
	if (s->at < start)
		part.src_len -= start - s->at;
	return part;
}

/* Widen *WHERE so that it covers PART, too. */
static void
cover(struct span *where, const struct map_segment *part)
{
	if (part->src < where->start)
		where->start = part->src;
	if (part->src + part->src_len > where->end)
		where->end = part->src + part->src_len;
}

/* The place before byte AT, or behind the last one. */
static uint32_t
place_at(const struct map *m, uint32_t at)
{
	const struct map_segment *s = &m->segments[segment_at(m, at)];

	if (at >= s->at + s->len)
		return s->src + s->src_len;
	return s->kind == MAP_COPIED ? s->src + (at - s->at) : s->src;
}

struct span
map_span(const struct map *m, uint32_t start, uint32_t end)
{
	struct span where = { NULL, 0, 0 };
	const struct map_segment *first;
	bool any = false;

	if (!m || m->n_segments == 0)
		return where;
	start = start < m->len ? start : m->len;
	end = end < m->len ? end : m->len;
	where = (struct span){ m->src, UINT32_MAX, 0 };
	first = &m->segments[segment_at(m, start)];
	for (size_t i = segment_at(m, start);
	     i < m->n_segments && m->segments[i].at < end; i++) {
		struct map_segment part = clip(&m->segments[i], start, end);

		if (part.kind == MAP_INSERTED)
			continue;
		cover(&where, &part);
		any = true;
	}
	if (start >= end)
		where.start = where.end = place_at(m, start);
	else if (!any)
		where = (struct span){ m->src, first->src,
				       first->src + first->src_len };
	return where;
}

/* What of the derived text in segment S came from WHERE; empty: nothing. */
static void
meet(const struct map_segment *s, struct span where, uint32_t *ret_start,
     uint32_t *ret_end)
{
	uint32_t from = s->src > where.start ? s->src : where.start;
	uint32_t end = s->src + s->src_len;
	uint32_t to = end < where.end ? end : where.end;

	*ret_start = *ret_end = s->at;
	if (s->kind == MAP_INSERTED || from >= to)
		return;
	if (s->kind == MAP_COPIED)
		*ret_start += from - s->src;
	*ret_end = s->kind == MAP_COPIED ? *ret_start + (to - from)
					 : s->at + s->len;
}

bool
map_derived(const struct map *m, struct span where, uint32_t *ret_start,
	    uint32_t *ret_end)
{
	uint32_t start, end;
	bool any = false;

	if (!m || m->src != where.src)
		return false;
	for (size_t i = 0; i < m->n_segments; i++) {
		meet(&m->segments[i], where, &start, &end);
		if (start == end)
			continue;
		if (!any || start < *ret_start)
			*ret_start = start;
		if (!any || end > *ret_end)
			*ret_end = end;
		any = true;
	}
	return any;
}

struct excerpt
excerpt_sub(struct arena *arena, struct excerpt e, size_t start, size_t end)
{
	struct excerpt sub = { text_sub(e.text, start, end), NULL };
	struct map *m;

	if (!e.map)
		return sub;
	m = map_new(arena, e.map->src);
	if (sub.text.len)
		map_add_from(arena, m, (uint32_t)sub.text.len, e.map,
			     (uint32_t)start, (uint32_t)(start + sub.text.len),
			     MAP_COPIED);
	sub.map = m;
	return sub;
}
