/* The questions of a run, answered by an operator at a terminal. */
#ifndef RUN_ASKER_H
#define RUN_ASKER_H

#include "run/plan.h"

enum answer {
	ANSWER_YES,
	ANSWER_NO,   /* not now: the run ends before the step; a condition does
		      * not hold */
	ANSWER_SKIP, /* never: go on behind the step */
	ANSWER_ALL,  /* yes, and to all like it below "disrupts" */
	ANSWER_QUIT  /* end the run */
};

/* What next, when a step did not end well. */
enum failed {
	FAILED_AGAIN,
	FAILED_SKIP, /* go on behind it, as it is */
	FAILED_QUIT
};

/* What is the case with a step whose outcome was never known. */
enum settled {
	SETTLED_SUCCEEDED,
	SETTLED_FAILED,
	SETTLED_AGAIN, /* run it again; the name was typed where it destroys */
	SETTLED_QUIT
};

/* Each flushes what was typed ahead, and takes end of input for no. What ITEM
 * is was shown before (run/observer.h, on_step_show); what it does and what is
 * known of it the question shows. */
struct asker {
	/* Run ITEM? For confirm:, --step-by-step, disrupts and unknown. */
	enum answer (*confirm)(void *ctx, struct plan *plan,
			       struct plan_item *item);
	/* True when the word of plan_word was typed, at the second try at the
	 * latest. */
	bool (*typed)(void *ctx, struct plan *plan, struct plan_item *item);
	/* ITEM did not end well, as was just told. What next? */
	enum failed (*failed)(void *ctx, struct plan *plan,
			      struct plan_item *item);
	/* Does CONDITION hold, which stands over ITEM and perhaps more? */
	enum answer (*condition)(void *ctx, struct plan *plan,
				 struct plan_item *item,
				 const struct condition *condition);
	/* Which of the N BRANCHES of CHOICE? Its index, or -1 for none. */
	int (*choose)(void *ctx, struct plan *plan, const struct choice *choice,
		      const struct branch *const *branches, uint32_t n);
	/* A manual step: was it done? */
	enum answer (*manual)(void *ctx, struct plan *plan,
			      struct plan_item *item);
	/* A resumed run: ITEM was handed over and no status ever came. FACTS
	 * are lines about it. */
	enum settled (*unknown)(void *ctx, struct plan *plan,
				struct plan_item *item, const char *facts);
	/* What the steps before ITEM left in their shell is gone, as was just
	 * told. Go on in a new one? */
	bool (*new_shell)(void *ctx, struct plan *plan, struct plan_item *item);
	/* A value for PARAM, appended to RET; false when there is none. */
	bool (*value)(void *ctx, struct plan *plan, struct plan_item *item,
		      const struct param *param, struct buf *ret);
	void *ctx;
};

#endif
