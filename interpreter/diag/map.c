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

static uint32_t
source_start(const struct map_segment *s, uint32_t at)
{
	return s->kind == MAP_COPIED ? s->src + (at - s->at) : s->src;
}

struct span
map_span(const struct map *m, uint32_t start, uint32_t end)
{
	struct span where = { NULL, 0, 0 };
	const struct map_segment *first, *last;

	if (!m || m->n_segments == 0)
		return where;
	where.src = m->src;
	if (start > m->len)
		start = m->len;
	if (end < start)
		end = start;
	if (end > m->len)
		end = m->len;
	first = &m->segments[segment_at(m, start)];
	where.start = start == first->at + first->len && first->len
			      ? first->src + first->src_len
			      : source_start(first, start);
	if (end == start) {
		where.end = where.start;
		return where;
	}
	last = &m->segments[segment_at(m, end - 1)];
	where.end = last->kind == MAP_COPIED ? last->src + (end - last->at)
					     : last->src + last->src_len;
	if (where.end < where.start)
		where.end = where.start;
	return where;
}
