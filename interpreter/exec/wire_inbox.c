/* From notes to events. */
#include "exec/wire_inbox.h"

enum {
	WINDOW_STEP = 1024 * 1024
};

void
wire_inbox_init(struct wire_inbox *box, const struct wire_events *on,
		void (*fetch)(void *ctx, bool is_stderr, struct buf *b),
		void (*grow)(void *ctx, struct buf *b), void *ctx)
{
	*box = (struct wire_inbox){
		.on = *on, .fetch = fetch, .grow = grow, .ctx = ctx
	};
}

void
wire_inbox_release(struct wire_inbox *box)
{
	buf_release(&box->data[0]);
	buf_release(&box->data[1]);
}

size_t
wire_inbox_add(struct wire_inbox *box, bool is_stderr, struct text bytes)
{
	if (box->stopped)
		return 0;
	buf_addt(&box->data[is_stderr], bytes);
	return bytes.len;
}

void
wire_inbox_note(struct wire_inbox *box, enum wire_note note)
{
	box->notes |= note;
}

/* Offer what has come on one stream; true when it was taken. More may come
 * while the event is under way, if it uses the connection. */
static bool
offer(struct wire_inbox *box, size_t i)
{
	CLEANUP(buf_release) struct buf b = box->data[i];
	size_t taken;

	buf_init(&box->data[i]);
	if (b.len == 0)
		return true;
	taken = box->on.on_data
			? box->on.on_data(box->on.ctx, i == 1, buf_text(&b))
			: b.len;
	if (box->dead)
		return false;
	box->since_grown += taken;
	if (taken < b.len) {
		buf_drop(&b, taken);
		buf_addt(&b, buf_text(&box->data[i]));
		buf_release(&box->data[i]);
		box->data[i] = b;
		buf_init(&b);
	}
	return box->data[i].len == 0;
}

/* The reader takes everything again, whether we were told so or he simply did:
 * what came meanwhile is still in the library, and nothing else would ask for
 * it. */
static void
go_on(struct wire_inbox *box)
{
	box->stopped = false;
	box->fetch(box->ctx, false, &box->data[0]);
	box->fetch(box->ctx, true, &box->data[1]);
}

/* Offer what there is; true when nothing is left. */
static bool
offer_all(struct wire_inbox *box)
{
	for (;;) {
		bool taken = offer(box, 0);

		if (!box->dead)
			taken &= offer(box, 1);
		if (box->dead)
			return false;
		if (!taken) {
			box->stopped = true;
			return false;
		}
		if (!box->stopped)
			return true;
		go_on(box);
	}
}

static void
call_notes(struct wire_inbox *box)
{
	const struct wire_events *on = &box->on;
	unsigned notes = box->notes;

	if ((notes & WIRE_NOTE_STATUS) && on->on_status && !box->dead)
		on->on_status(on->ctx, box->status);
	if ((notes & WIRE_NOTE_SIGNAL) && on->on_signal && !box->dead)
		on->on_signal(on->ctx, box->signal);
	if ((notes & WIRE_NOTE_EOF) && on->on_eof && !box->dead)
		on->on_eof(on->ctx);
	if ((notes & WIRE_NOTE_CLOSE) && on->on_close && !box->dead)
		on->on_close(on->ctx);
	box->notes &= ~notes;
}

void
wire_inbox_deliver(struct wire_inbox *box)
{
	if (!offer_all(box))
		return;
	if (box->since_grown >= WINDOW_STEP &&
	    !(box->notes & WIRE_NOTE_CLOSE)) {
		box->since_grown = 0;
		box->grow(box->ctx, &box->data[0]);
	}
	if (box->data[0].len == 0 && box->data[1].len == 0)
		call_notes(box);
}

void
wire_inbox_resume(struct wire_inbox *box)
{
	if (box->stopped)
		go_on(box);
}
