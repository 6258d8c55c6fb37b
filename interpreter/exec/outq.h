/* Bytes on their way to a descriptor that does not block: what does not fit
 * waits here until it does. */
#ifndef EXEC_OUTQ_H
#define EXEC_OUTQ_H

#include "base/buf.h"
#include "base/text.h"

struct loop;       /* exec/loop.h */
struct loop_watch; /* exec/loop.h */

struct outq {
	struct loop *loop;
	int fd; /* borrowed, O_NONBLOCK; -1: nothing goes anywhere */
	struct buf waiting;
	struct loop_watch *watch; /* while something waits */
	/* Optional: all has been written. */
	void (*on_empty)(void *ctx);
	/* Writing failed with ERROR (an errno); the queue is empty then and
	 * its fd -1. */
	void (*on_error)(void *ctx, int error);
	void *ctx;
};

/* FD must stay open until outq_release. */
void outq_init(struct outq *q, struct loop *loop, int fd);
void outq_release(struct outq *q); /* what waits is lost */

/* Write BYTES, or queue them behind what waits. Neither callback is called
 * from here: an error comes with a later turn of the loop. */
void outq_add(struct outq *q, struct text bytes);

#endif
