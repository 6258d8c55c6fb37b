/* The facts of a run, written to its journal: what was planned, approved,
 * handed over, and how it ended. Each returns 0, or -1 after the failure was
 * told; then nothing more may be dispatched. Without a journal all succeed.
 *
 * Records, each with seq, prev, t, wall, mono_ms and crc (run/record.h):
 *
 *   run      the document, the procedure, what was chosen, values
 *   resume   the run is gone on with: by whom, with what
 *   value    a value that was asked for, or read out of an output
 *   approve  a step that asked first may run
 *   intent   it is about to be handed over
 *   started  the process of the shell, or the host behind a name
 *   end      how it ended
 *   late     what its processes printed afterwards
 *   skip     it was decided against
 *   resolve  what somebody said about a step whose outcome was not known
 *   close    the run has ended
 *
 * On disk before the call returns: run, resume, resolve, close, and above
 * `reads` intent and end. approve and value are followed by such an intent. */
#ifndef RUN_LOG_H
#define RUN_LOG_H

#include "run/run.h"

/* The beginning: a run record, or a resume record. */
int log_run_start(struct run *run);

int log_value(struct run *run, const struct param *p, struct text value,
	      enum value_origin origin);

/* Durable before it returns when ITEM does more than read. */
int log_intent(struct run *run, const struct plan_item *item, uint32_t attempt);

/* Is TARGET the shell of this machine, and has the journal, if there is one,
 * been told which process that is? */
bool log_knows_shell(const struct run *run, const struct target *target);

/* It is being handed over: where it runs, when that is new. */
void log_started(struct run *run, const struct plan_item *item,
		 struct target *target);

/* The files that take the output of this attempt; ended by log_end. */
void log_output(struct run *run, const struct plan_item *item,
		enum job_stream stream, struct text bytes);

/* Output first, then the record, both durable. */
int log_end(struct run *run, const struct plan_item *item, uint32_t attempt,
	    struct step_end *end);

/* A file for what ITEM's processes print to STREAM when it is over, its name
 * into RET_NAME; NULL: it is not to be kept, or cannot be. log_late ends it. */
struct output_file *log_open_late(struct run *run, const struct plan_item *item,
				  enum job_stream stream, struct buf *ret_name);
int log_late(struct run *run, const struct plan_item *item,
	     enum job_stream stream, struct output_file *file,
	     const char *name);

int log_approve(struct run *run, const struct plan_item *item, const char *how);

int log_skip(struct run *run, const struct plan_item *item);

/* What a human said about a step whose outcome was not known. */
int log_resolve(struct run *run, const struct plan_item *item,
		const char *decision);

int log_close(struct run *run);

/* For log_output.c: end both files; their names and sizes go into RECORD. True
 * when something was left out of one. */
bool log_end_outputs(struct run *run, const struct plan_item *item,
		     struct record *record);

#endif
