/* What a diagnostic's own bad example gets, as its author would see it. */
#ifndef REPORT_EXAMPLE_H
#define REPORT_EXAMPLE_H

#include "diag/diag.h"

/* Append what reading and linting the bad example of CODE says of it, with the
 * line and the caret; nothing for codes of a run, and where the example wants
 * files that are not here. Lines end with a newline. */
void example_print(struct buf *b, enum diag_code code);

#endif
