/* The part of a step's output that a want looks at. */
#ifndef WANT_VIEW_H
#define WANT_VIEW_H

#include "want/want.h"

struct want_view {
	const char *name;   /* "stdout", "stderr", "output" for both */
	struct text bytes;  /* at most LIMIT_MATCH_BYTES of each stream */
	size_t err_at;      /* where stderr begins in bytes; SIZE_MAX: not */
	bool cut;           /* earlier bytes are gone */
	bool partial;       /* cut, and the first line is not whole */
	bool gap;           /* of both: bytes in the middle are gone */
	struct buf storage; /* behind bytes, when there are two streams */
};

/* What STREAM of INPUT shows; want_view_release ends it. */
void want_view_init(struct want_view *v, enum want_stream stream,
		    const struct want_input *input);
void want_view_release(struct want_view *v);

/* The line that holds the byte at OFFSET, without its end. */
struct text want_view_line(const struct want_view *v, size_t offset);

/* The last line that is not blank; empty when there is none. */
struct text want_view_last_line(const struct want_view *v);

/* Say in RET that LINE, which lies in V, is what came. */
void want_view_got(const struct want_view *v, struct text line,
		   struct want_result *ret);

#endif
