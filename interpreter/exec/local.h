/* This machine as a target: one bash session for all local steps of a run. */
#ifndef EXEC_LOCAL_H
#define EXEC_LOCAL_H

#include <sys/types.h>

#include "base/buf.h"
#include "exec/target.h"

struct loop;     /* exec/loop.h */
struct terminal; /* exec/terminal.h */

/* Everything is borrowed until target_free. */
struct local_settings {
	const char *dir; /* of the run: exec/rundir.h */
	const char *const
		*env_names;         /* further variables of ours that the
				     * session has; NULL at the end, or NULL */
	const char *const *env;     /* "NAME=value" on top; likewise */
	const char *path_first;     /* folder before those of PATH, or NULL */
	const char *const *options; /* of set -o; likewise, at most
				     * SHELL_OPTIONS_MAX */
	const char *bash;           /* absolute; NULL: looked for */
	struct terminal *terminal;  /* the operator's; NULL: nobody is there,
				     * and no step has a terminal */
	unsigned kept; /* the state that the shell begins with; 0: a new one */
	const char *document; /* what bash calls the text of a step in its own
			       * messages; NULL: "bash" */
};

/* NULL with a message when there is no bash. The session itself starts with
 * the first job. Makes us the parent of orphans (loop_adopt_orphans). */
struct target *target_new_local(struct loop *l,
				const struct local_settings *settings,
				struct buf *reterr);

/* See shell_session_keep and shell_session_kept (exec/shell_session.h). */
unsigned local_keep(struct target *local);
unsigned local_kept(const struct target *local);

/* The process of its shell; 0: there is none. */
pid_t local_pid(const struct target *local);

/* The running job is not over before local_release, which gets what this
 * returns (0: no job runs): something that it started elsewhere is being
 * ended. */
unsigned local_hold(struct target *local);
void local_release(struct target *local, unsigned hold);

/* Call FN when the operator will not wait for the job's end any longer, each
 * time that he says so: what local_hold waits for is to hurry, too. */
void local_on_haste(struct target *local, void (*fn)(void *ctx), void *ctx);

/* Does the job that runs hold values that only POSIX shells take (posix in
 * struct job_spec)? */
bool local_is_posix(const struct target *local);

/* Has he said so of the job that runs? */
bool local_in_haste(const struct target *local);

/* An ssh that the running job started through the shim has not reached its
 * host (LOST false), or has lost it while its command ran. MESSAGE says so. */
void local_note_ssh(struct target *local, bool lost, const char *message);

#endif
