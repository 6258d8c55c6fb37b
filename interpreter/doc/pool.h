/* The memory of one run of cmark, taken at once and given back at once, and
 * the brake on that run: cmark has neither a limit of time nor of memory, and
 * some inputs cost it the square of their length. */
#ifndef DOC_POOL_H
#define DOC_POOL_H

#include <setjmp.h>
#include <stdint.h>

#include "base/clock.h"

enum pool_stop {
	POOL_RUNNING, /* 0: what setjmp returns at first */
	POOL_TOO_SLOW,
	POOL_TOO_LARGE
};

struct pool_chunk;

struct pool {
	struct pool_chunk *chunks; /* owned; the newest first */
	char *at, *end;
	size_t total;              /* taken since the last pool_reset */
	size_t max;                /* TOTAL may not pass this */
	const struct clock *clock; /* NULL: no limit of time */
	int64_t deadline_ns;
	unsigned calls;
	jmp_buf out; /* where to go with a pool_stop; set by the caller */
};

/* Forget everything that was taken; every pointer into it is dead. */
void pool_reset(struct pool *pool);

/* What malloc, realloc and free are. They do not return when the pool passes
 * a limit: they jump to pool->out. Memory is zeroed. */
void *pool_alloc(struct pool *pool, size_t size);
void *pool_realloc(struct pool *pool, void *ptr, size_t size);
void pool_free(struct pool *pool, void *ptr);

/* Jump to pool->out when the time is up. */
void pool_check_time(struct pool *pool);

#endif
