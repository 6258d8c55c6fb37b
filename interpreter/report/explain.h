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

/* Append {"id", "level", "tags", "through", "findings", "explanation"} on one
 * line, without a newline; "id" is that of REQUEST, a text or a number, and
 * left out where it has none or is NULL. */
void explain_effect_json(struct buf *b, const struct jval *request,
			 const struct effect *e);

/* One of "findings"; the caller frees. */
struct jval *explain_finding_json(const struct finding *f);

/* What CODE means, why it matters, a bad and a good example. */
void explain_code(struct buf *b, enum diag_code code,
		  const struct style *style);

#endif
