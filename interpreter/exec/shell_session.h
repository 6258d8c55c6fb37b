/* The one bash in which the local steps of a run follow each other: cwd,
 * variables, functions and options stay, as in one terminal. This file knows
 * how to hand a step over and what came back; when to stop one is local.c's.
 *
 * Life cycle: shell_session_new, any number of shell_session_run one after the
 * other, shell_session_free. The process is started when it is needed, and
 * again after it was lost; what it then begins with is what its predecessor's
 * trap on EXIT wrote, or else the state that was kept last. */
#ifndef EXEC_SHELL_SESSION_H
#define EXEC_SHELL_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "exec/target.h"

struct loop;          /* exec/loop.h */
struct shell_session; /* opaque */

enum shell_end_kind {
	SHELL_ANSWERED, /* status is the step's */
	SHELL_DIED,     /* the session ended: wait_status, as of waitpid(2) */
	SHELL_REFUSED,  /* nothing of the step ran; message says why */
	SHELL_BROKEN    /* it ran, and what came back is no answer */
};

struct shell_end {
	enum shell_end_kind kind;
	int status, wait_status;
	uint32_t line; /* document line of what failed, or 0 */
	int hidden;    /* as job_outcome.hidden_code */
	struct pipe_status pipe;
	bool lost, saved;    /* as job_outcome.session_lost, .session_saved */
	const char *message; /* or NULL; lives until on_end returns */
};

struct shell_events {
	void (*on_output)(void *ctx, enum job_stream stream, struct text bytes);
	/* From processes that outlive their step, and from the shell itself
	 * between two steps, with the label of the last one (0: none yet). */
	late_fn *on_late;
	void (*on_dispatched)(void *ctx);
	void (*on_end)(void *ctx, const struct shell_end *end);
	void *ctx;
};

/* All borrowed until shell_session_free. */
enum {
	SHELL_OPTIONS_MAX = 8
};

struct shell_spec {
	const char *dir;            /* private, ours: exec/rundir.h */
	const char *bash;           /* absolute */
	const char *const *env;     /* of the process */
	const char *const *options; /* of set -o; NULL at the end, or NULL */
	bool tty;                   /* give it a terminal of its own */
	const char *term;           /* TERM of interactive steps */
	unsigned tty_rows, tty_columns;
	unsigned kept; /* the kept state to begin with, see
			* shell_session_keep; 0: none */
};

struct shell_session *shell_session_new(struct loop *l,
					const struct shell_spec *spec,
					const struct shell_events *on);

/* End it: it gets 2 s for its author's trap on EXIT. NULL to NULL. */
struct shell_session *shell_session_free(struct shell_session *s);

/* Run STEP, borrowed until on_end, which comes in a later turn of the loop. Of
 * STEP the timeout is not looked at. */
void shell_session_run(struct shell_session *s, const struct job_spec *step);

/* Write down what the shell is now, as the state from which another one can go
 * on should this one be lost. Between two steps. The number of this state:
 * shell_folder_kept finds it when it has been written. */
unsigned shell_session_keep(struct shell_session *s);

/* The number of the last one that was asked for; 0: none. */
unsigned shell_session_kept(const struct shell_session *s);

/* The step that runs is about to be ended with a signal: if it has not begun
 * by then, it is not to begin in another shell. */
void shell_session_give_up(struct shell_session *s);

/* Processes of earlier steps are alive, or not. */
void shell_session_others(struct shell_session *s, bool any);

/* By how much bash's line numbers are too small in what it says about the step
 * that runs. */
uint32_t shell_session_skipped(const struct shell_session *s);

/* The process, leader of its session and group; 0 when there is none. */
pid_t shell_session_pid(const struct shell_session *s);

/* What the operator types, and the size of what he looks at. */
void shell_session_keys(struct shell_session *s, struct text keys);
void shell_session_resize(struct shell_session *s, unsigned rows,
			  unsigned columns);

#endif
