/* Inside the run layer: what each step of a plan will meet. The plan is gone
 * through in order, with what the shell of this machine holds before each
 * step, as far as that is certain; whatever decides, comes in or is left out
 * later has the rest gone through again. */
#ifndef RUN_PLAN_STATE_H
#define RUN_PLAN_STATE_H

#include "run/plan.h"

/* What became of a step that is behind us. */
enum plan_passing {
	PLAN_DONE,    /* it ended well, in this run or one before */
	PLAN_IN_PART, /* how much of it was done nobody knows */
	PLAN_LEFT_OUT /* nothing of it was done */
};

/* ITEM is behind us. Works out those that follow again unless it was done, as
 * was foreseen. */
void plan_pass(struct plan *plan, struct plan_item *item,
	       enum plan_passing passing);

/* ITEM did not end well and may be run again: what it did to its shell is not
 * known. */
void plan_spoil(struct plan *plan, struct plan_item *item);

/* What the steps behind us left in their shell is gone. */
void plan_lose_shell(struct plan *plan);

/* Work out all items that are not behind us. */
void plan_foresee(struct plan *plan);

/* Judge ITEM, the next one, by what is there now. True when what is to be
 * approved is another thing than before. */
bool plan_judge_now(struct plan *plan, struct plan_item *item);

/* plan.c: the stops of ITEM, as it is resolved. */
unsigned plan_stops(const struct plan *plan, struct plan_item *item);

/* plan_answer.c: make the choices and judge the conditions that a plan of a
 * resumed run has an answer to: in its journal, in options->takes and leaves.
 * False with a message. */
bool plan_answer(struct plan *plan, struct buf *reterr);

/* plan_lack.c: why each item cannot be run because what it takes from the
 * shell is set only by steps that are not run: fills item->lack. */
void plan_find_lacks(struct plan *plan);

#endif
