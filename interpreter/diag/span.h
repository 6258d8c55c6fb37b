/* A place in a document. */
#ifndef DIAG_SPAN_H
#define DIAG_SPAN_H

#include <stdint.h>

struct source; /* diag/source.h */

/* A half-open byte range [start, end) of one source. Line and column are
 * worked out only when somebody is told. */
struct span {
	const struct source *src; /* borrowed; outlives every span into it */
	uint32_t start, end;
};

#endif
