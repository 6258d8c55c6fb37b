/* Proving to a server who we are: agent, key files with their certificates,
 * and, where an operator can be asked, what a server wants typed. */
#ifndef EXEC_AUTH_H
#define EXEC_AUTH_H

#include <stdbool.h>

#include "base/buf.h"

struct ask;       /* exec/ask.h */
struct auth;      /* opaque */
struct loop;      /* exec/loop.h */
struct sshconfig; /* exec/sshconfig.h */
struct wire;      /* exec/wire.h */

enum auth_verdict {
	AUTH_WAIT, /* call auth_go_on when the wire has something */
	AUTH_DONE,
	AUTH_NEEDS_SSH, /* only the real ssh has a method that is left */
	AUTH_FAILED
};

/* All borrowed; ASK may be NULL. ON_ANSWER is called in place of the wire when
 * the operator has answered. */
struct auth *auth_new(struct loop *l, struct wire *wire,
		      const struct sshconfig *config, const struct ask *ask,
		      void (*on_answer)(void *ctx), void *ctx);
struct auth *auth_free(struct auth *a); /* NULL to NULL */

enum auth_verdict auth_go_on(struct auth *a);

/* Is the operator being asked? */
bool auth_asks(const struct auth *a);

/* AUTH_FAILED: what was tried and what the server takes, for a message. */
void auth_explain(const struct auth *a, struct buf *b);

#endif
