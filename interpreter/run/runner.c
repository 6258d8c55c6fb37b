/* From the first step of a plan to the end of the run. */
#include "base/exit.h"
#include "run/log.h"
#include "run/plan_state.h"
#include "run/resumed.h"
#include "run/shell_keep.h"

bool
run_set_value(struct run *run, const struct param *p, struct text value,
	      enum value_origin origin, struct buf *reterr)
{
	struct plan *plan = run->plan;

	if (!param_check(p, value, reterr))
		return false;
	if (run->config->resumed &&
	    !resumed_takes(run->config->resumed, run->config->journal, plan, p,
			   value, reterr))
		return false;
	if (p->secret && run->config->mask &&
	    mask_add(run->config->mask, value, reterr) < 0)
		return false;
	if (log_value(run, p, value, origin) < 0) {
		buf_adds(reterr, "it cannot be written down");
		return false;
	}
	values_set(plan->values, p->name, value, origin);
	plan_foresee(plan);
	return true;
}

static void
finish_step(struct run *run, const struct plan_item *item,
	    const struct step_end *end)
{
	run->end.count[end->status]++;
	tell_step_end(run, item, end);
}

/* Decided against, now and when the run is gone on with. */
static void
skip(struct run *run, const struct plan_item *item)
{
	struct step_end end = { .status = RUN_STATUS_SKIPPED, .code = -1 };

	log_skip(run, item);
	finish_step(run, item, &end);
}

/* A human does it; the run waits for the word. */
static void
perform_manual(struct run *run, struct plan_item *item, struct step_end *ret)
{
	const struct asker *a = run->config->asker;

	tell_step_start(run, item, 1);
	switch (a->manual(a->ctx, run->plan, item)) {
	case ANSWER_YES:
	case ANSWER_ALL:
		ret->status = RUN_STATUS_SUCCEEDED;
		ret->note = "done by hand";
		if (log_intent(run, item, 1) == 0)
			log_end(run, item, 1, ret);
		break;
	case ANSWER_SKIP:
		ret->status = RUN_STATUS_SKIPPED;
		break;
	case ANSWER_NO:
	case ANSWER_QUIT:
		ret->status = RUN_STATUS_STOPPED;
		break;
	}
}

static void
run_item(struct run *run, struct plan_item *item, struct step_end *ret)
{
	switch (item->step->kind) {
	case STEP_COMMAND:
		perform(run, item, ret);
		break;
	case STEP_FILE:
		perform_file(run, item, ret);
		break;
	case STEP_MANUAL:
		perform_manual(run, item, ret);
		break;
	}
}

/* ---- a run that is gone on with
 * ------------------------------------------------- */

/* What is known of ITEM from before. */
static enum step_state
known_state(const struct run *run, const struct plan_item *item)
{
	const struct progress *p = run->config->resumed;

	return p ? progress_state(p, item->step->id) : STATE_PENDING;
}

/* ITEM was handed over before, by what it was then. */
static void
begin(const struct run *run, struct plan_item *item)
{
	item->begun = true;
	item->begun_as =
		progress_step(run->config->resumed, item->step->id)->level;
}

static enum run_status
then(const struct run *run, const struct plan_item *item)
{
	return progress_status(run->config->resumed, item->step->id);
}

/* ITEM was passed over after it had ended as STATUS. A time limit is told
 * before a host that was not reached, that before a failure. */
static void
note_passed(struct run *run, struct plan_item *item, enum run_status status)
{
	item->passed = true;
	if (run->passed_over == RUN_STATUS_TIMEOUT ||
	    (run->passed_over == RUN_STATUS_UNREACHABLE &&
	     status != RUN_STATUS_TIMEOUT))
		return;
	run->passed_over =
		status == RUN_STATUS_TIMEOUT || status == RUN_STATUS_UNREACHABLE
			? status
			: RUN_STATUS_FAILED;
}

/* Done before, or decided about: it is not taken up again. */
static bool
is_behind(struct run *run, struct plan_item *item)
{
	switch (known_state(run, item)) {
	case STATE_SUCCEEDED:
		begin(run, item);
		plan_pass(run->plan, item, PLAN_DONE);
		return true;
	case STATE_PASSED:
		begin(run, item);
		note_passed(run, item, then(run, item));
		plan_pass(run->plan, item, PLAN_IN_PART);
		return true;
	case STATE_SKIPPED: /* a menu has one choice */
		plan_pass(run->plan, item, PLAN_LEFT_OUT);
		return true;
	case STATE_PENDING:
	case STATE_FAILED:
	case STATE_UNKNOWN:
		break;
	}
	return false;
}

/* ITEM did not end well but as STATUS, and the operator goes on behind it all
 * the same. */
