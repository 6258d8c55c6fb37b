/* Hosts as targets: one connection per host and run, whoever uses it. */
#ifndef EXEC_REMOTE_H
#define EXEC_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "exec/target.h"

struct ask;         /* exec/ask.h */
struct host;        /* exec/host.h */
struct loop;        /* exec/loop.h */
struct remote_pool; /* opaque; the hosts of a run */
struct terminal;    /* exec/terminal.h */

/* Everything is borrowed until remote_pool_free. */
struct remote_settings {
	const char *dir;           /* of the run: exec/rundir.h */
	const char *config_file;   /* ssh -F; NULL: the usual ones */
	const struct ask *ask;     /* NULL: nobody can be asked */
	struct terminal *terminal; /* the operator's, or NULL */
	const char *ssh;           /* path of the real ssh; NULL: looked for in
				    * PATH */
	/* For tests; 0: those of base/limits.h. */
	int64_t connect_ms, auth_ms, alive_ms;
	unsigned alive_missed;
};

/* NULL with a message when there is no ssh on this machine, which is needed to
 * read its configuration. Connects to nothing. */
struct remote_pool *remote_pool_new(struct loop *l,
				    const struct remote_settings *settings,
				    struct buf *reterr);

/* After its targets. NULL to NULL. */
struct remote_pool *remote_pool_free(struct remote_pool *p);

/* HOST is [user@]host, as a document has it: a name and nothing else, or NULL
 * with a message. Connects with its first job. */
struct target *target_new_ssh(struct remote_pool *pool, const char *host,
			      struct buf *reterr);

/* Where TARGET's connection leads: "deploy@10.0.0.7 port 22" and the
 * fingerprint of its key, "SHA256:…"; NULL before there was one, and when the
 * real ssh is in between. BANNER: what the server said before it let us in. */
const char *remote_identity(const struct target *target);
const char *remote_fingerprint(const struct target *target);
const char *remote_banner(const struct target *target);

/* The host of TARGET. */
struct host *remote_host(const struct target *target);

/* Whoever answers for TARGET in this run is IDENTITY with KEY (as below), or
 * nobody. */
void remote_expect(struct target *target, const char *identity,
		   const char *key);

/* The host for NAME with ssh's OPTIONS (NULL at the end, or NULL), made when it
 * is new. The pool's. */
struct host *remote_pool_host(struct remote_pool *pool, const char *name,
			      const char *const *options);

/* The pool's path of the real ssh. */
const char *remote_pool_ssh(const struct remote_pool *pool);

#endif
