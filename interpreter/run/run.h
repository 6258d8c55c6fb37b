/* Inside the run layer: one run under way. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <signal.h>

#include "base/limits.h"
#include "run/runner.h"

struct late;        /* late.c */
struct output_file; /* run/output.h */

struct host {
	struct text name;      /* empty: this machine */
	struct target *target; /* owned */
	bool logged;           /* the journal knows where it leads */
	struct host *next;
};

/* The end of a step's output that wants and captures look at. */
struct tail {
	struct buf bytes;
	bool cut;
};

/* What steps that the document shows one output for printed so far. */
struct shown_output {
	const struct step *with; /* step->shown_with of all of them */
	struct tail out, err;
};

/* The step that runs now. */
struct attempt {
	struct run *run;
	struct plan_item *item;
	struct target *target;
	struct job *job;
	struct tail out, err;
	struct mask_stream *out_mask, *err_mask;
	struct loop_timer *hold; /* while they hold something back */
	struct loop_timer *quiet;
	int64_t started_ms, heard_ms; /* when it began, and last printed */
	struct loop_timer *until_timer;
	bool until_met, until_looked; /* what it follows for was printed */
	const char *once_id; /* under which its host remembers it, or NULL */
	bool output_lost;    /* with the connection; it ended all the same */
	bool tty;            /* its output came from a terminal */
	bool aside;          /* nothing of it is shown */
	bool unnoted;        /* the journal has no intent of it yet */
	bool dispatched, over;
	struct job_outcome outcome;
	struct buf message, survivors; /* copies of the outcome's */
};

struct run {
	const struct run_config *config;
	struct plan *plan;
	struct diag_sink sink; /* what was told at a place */
	struct host *hosts;
	struct attempt *now; /* NULL between steps */
	int interrupts;      /* Ctrl-C during this step */
	int signal;          /* that ends the run, or 0 */
	bool allow_all;      /* the operator said all */
	bool any_dispatched;
	enum run_status passed_over; /* how the worst of the steps ended that
				      * were passed over, or SUCCEEDED */
	pid_t logged_shell;          /* that the journal knows of */
	unsigned kept;       /* number of the shell's last kept state, or 0 */
	bool other_commands; /* a step may have defined functions, aliases */
	bool shell_taken;    /* a resumed run has its shell */
	bool take_end;       /* … as it was when the last one ended */
	bool logged;         /* the journal has its beginning */
	bool journal_failed; /* nothing more may be handed over */
	bool output_failed;  /* an output file could not be kept */
	uint32_t attempt;    /* of the step that runs now */
	struct output_file *outputs[2]; /* stdout (or tty), stderr */
	struct late *late;              /* what steps printed afterwards */
	struct shown_output shown;
	struct run_end end;
	int64_t started_ms;
};

enum verdict {
	VERDICT_RUN,
	VERDICT_SKIP,
	VERDICT_STOP /* end the run here, status stopped */
};

/* approve.c: may ITEM run? Asks where that can be. */
enum verdict approve(struct run *run, struct plan_item *item);

/* approve.c: likewise, may the file ITEM be written? It was shown what would
 * change. */
enum verdict approve_write(struct run *run, struct plan_item *item);

/* approve.c: before anything: parameters that nobody can give, steps that can
 * never run. 0, or the exit status after the reasons were told. */
int approve_plan(struct run *run);

/* attempt.c: keep the last LIMIT_MATCH_BYTES, at least, of T and BYTES. */
void tail_add(struct tail *t, struct text bytes);

/* judge.c: is CODE a success of S? */
bool step_accepts(const struct step *s, int code);

/* says.c: what STATUS of ITEM says beyond that it is not 0, or NULL. */
const char *says_status(const struct run *run, const struct plan_item *item,
			int status);

/* says.c: does the command that STATUS is of answer by its statuses, and this
 * is none of them? grep that cannot read its file ends with 2. */
bool says_nothing(const struct run *run, const struct plan_item *item,
		  int status);

/* says.c: append ": curl, command 1 of 2 in its pipeline, ended with 7 …" to B;
 * A has such a command. */
void says_upstream(const struct attempt *a, struct buf *b);

