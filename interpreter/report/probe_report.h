/* What a probe has found, for people and for machines. */
#ifndef REPORT_PROBE_REPORT_H
#define REPORT_PROBE_REPORT_H

#include "base/json.h"
#include "report/style.h"
#include "run/probe.h"

/* Each host: whether it is reached, what is there, what is missing and which
 * step needs it, how files differ. */
void probe_text(struct buf *b, const struct probe *probe,
		const struct style *style);

/* The member "probe" of schema/plan.schema.json. The caller frees. */
struct jval *probe_json(const struct probe *probe);

#endif
