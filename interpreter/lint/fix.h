/* Doing what findings offer to do. */
#ifndef LINT_FIX_H
#define LINT_FIX_H

#include "diag/diag.h"

/* Append the text of SRC to RET with the safe fixes of SINK (sorted) done, and
 * nothing else changed. A fix that touches a place where another one was done
 * is left for the next time. Returns how many were done. */
uint32_t lint_fix_text(const struct source *src, const struct diag_sink *sink,
		       struct buf *ret);

#endif
