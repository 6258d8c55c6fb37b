/* Steps that are one call of ssh, and where they lead. */
#ifndef GRAPH_SSH_STEP_H
#define GRAPH_SSH_STEP_H

#include "effect/unwrap.h"

struct ssh_step {
	struct ssh_call call;
	const struct node *node;
	struct text host; /* its name; as it is written ("<host>", "$WEB") while
			   * that is not known. Without a user */
	bool open;        /* it is not known */
	bool whole;       /* the host gets what it runs byte for byte, so that
			   * no shell on this side is needed */
};

/* True when the statements FIRST to LAST of S are one call of ssh with a host,
 * with the constants of SCOPE; fills RET, in ARENA. */
bool sshstep_read(struct arena *arena, const struct script *s, uint32_t first,
		  uint32_t last, const struct scope *scope,
		  struct ssh_step *ret);

#endif
