/* Between libssh and the operator's ssh-agent: a process that shows libssh
 * only the keys that ssh would try, in ssh's order (IdentitiesOnly and the
 * order of identity files are things that libssh does not know of). */
#ifndef EXEC_AGENT_H
#define EXEC_AGENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"

struct agent; /* opaque */
struct loop;  /* exec/loop.h */

/* Public keys, as base64 of their blobs. */
struct agent_rules {
	const char **first; /* these come first, in this order */
	size_t n_first;
	bool only; /* and no others */
};

/* Start the process in front of the agent at SOCKET_PATH. *RET_FD speaks the
 * agent's protocol and is the caller's. NULL with a message when nobody
 * listens there. RULES is used before this returns only. */
struct agent *agent_start(struct loop *l, const char *socket_path,
			  const struct agent_rules *rules, int *ret_fd,
			  struct buf *reterr);
struct agent *agent_free(struct agent *a); /* NULL to NULL */

/* Rewrite the agent's ANSWER (without its length) to a request for identities
 * according to RULES. False when it is not such an answer. */
bool agent_filter(struct text answer, const struct agent_rules *rules,
		  struct buf *b, size_t *ret_n);

#endif
