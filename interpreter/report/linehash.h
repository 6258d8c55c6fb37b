/* What a line is known by when lines are put in above it: the hash of what
 * stands from its beginning on, as github/codeql-action computes it for
 * partialFingerprints, because code scanning compares with what that wrote. */
#ifndef REPORT_LINEHASH_H
#define REPORT_LINEHASH_H

#include <stdint.h>

#include "base/text.h"

struct linehash {
	uint64_t value;
	uint32_t seen; /* how often the value has come so far, from 1 */
};

/* One per line of T (LF, CR LF and CR end lines; the end of the file counts
 * as a character). The caller frees; *RET_N is at least 1. */
struct linehash *linehash_all(struct text t, uint32_t *ret_n);

#endif
