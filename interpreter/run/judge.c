/* What the end of a command means for its step: only a real status is a
 * success, and only when the output is what the document says. */
#include <signal.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "run/lost.h"
#include "run/run.h"
#include "want/regex.h"

bool
step_accepts(const struct step *s, int code)
{
	if (!s->exit_codes)
		return code == 0;
	for (uint32_t i = 0; i < s->n_exit_codes; i++) {
		if (s->exit_codes[i] == code)
			return true;
	}
	return false;
}

/* Is NEXT run only when something is decided on which S does not depend? */
static bool
is_decided_behind(const struct step *s, const struct step *next)
{
	const struct branch *b = next->branch;

	if (next->condition && !step_depends_on(s, next->condition))
		return true;
	for (; b; b = b->choice->inside) {
		const struct branch *own = s->branch;

		while (own && own->choice != b->choice)
			own = own->choice->inside;
		if (!own)
			return true;
	}
	return false;
}

/* The status of a check is an answer when the document decides by it: grep that
 * finds nothing is the case for which "If missing" exists. Further checks may
 * stand between. Whether somebody is asked or has said it beforehand (--step)
 * makes no difference; only a check that was called for alone, or is the last
 * one, answers by the status of the run. */
static bool
is_answer(const struct run *run, const struct plan_item *item)
{
	const struct procedure *p = item->step->procedure;

	if (item->resolved->level != EFFECT_READS ||
	    run->plan->options->n_steps == 1)
		return false;
	for (uint32_t i = item->step->ordinal; i < p->n_steps; i++) {
		const struct step *next = p->steps[i];

		if (is_decided_behind(item->step, next))
			return true;
		if (next->kind != STEP_COMMAND || next->level != EFFECT_READS)
			return false;
	}
	return false;
}

/* A program that a human drove: its status is that of the last thing he did.
 * 126, 127 and 255 say that it never came to that. */
static bool
is_driven(const struct attempt *a)
{
	return (a->item->stops & STOP_TERMINAL) && a->outcome.code != 126 &&
	       a->outcome.code != 127 && a->outcome.code != 255;
}

/* The dump failed and its empty output was packed well: no success, unless the
 * author said which statuses are, or nothing depends on it. */
static bool
failed_unseen(const struct attempt *a)
{
	return a->outcome.hidden_code && !a->item->step->exit_codes &&
	       a->item->resolved->level > EFFECT_READS && !a->aside;
}

static enum run_status
status_of_exit(struct run *run, struct attempt *a, struct step_end *ret)
{
	int code = a->outcome.code;
	const char *answer;

	ret->code = code;
	if (step_accepts(a->item->step, code))
		return failed_unseen(a) ? RUN_STATUS_FAILED
					: RUN_STATUS_SUCCEEDED;
	if (is_driven(a)) {
		ret->note = "ended by its user";
		return RUN_STATUS_SUCCEEDED;
	}
	if (!a->aside && code < 126 && is_answer(run, a->item) &&
	    !says_nothing(run, a->item, code)) {
		answer = says_status(run, a->item, code);
		ret->note = answer ? arena_printf(run->plan->arena,
						  "%s: what follows is decided "
						  "by it",
						  answer)
				   : "what follows is decided by its status";
		return RUN_STATUS_SUCCEEDED;
	}
	/* The ssh in it never got there; nothing else has this status. */
	return code == 255 && a->outcome.unreachable ? RUN_STATUS_UNREACHABLE
						     : RUN_STATUS_FAILED;
}

/* Nothing ran: for want of a way, by Ctrl-C, or it could not. */
static enum run_status
status_unstarted(const struct run *run, const struct attempt *a)
{
	if (run->interrupts)
		return RUN_STATUS_INTERRUPTED;
	return a->outcome.unreachable ? RUN_STATUS_UNREACHABLE
				      : RUN_STATUS_FAILED;
}

