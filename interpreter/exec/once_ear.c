/* Finding one line at the beginning of a stream. */
#include "exec/once_ear.h"

#include "base/alloc.h"

enum {
	HELD_BYTES = 256 /* no line that counts is longer */
};

void
once_ear_init(struct once_ear *e, const char *id)
{
	*e = (struct once_ear){ .id = xstrdup(id), .held = BUF_INIT };
}

void
once_ear_release(struct once_ear *e)
{
	free(e->id);
	buf_release(&e->held);
	*e = (struct once_ear){ .held = BUF_INIT };
}

/* Can what is held become a line that counts? */
static bool
may_count(const struct once_ear *e)
{
	CLEANUP(buf_release) struct buf mark = BUF_INIT;
	size_t n;

	once_mark(&mark, e->id);
	n = e->held.len < mark.len ? e->held.len : mark.len;
	return e->held.len < HELD_BYTES &&
	       memcmp(e->held.bytes, mark.bytes, n) == 0;
}

static void
let_go(struct once_ear *e, struct buf *out)
{
	buf_addt(out, buf_text(&e->held));
	buf_clear(&e->held);
}

static void
hear_byte(struct once_ear *e, char c, struct buf *out)
{
	if (e->within) {
		buf_addc(out, c);
		e->within = c != '\n';
		return;
	}
	if (c == '\n') {
		if (once_read(buf_text(&e->held), e->id, &e->answer)) {
			e->heard = true;
			buf_clear(&e->held);
			return;
		}
		buf_addc(&e->held, c);
		let_go(e, out);
		return;
	}
	buf_addc(&e->held, c);
	if (!may_count(e)) {
		let_go(e, out);
		e->within = true;
	}
}

void
once_ear_hear(struct once_ear *e, struct text bytes, struct buf *out)
{
	size_t i = 0;

	while (i < bytes.len && !e->heard)
		hear_byte(e, bytes.at[i++], out);
	buf_addt(out, text_sub(bytes, i, bytes.len));
}

void
once_ear_end(struct once_ear *e, struct buf *out)
{
	let_go(e, out);
}
