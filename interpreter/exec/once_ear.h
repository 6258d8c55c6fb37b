/* Listening to what a command that runs at most once says of itself before it
 * says anything else (exec/once.h), and taking that out of its output. */
#ifndef EXEC_ONCE_EAR_H
#define EXEC_ONCE_EAR_H

#include <stdbool.h>

#include "base/buf.h"
#include "exec/once.h"

struct once_ear {
	char *id;
	struct buf held; /* what may be the beginning of a line that counts */
	bool within;     /* the line that comes has begun, and does not count */
	bool heard;
	struct once_answer answer; /* HEARD: the first one */
};

void once_ear_init(struct once_ear *e, const char *id);
void once_ear_release(struct once_ear *e);

/* Append to OUT what of BYTES is the command's. Once something was heard,
 * everything is. */
void once_ear_hear(struct once_ear *e, struct text bytes, struct buf *out);

/* There will be no more: what is held is the command's. */
void once_ear_end(struct once_ear *e, struct buf *out);

#endif
