/* A growing run of bytes. */
#include "base/buf.h"

#include <stdint.h>

#include "base/alloc.h"

void
buf_init(struct buf *b)
{
	*b = (struct buf)BUF_INIT;
}

void
buf_release(struct buf *b)
{
	free(b->bytes);
	buf_init(b);
}

void
buf_wipe(struct buf *b)
{
	if (b->bytes)
		explicit_bzero(b->bytes, b->cap);
	buf_release(b);
}

void
buf_clear(struct buf *b)
{
	buf_cut(b, 0);
}

struct text
buf_text(const struct buf *b)
{
	return (struct text){ b->bytes, b->len };
}

const char *
buf_cstr(const struct buf *b)
{
	return b->bytes ? b->bytes : "";
}

char *
buf_detach(struct buf *b, size_t *ret_len)
{
	char *bytes = b->bytes ? b->bytes : xmemdup0("", 0);

	if (ret_len)
		*ret_len = b->len;
	buf_init(b);
	return bytes;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	if (n >= b->cap - b->len) {
		size_t cap = b->cap ? b->cap : 64;

		if (n > SIZE_MAX / 4)
			alloc_fail(n);
		while (cap - b->len <= n)
			cap *= 2;
		b->bytes = xreallocarray(b->bytes, cap, 1);
		b->cap = cap;
		b->bytes[b->len] = '\0';
	}
	return b->bytes + b->len;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	char *end = buf_reserve(b, n);

	if (n)
		memcpy(end, bytes, n);
	end[n] = '\0';
	b->len += n;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addt(struct buf *b, struct text t)
{
	buf_add(b, t.at, t.len);
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	char *end = buf_reserve(b, n);

	memset(end, c, n);
	end[n] = '\0';
	b->len += n;
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		BUG("format '%s' cannot be printed", fmt);
	vsnprintf(buf_reserve(b, (size_t)n), (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n >= b->len) {
		buf_clear(b);
		return;
	}
	memmove(b->bytes, b->bytes + n, b->len - n);
	buf_cut(b, b->len - n);
}

void
buf_cut(struct buf *b, size_t len)
{
	if (len > b->len)
		BUG("cut of %zu bytes to %zu", b->len, len);
	b->len = len;
	if (b->bytes)
		b->bytes[len] = '\0';
}
