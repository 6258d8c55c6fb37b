/* One command on one host, from its dispatch to its status: for jobs and for
 * the ssh that a local step calls. */
#ifndef EXEC_REMOTE_EXEC_H
#define EXEC_REMOTE_EXEC_H

#include <stdbool.h>

#include "base/text.h"
#include "exec/target.h"

struct host;        /* exec/host.h */
struct loop;        /* exec/loop.h */
struct remote_exec; /* opaque */

enum remote_end {
	REMOTE_EXITED,      /* code: its status */
	REMOTE_SIGNALED,    /* code: our number of the signal that ended it */
	REMOTE_UNREACHABLE, /* the way there failed; nothing was dispatched */
	REMOTE_NOT_STARTED, /* the server will not; nothing was dispatched */
	REMOTE_NEEDS_SSH,   /* likewise: the real ssh has to do it */
	REMOTE_LOST         /* dispatched, and no status will come */
};

struct remote_exec_spec {
	struct text command; /* for the login shell there */
	bool subsystem;      /* the command is the name of one ("sftp") */
	bool has_input;      /* else its stdin ends at once */
	const char *term;    /* give it a terminal; NULL: none */
	unsigned rows, columns;
};

struct remote_exec_events {
	void (*on_dispatched)(void *ctx);
	/* Returns how much of BYTES it took. For the rest it is called again
	 * after remote_exec_resume. */
	size_t (*on_output)(void *ctx, enum job_stream stream,
			    struct text bytes);
	/* remote_exec_room may have grown. Only with has_input. */
	void (*on_room)(void *ctx);
	/* MESSAGE: one line, or NULL. LEFT_OPEN: processes there still hold
	 * its output. The struct is gone when this returns. */
	void (*on_end)(void *ctx, enum remote_end end, int code, bool left_open,
		       const char *message);
	void *ctx;
};

/* SPEC's command is copied. Events come in later turns of the loop, but for
 * on_dispatched. */
struct remote_exec *remote_exec_start(struct loop *l, struct host *host,
				      const struct remote_exec_spec *spec,
				      const struct remote_exec_events *on);

/* Forget it: its channel is closed, nothing is called. NULL to NULL. */
struct remote_exec *remote_exec_free(struct remote_exec *e);

/* Its input: how much is taken now, giving it (all of BYTES must fit), and its
 * end. */
size_t remote_exec_room(const struct remote_exec *e);
void remote_exec_write(struct remote_exec *e, struct text bytes);
void remote_exec_eof(struct remote_exec *e);

void remote_exec_resume(struct remote_exec *e);
void remote_exec_resize(struct remote_exec *e, unsigned rows, unsigned columns);

/* End it: ask with SIGNAL (SIGINT, SIGTERM), then find it there and send TERM,
 * then KILL. A command that cannot be proved to be dead ends as REMOTE_LOST.
 * IN_HASTE: the operator does not wait long for each; when he says it again,
 * KILL is next. */
void remote_exec_stop(struct remote_exec *e, int signal, bool in_haste);

/* Nobody reads its output any more: close the channel, as ssh does when its
 * stdout is gone. */
void remote_exec_hang_up(struct remote_exec *e);

/* The number of the signal NAME ("TERM") in the protocol, or 0. */
int remote_signal_number(const char *name);
const char *remote_signal_name(int signal); /* or NULL */

#endif
