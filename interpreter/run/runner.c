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
	case ANSWER_NO:
		ret->status = RUN_STATUS_SKIPPED;
		break;
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

/* Done before: it is not repeated. */
static bool
is_done(const struct run *run, const struct plan_item *item)
{
	const struct progress *p = run->config->resumed;

	if (!p)
		return false;
	switch (progress_state(p, item->step->id)) {
	case STATE_SUCCEEDED:
	case STATE_SKIPPED: /* decided against: a menu has one choice */
		return true;
	case STATE_PENDING:
	case STATE_FAILED:
	case STATE_UNKNOWN:
		break;
	}
	return false;
}

static enum plan_passing
passing_of(const struct step_end *end)
{
	if (end->status == RUN_STATUS_SUCCEEDED)
		return PLAN_DONE;
	return end->dispatched ? PLAN_IN_PART : PLAN_LEFT_OUT;
}

/* False when the run ends here. */
static bool
take_step(struct run *run, struct plan_item *item)
{
	struct step_end end = { .status = RUN_STATUS_STOPPED, .code = -1 };

	if (is_done(run, item)) {
		plan_pass(run->plan, item,
			  item->dropped ? PLAN_LEFT_OUT : PLAN_DONE);
		return true;
	}
	if (run->config->asker && !item->dropped)
		tell_step_next(run, item);
	switch (settle_unknown(run, item)) {
	case VERDICT_SKIP:
		plan_pass(run->plan, item, PLAN_IN_PART);
		return true;
	case VERDICT_STOP:
		run->end.status = RUN_STATUS_UNKNOWN;
		run->end.next = item;
		return false;
	case VERDICT_RUN:
		break;
	}
	if (!item->dropped && shell_keep_take(run, item) == VERDICT_STOP) {
		run->end.status = RUN_STATUS_STOPPED;
		run->end.next = item;
		return false;
	}
	switch (approve(run, item)) {
	case VERDICT_SKIP:
		skip(run, item);
		plan_pass(run->plan, item, PLAN_LEFT_OUT);
		return true;
	case VERDICT_STOP:
		run->end.status = RUN_STATUS_STOPPED;
		run->end.next = item;
		return false;
	case VERDICT_RUN:
		break;
	}
	run_item(run, item, &end);
	finish_step(run, item, &end);
	plan_pass(run->plan, item, passing_of(&end));
	if (end.shell_lost)
		plan_lose_shell(run->plan);
	run->any_dispatched |= end.dispatched;
	if (run->journal_failed) {
		run->end.status = RUN_STATUS_STOPPED;
		run->end.next = item;
		return false;
	}
	if (end.status == RUN_STATUS_SUCCEEDED ||
	    end.status == RUN_STATUS_SKIPPED) {
		run->end.next = NULL;
		return run->signal == 0;
	}
	run->end.status = end.status;
	run->end.next = item;
	return false;
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
		run.end.exit = exit_of(&run);
	}
	run.end.elapsed_ms = clock_mono_ms(clock) - run.started_ms;
	run.end.unattended = !config->asker;
	run.end.fresh = !run.any_dispatched && !config->resumed;
	if (log_close(&run) < 0)
		run.end.exit = exit_of(&run);
	tell_run_end(&run);
	run_close_hosts(&run);
	shell_keep_store(&run);
	buf_release(&run.shown.out.bytes);
	buf_release(&run.shown.err.bytes);
	diag_sink_release(&run.sink);
	*ret_end = run.end;
	return run.end.exit;
}
