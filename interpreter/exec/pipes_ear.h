/* What a bash far away says of the last pipeline of a command: the statuses of
 * its members, which its own status does not show. A text behind the command
 * tells them on stderr, in a line that is taken out of the output again.
 *
 * The line is "RB1 MARK pipes STATUS MEMBER… ." with a newline before it, for
 * the command may not have ended its last one. MARK is random: that a command
 * does not print it by accident. */
#ifndef EXEC_PIPES_EAR_H
#define EXEC_PIPES_EAR_H

#include <stdbool.h>

#include "base/buf.h"

struct pipes_ear {
	struct buf mark; /* the beginning of the line; empty: nobody listens */
	struct buf held; /* what may be one */
	bool heard;
	int hidden; /* HEARD: as job_outcome.hidden_code */
};

/* Append to COMMAND, which bash is to run, what tells its pipeline's statuses,
 * and listen for that. */
void pipes_ear_ask(struct pipes_ear *e, struct buf *command);
void pipes_ear_release(struct pipes_ear *e);

/* Append to OUT what of BYTES is the command's. */
void pipes_ear_hear(struct pipes_ear *e, struct text bytes, struct buf *out);

/* There will be no more: what is held is the command's. */
void pipes_ear_end(struct pipes_ear *e, struct buf *out);

#endif
