/* Replacing a text in a stream. */
#include "exec/retitle.h"

/* How much of the end of T is a beginning of FROM. */
static size_t
begun(struct text t, struct text from)
{
	size_t n = from.len - 1 < t.len ? from.len - 1 : t.len;

	while (n &&
	       !text_eq(text_sub(t, t.len - n, t.len), text_sub(from, 0, n)))
		n--;
	return n;
}

void
retitle_write(struct retitle *r, struct text bytes, struct buf *b)
{
	CLEANUP(buf_release) struct buf all = r->held;
	struct text rest;
	size_t at;

	buf_init(&r->held);
	buf_addt(&all, bytes);
	rest = buf_text(&all);
	while ((at = text_find(rest, r->from, 0)) < rest.len) {
		buf_addt(b, text_sub(rest, 0, at));
		buf_addt(b, r->to);
		rest = text_sub(rest, at + r->from.len, rest.len);
	}
	at = rest.len - begun(rest, r->from);
	buf_addt(b, text_sub(rest, 0, at));
	buf_addt(&r->held, text_sub(rest, at, rest.len));
}

void
retitle_flush(struct retitle *r, struct buf *b)
{
	buf_addt(b, buf_text(&r->held));
	buf_clear(&r->held);
}

void
retitle_release(struct retitle *r)
{
	buf_release(&r->held);
}
