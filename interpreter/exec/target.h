/* Where a step runs: this machine's shell session, or a host over SSH. Both
 * take the same request and report through the same events.
 *
 * Life cycle: target_new_local / target_new_ssh, any number of jobs one after
 * the other, target_free. A job lives from target_start to its on_end. */
#ifndef EXEC_TARGET_H
#define EXEC_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct loop;   /* exec/loop.h */
struct target; /* opaque */
struct job;    /* opaque; one command under way */

enum job_io {
	JOB_BATCH,
	JOB_FOLLOW,
	JOB_INTERACTIVE
};
enum job_stream {
	JOB_STDOUT,
	JOB_STDERR,
	JOB_TTY
};

/* One variable for the text: assigned, not exported, unset afterwards unless it
 * lasts. Never on a command line; one that does not last never in a file that
 * stays. */
struct job_value {
	const char *name;
	struct text value;
	bool lasts;  /* as if an earlier step had set it */
	bool secret; /* no variable that holds it is kept anywhere */
};

struct job_spec {
	struct text text; /* bash text; for SSH the remote command */
	enum job_io io;
	int64_t timeout_ms; /* from its dispatch on; 0: none */
	uint32_t line;      /* document line of the text's first byte, for
			     * bash's own messages; 0: unknown */
	const struct job_value *values; /* local only */
	size_t n_values;
	const char *const *env; /* "NAME=value" of this job, NULL at the end */
	const char *cwd;        /* NULL: where the session is */
	uint32_t label;         /* for late_fn */
	bool leaves_nothing;    /* local: it certainly changes no variable,
				 * folder, function … of the session */
	bool forks_nothing;     /* local: nor does it start a process, unless a
				 * command is other than its name says */
	const char *once_id; /* SSH: the host runs it at most once, under this
			      * name, and remembers its status: exec/once.h;
			      * NULL: it is run as it is */
	bool posix;   /* its text holds what is quoted for POSIX shells: a host
		       * with another login shell does not get it. Local: what
		       * an ssh in it hands on does */
	bool secret;  /* SSH: its text is for nobody else there to see. Only
		       * with once_id, and not at a terminal */
	bool pipes;   /* SSH, batch: its text ends with a pipeline, of which the
		       * host's login shell, where it is bash, tells all
		       * statuses */
	bool own_tty; /* SSH, batch: a terminal that nobody sees, for commands
		       * that insist on one (docker exec -it) but ask nothing;
		       * what they print comes as JOB_STDOUT */
};

enum job_end {
	JOB_EXITED,      /* code is its real status */
	JOB_SIGNALED,    /* code is the signal's number */
	JOB_TIMED_OUT,   /* ended by us at its limit */
	JOB_INTERRUPTED, /* ended by us on job_interrupt */
	JOB_NOT_STARTED, /* nothing of it ran; message says why. Can follow
			  * on_dispatched: a text that bash could not read */
	JOB_LOST         /* dispatched, and no status will come: unknown */
};

/* The last pipeline that a text ran. A command that writes to one that reads no
 * longer ends with 141 (SIGPIPE); that is no failure of its own. */
struct pipe_status {
	unsigned n;      /* its commands; 0: not known */
	unsigned failed; /* the first of them that failed, from 1; 0: none */
	int code;        /* its status */
	int last;        /* status of the last command */
	int before;      /* of one before it that failed, or 0 */
};

/* STATUS is of the next command of P. */
void pipe_status_add(struct pipe_status *p, int status);

/* The status of a command of P that failed unseen, where the whole ended with
 * WHOLE, or 0. Where the last command failed as well, somebody looked at it: it
 * is negated, or the condition of what ran. */
int pipe_status_hidden(const struct pipe_status *p, int whole);

struct job_outcome {
	enum job_end end;
	int code;             /* EXITED, SIGNALED; TIMED_OUT and INTERRUPTED:
			       * the status that came afterwards, or -1 */
	bool unreachable;     /* NOT_STARTED: the way to the host failed;
			       * EXITED: an ssh in the text did not get there */
	bool ssh_lost;        /* local: an ssh in the text lost its host while
			       * its command ran. LOST when the job failed;
			       * with EXITED and 0 it went on as if nothing
			       * were unknown */
	bool session_lost;    /* local: the shell ended; its background jobs
			       * and descriptors are gone … */
	bool session_saved;   /* … but the next one begins with its variables,
			       * functions, options and folder */
	uint32_t failed_line; /* document line of the failing command, or 0 */
	int hidden_code;      /* EXITED with 0: status of a member of the last
			       * pipeline that failed unseen, or 0 */
	struct pipe_status pipe; /* EXITED, local */
	unsigned n_survivors;    /* local: processes that outlive the step */
	const char *survivors;   /* "sleep (4711), nc (4712)", or NULL; as
				  * message */
	const char *message; /* one line, or NULL; lives until on_end returns */
};

struct job_events {
	/* Bytes as they come, unfiltered and unmasked. */
	void (*on_output)(void *ctx, enum job_stream stream, struct text bytes);
	/* The command has been handed over: from here on it may have happened.
	 */
	void (*on_dispatched)(void *ctx);
	/* The job is over; its struct job is gone when this returns. */
	void (*on_end)(void *ctx, const struct job_outcome *outcome);
	void *ctx;
};

/* What the processes of a job print after its end, LABEL being that of its
 * spec; unfiltered and unmasked. */
typedef void late_fn(void *ctx, uint32_t label, enum job_stream stream,
		     struct text bytes);

/* The ops of one kind of target. */
struct target_ops {
	struct job *(*start)(struct target *t, const struct job_spec *spec,
			     const struct job_events *on);
	void (*interrupt)(struct target *t, struct job *job);
	void (*stop)(struct target *t, struct job *job);
	void (*end)(struct target *t, struct buf *ret_ended,
		    struct buf *ret_left); /* NULL: jobs leave nothing */
	void (*free)(struct target *t);
};

struct target {
	const struct target_ops *ops;
	struct loop *loop;
	char *name;       /* "local", or the host as the document has it */
	late_fn *on_late; /* or NULL: target_on_late */
	void *late_ctx;
};

/* Start SPEC (borrowed until on_end). Failures too come through on_end, never
 * before this returns. */
struct job *target_start(struct target *t, const struct job_spec *spec,
			 const struct job_events *on);

/* First Ctrl-C: interrupt what runs; its end comes through on_end. */
void job_interrupt(struct target *t, struct job *job);

/* TERM, then soon KILL, to everything the job started, also on the far side.
 * The second time at once. */
void job_stop(struct target *t, struct job *job);

/* Have FN called with late output; NULL: nobody wants it. Only this machine has
 * some: a host closes the channel. */
void target_on_late(struct target *t, late_fn *fn, void *ctx);

/* End what jobs share, and name the processes that they had left running,
 * "sleep (4711), nc (4712)": append those that went with it to RET_ENDED, those
 * that still run to RET_LEFT. No job may run, and none be started afterwards.
 */
void target_end(struct target *t, struct buf *ret_ended, struct buf *ret_left);

struct target *target_free(struct target *t); /* NULL to NULL */

#endif
