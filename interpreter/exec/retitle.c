/* Replacing a text in a stream. */
#include "exec/retitle.h"

#include <inttypes.h>

/* How bash goes on where it tells a line. */
static const struct text line = { "line ", 5 };

/* How much of T is "line N", or a beginning of it. */
static size_t
said_line(struct text t)
{
	size_t n = 0;

	while (n < t.len && n < line.len && t.at[n] == line.at[n])
		n++;
	while (n >= line.len && n < t.len && t.at[n] >= '0' && t.at[n] <= '9')
		n++;
	return n;
}

/* Append what stands for the FROM in front of T, and for the line behind it.
 * How much of T that was. */
static size_t
put(const struct retitle *r, struct text t, struct buf *b)
{
	struct text said = text_sub(t, r->from.len, t.len);
	uint64_t n;

	said = text_sub(said, 0, r->add ? said_line(said) : 0);
	buf_addt(b, r->to);
	if (text_to_uint(text_sub(said, line.len, said.len), UINT32_MAX, &n))
		buf_addf(b, "line %" PRIu64, n + r->add);
	else
		buf_addt(b, said);
	return r->from.len + said.len;
}

/* May more of the line come that is told behind the FROM in front of T? */
static bool
is_cut(const struct retitle *r, struct text t)
{
	struct text said = text_sub(t, r->from.len, t.len);

	return r->add && said_line(said) == said.len;
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
		rest = text_sub(rest, at, rest.len);
		if (is_cut(r, rest)) {
			buf_addt(&r->held, rest);
			return;
		}
		rest = text_sub(rest, put(r, rest, b), rest.len);
	}
	at = rest.len - text_begun(rest, r->from);
	buf_addt(b, text_sub(rest, 0, at));
	buf_addt(&r->held, text_sub(rest, at, rest.len));
}

void
retitle_flush(struct retitle *r, struct buf *b)
{
	struct text held = buf_text(&r->held);

	if (held.len >= r->from.len)
		put(r, held, b);
	else
		buf_addt(b, held);
	buf_clear(&r->held);
}

void
retitle_release(struct retitle *r)
{
	buf_release(&r->held);
}
