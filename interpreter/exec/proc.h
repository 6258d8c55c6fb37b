/* Starting processes: what a child gets is spelled out, and nothing else
 * reaches it. */
#ifndef EXEC_PROC_H
#define EXEC_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

struct loop; /* exec/loop.h */

/* A descriptor of ours that the child has as another one. */
struct proc_fd {
	int ours;   /* stays ours; may be close-on-exec */
	int theirs; /* 3 or more */
};

/* Set `in`, `out`, `err` to -1 for /dev/null. */
struct proc_spec {
	const char *const *argv; /* [0] absolute; NULL at the end */
	const char *const *env;  /* NULL: ours */
	const char *cwd;         /* NULL: ours */
	int in, out, err;
	const struct proc_fd *fds;
	size_t n_fds;
	bool session; /* setsid(2), else a process group of its own */
	int tty;      /* becomes the controlling terminal; -1: none */

	/* In place of argv: called in the child, whose exit status it
	 * returns. It has descriptors 0, 1 and 2 only, and must not use the
	 * loop. */
	int (*run)(void *ctx);
	void *ctx;
};

#define PROC_SPEC_INIT                                                         \
	{                                                                      \
		.in = -1, .out = -1, .err = -1, .tty = -1                      \
	}

/* Start a child with default signal dispositions and an empty mask. Returns
 * its pid once the program runs, or -1 with one message: a program that
 * cannot be executed is such a failure, not a status 127. */
pid_t proc_spawn(const struct proc_spec *spec, struct buf *reterr);

/* Send SIGNAL to the process group PGID; false when there is none. */
bool proc_signal_group(pid_t pgid, int signal);

/* The absolute path of NAME in the folders of PATH (a colon list). The caller
 * frees; NULL: none. */
char *proc_find(const char *name, const char *path);

/* The same, but not the program that is running. */
char *proc_find_other(const char *name, const char *path);

/* A process that is run for what it prints. */
struct proc_run; /* opaque */

struct proc_result {
	int wait_status; /* as of waitpid(2) */
	bool timed_out;  /* it was killed for it */
	bool too_long;   /* out or err were cut at the limit */
	struct text out, err;
};

typedef void proc_result_fn(void *ctx, const struct proc_result *result);

/* Start SPEC, whose out and err are set here, and call FN when it has ended
 * and closed both, or after TIMEOUT_MS. The struct is gone when FN returns.
 * NULL with a message when it cannot be started. */
struct proc_run *proc_run_start(struct loop *l, struct proc_spec *spec,
				size_t max_bytes, int64_t timeout_ms,
				proc_result_fn *fn, void *ctx,
				struct buf *reterr);

/* Kill it; FN is not called. NULL to NULL. */
struct proc_run *proc_run_free(struct proc_run *r);

#endif