static void add_note(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
add_note(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	if (b->len)
		buf_adds(b, "; ");
	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

/* The text itself ended the shell, by exit or exec, and not we. */
static bool
is_exit_of_shell(const struct attempt *a)
{
	return a->outcome.end == JOB_EXITED || a->outcome.end == JOB_SIGNALED;
}

/* What the status does not say: a failure that nobody saw, processes that go
 * on, a shell that ended. */
static void
add_side_effects(struct run *run, const struct attempt *a, struct step_end *ret)
{
	const struct job_outcome *o = &a->outcome;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (ret->note)
		add_note(&b, "%s", ret->note);
	if (o->hidden_code && ret->status == RUN_STATUS_SUCCEEDED)
		add_note(&b, "a command of its last pipeline ended with %d",
			 o->hidden_code);
	if (o->n_survivors)
		add_note(&b, "still running: %s", o->survivors);
	if (o->message && ret->status == RUN_STATUS_SUCCEEDED)
		add_note(&b, "%s", o->message);
	ret->shell_lost = o->session_lost && !o->session_saved;
	if (ret->shell_lost)
		add_note(&b, "the shell ended; its variables, functions and "
			     "folder are gone");
	else if (o->session_lost && is_exit_of_shell(a) &&
		 a->item->number < run->plan->n_items)
		add_note(&b, "the shell ended; the next steps get another one "
			     "with its variables, functions and folder");
	if (b.len)
		ret->note = arena_text(run->plan->arena, buf_text(&b)).at;
}

void
judge_outcome(struct run *run, struct attempt *a, struct step_end *ret)
{
	bool follow = a->item->resolved->io == EFFECT_IO_FOLLOW;
	int64_t elapsed_ms = ret->elapsed_ms;

	*ret = (struct step_end){ .code = -1,
				  .dispatched =
					  a->dispatched &&
					  a->outcome.end != JOB_NOT_STARTED,
				  .line = a->outcome.failed_line,
				  .elapsed_ms = elapsed_ms };
	switch (a->outcome.end) {
	case JOB_EXITED:
		ret->status = status_of_exit(run, a, ret);
		if (ret->code > 0 && a->outcome.pipe.failed < a->outcome.pipe.n)
			ret->upstream = a->outcome.pipe.code;
		break;
	case JOB_SIGNALED:
		ret->signal = a->outcome.code;
		ret->status = RUN_STATUS_FAILED;
		break;
	case JOB_TIMED_OUT:
		follow &= !a->item->step->until;
		ret->status =
			follow ? RUN_STATUS_SUCCEEDED : RUN_STATUS_TIMEOUT;
		ret->note = !follow ? NULL
			    : run_is_left_alone(run, a->item)
				    ? "ended, for nobody is there to do it"
				    : "ended at its time limit";
		break;
	case JOB_INTERRUPTED:
		ret->status = follow && !run->signal ? RUN_STATUS_SUCCEEDED
						     : RUN_STATUS_INTERRUPTED;
		ret->note = a->until_met ? "it came"
			    : run->signal && run->signal != SIGINT
				    ? arena_printf(run->plan->arena,
						   "the run was ended by "
						   "signal %d (%s)",
						   run->signal,
						   strsignal(run->signal))
			    : follow ? "ended by Ctrl-C"
				     : NULL;
		break;
	case JOB_NOT_STARTED:
		ret->status = status_unstarted(run, a);
		break;
	case JOB_LOST:
		ret->status = RUN_STATUS_UNKNOWN;
		break;
	}
	if (!a->aside)
		add_side_effects(run, a, ret);
}

/* ---- telling why
 * ----------------------------------------------------------------- */

static const char *
host_of(const struct plan_item *item, struct buf *scratch)
{
	return item->resolved->host.len
		       ? resolved_host_name(item->resolved, scratch)
		       : "this machine";
}

/* The line of the document that failed inside a step of several. */
static struct span
place_of(const struct attempt *a)
{
	const struct step *s = a->item->step;
	struct span where = s->where;
	uint32_t line = a->outcome.failed_line;

	if (line > s->line && where.src && line <= where.src->n_lines) {
		uint32_t start = source_line_start(where.src, line);

		if (start > where.start && start < where.end)
			where.start = start;
	}
	return where;
}

static void
describe_status(struct buf *b, const struct attempt *a, int code)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	const char *host = host_of(a->item, &scratch);

	buf_addf(b, "step '%s' ended with status %d", a->item->step->id, code);
	if (code == 127)
		buf_addf(b, ": a command was not found on %s", host);
	else if (code == 126)
		buf_addf(b, ": a command on %s cannot be executed", host);
	else if (code > 128 && code < 128 + NSIG)
		buf_addf(b, ": a command on %s was ended by signal %d (%s)",
			 host, code - 128, strsignal(code - 128));
	else
		buf_addf(b, " on %s", host);
	for (uint32_t i = 0; i < a->item->step->n_exit_codes; i++)
		buf_addf(b, "%s%d", i ? " or " : ", expected ",
			 a->item->step->exit_codes[i]);
}

static void
tell_unseen_failure(struct run *run, const struct attempt *a)
{
	tell_diag(run, DIAG_PIPELINE_FAILED, place_of(a),
		  "'exit: 0' in the block's braces makes the last command's "
		  "status count alone",
		  "step '%s' ended with status 0, but a command of its last "
		  "pipeline ended with %d",
		  a->item->step->id, a->outcome.hidden_code);
}

static enum diag_code
code_unstarted(enum run_status status)
{
	if (status == RUN_STATUS_UNREACHABLE)
		return DIAG_HOST_UNREACHABLE;
	return status == RUN_STATUS_INTERRUPTED ? DIAG_STEP_INTERRUPTED
						: DIAG_STEP_NOT_STARTED;
}

static void
tell_failure(struct run *run, const struct attempt *a,
	     const struct step_end *end)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct step *s = a->item->step;
	const char *message = a->outcome.message;
	const char *host = host_of(a->item, &scratch);
	const char *answer;

	switch (a->outcome.end) {
	case JOB_EXITED:
		if (failed_unseen(a) && step_accepts(s, end->code)) {
			tell_unseen_failure(run, a);
			break;
		}
		describe_status(&b, a, end->code);
		answer = says_status(run, a->item, end->code);
		if (end->upstream)
			says_upstream(a, &b);
		else if (answer)
			buf_addf(&b, ": %s", answer);
		tell_diag(run,
			  end->status == RUN_STATUS_UNREACHABLE
				  ? DIAG_HOST_UNREACHABLE
				  : DIAG_STEP_FAILED,
			  place_of(a), NULL, "%s%s%s", buf_cstr(&b),
			  message ? ": " : "", message ? message : "");
		break;
	case JOB_SIGNALED:
		tell_diag(run, DIAG_STEP_SIGNALED, place_of(a), NULL,
			  "step '%s' was ended by signal %d (%s) on %s", s->id,
			  end->signal, strsignal(end->signal), host);
		break;
	case JOB_TIMED_OUT:
		tell_diag(run, DIAG_STEP_TIMEOUT, s->where,
			  "a longer limit: 'timeout' in the block's braces",
			  "step '%s' reached its time limit on %s", s->id,
			  host);
		break;
	case JOB_INTERRUPTED:
		tell_diag(run, DIAG_STEP_INTERRUPTED, s->where, NULL,
			  "step '%s' was interrupted on %s: it may have "
			  "happened in part",
			  s->id, host);
		break;
	case JOB_NOT_STARTED:
		tell_diag(run, code_unstarted(end->status), s->where, NULL,
			  "step '%s' was not started: %s", s->id,
			  message ? message : "no reason given");
		break;
	case JOB_LOST:
		tell_diag(run, DIAG_OUTCOME_UNKNOWN, s->where,
			  "look at what it did before you go on",
			  "what became of step '%s' on %s is not known: %s",
			  s->id, host,
			  message ? message : "the connection was lost");
		break;
	}
}

