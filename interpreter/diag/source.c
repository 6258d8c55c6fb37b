/* Sources, and places in them. */
#include "diag/source.h"

#include "base/alloc.h"

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
	return src;
}

struct source *
source_free(struct source *src)
{
	if (src) {
		free(src->path);
		free((char *)(uintptr_t)src->bytes.at);
		free(src->lines);
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
	struct place p = { .line = source_line(src, offset), .column = 1 };
	uint32_t start = src->lines[p.line - 1], code;
	struct text before;

	if (offset > src->bytes.len)
		offset = (uint32_t)src->bytes.len;
	before = text_sub(src->bytes, start, offset);
	p.byte_column = (uint32_t)before.len + 1;
	while (before.len) {
		size_t n = text_utf8(before, &code);

		before = text_sub(before, n ? n : 1, before.len);
		p.column++;
	}
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
