/* Bump allocation with a brake. */
#include "doc/pool.h"

#include <stdalign.h>

#include "base/alloc.h"

struct pool_chunk {
	struct pool_chunk *older;
	alignas(max_align_t) char bytes[];
};

/* Before each allocation. */
struct head {
	alignas(max_align_t) size_t size;
};

enum {
	CHUNK_FIRST = 64 * 1024, /* holds a runbook of 600 lines */
	CHUNK = 256 * 1024,
	ALIGN = alignof(max_align_t),
	CALLS_PER_LOOK = 32 /* at the clock, which costs about 30 ns */
};

void
pool_reset(struct pool *pool)
{
	while (pool->chunks) {
		struct pool_chunk *older = pool->chunks->older;

		free(pool->chunks);
		pool->chunks = older;
	}
	pool->at = pool->end = NULL;
	pool->total = 0;
}

void
pool_check_time(struct pool *pool)
{
	if (pool->clock && clock_mono_ns(pool->clock) > pool->deadline_ns)
		longjmp(pool->out, POOL_TOO_SLOW);
}

static size_t
rounded(size_t size)
{
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

static void
add_chunk(struct pool *pool, size_t need)
{
	size_t size = pool->total ? CHUNK : CHUNK_FIRST;
	struct pool_chunk *chunk;

	if (size < need)
		size = need;
	if (size > pool->max - pool->total)
		longjmp(pool->out, POOL_TOO_LARGE);
	chunk = xmalloc(sizeof(*chunk) + size);
	chunk->older = pool->chunks;
	pool->chunks = chunk;
	pool->total += size;
	pool->at = chunk->bytes;
	pool->end = chunk->bytes + size;
}

void *
pool_alloc(struct pool *pool, size_t size)
{
	size_t need;
	struct head *head;

	if (size > pool->max)
		longjmp(pool->out, POOL_TOO_LARGE);
	if (++pool->calls % CALLS_PER_LOOK == 0)
		pool_check_time(pool);
	need = sizeof(*head) + rounded(size);
	if ((size_t)(pool->end - pool->at) < need)
		add_chunk(pool, need);
	head = (struct head *)(void *)pool->at;
	head->size = size;
	pool->at += need;
	return memset(head + 1, 0, size);
}

/* True when PTR is the newest allocation, which can grow and be undone. */
static bool
is_newest(const struct pool *pool, const void *ptr)
{
	const struct head *head = (const struct head *)ptr - 1;

	return (const char *)ptr + rounded(head->size) == pool->at;
}

void
pool_free(struct pool *pool, void *ptr)
{
	if (ptr && is_newest(pool, ptr))
		pool->at = (char *)((struct head *)ptr - 1);
}

void *
pool_realloc(struct pool *pool, void *ptr, size_t size)
{
	struct head *head;
	void *moved;

	if (!ptr)
		return pool_alloc(pool, size);
	head = (struct head *)ptr - 1;
	if (size > head->size && is_newest(pool, ptr) &&
	    size <= (size_t)(pool->end - (char *)ptr) &&
	    rounded(size) <= (size_t)(pool->end - (char *)ptr)) {
		memset((char *)ptr + head->size, 0, size - head->size);
		head->size = size;
		pool->at = (char *)ptr + rounded(size);
		return ptr;
	}
	if (size <= head->size)
		return ptr;
	moved = pool_alloc(pool, size);
	memcpy(moved, ptr, head->size);
	return moved;
}
