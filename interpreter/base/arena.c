/* Bump allocation in chunks that double up to 1 MiB. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "base/alloc.h"

struct arena_chunk {
	struct arena_chunk *older;
	alignas(max_align_t) char bytes[];
};

enum {
	CHUNK_FIRST = 16 * 1024,
	CHUNK_MAX = 1024 * 1024,
	SMALL_ITEM = 64, /* bytes */
	ALIGN = alignof(max_align_t)
};

void
arena_init(struct arena *a)
{
	*a = (struct arena)ARENA_INIT;
}

void
arena_release(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *older = a->chunks->older;

		free(a->chunks);
		a->chunks = older;
	}
	arena_init(a);
}

static void
add_chunk(struct arena *a, size_t need)
{
	size_t size = a->total < CHUNK_FIRST ? CHUNK_FIRST : a->total;
	struct arena_chunk *chunk;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < need)
		size = need;
	chunk = xmalloc(sizeof(*chunk) + size);
	chunk->older = a->chunks;
	a->chunks = chunk;
	a->at = chunk->bytes;
	a->end = chunk->bytes + size;
	a->total += size;
}

/* Not zeroed, for callers that fill all of it. */
static void *
take(struct arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 2)
		BUG("arena allocation of %zu bytes", size);
	size = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
	if ((size_t)(a->end - a->at) < size)
		add_chunk(a, size);
	p = a->at;
	a->at += size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

char *
arena_memdup0(struct arena *a, const void *bytes, size_t n)
{
	char *p = take(a, n + 1);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_memdup0(a, s, strlen(s));
}

struct text
arena_text(struct arena *a, struct text t)
{
	return (struct text){ arena_memdup0(a, t.at, t.len), t.len };
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		BUG("format '%s' cannot be printed", fmt);
	s = take(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void *
arena_push(struct arena *a, void *array, size_t n, size_t size)
{
	size_t first = size <= SMALL_ITEM ? 4 : 1;
	void *bigger;

	if (n != 0 && (n < first || (n & (n - 1)) != 0))
		return array;
	bigger = arena_alloc(a, (n ? 2 * n : first) * size);
	if (n)
		memcpy(bigger, array, n * size);
	return bigger;
}
