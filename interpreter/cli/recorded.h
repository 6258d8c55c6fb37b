/* What a run was asked to do, from its journal. */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

#include "cli/planning.h"
#include "run/progress.h"

/* Steps, options and values of the run P into RET, whose document is loaded. */
void recorded_options(struct planned *ret, const struct progress *p);

/* The plan of the run P over the document that FOLDER, its journal's, holds,
 * for what its steps are called; RET->plan is NULL when there is none. Always
 * call planned_release. */
void recorded_plan(const struct progress *p, const char *folder,
		   struct planned *ret);

#endif
