/* What has come over the wire for one channel and is to be told to its owner.
 * libssh calls back in the middle of its own work, so that nothing but notes is
 * taken there; wire_inbox_deliver turns them into events afterwards, in the
 * order in which the owner can use them: data first, the end last. */
#ifndef EXEC_WIRE_INBOX_H
#define EXEC_WIRE_INBOX_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"
#include "exec/wire.h"

enum wire_note {
	WIRE_NOTE_EOF = 1,
	WIRE_NOTE_STATUS = 2, /* status is set */
	WIRE_NOTE_SIGNAL = 4, /* signal is set */
	WIRE_NOTE_CLOSE = 8
};

struct wire_inbox {
	struct wire_events on;
	bool dead; /* the owner gave it up while events were called */
	int status;
	char signal[32];

	/* Ours. */
	unsigned notes;
	struct buf data[2]; /* stdout, stderr: come, and not yet taken */
	bool stopped;       /* on_data did not take everything */
	size_t since_grown; /* bytes since the window was set */
	void (*fetch)(void *ctx, bool is_stderr, struct buf *b);
	void (*grow)(void *ctx, struct buf *b);
	void *ctx;
};

/* FETCH appends what the library keeps back of one stream; GROW opens the
 * window again, and appends what comes of that on stdout. */
void wire_inbox_init(struct wire_inbox *box, const struct wire_events *on,
		     void (*fetch)(void *ctx, bool is_stderr, struct buf *b),
		     void (*grow)(void *ctx, struct buf *b), void *ctx);
void wire_inbox_release(struct wire_inbox *box);

/* Note BYTES. Returns how many were taken: none while the owner is stopped,
 * so that the library keeps them, and with them the window shut. */
size_t wire_inbox_add(struct wire_inbox *box, bool is_stderr,
		      struct text bytes);
void wire_inbox_note(struct wire_inbox *box, enum wire_note note);

/* Tell the owner, who may give the box up meanwhile (dead). */
void wire_inbox_deliver(struct wire_inbox *box);

/* The owner takes data again. */
void wire_inbox_resume(struct wire_inbox *box);

#endif
