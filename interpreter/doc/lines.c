/* Lines as Markdown counts them. */
#include "doc/lines.h"

#include "base/alloc.h"

static bool
has_lone_cr(struct text t)
{
	for (size_t i = text_chr(t, '\r', 0); i < t.len;
	     i = text_chr(t, '\r', i + 1)) {
		if (i + 1 == t.len || t.at[i + 1] != '\n')
			return true;
	}
	return false;
}

/* Offset behind the end of the line that holds AT. */
static size_t
next_line(struct text t, size_t at)
{
	while (at < t.len && t.at[at] != '\n' && t.at[at] != '\r')
		at++;
	if (at + 1 < t.len && t.at[at] == '\r' && t.at[at + 1] == '\n')
		at++;
	return at + 1;
}

static void
index_lines(struct lines *l)
{
	uint32_t cap = 0;

	l->n = 0;
	for (size_t at = 0; at < l->src->bytes.len || l->n == 0;) {
		if (l->n == cap) {
			cap = cap ? cap * 2 : 64;
			l->own = xreallocarray(l->own, cap, sizeof(*l->own));
		}
		l->own[l->n++] = (uint32_t)at;
		at = next_line(l->src->bytes, at);
	}
	l->starts = l->own;
}

void
lines_init(struct lines *l, const struct source *src, uint32_t body)
{
	*l = (struct lines){ src, src->lines, NULL, src->n_lines, body };
	if (has_lone_cr(src->bytes))
		index_lines(l);
}

void
lines_release(struct lines *l)
{
	free(l->own);
	l->own = NULL;
}

uint32_t
lines_at(const struct lines *l, uint32_t offset)
{
	uint32_t low = 0, high = l->n;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (l->starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t
lines_start(const struct lines *l, uint32_t i)
{
	uint32_t start = i < l->n ? l->starts[i] : (uint32_t)l->src->bytes.len;

	return start < l->body ? l->body : start;
}

uint32_t
lines_end(const struct lines *l, uint32_t i)
{
	uint32_t start = lines_start(l, i), end = lines_start(l, i + 1);
	const char *bytes = l->src->bytes.at;

	if (end > start && bytes[end - 1] == '\n')
		end--;
	if (end > start && bytes[end - 1] == '\r')
		end--;
	return end;
}

struct text
lines_text(const struct lines *l, uint32_t i)
{
	return text_sub(l->src->bytes, lines_start(l, i), lines_end(l, i));
}

uint32_t
lines_count(struct text literal)
{
	uint32_t n = 0;

	for (size_t i = text_chr(literal, '\n', 0); i < literal.len;
	     i = text_chr(literal, '\n', i + 1))
		n++;
	if (literal.len && literal.at[literal.len - 1] != '\n')
		n++;
	return n;
}

/* cmark writes this for a NUL. */
static const char replacement[] = "\xef\xbf\xbd";

enum {
	REPLACEMENT_LEN = 3
};

static bool
ends_in_replacement(struct text t)
{
	return t.len >= REPLACEMENT_LEN &&
	       memcmp(t.at + t.len - REPLACEMENT_LEN, replacement,
		      REPLACEMENT_LEN) == 0;
}

/* Cut what LINE and LITERAL have in common at their ends off both. */
static void
cut_common_end(struct text *line, struct text *literal)
{
	while (line->len && literal->len) {
		char c = line->at[line->len - 1];

		if (c == literal->at[literal->len - 1]) {
			literal->len--;
		} else if (c == '\0' && ends_in_replacement(*literal)) {
			literal->len -= REPLACEMENT_LEN;
		} else {
			return;
		}
		line->len--;
	}
}

bool
lines_same(struct text bytes, struct text literal)
{
	cut_common_end(&bytes, &literal);
	return bytes.len == 0 && literal.len == 0;
}

/* Map LITERAL, which has no LF, to the end of line I from START on, where the
 * two agree byte for byte but for NUL. */
static void
map_tail(struct arena *arena, struct map *m, const struct lines *l,
	 struct text literal, uint32_t start)
{
	const char *bytes = l->src->bytes.at;
	size_t at = 0;

	while (at < literal.len) {
		size_t run = at;

		while (run < literal.len && bytes[start + (run - at)])
			run++;
		map_add(arena, m, (uint32_t)(run - at), start,
			(uint32_t)(run - at), MAP_COPIED);
		start += (uint32_t)(run - at);
		at = run;
		if (at < literal.len) {
			map_add(arena, m, REPLACEMENT_LEN, start, 1,
				MAP_DECODED);
			start++;
			at += REPLACEMENT_LEN;
		}
	}
}

/* Map one line of the literal, without its LF. Whatever precedes the common
 * end are blanks that are left of a tab, which cmark expands when only a part
 * of it belongs to a container. */
static void
map_line(struct arena *arena, struct map *m, const struct lines *l, uint32_t i,
	 struct text literal)
{
	struct text line = lines_text(l, i), head = literal;
	uint32_t start = lines_start(l, i), tab;

	cut_common_end(&line, &head);
	tab = line.len ? (uint32_t)line.len - 1 : 0;
	if (head.len)
		map_add(arena, m, (uint32_t)head.len, start + tab,
			line.len ? 1 : 0, MAP_DECODED);
	map_tail(arena, m, l, text_sub(literal, head.len, literal.len),
		 start + (uint32_t)line.len);
}

/* Map the LF behind line I: to the LF, to a CR that stands alone, or to
 * nothing at the end of the file. */
static void
map_line_end(struct arena *arena, struct map *m, const struct lines *l,
	     uint32_t i)
{
	uint32_t at = lines_end(l, i), next = lines_start(l, i + 1);

	if (at == next)
		map_add(arena, m, 1, at, 0, MAP_INSERTED);
	else if (l->src->bytes.at[next - 1] == '\n')
		map_add(arena, m, 1, next - 1, 1, MAP_COPIED);
	else
		map_add(arena, m, 1, at, 1, MAP_DECODED);
}

/* True when LITERAL stands in the source as it is, from line FIRST on. */
static bool
is_verbatim(const struct lines *l, uint32_t first, struct text literal)
{
	uint32_t start = lines_start(l, first);

	return literal.len <= l->src->bytes.len - start &&
	       memcmp(l->src->bytes.at + start, literal.at, literal.len) == 0;
}

/* LEN bytes that stand at START as they are: most code blocks. The one segment
 * is made here, where map_add would take room for four. */
static struct excerpt
slice(struct arena *arena, const struct source *src, uint32_t start,
      uint32_t len)
{
	struct map *m = map_new(arena, src);

	m->segments = ARENA_NEW(arena, struct map_segment);
	m->segments[0] = (struct map_segment){ 0, len, start, len, MAP_COPIED };
	m->n_segments = 1;
	m->len = len;
	return (struct excerpt){ text_sub(src->bytes, start, start + len), m };
}

struct excerpt
lines_lift(struct arena *arena, const struct lines *l, uint32_t first,
	   struct text literal)
{
	struct text rest = literal;
	struct map *m;

	if (is_verbatim(l, first, literal))
		return slice(arena, l->src, lines_start(l, first),
			     (uint32_t)literal.len);
	m = map_new(arena, l->src);
	for (uint32_t i = first; rest.len; i++) {
		size_t end = text_chr(rest, '\n', 0);

		map_line(arena, m, l, i, text_sub(rest, 0, end));
		if (end < rest.len)
			map_line_end(arena, m, l, i);
		rest = text_sub(rest, end + 1, rest.len);
	}
	return (struct excerpt){ arena_text(arena, literal), m };
}
