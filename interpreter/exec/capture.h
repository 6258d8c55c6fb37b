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

/* The step of LABEL has opened them: listen. */
void capture_begin(struct capture *c, uint32_t label);

/* Pass on what has arrived. True when nobody holds either pipe any more. */
bool capture_drain(struct capture *c);

/* The step is over; what is still held becomes late. */
void capture_end(struct capture *c);

#endif
