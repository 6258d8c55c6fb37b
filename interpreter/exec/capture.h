/* What the steps of a local session print: one named pipe each for stdout and
 * stderr, fresh whenever a process of an earlier step still holds the old
 * pair, so that nothing of it is taken for the next step's. */
#ifndef EXEC_CAPTURE_H
#define EXEC_CAPTURE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"
#include "exec/target.h"

struct capture;
struct loop; /* exec/loop.h */

typedef void capture_fn(void *ctx, enum job_stream stream, struct text bytes);

/* The pipes are DIR/out and DIR/err. ON_BYTES gets what the step prints;
 * ON_LATE, what its processes print when it is over, with its label. */
struct capture *capture_new(struct loop *l, const char *dir,
			    capture_fn *on_bytes, late_fn *on_late, void *ctx);
struct capture *capture_free(struct capture *c); /* NULL to NULL */

/* Before a step: have a pair of pipes that nobody holds. 0, or -1 with a
 * message. */
int capture_prepare(struct capture *c, struct buf *reterr);

enum capture_way {
	CAPTURE_OPENED,  /* the step has them open */
	CAPTURE_OPENING, /* it is about to, and nothing tells when */
	CAPTURE_KEEPING  /* likewise, or they are open since the last step; and
			  * they stay open when it is over: nobody but the
			  * shell can have them then, so that its output ends
			  * with what has arrived. What comes between two such
			  * steps is late */
};

/* The step of LABEL begins: listen. */
void capture_begin(struct capture *c, uint32_t label, enum capture_way way);

/* Are they open since the last step, for one more that keeps them? */
bool capture_is_kept(const struct capture *c);

/* Somebody else may have what is kept: it is late from now on. */
void capture_share(struct capture *c);

/* Pass on what has arrived. True when nobody but for whom they are kept holds
 * either pipe any more. */
bool capture_drain(struct capture *c);

/* The step is over; what is still held becomes late. */
void capture_end(struct capture *c);

#endif
