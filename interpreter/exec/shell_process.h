/* The process of a local session: bash with its descriptors and its terminal.
 * It carries bytes to and fro; what they mean is shell_session.c's. */
#ifndef EXEC_SHELL_PROCESS_H
#define EXEC_SHELL_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/text.h"
#include "exec/target.h"

struct loop;          /* exec/loop.h */
struct shell_process; /* opaque */
struct shell_spec;    /* exec/shell_session.h */

struct shell_process_events {
	/* What came on the descriptor of answers. */
	void (*on_answers)(void *ctx, struct text bytes);
	/* What it, or something that it started outside of steps, printed. */
	void (*on_stray)(void *ctx, struct text bytes);
	/* What programs wrote to the session's terminal. */
	void (*on_tty)(void *ctx, struct text bytes);
	/* It is gone and reaped; shell_process_free is to follow. Answers and
	 * the terminal may still hold something. */
	void (*on_gone)(void *ctx, int wait_status);
	void *ctx;
};

/* Start it with the script "loop" of SPEC's folder. SPEC is borrowed. NULL
 * with a message. */
struct shell_process *shell_process_start(struct loop *l,
					  const struct shell_spec *spec,
					  const struct shell_process_events *on,
					  struct buf *reterr);

/* Let go of it and of everything that belongs to it. NULL to NULL. */
struct shell_process *shell_process_free(struct shell_process *p);

/* Its orders are over. It gets until LIMIT_KILL_GRACE_AT_END_MS for its
 * author's trap on EXIT when GENTLY, and is killed with its group then. To be
 * called before shell_process_free while it is not gone; blocks. */
void shell_process_end(struct shell_process *p, bool gently);

/* Leader of its session and group. */
pid_t shell_process_pid(const struct shell_process *p);

void shell_process_order(struct shell_process *p, struct text bytes);

/* Are there orders that it has not taken? Also when it is gone. */
bool shell_process_has_unread(const struct shell_process *p);

/* Read answers once; false when there are none to come now. */
bool shell_process_read_answers(struct shell_process *p);

/* Nothing that it answers is of interest any more. */
void shell_process_mute(struct shell_process *p);
bool shell_process_is_mute(const struct shell_process *p);

/* Pass on what programs wrote to its terminal; false when there was nothing. */
bool shell_process_read_tty(struct shell_process *p);

/* The same for what it said outside of steps. */
bool shell_process_read_base(struct shell_process *p);

/* Make the terminal ready for a job, whatever the last one left. */
void shell_process_set_tty(struct shell_process *p, enum job_io io);

/* What the operator types, and the size of what he looks at. */
void shell_process_keys(struct shell_process *p, struct text keys);
void shell_process_resize(struct shell_process *p, unsigned rows,
			  unsigned columns);

#endif
