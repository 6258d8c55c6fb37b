/* Steps whose connection was lost: what their host says became of them. Nothing
 * is handed over here; the host is only asked. */
#ifndef RUN_LOST_H
#define RUN_LOST_H

#include "run/run.h"

enum lost_kind {
	LOST_UNKNOWN, /* why says what is known */
	LOST_NEVER,   /* it has not begun, and will not */
	LOST_RUNS,    /* it still does */
	LOST_ENDED    /* with status */
};

struct lost_answer {
	enum lost_kind kind;
	bool asked; /* UNKNOWN: the host has said what it knows */
	int status;
	struct buf why;
};

/* The name under which a host is to remember attempt ATTEMPT of ITEM, or NULL:
 * it only reads, it is of this machine, the operator wants none. In the plan's
 * arena. */
const char *lost_id(struct run *run, const struct plan_item *item,
		    uint32_t attempt);

/* Does S put a secret into what is handed over? */
bool lost_has_secret(const struct step *s);

/* Does what ITEM runs on its host end with a pipeline, whose status may hide
 * that of a member? */
bool lost_hides_failure(const struct plan_item *item);

/* Does it take ITEM's output, or what comes with it, to say that it went well?
 */
bool lost_needs_output(const struct plan_item *item);

/* Ask about ID on TARGET, which was handed over SINCE_MS ago by a clock that
 * goes on while the machine sleeps. */
void lost_ask(struct run *run, struct target *target, const char *id,
	      int64_t since_ms, struct lost_answer *ret);

/* A has lost its connection: ask the host, a few times, and wait for the end
 * of what still runs there. Changes A's outcome to what was found out. */
void lost_settle(struct run *run, struct attempt *a);

#endif
