/* The difference of two texts, as diff -u prints it and patch(1) takes it. */
#ifndef BASE_UNIFIED_H
#define BASE_UNIFIED_H

#include "base/buf.h"

/* Append how NEW differs from OLD, with three lines around each change, below
 * "--- a/PATH" and "+++ b/PATH"; nothing when they are the same. The changes
 * are the fewest lines, up to LIMIT_UNIFIED_EDITS of them; past that all that
 * lies between the first and the last change is one. */
void unified_diff(struct buf *b, const char *path, struct text old,
		  struct text new);

#endif
