/* Running a plan: one step after the other, each only after it was approved,
 * up to the first that does not succeed. */
#ifndef RUN_RUNNER_H
#define RUN_RUNNER_H

#include "base/mask.h"
#include "exec/loop.h"
#include "run/asker.h"
#include "run/journal.h"
#include "run/observer.h"
#include "run/progress.h"

/* Opens the target for HOST ("" for this machine); it lives as long as the
 * run. NULL with a message when that fails for good. */
typedef struct target *open_target_fn(void *ctx, struct text host,
				      struct buf *reterr);

struct run_config {
	struct plan *plan;
	struct loop *loop;
	const struct asker *asker; /* NULL: nobody can be asked */
	const struct observer *const *observers;
	size_t n_observers;
	open_target_fn *open_target;
	void *open_ctx;
	struct mask *mask;       /* secrets are added as they come */
	struct journal *journal; /* NULL: none is kept */
	const char *cwd;         /* where the call was made */
	const char *dir;         /* where the shell looks for what another left:
				  * exec/rundir.h; NULL: nowhere */
	bool allow_lost_shell;   /* what is gone of it is gone on without */
	const struct step *const *skip; /* that failed, and are passed over */
	size_t n_skip;
	const char *version, *commit; /* of this program */
	const char *ssh_config; /* absolute, for whoever resumes; or NULL */
	const char *run_id;     /* NULL: hosts remember nothing */
	const char *const *no_fence; /* names of hosts that are to remember
				      * nothing */
	size_t n_no_fence;
	const struct progress *resumed; /* the run that is gone on with */
	/* A signal ended the run while no step was under way: a question that
	 * waits is to end. May be NULL. */
	void (*on_interrupt)(void *ctx);
	void *interrupt_ctx;
};

/* Run the whole plan. Returns the exit status (cli/status.def); everything
 * else went to the observers. Nothing is dispatched while a parameter is
 * missing that nobody can be asked for. Without an operator, no step above
 * `reads` is dispatched while a later step would still stop: a run is not left
 * half done for the lack of an option. */
int run_plan(const struct run_config *config, struct run_end *ret_end);

#endif