/* ---- wants
 * ------------------------------------------------------------------------ */

static void
tell_unmet(struct run *run, const struct attempt *a, const struct want *w,
	   const struct want_result *r)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf got = BUF_INIT;
	const struct step *s = a->item->step;

	want_describe_got(r, &got);
	tell_diag_label(
		run, w->inferred ? DIAG_EXAMPLE_DIFFERS : DIAG_OUTPUT_DIFFERS,
		r->where.src ? r->where : w->where, buf_cstr(&got),
		"output of step '%s' on %s is not what the document "
		"shows: %s",
		s->id, host_of(a->item, &scratch), buf_cstr(&r->message));
}

static void
trim_tail(struct tail *t)
{
	if (t->bytes.len <= LIMIT_MATCH_BYTES)
		return;
	buf_drop(&t->bytes, t->bytes.len - LIMIT_MATCH_BYTES);
	t->cut = true;
}

void
tails_as_input(struct tail *out, struct tail *err, struct buf hold[2],
	       struct want_input *ret)
{
	trim_tail(out);
	trim_tail(err);
	want_normalize(buf_text(&out->bytes), &hold[0]);
	want_normalize(buf_text(&err->bytes), &hold[1]);
	*ret = (struct want_input){ .out = buf_text(&hold[0]),
				    .err = buf_text(&hold[1]),
				    .out_cut = out->cut,
				    .err_cut = err->cut };
}

