/* Output in which one text stands for another: bash calls the text of a step
 * by the path of our file, and people know the document. */
#ifndef EXEC_RETITLE_H
#define EXEC_RETITLE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* Both are borrowed; FROM is not empty. */
struct retitle {
	struct text from, to;
	struct buf held; /* what may be the beginning of FROM */
	uint32_t add; /* to N where "line N" follows FROM; may be changed when
		       * nothing is held */
};

/* Append BYTES to B with every FROM replaced. What may be the beginning of one
 * is held back until the next call, so that it does not matter where a stream
 * is cut into texts. */
void retitle_write(struct retitle *r, struct text bytes, struct buf *b);

/* Nothing more comes for now: append what is held. */
void retitle_flush(struct retitle *r, struct buf *b);

void retitle_release(struct retitle *r);

#endif