static bool
pass_over(struct run *run, struct plan_item *item, enum run_status status,
	  enum plan_passing passing)
{
	if (log_resolve(run, item, "skip") < 0)
		return false;
	note_passed(run, item, status);
	plan_pass(run->plan, item, passing);
	return true;
}

/* By the option --skip. */
static bool
is_to_be_skipped(const struct run *run, const struct plan_item *item)
{
	for (size_t i = 0; i < run->config->n_skip; i++) {
		if (run->config->skip[i] == item->step)
			return true;
	}
	return false;
}

static bool
skip_failed(struct run *run, struct plan_item *item)
{
	struct step_end end = { .status = RUN_STATUS_SKIPPED,
				.code = -1,
				.note = "it failed before; passed over" };

	tell_step_show(run, item);
	finish_step(run, item, &end);
	begin(run, item);
	return pass_over(run, item, then(run, item), PLAN_IN_PART);
}

/* The run ends before or at ITEM. */
static bool
end_at(struct run *run, struct plan_item *item, enum run_status status)
{
	run->end.status = status;
	run->end.next = item;
	return false;
}

static bool
went_well(const struct step_end *end)
{
	return end->status == RUN_STATUS_SUCCEEDED ||
	       end->status == RUN_STATUS_SKIPPED;
}

/* What next, when ITEM did not end well? What may have happened is decided
 * about when the run is gone on with, after somebody has looked. */
static enum failed
after_failure(struct run *run, struct plan_item *item,
	      const struct step_end *end)
{
	const struct asker *a = run->config->asker;
	enum failed next;

	if (!a || run->signal || run->journal_failed ||
	    end->status == RUN_STATUS_UNKNOWN ||
	    end->status == RUN_STATUS_STOPPED)
		return FAILED_QUIT;
	next = a->failed(a->ctx, run->plan, item);
	if (run->signal)
		return FAILED_QUIT;
	if (next == FAILED_QUIT)
		log_resolve(run, item, "quit");
	return next;
}

/* Hand ITEM over until it ends well or somebody decides. False when the run
 * ends here. */
static bool
work_on(struct run *run, struct plan_item *item)
{
	bool spoiled = false;

	for (;;) {
		struct step_end end = { .status = RUN_STATUS_STOPPED,
					.code = -1 };

		switch (approve(run, item)) {
		case VERDICT_SKIP:
			skip(run, item);
			plan_pass(run->plan, item, PLAN_LEFT_OUT);
			return true;
		case VERDICT_STOP:
			return end_at(run, item, RUN_STATUS_STOPPED);
		case VERDICT_RUN:
			break;
		}
		run_item(run, item, &end);
		finish_step(run, item, &end);
		run->any_dispatched |= end.dispatched;
		if (end.dispatched || end.status == RUN_STATUS_SUCCEEDED) {
			item->begun = true;
			item->begun_as = item->resolved->level;
		}
		if (run->journal_failed)
			return end_at(run, item, RUN_STATUS_STOPPED);
		if (end.shell_lost)
			plan_lose_shell(run->plan);
		if (went_well(&end)) {
			run->end.next = NULL;
			plan_pass(run->plan, item,
				  end.status == RUN_STATUS_SKIPPED
					  ? PLAN_LEFT_OUT
				  : spoiled ? PLAN_IN_PART
					    : PLAN_DONE);
			return run->signal == 0;
		}
		spoiled |= end.dispatched;
		switch (after_failure(run, item, &end)) {
		case FAILED_AGAIN:
			if (log_resolve(run, item, "again") < 0)
				return end_at(run, item, RUN_STATUS_STOPPED);
			run->end.count[end.status]--;
			plan_spoil(run->plan, item);
			break;
		case FAILED_SKIP:
			return pass_over(run, item, end.status,
					 spoiled ? PLAN_IN_PART
						 : PLAN_LEFT_OUT) ||
			       end_at(run, item, RUN_STATUS_STOPPED);
		case FAILED_QUIT:
			return end_at(run, item, end.status);
		}
	}
}

/* False when the run ends here. */
static bool
take_step(struct run *run, struct plan_item *item)
{
	if (is_behind(run, item))
		return true;
	if (is_to_be_skipped(run, item))
		return skip_failed(run, item) ||
		       end_at(run, item, RUN_STATUS_STOPPED);
	if (run->config->asker && !item->dropped)
		tell_step_next(run, item);
	switch (settle_unknown(run, item)) {
	case VERDICT_SKIP:
		begin(run, item);
		plan_pass(run->plan, item, PLAN_IN_PART);
		return true;
	case VERDICT_STOP:
		return end_at(run, item, RUN_STATUS_UNKNOWN);
	case VERDICT_RUN:
		break;
	}
	if (!item->dropped && shell_keep_take(run, item) == VERDICT_STOP)
		return end_at(run, item, RUN_STATUS_STOPPED);
	return work_on(run, item);
}

