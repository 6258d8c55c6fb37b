/* Telling the statuses of a pipeline, and taking them out of a stream. */
#include "exec/pipes_ear.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/random.h>

#include "exec/target.h"

enum {
	LINE_BYTES = 8 * 1024 /* no line that counts is longer */
};

void
pipes_ear_ask(struct pipes_ear *e, struct buf *command)
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), 0) != sizeof(n))
		BUG("no random numbers: %s", strerror(errno));
	buf_addf(&e->mark, "\nRB1 %016" PRIx64 " pipes ", n);
	/* One assignment takes them all: any other command changes them. */
	buf_adds(command, "\n__rb=(\"$?\" \"${PIPESTATUS[@]}\"); "
			  "builtin printf '\\n");
	buf_addt(command, text_sub(buf_text(&e->mark), 1, e->mark.len));
	buf_adds(command, "%s .\\n' \"${__rb[*]}\" >&2; "
			  "builtin exit \"${__rb[0]}\"\n");
}

void
pipes_ear_release(struct pipes_ear *e)
{
	buf_release(&e->mark);
	buf_release(&e->held);
}

/* "STATUS MEMBER… ." */
static bool
read_statuses(struct text t, int *ret_hidden)
{
	struct pipe_status pipe = { .n = 0 };
	uint64_t whole = 0, status;
	struct text field;
	bool first = true;

	while (text_next_field(&t, ' ', &field)) {
		if (text_is(field, ".") && t.len == 0 && !first) {
			*ret_hidden = pipe_status_hidden(&pipe, (int)whole);
			return true;
		}
		if (!text_to_uint(field, 255, &status))
			return false;
		if (first)
			whole = status;
		else
			pipe_status_add(&pipe, (int)status);
		first = false;
	}
	return false;
}

/* Take the line that HELD begins with out of it. False: more may come. */
static bool
take_line(struct pipes_ear *e)
{
	struct text t = buf_text(&e->held);
	struct text said = text_sub(t, e->mark.len, t.len);
	size_t end = text_chr(said, '\n', 0);

	if (end == said.len)
		return said.len > LINE_BYTES;
	e->heard = read_statuses(text_sub(said, 0, end), &e->hidden);
	if (e->heard)
		buf_drop(&e->held, e->mark.len + end + 1);
	return true;
}

void
pipes_ear_hear(struct pipes_ear *e, struct text bytes, struct buf *out)
{
	struct text mark = buf_text(&e->mark);
	size_t at;

	buf_addt(&e->held, bytes);
	at = text_find(buf_text(&e->held), mark, 0);
	if (at == e->held.len)
		at -= text_begun(buf_text(&e->held), mark);
	buf_addt(out, text_sub(buf_text(&e->held), 0, at));
	buf_drop(&e->held, at);
	if (e->held.len >= mark.len && take_line(e))
		pipes_ear_end(e, out);
}

void
pipes_ear_end(struct pipes_ear *e, struct buf *out)
{
	buf_addt(out, buf_text(&e->held));
	buf_clear(&e->held);
}
