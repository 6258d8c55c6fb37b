/* What to do next, when a run has come to its end. */
#ifndef REPORT_REMEDY_H
#define REPORT_REMEDY_H

#include "run/observer.h"

/* Lines that begin with "help: ": how to go on with PLAN, which ended as END;
 * RESUME is the call that resumes it. Nothing when it came to its end. */
void remedy_add(struct buf *b, struct plan *plan, const struct run_end *end,
		const char *resume);

#endif
