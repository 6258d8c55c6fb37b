/* Memory that lives and dies together: everything that is made of one loaded
 * runbook, freed at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/text.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* owned; the newest first */
	char *at, *end;             /* free room in the newest */
	size_t total;               /* bytes asked of the system */
};

#define ARENA_INIT                                                             \
	{                                                                      \
		NULL, NULL, NULL, 0                                            \
	}

void arena_init(struct arena *a);
void arena_release(struct arena *a); /* every pointer into it is dead */

/* Zeroed memory, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t size) MUST_USE;

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* Copies with a NUL behind them. */
char *arena_memdup0(struct arena *a, const void *bytes, size_t n) MUST_USE;
char *arena_strdup(struct arena *a, const char *s) MUST_USE;
struct text arena_text(struct arena *a, struct text t) MUST_USE;
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	PRINTF_LIKE(2, 0);

/* ARRAY has N items of SIZE bytes and is to get one more: returns the array,
 * moved when it was full, with room for item N (zeroed). Capacities are the
 * powers of two from 4 on, of large items from 1 on, so that no capacity needs
 * to be kept. */
void *arena_push(struct arena *a, void *array, size_t n, size_t size) MUST_USE;

/* Append ITEM to ARRAY of *N items. */
#define ARENA_PUSH(a, array, n, item)                                          \
	do {                                                                   \
		(array) = arena_push((a), (array), (n), sizeof(*(array)));     \
		(array)[(n)++] = (item);                                       \
	} while (0)

#endif
