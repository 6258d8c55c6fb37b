/* Sources, and places in them. */
#include "diag/source.h"

#include "base/alloc.h"

enum {
	LONG_LINE = 4096, /* bytes; shorter ones are gone through */
	MARK_BYTES = 1024 /* from one mark to the next */
};

/* How much of the source lies before AT. */
struct source_mark {
	uint32_t at, points, units;
};

/* Go on with M up to END; a byte that is no UTF-8 is a character. */
static void
count(const struct source *src, struct source_mark *m, uint32_t end)
{
	while (m->at < end) {
		uint32_t code;
		size_t n = text_utf8(text_sub(src->bytes, m->at, end), &code);

		m->points++;
		m->units += n == 4 ? 2 : 1;
		m->at += (uint32_t)(n ? n : 1);
	}
}

static bool
has_long_line(const struct source *src)
{
	for (uint32_t i = 0; i < src->n_lines; i++) {
		size_t end = i + 1 < src->n_lines ? src->lines[i + 1]
						  : src->bytes.len;

		if (end - src->lines[i] > LONG_LINE)
			return true;
	}
	return false;
}

/* Without marks, each place on a long line would cost the whole line. */
static void
index_marks(struct source *src)
{
	struct source_mark m = { 0, 0, 0 };
	size_t n = src->bytes.len / MARK_BYTES + 1;

	if (!has_long_line(src))
		return;
	src->marks = xreallocarray(NULL, n, sizeof(m));
	while (src->n_marks < n) {
		uint32_t end = src->n_marks * MARK_BYTES;

		/* a character that is cut counts as whole */
		while (m.at < end) {
			uint32_t code;
			size_t len = text_utf8(
				text_sub(src->bytes, m.at, src->bytes.len),
				&code);

			m.points++;
			m.units += len == 4 ? 2 : 1;
			m.at += (uint32_t)(len ? len : 1);
		}
		src->marks[src->n_marks++] = m;
	}
}

/* What lies before OFFSET, from the nearest mark or START on. */
static struct source_mark
counts_at(const struct source *src, uint32_t start, uint32_t offset)
{
	struct source_mark m = { start, 0, 0 };

	if (src->marks) {
		m = src->marks[offset / MARK_BYTES];
		if (m.at > offset)
			m = src->marks[offset / MARK_BYTES - 1];
	}
	count(src, &m, offset);
	return m;
}

static void
index_lines(struct source *src)
{
	uint32_t cap = 0;

	for (size_t at = 0; at < src->bytes.len || src->n_lines == 0;) {
		if (src->n_lines == cap) {
			cap = cap ? cap * 2 : 64;
			src->lines = xreallocarray(src->lines, cap,
						   sizeof(*src->lines));
		}
		src->lines[src->n_lines++] = (uint32_t)at;
		at = text_chr(src->bytes, '\n', at) + 1;
	}
}

struct source *
source_new(const char *path, char *bytes, size_t len)
{
	struct source *src = xcalloc(1, sizeof(*src));

	if (len >= UINT32_MAX)
		BUG("source '%s' of %zu bytes", path, len);
	src->path = xstrdup(path);
	src->bytes = (struct text){ bytes, len };
	index_lines(src);
	index_marks(src);
	return src;
}

struct source *
source_free(struct source *src)
{
	if (src) {
		free(src->path);
		free((char *)(uintptr_t)src->bytes.at);
		free(src->lines);
		free(src->marks);
		free(src);
	}
	return NULL;
}

void
source_free_ptr(struct source **src)
{
	*src = source_free(*src);
}

uint32_t
source_line(const struct source *src, uint32_t offset)
{
	uint32_t low = 0, high = src->n_lines;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (src->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
}

struct place
source_place(const struct source *src, uint32_t offset)
{
	struct place p = { .line = source_line(src, offset) };
	uint32_t start = src->lines[p.line - 1];
	struct source_mark here, line = { start, 0, 0 };

	if (offset > src->bytes.len)
		offset = (uint32_t)src->bytes.len;
	here = counts_at(src, start, offset);
	if (src->marks)
		line = counts_at(src, start, start);
	p.byte_column = offset - start + 1;
	p.column = here.points - line.points + 1;
	p.unit_column = here.units - line.units + 1;
	return p;
}

uint32_t
source_line_start(const struct source *src, uint32_t line)
{
	if (line == 0 || line > src->n_lines)
		return (uint32_t)src->bytes.len;
	return src->lines[line - 1];
}

struct text
source_line_text(const struct source *src, uint32_t line)
{
	struct text rest, found = { NULL, 0 };

	rest = text_sub(src->bytes, source_line_start(src, line),
			src->bytes.len);
	text_next_line(&rest, &found);
	return found;
}

struct text
span_text(struct span where)
{
	if (!where.src)
		return (struct text){ NULL, 0 };
	return text_sub(where.src->bytes, where.start, where.end);
}

uint32_t
span_line(struct span where)
{
	return where.src ? source_line(where.src, where.start) : 0;
}
