/* How a step of a plan is named in one line. */
#ifndef REPORT_ITEM_H
#define REPORT_ITEM_H

#include "run/plan.h"

/* The first line of the command of ITEM with its values, at most COLUMNS wide;
 * true when it says more than the title, which is the command itself where no
 * comment stands above it. A comment that stands above several commands names
 * all of them. */
bool item_add_command(struct buf *b, const struct plan_item *item,
		      unsigned columns);

/* "step 3 of 7, 'Clear out': 'rm -r data'" */
void item_add_name(struct buf *b, const struct plan *plan,
		   const struct plan_item *item);

#endif
