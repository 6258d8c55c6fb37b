/* The facts of a run, written to its journal: what was planned, approved,
 * handed over, and how it ended. Each returns 0, or -1 after the failure was
 * told; then nothing more may be dispatched. Without a journal all succeed.
 *
 * Records: run, approve, intent, end, skip, resolve, close. */
#ifndef RUN_LOG_H
#define RUN_LOG_H

#include "run/run.h"

int log_run_start(struct run *run);

/* Durable before it returns when ITEM does more than read. */
int log_intent(struct run *run, const struct plan_item *item, uint32_t attempt);

/* The files that take the output of this attempt; ended by log_end. */
void log_output(struct run *run, const struct plan_item *item,
		enum job_stream stream, struct text bytes);

/* Output first, then the record, both durable. */
int log_end(struct run *run, const struct plan_item *item, uint32_t attempt,
	    const struct step_end *end);

int log_approve(struct run *run, const struct plan_item *item, const char *how);

/* What a human said about a step whose outcome was not known. */
int log_resolve(struct run *run, const struct plan_item *item,
		const char *decision);

int log_close(struct run *run);

#endif
