/* Allocation that cannot fail for its callers, and the end of a bug. */
#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>

void
alloc_fail(size_t size)
{
	fprintf(stderr, "runbook: out of memory (%zu bytes wanted)\n", size);
	abort();
}

void
bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "runbook: bug at %s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		alloc_fail(size);
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		alloc_fail(size && n > SIZE_MAX / size ? SIZE_MAX : n * size);
	return p;
}

void *
xreallocarray(void *ptr, size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		alloc_fail(SIZE_MAX);
	p = realloc(ptr, n * size > 0 ? n * size : 1);
	if (!p)
		alloc_fail(n * size);
	return p;
}

char *
xstrdup(const char *s)
{
	return xmemdup0(s, strlen(s));
}

char *
xmemdup0(const void *bytes, size_t n)
{
	char *p = xmalloc(n + 1);

	if (n)
		memcpy(p, bytes, n);
	p[n] = '\0';
	return p;
}

void
free_ptr(void *ptr)
{
	free(*(void **)ptr);
}
