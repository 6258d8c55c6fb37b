/* The shell of a run's local steps, beyond the run: what it was after the last
 * step that went well is kept with the journal, without secrets, so that a
 * resumed run goes on in the same folder with the same variables. */
#ifndef RUN_SHELL_KEEP_H
#define RUN_SHELL_KEEP_H

#include "run/run.h"

/* What ITEM may leave in the shell; after a step that may have defined commands
 * every step may leave something. */
bool shell_keep_matters(const struct run *run, const struct plan_item *item);

/* May ITEM start a process, where every command is what its name says? */
bool shell_keep_forks(const struct plan_item *item);

/* ITEM has begun, however it ended: what it may have defined counts. */
void shell_keep_note(struct run *run, const struct plan_item *item);

/* ITEM has gone well on TARGET: have its shell written down, if it may have
 * left something in it. */
void shell_keep_after(struct run *run, const struct plan_item *item,
		      struct target *target);

/* The shell has ended, or, in a run that was gone on with, never begun: put
 * what it was into the journal's folder, for its own will be removed; or, when
 * the run has come to its end, remove what an earlier part of it put there. */
void shell_keep_store(struct run *run);

/* Before the first local step of a resumed run: have its shell begin where the
 * last one was. When that cannot be known (which is told), the operator is
 * asked whether to go on in a new one; VERDICT_STOP when nobody agrees. */
enum verdict shell_keep_take(struct run *run, struct plan_item *item);

#endif