static void
tail_join(struct tail *ret, const struct tail *first, const struct tail *second)
{
	tail_add(ret, buf_text(&first->bytes));
	tail_add(ret, buf_text(&second->bytes));
	ret->cut |= first->cut || second->cut;
}

/* Add what A printed to the output that the document shows for several steps,
 * which the first of them begins anew. */
static void
collect_shown(struct run *run, const struct attempt *a)
{
	struct shown_output *shown = &run->shown;

	if (shown->with != a->item->step->shown_with) {
		buf_clear(&shown->out.bytes);
		buf_clear(&shown->err.bytes);
		shown->out.cut = shown->err.cut = false;
		shown->with = a->item->step->shown_with;
	}
	tail_add(&shown->out, buf_text(&a->out.bytes));
	tail_add(&shown->err, buf_text(&a->err.bytes));
	shown->out.cut |= a->out.cut;
	shown->err.cut |= a->err.cut;
}

/* The output may hold a secret; the observers get it masked. */
static void
mask_result(struct run *run, struct want_result *r)
{
	struct buf *const parts[] = { &r->message, &r->got, &r->diff };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct buf masked = BUF_INIT;

		mask_text(run->config->mask, buf_text(parts[i]), &masked);
		buf_release(parts[i]);
		*parts[i] = masked;
	}
}

static bool
compile_wants(struct run *run, const struct step *s)
{
	bool ok = true;

	for (uint32_t i = 0; i < s->n_wants; i++) {
		if (!s->wants[i]->matcher)
			ok &= want_compile(s->wants[i], &run->sink);
	}
	return ok;
}

static void
count_want(const struct want *w, const struct want_result *r,
	   struct step_end *ret)
{
	if (r->met)
		ret->n_met++;
	else if (w->inferred)
		ret->n_warned++;
	else
		ret->n_unmet++;
}

/* True when every want is met or was only inferred. What is not met is told
 * when this was the LAST attempt. */
static bool
check_wants(struct run *run, struct attempt *a, const struct want_input *input,
	    bool last, struct step_end *ret)
{
	const struct step *s = a->item->step;
	struct want_result *results = xcalloc(s->n_wants, sizeof(*results));
	bool compiled = compile_wants(run, s);
	bool holds;

	if (compiled)
		want_check_all(s->wants, s->n_wants, input,
			       loop_clock(run->config->loop), results);
	for (uint32_t i = 0; i < s->n_wants && compiled; i++)
		count_want(s->wants[i], &results[i], ret);
	holds = compiled && ret->n_unmet == 0;
	for (uint32_t i = 0; i < s->n_wants && (holds || last); i++) {
		mask_result(run, &results[i]);
		tell_want(run, a->item, s->wants[i], &results[i]);
		if (!results[i].met)
			tell_unmet(run, a, s->wants[i], &results[i]);
	}
	for (uint32_t i = 0; i < s->n_wants; i++)
		want_result_release(&results[i]);
	free(results);
	return holds;
}

/* `retry: {until: …}`: met, so that no further attempt is needed. */
static bool
until_met(struct run *run, const struct step *s, const struct want_input *input)
{
	CLEANUP(want_result_release)
	struct want_result r = WANT_RESULT_INIT;

	if (!s->retry.until)
		return true;
	if (!s->retry.until->matcher &&
	    !want_compile(s->retry.until, &run->sink))
		return false;
	want_check(s->retry.until, input, loop_clock(run->config->loop), &r);
	return r.met;
}

static bool
find_capture(const struct run *run, const struct capture *c, struct text out,
	     struct buf *ret, struct buf *reterr)
{
	struct rx_group groups[2];
	struct budget budget;
	enum rx_verdict verdict;
	struct rx *rx;
	size_t at;

	rx = rx_new(c->pattern, RX_SEARCH, reterr, &at);
	if (!rx)
		return false;
	if (rx_n_groups(rx) != 1) {
		buf_adds(reterr, "the pattern must have exactly one group");
		rx_free(rx);
		return false;
	}
	budget_start(&budget, loop_clock(run->config->loop), LIMIT_MATCH_MS);
	verdict = rx_match(rx, out, 0, &budget, groups, 2, reterr);
	rx_free(rx);
	if (verdict != RX_YES || groups[1].start == SIZE_MAX)
		return false;
	buf_addt(ret, text_sub(out, groups[1].start, groups[1].end));
	return true;
}

