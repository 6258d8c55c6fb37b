/* Is what a run goes on with what it began with? Steps that are done were done
 * with values and on hosts that count for those to come as well. */
#ifndef RUN_RESUMED_H
#define RUN_RESUMED_H

#include "run/journal.h"
#include "run/plan.h"
#include "run/progress.h"

/* False with one message when a step of PLAN that was done, or may have been,
 * reads otherwise now than it did then, or when a secret that it used is
 * another one. J is the journal that P was read from. */
bool resumed_fits(const struct progress *p, struct journal *j,
		  const struct plan *plan, struct buf *reterr);

/* May PARAM be VALUE in a run of which P is known? False with a message when
 * it is a secret, a step that was done used it, and it was another one. */
bool resumed_takes(const struct progress *p, struct journal *j,
		   const struct plan *plan, const struct param *param,
		   struct text value, struct buf *reterr);

#endif
