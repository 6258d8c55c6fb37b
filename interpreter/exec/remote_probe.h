/* Asking a host what became of a command that it was to run at most once. */
#ifndef EXEC_REMOTE_PROBE_H
#define EXEC_REMOTE_PROBE_H

#include "exec/once.h"

struct remote_probe; /* opaque */
struct target;       /* exec/target.h */

/* ANSWER is NULL when the host could not be asked; MESSAGE then says why. The
 * probe is gone when this returns. */
typedef void remote_probe_fn(void *ctx, const struct once_answer *answer,
			     const char *message);

/* Ask the host of TARGET (of target_new_ssh) about ID, over a connection that
 * is made when there is none. FN is called in a later turn of the loop. */
struct remote_probe *remote_probe_start(struct target *target, const char *id,
					remote_probe_fn *fn, void *ctx);

/* FN is not called. NULL to NULL. */
struct remote_probe *remote_probe_free(struct remote_probe *p);

#endif
