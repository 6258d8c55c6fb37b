/* Runs that were made, for people and for machines. */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "base/json.h"
#include "report/style.h"
#include "run/progress.h"

/* One line: id, time, how it ended, what was run. */
void history_line(struct buf *b, const char *id, const struct progress *p,
		  const struct style *style);

/* Its steps: state, title, host, time, and the files in FOLDER with what they
 * printed; also those of PLAN, when that is not NULL, that were not begun. */
void history_steps(struct buf *b, const struct progress *p,
		   const struct plan *plan, const char *folder,
		   const struct style *style);

/* Both. The caller frees. */
struct jval *history_json(const char *id, const struct progress *p,
			  const struct plan *plan, const char *folder);

#endif