/* The operator's signal first, then what is least known. */
static int
exit_of(const struct run *run)
{
	if (run->signal)
		return EXIT_STATUS_SIGNAL + run->signal;
	if (run->journal_failed)
		return run->any_dispatched ? EXIT_STATUS_UNKNOWN
					   : EXIT_STATUS_USAGE;
	switch (run->end.status) {
	case RUN_STATUS_UNKNOWN:
		return EXIT_STATUS_UNKNOWN;
	case RUN_STATUS_TIMEOUT:
		return EXIT_STATUS_TIMEOUT;
	case RUN_STATUS_UNREACHABLE:
		return EXIT_STATUS_UNREACHABLE;
	case RUN_STATUS_STOPPED:
		return EXIT_STATUS_STOPPED;
	case RUN_STATUS_FAILED:
		return EXIT_STATUS_FAILED;
	case RUN_STATUS_INTERRUPTED:
		return EXIT_STATUS_SIGNAL + SIGINT;
	case RUN_STATUS_SUCCEEDED:
	case RUN_STATUS_SKIPPED:
	case RUN_STATUS_COUNT:
		break;
	}
	return EXIT_STATUS_OK;
}

static void
take_steps(struct run *run)
{
	struct plan *plan = run->plan;

	run_watch_signals(run);
	for (uint32_t i = 0; i < plan->n_items && !run->signal; i++) {
		if (!take_step(run, &plan->items[i]))
			break;
		if (run->signal && i + 1 < plan->n_items)
			run->end.next = &plan->items[i + 1];
	}
	loop_on_signal(run->config->loop, NULL, NULL);
}

static bool
mask_given_secrets(struct run *run)
{
	uint32_t n;
	struct param **params = plan_params(run->plan, &n);
	bool ok = true;

	for (uint32_t i = 0; i < n; i++) {
		const struct param *p = params[i];
		CLEANUP(buf_release) struct buf why = BUF_INIT;
		struct text value = values_lookup(run->plan->values, p);

		if (!p->secret || !value.at ||
		    mask_add(run->config->mask, value, &why) == 0)
			continue;
		tell_diag(run, DIAG_VALUE_REFUSED, p->where, NULL,
			  "parameter '%.*s': %s", TEXT_ARG(p->name),
			  buf_cstr(&why));
		ok = false;
	}
	return ok;
}

/* How a run ended whose last step did not end it. */
static enum run_status
all_in_all(const struct run *run)
{
	const struct progress *p = run->config->resumed;

	if (run->passed_over != RUN_STATUS_SUCCEEDED)
		return run->passed_over;
	return run->end.count[RUN_STATUS_SUCCEEDED] == 0 &&
			       run->end.count[RUN_STATUS_SKIPPED] &&
			       !(p && progress_begun(p))
		       ? RUN_STATUS_SKIPPED
		       : RUN_STATUS_SUCCEEDED;
}

int
run_plan(const struct run_config *config, struct run_end *ret_end)
{
	const struct clock *clock = loop_clock(config->loop);
	struct run run = { .config = config,
			   .plan = config->plan,
			   .sink = DIAG_SINK_INIT };

	run.started_ms = clock_mono_ms(clock);
	if (config->resumed)
		run.kept = config->resumed->kept;
	run.end.status = RUN_STATUS_SUCCEEDED;
	tell_run_start(&run);
	run.end.exit = mask_given_secrets(&run) ? approve_plan(&run)
						: EXIT_STATUS_USAGE;
	if (run.end.exit == 0 && log_run_start(&run) < 0)
		run.end.exit = EXIT_STATUS_USAGE;
	run.logged = run.end.exit == 0;
	if (run.end.exit) {
		run.end.status = RUN_STATUS_STOPPED;
	} else {
		take_steps(&run);
		/* The rest went well; the run did not. */
		if (run.end.status == RUN_STATUS_SUCCEEDED)
			run.end.status = all_in_all(&run);
		run.end.exit = exit_of(&run);
	}
	run.end.elapsed_ms = clock_mono_ms(clock) - run.started_ms;
	run.end.unattended = !config->asker;
	run.end.fresh = !run.any_dispatched && !config->resumed;
	run.end.before = config->resumed && progress_begun(config->resumed);
	late_end(&run);
	if (log_close(&run) < 0)
		run.end.exit = exit_of(&run);
	run_end_jobs(&run);
	tell_run_end(&run);
	run_close_hosts(&run);
	shell_keep_store(&run);
	buf_release(&run.shown.out.bytes);
	buf_release(&run.shown.err.bytes);
	diag_sink_release(&run.sink);
	*ret_end = run.end;
	return run.end.exit;
}
