/* What a run tells the outside while it happens; reports implement it. */
#ifndef RUN_OBSERVER_H
#define RUN_OBSERVER_H

#include "diag/diag.h"
#include "exec/target.h"
#include "run/plan.h"
#include "want/want.h"

enum run_status {
#define RUN_STATUS(symbol, name) RUN_STATUS_##symbol,
#include "run/statuses.def"
#undef RUN_STATUS
	RUN_STATUS_COUNT
};

const char *run_status_name(enum run_status status);

/* How one step ended. */
struct step_end {
	enum run_status status;
	int code;   /* exit status, or -1 */
	int signal; /* or 0 */
	int64_t elapsed_ms;
	bool dispatched; /* it was handed over at all */
	bool shell_lost; /* with all that the steps before it left in it */
	bool truncated;  /* not all of its output was kept */
	uint32_t line;   /* of the document, of what failed; or 0 */
	int upstream;    /* status of a command that fed the last one of its
			  * pipeline and failed before it, or 0 */
	uint32_t n_met, n_unmet, n_warned; /* of its expectations */
	const char *note;                  /* one phrase for people, or NULL */
};

struct run_end {
	enum run_status status;
	int exit; /* what the program will exit with */
	uint32_t count[RUN_STATUS_COUNT];
	int64_t elapsed_ms;
	const struct plan_item *next; /* where it would go on, or NULL */
	bool unattended;              /* nobody could be asked */
	bool fresh;  /* nothing was handed over, now or before */
	bool before; /* something was handed over before it was gone on with */
	/* Processes that steps had left running on this machine, "sleep (4711),
	 * nc (4712)": those that went with the run's shell, those that still
	 * run. NULL: none. */
	const char *jobs_ended, *jobs_left;
};

/* Texts are masked already; NULL callbacks are skipped. */
struct observer {
	void (*on_run_start)(void *ctx, struct plan *plan);
	/* The operator will be asked about ITEM, or it starts at once. */
	void (*on_step_next)(void *ctx, const struct plan_item *item);
	/* ITEM is going to be asked about: what it is. Also again, when its
	 * values have changed. */
	void (*on_step_show)(void *ctx, const struct plan_item *item);
	void (*on_step_start)(void *ctx, const struct plan_item *item,
			      uint32_t attempt);
	void (*on_output)(void *ctx, const struct plan_item *item,
			  enum job_stream stream, struct text bytes);
	/* The same of processes that ITEM, which has ended, has left. */
	void (*on_late)(void *ctx, const struct plan_item *item,
			enum job_stream stream, struct text bytes);
	/* ITEM runs since ELAPSED_MS, and nothing has come for a while; WHY
	 * when that is known, or NULL. */
	void (*on_quiet)(void *ctx, const struct plan_item *item,
			 int64_t elapsed_ms, const char *why);
	void (*on_want)(void *ctx, const struct plan_item *item,
			const struct want *want,
			const struct want_result *result);
	/* The run stops here, because nobody can be asked or, when somebody was
	 * ASKED, nobody agreed. */
	void (*on_stop)(void *ctx, struct plan *plan, struct plan_item *item,
			bool asked);
	void (*on_step_end)(void *ctx, const struct plan_item *item,
			    const struct step_end *end);
	/* Something to be told at a place of the document. */
	void (*on_diag)(void *ctx, const struct diag *d);
	void (*on_run_end)(void *ctx, const struct run_end *end);
	void *ctx;
};

#endif
