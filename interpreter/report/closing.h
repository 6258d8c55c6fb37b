/* What is left to be said when a run is over. */
#ifndef REPORT_CLOSING_H
#define REPORT_CLOSING_H

#include "run/observer.h"

struct closing {
	struct plan *plan;
	const struct run_end *end;
	const struct plan_item *differed; /* the first step that succeeded, but
					   * printed something else than the
					   * document shows; NULL: none did */
	uint32_t n_differed;              /* such steps */
	const char *accept; /* the call that would write it down; or NULL */
	const char *resume; /* the call that goes on */
};

/* Lines that begin with "note: " or "help: ", in the order in which they are
 * to be looked at: what came out, what the document says of it, how to go on.
 */
void closing_add(struct buf *b, const struct closing *c);

#endif
