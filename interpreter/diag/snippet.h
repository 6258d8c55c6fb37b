/* A diagnostic as text, with the line it is about and a caret below it. */
#ifndef DIAG_SNIPPET_H
#define DIAG_SNIPPET_H

#include <stdbool.h>

#include "base/buf.h"
#include "diag/diag.h"

struct snippet_style {
	bool brief; /* only the first line, for pipes and editors */
	bool color;
};

/* Append D as "path:line:col: level: message [RBnnnn]" and, unless brief, the
 * source line, carets under the span (clipped at the end of its first line),
 * notes and help. Of a long line only what is around the span is shown;
 * control bytes of the document are escaped, columns are display columns.
 * Every line ends with a newline. */
void snippet_print(struct buf *b, const struct diag *d,
		   struct snippet_style style);

/* Append the line of WHERE and the carets below it alone, as above: what a
 * question is about. */
void snippet_place(struct buf *b, struct span where, bool color);

/* All of SINK in order; errors that have no place begin with "runbook:". */
void snippet_print_all(struct buf *b, const struct diag_sink *sink,
		       struct snippet_style style);

#endif
