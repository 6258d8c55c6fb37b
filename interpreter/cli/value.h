/* Asking for the value of a parameter. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include "cli/prompter.h"
#include "report/style.h"
#include "run/plan.h"

/* Show where in ITEM of PLAN the value of PARAM goes and ask for it; "?" shows
 * what it is for and what it may be, and "\?" is the value "?". The answer is
 * appended to RET; false: there is none. */
bool value_ask(struct prompter *p, const struct style *style,
	       const struct plan *plan, const struct plan_item *item,
	       const struct param *param, struct buf *ret);

#endif
