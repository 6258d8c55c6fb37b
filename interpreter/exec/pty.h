/* A pseudo-terminal for the programs of a job. */
#ifndef EXEC_PTY_H
#define EXEC_PTY_H

#include <stdbool.h>

#include "base/buf.h"

struct pty {
	int master; /* ours; does not block */
	int slave;  /* the programs'; kept open, so that the master never hangs
		     * up between two of them */
};

#define PTY_INIT                                                               \
	{                                                                      \
		-1, -1                                                         \
	}

enum pty_mode {
	PTY_BATCH,      /* as a terminal, but its keys send no signals */
	PTY_INTERACTIVE /* as a terminal is */
};

/* Both ends close-on-exec. 0, or -1 with a message. */
int pty_open(struct pty *p, struct buf *reterr);
void pty_close(struct pty *p);

void pty_resize(const struct pty *p, unsigned rows, unsigned columns);

/* Set the line discipline for the next job, whatever the last one left. */
void pty_set(const struct pty *p, enum pty_mode mode);

#endif
