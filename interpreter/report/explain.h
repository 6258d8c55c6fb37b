/* What a command would do, and what a diagnostic means. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "base/json.h"
#include "diag/diag.h"
#include "effect/judge.h"
#include "report/style.h"

/* The level, then every finding, worst first, with the words that decided
 * underlined in COMMAND. */
void explain_effect(struct buf *b, const struct effect *e,
		    const struct style *style);

/* {"id", "level", "tags", "through", "findings", "explanation"}; the caller
 * frees. ID is taken over; NULL leaves it out. */
struct jval *explain_effect_json(struct jval *id, const struct effect *e);

/* What CODE means, why it matters, a bad and a good example. */
void explain_code(struct buf *b, enum diag_code code,
		  const struct style *style);

#endif
