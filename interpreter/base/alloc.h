/* Memory that is there, or the program ends: callers never check for NULL.
 * Sizes that come from outside are capped before they get here (limits.h). */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

#include "base/compiler.h"

/* Each returns memory that the caller frees with free(). Running out of it,
 * or a product that overflows, ends in alloc_fail. */
void *xmalloc(size_t size) MUST_USE;
void *xcalloc(size_t n, size_t size) MUST_USE;
void *xreallocarray(void *ptr, size_t n, size_t size) MUST_USE;
char *xstrdup(const char *s) MUST_USE;

/* A copy of the N bytes at BYTES with a NUL behind them. */
char *xmemdup0(const void *bytes, size_t n) MUST_USE;

/* Say that SIZE bytes cannot be had, and abort. */
_Noreturn void alloc_fail(size_t size);

/* For CLEANUP: free what *(void **)PTR points to. */
void free_ptr(void *ptr);

#endif
