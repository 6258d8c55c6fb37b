/* The engine's end of the ssh shim: every ssh of a local step that can be
 * served goes over the run's own connection to its host, with the descriptors
 * that the step gave it. */
#ifndef EXEC_SHIM_SERVER_H
#define EXEC_SHIM_SERVER_H

#include <stdbool.h>

#include "base/buf.h"

struct loop;        /* exec/loop.h */
struct remote_pool; /* exec/remote.h */
struct shim_server; /* opaque */
struct target;      /* exec/target.h */

struct shim_settings {
	const char *dir;         /* of the run: exec/rundir.h */
	const char *program;     /* that calls shim_main under the name ssh;
				  * NULL: the running one */
	const char *config_file; /* ssh -F for what falls through, or NULL */
	bool operator;           /* is there one? Else BatchMode */
};

/* Makes DIR/bin/ssh, scp and sftp, and listens. NULL with a message. */
struct shim_server *shim_server_new(struct loop *l, struct remote_pool *pool,
				    const struct shim_settings *settings,
				    struct buf *reterr);

/* Calls under way are dropped. Before the pool and after the local target.
 * NULL to NULL. */
struct shim_server *shim_server_free(struct shim_server *s);

/* For local_settings: path_first, and env ("NAME=value", NULL at the end). */
const char *shim_server_folder(const struct shim_server *s);
const char *const *shim_server_env(const struct shim_server *s);

/* What calls prove with that they come from a step; a secret. */
const char *shim_server_token(const struct shim_server *s);

/* Whose steps the calls come from: told what its ssh could not reach or lost
 * (local_note_ssh), and made to wait while they are being ended. */
void shim_server_serve(struct shim_server *s, struct target *local);

#endif