/* Read what the author wants to have out of the output. */
static bool
capture_values(struct run *run, struct attempt *a,
	       const struct want_input *input)
{
	const struct step *s = a->item->step;

	for (uint32_t i = 0; i < s->n_captures; i++) {
		const struct capture *c = &s->captures[i];
		CLEANUP(buf_release) struct buf value = BUF_INIT;
		CLEANUP(buf_release) struct buf why = BUF_INIT;

		if (!find_capture(run, c, input->out, &value, &why)) {
			tell_diag(run, DIAG_CAPTURE_FAILED, c->where, NULL,
				  "step '%s' printed nothing that gives "
				  "'%.*s'%s%s",
				  s->id, TEXT_ARG(c->param->name),
				  why.len ? ": " : "", buf_cstr(&why));
			return false;
		}
		if (!run_set_value(run, c->param, buf_text(&value),
				   VALUE_CAPTURE, &why)) {
			tell_diag(run, DIAG_CAPTURE_FAILED, c->where, NULL,
				  "'%.*s' from step '%s': %s",
				  TEXT_ARG(c->param->name), s->id,
				  buf_cstr(&why));
			return false;
		}
	}
	return true;
}

static bool
wants_all(const struct step *s)
{
	for (uint32_t i = 0; i < s->n_wants; i++) {
		if (s->wants[i]->of_all)
			return true;
	}
	return false;
}

/* True when what A printed is what the document and its author want. */
static bool
judge_output(struct run *run, struct attempt *a, bool again,
	     struct step_end *ret)
{
	const struct step *s = a->item->step;
	struct tail out = { BUF_INIT, false }, err = { BUF_INIT, false };
	struct buf hold[4] = { BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT };
	struct want_input input, all;
	bool ok;

	tails_as_input(&a->out, &a->err, hold, &input);
	if (wants_all(s) && run->shown.with == s->shown_with) {
		tail_join(&out, &run->shown.out, &a->out);
		tail_join(&err, &run->shown.err, &a->err);
		tails_as_input(&out, &err, hold + 2, &all);
		input.all = &all;
	}
	ok = check_wants(run, a, &input, !again, ret) &&
	     until_met(run, s, &input) && capture_values(run, a, &input);
	buf_release(&out.bytes);
	buf_release(&err.bytes);
	for (size_t i = 0; i < ARRAY_LEN(hold); i++)
		buf_release(&hold[i]);
	return ok;
}

/* Its host remembers a status that is well. What it printed nobody knows. */
static void
judge_without_output(struct run *run, struct attempt *a, struct step_end *ret)
{
	const struct step *s = a->item->step;

	if (!lost_needs_output(a->item))
		return;
	ret->status = RUN_STATUS_UNKNOWN;
	tell_diag(
		run, DIAG_OUTCOME_UNKNOWN, s->where,
		"look at what it did before you go on",
		"step '%s' ended with status %d, but its output was lost, and "
		"with it %s: %s",
		s->id, a->outcome.code,
		!s->exit_codes && lost_hides_failure(a->item)
			? "how each command of its pipeline ended"
			: "whether it printed what it must",
		a->outcome.message);
}

void
judge_attempt(struct run *run, struct attempt *a, bool again,
	      struct step_end *ret)
{
	judge_outcome(run, a, ret);
	if (ret->status != RUN_STATUS_SUCCEEDED) {
		if (!again || ret->status != RUN_STATUS_FAILED)
			tell_failure(run, a, ret);
		return;
	}
	if (a->outcome.end != JOB_EXITED)
		return;
	if (a->output_lost) {
		judge_without_output(run, a, ret);
		return;
	}
	if (a->item->step->until && !until_is_shown(a)) {
		ret->status = RUN_STATUS_FAILED;
		tell_diag(run, DIAG_OUTPUT_DIFFERS, a->item->step->until->where,
			  NULL, "step '%s' ended before this came",
			  a->item->step->id);
		return;
	}
	if (!judge_output(run, a, again, ret))
		ret->status = RUN_STATUS_FAILED;
	if (ret->status == RUN_STATUS_SUCCEEDED)
		collect_shown(run, a);
}