/* judge.c: two tails as wants see them; the texts are held by HOLD. */
void tails_as_input(struct tail *out, struct tail *err, struct buf hold[2],
		    struct want_input *ret);

/* until.c: A printed something; when that is what its step follows for, A is
 * ended. */
void until_heard(struct attempt *a);
bool until_is_shown(struct attempt *a);

/* settle.c: may ITEM be handed over, when it was before and no status ever
 * came? A step that may have happened is never silently run again. SKIP: it
 * is done. */
enum verdict settle_unknown(struct run *run, struct plan_item *item);

/* attempt.c: hand ITEM over and wait for its end. */
void perform(struct run *run, struct plan_item *item, struct step_end *ret);

/* attempt.c: run TEXT where ITEM belongs, its standard output (at most
 * LIMIT_MATCH_BYTES, else nothing) appended to RET_OUT, the end of its stderr
 * to RET_ERR; neither is shown or masked. */
void perform_aside(struct run *run, struct plan_item *item, struct text text,
		   struct buf *ret_out, struct buf *ret_err,
		   struct step_end *ret);

/* attempt.c: Ctrl-C and the signals that end a run. */
void run_watch_signals(struct run *run);

/* judge.c: what the end of A means for its step: judge_outcome by its status
 * alone, judge_attempt also by wants and captures. With AGAIN another attempt
 * may follow, and a failure is not told yet. */
void judge_outcome(struct run *run, struct attempt *a, struct step_end *ret);
void judge_attempt(struct run *run, struct attempt *a, bool again,
		   struct step_end *ret);

/* file.c: compare a file with what the document says, install it when the
 * operator wishes. */
void perform_file(struct run *run, struct plan_item *item,
		  struct step_end *ret);

/* host.c: the target of ITEM, opened when it is first needed. */
struct target *run_target(struct run *run, const struct plan_item *item,
			  struct buf *reterr);

/* host.c: end the shell of the local steps, and write into run->end what became
 * of the processes that steps had left. */
void run_end_jobs(struct run *run);
void run_close_hosts(struct run *run);

/* late.c: tell and keep what comes from TARGET when its step is over, until
 * late_end, which writes down where that stands. */
void late_listen(struct run *run, struct target *target);
void late_end(struct run *run);

/* How often ITEM was handed over so far. */
uint32_t run_attempts_before(const struct run *run,
			     const struct plan_item *item);

/* attempt.c: ITEM never ends by itself, and neither somebody nor the document
 * ends it: we do, after LIMIT_FOLLOW_ALONE_MS. */
bool run_is_left_alone(const struct run *run, const struct plan_item *item);

/* log.c: nothing more can be written down, WHY. */
void tell_journal_failed(struct run *run, const char *why);

/* tell.c: to all observers. */
void tell_run_start(struct run *run);
void tell_step_next(struct run *run, const struct plan_item *item);
void tell_step_show(struct run *run, struct plan_item *item);
void tell_step_start(struct run *run, const struct plan_item *item,
		     uint32_t attempt);
void tell_output(struct run *run, const struct plan_item *item,
		 enum job_stream stream, struct text bytes);
void tell_late(struct run *run, const struct plan_item *item,
	       enum job_stream stream, struct text bytes);
void tell_quiet(struct run *run, const struct plan_item *item,
		int64_t elapsed_ms, const char *why);
void tell_want(struct run *run, const struct plan_item *item,
	       const struct want *want, const struct want_result *result);
void tell_stop(struct run *run, struct plan_item *item);
void tell_step_end(struct run *run, const struct plan_item *item,
		   const struct step_end *end);
void tell_run_end(struct run *run);

/* Report CODE at WHERE and tell it, with HELP when that is not NULL. */
void tell_diag(struct run *run, enum diag_code code, struct span where,
	       const char *help, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* As tell_diag, with LABEL for the place itself. */
void tell_diag_label(struct run *run, enum diag_code code, struct span where,
		     const char *label, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Put a value in and work out every step that uses it; a secret is masked
 * from now on. False with a message when it cannot be accepted. */
bool run_set_value(struct run *run, const struct param *p, struct text value,
		   enum value_origin origin, struct buf *reterr);

#endif
