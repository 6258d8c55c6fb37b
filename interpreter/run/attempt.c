/* Handing a step over and waiting for its end: output to the observers, its
 * tail kept for wants, Ctrl-C, attempts. */
#include "base/alloc.h"
#include "base/limits.h"
#include "run/log.h"
#include "run/lost.h"
#include "run/shell_keep.h"

/* ---- output
 * ------------------------------------------------------------------ */

/* Keep the last LIMIT_MATCH_BYTES; the buffer may grow to twice that before
 * its front is dropped, so that the cost stays linear. */
void
tail_add(struct tail *t, struct text bytes)
{
	if (bytes.len > LIMIT_MATCH_BYTES) {
		bytes = text_sub(bytes, bytes.len - LIMIT_MATCH_BYTES,
				 bytes.len);
		buf_clear(&t->bytes);
		t->cut = true;
	}
	buf_addt(&t->bytes, bytes);
	if (t->bytes.len <= 2 * LIMIT_MATCH_BYTES)
		return;
	buf_drop(&t->bytes, t->bytes.len - LIMIT_MATCH_BYTES);
	t->cut = true;
}

static void
tell_masked(struct attempt *a, enum job_stream stream, struct buf *masked)
{
	if (!a->aside && masked->len) {
		tell_output(a->run, a->item, stream, buf_text(masked));
		log_output(a->run, a->item, stream, buf_text(masked));
	}
	buf_clear(masked);
}

/* Nothing came for a while: what may be the beginning of a secret is more
 * likely a prompt. */
static void
let_go(struct attempt *a, struct mask_stream *mask, enum job_stream stream)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;

	mask_flush_short(mask, &masked);
	tell_masked(a, stream, &masked);
}

static void
on_pause(void *ctx)
{
	struct attempt *a = ctx;

	a->hold = NULL;
	let_go(a, a->out_mask, a->tty ? JOB_TTY : JOB_STDOUT);
	let_go(a, a->err_mask, JOB_STDERR);
}

static void
watch_held(struct attempt *a)
{
	a->hold = loop_cancel(a->hold);
	if (mask_held(a->out_mask) || mask_held(a->err_mask))
		a->hold = loop_after(a->run->config->loop, LIMIT_MASK_HOLD_MS,
				     on_pause, a);
}

static void on_quiet(void *ctx);

static void
watch_quiet(struct attempt *a, int64_t ms)
{
	a->quiet = loop_after(a->run->config->loop, ms, on_quiet, a);
}

/* Is it still alive, or does it wait for something that nobody sees? */
static void
on_quiet(void *ctx)
{
	struct attempt *a = ctx;
	int64_t now = clock_mono_ms(loop_clock(a->run->config->loop));
	int64_t since = now - a->heard_ms;

	a->quiet = NULL;
	if (since < LIMIT_QUIET_MS) {
		watch_quiet(a, LIMIT_QUIET_MS - since);
		return;
	}
	tell_quiet(a->run, a->item, now - a->started_ms, NULL);
	watch_quiet(a, LIMIT_QUIET_AGAIN_MS);
}

static void
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct attempt *a = ctx;
	CLEANUP(buf_release) struct buf masked = BUF_INIT;
	bool err = stream == JOB_STDERR;

	a->heard_ms = clock_mono_ms(loop_clock(a->run->config->loop));
	a->tty |= stream == JOB_TTY;
	tail_add(err ? &a->err : &a->out, bytes);
	until_heard(a);
	mask_write(err ? a->err_mask : a->out_mask, bytes, &masked);
	tell_masked(a, stream, &masked);
	watch_held(a);
}

static void
flush_output(struct attempt *a)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;

	a->hold = loop_cancel(a->hold);
	mask_flush(a->out_mask, &masked);
	tell_masked(a, a->tty ? JOB_TTY : JOB_STDOUT, &masked);
	mask_flush(a->err_mask, &masked);
	tell_masked(a, JOB_STDERR, &masked);
}

/* Write the intent down, where that was left for later. Without it nothing more
 * is handed over: the journal has failed then. */
static void
note_intent(struct attempt *a)
{
	if (a->unnoted)
		log_intent(a->run, a->item, a->run->attempt);
	a->unnoted = false;
}

static void
on_dispatched(void *ctx)
{
	struct attempt *a = ctx;

	a->dispatched = true;
	if (!log_knows_shell(a->run, a->target))
		note_intent(a);
	log_started(a->run, a->item, a->target);
}

static void
on_end(void *ctx, const struct job_outcome *outcome)
{
	struct attempt *a = ctx;

	a->outcome = *outcome;
	if (outcome->message) {
		buf_adds(&a->message, outcome->message);
		a->outcome.message = buf_cstr(&a->message);
	}
	if (outcome->survivors) {
		buf_adds(&a->survivors, outcome->survivors);
		a->outcome.survivors = buf_cstr(&a->survivors);
	}
	a->job = NULL;
	a->over = true;
}

/* ---- signals
 * ----------------------------------------------------------------- */

static void
on_signal(void *ctx, int signal)
{
	struct run *run = ctx;
	struct attempt *a = run->now;

	if (signal == SIGWINCH || signal == SIGCONT)
		return;
	run->interrupts++;
	if (signal != SIGINT || run->interrupts > 1 || !a || !a->job)
		run->signal = signal;
	if (!a || !a->job) {
		if (run->config->on_interrupt)
			run->config->on_interrupt(run->config->interrupt_ctx);
		return;
	}
	if (run->signal)
		job_stop(a->target, a->job);
	else
		job_interrupt(a->target, a->job);
}

void
run_watch_signals(struct run *run)
{
	loop_on_signal(run->config->loop, on_signal, run);
}

/* ---- one attempt
 * --------------------------------------------------------------- */

static enum job_io
job_io_of(const struct plan_item *item)
{
	switch (item->resolved->io) {
	case EFFECT_IO_FOLLOW:
		return JOB_FOLLOW;
	case EFFECT_IO_INTERACTIVE:
		return JOB_INTERACTIVE;
	case EFFECT_IO_BATCH:
		break;
	}
	return JOB_BATCH;
}

/* Does VALUE, or any part of it, have to be masked? */
static bool
is_secret(const struct run *run, struct text value)
{
	CLEANUP(buf_release) struct buf masked = BUF_INIT;
	bool same;

	mask_text(run->config->mask, value, &masked);
	same = text_eq(buf_text(&masked), value);
	explicit_bzero(masked.bytes, masked.len);
	return !same;
}

static struct job_value *
job_values_of(const struct run *run, const struct resolved *r)
{
	struct job_value *values = arena_alloc(
		run->plan->arena, (r->n_bindings + 1) * sizeof(*values));

	for (uint32_t i = 0; i < r->n_bindings; i++) {
		values[i].name = r->bindings[i].name;
		values[i].value = r->bindings[i].value;
		values[i].lasts = r->bindings[i].lasts;
		values[i].secret = is_secret(run, values[i].value);
	}
	return values;
}

/* A step that never ends by itself has no limit but its own, unless nobody is
 * there to end it. */
static int64_t
timeout_of(const struct run *run, const struct plan_item *item)
{
	if (item->step->timeout_ms)
		return item->step->timeout_ms;
	if (run_is_left_alone(run, item))
		return LIMIT_FOLLOW_ALONE_MS;
	return item->resolved->io == EFFECT_IO_BATCH || !run->config->asker
		       ? LIMIT_STEP_MS
		       : 0;
}

static struct job_spec
spec_of(struct run *run, const struct plan_item *item)
{
	const struct step *s = item->step;
	const struct resolved *r = item->resolved;
	struct job_spec spec = { .text = r->run,
				 .io = job_io_of(item),
				 .timeout_ms = timeout_of(run, item),
				 .line = s->line,
				 .label = item->number,
				 .n_values = r->n_bindings,
				 .env = s->env,
				 .cwd = s->cwd };

	/* It insists on a terminal and asks nothing: any will do. */
	if (spec.io == JOB_INTERACTIVE && !run->config->asker) {
		spec.io = JOB_BATCH;
		spec.own_tty = true;
	}
	spec.values = job_values_of(run, r);
	spec.leaves_nothing = !shell_keep_matters(run, item);
	spec.forks_nothing = spec.leaves_nothing && !shell_keep_forks(item);
	spec.once_id = lost_id(run, item, run->attempt);
	spec.secret = lost_has_secret(s);
	spec.posix = r->posix;
	spec.pipes = lost_hides_failure(item);
	return spec;
}

static void
start_and_wait(struct attempt *a, const struct job_spec *spec)
{
	static const struct job_events template = {
		.on_output = on_output,
		.on_dispatched = on_dispatched,
		.on_end = on_end,
	};
	struct job_events events = template;

	events.ctx = a;
	a->run->now = a;
	a->run->interrupts = 0;
	a->started_ms = a->heard_ms =
		clock_mono_ms(loop_clock(a->run->config->loop));
	if (spec->io == JOB_BATCH)
		watch_quiet(a, LIMIT_QUIET_MS);
	a->job = target_start(a->target, spec, &events);
	note_intent(a);
	loop_run(a->run->config->loop, &a->over);
	a->run->now = NULL;
	a->quiet = loop_cancel(a->quiet);
	a->until_timer = loop_cancel(a->until_timer);
	flush_output(a);
}

static void
attempt_init(struct attempt *a, struct run *run, struct plan_item *item)
{
	*a = (struct attempt){ .run = run, .item = item };
	a->out_mask = mask_stream_new(run->config->mask);
	a->err_mask = mask_stream_new(run->config->mask);
}

static void
attempt_release(struct attempt *a)
{
	mask_stream_free(a->out_mask);
	mask_stream_free(a->err_mask);
	buf_release(&a->out.bytes);
	buf_release(&a->err.bytes);
	buf_release(&a->message);
	buf_release(&a->survivors);
}

/* The way to the place failed before anything was handed over. */
static void
no_target(struct attempt *a, struct buf *error)
{
	buf_addt(&a->message, buf_text(error));
	a->outcome = (struct job_outcome){ .end = JOB_NOT_STARTED,
					   .code = -1,
					   .unreachable = true,
					   .message = buf_cstr(&a->message) };
}

/* A few builtins that read and leave nothing are over before a record is
 * written, which can be done meanwhile. */
static bool
may_note_later(const struct plan_item *item, const struct job_spec *spec)
{
	return spec->forks_nothing && item->resolved->level == EFFECT_READS;
}

/* False when the journal failed, and nothing was handed over. */
static bool
try_once(struct run *run, struct plan_item *item, struct attempt *a)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct job_spec spec = spec_of(run, item);

	a->unnoted = may_note_later(item, &spec);
	if (!a->unnoted && log_intent(run, item, run->attempt) < 0)
		return false;
	a->target = run_target(run, item, &error);
	a->once_id = spec.once_id;
	if (a->target)
		start_and_wait(a, &spec);
	else
		no_target(a, &error);
	note_intent(a);
	if (a->outcome.end == JOB_LOST && a->once_id)
		lost_settle(run, a);
	return true;
}

/* ---- attempts
 * ------------------------------------------------------------------ */

struct pause {
	bool over;
};

static void
end_pause(void *ctx)
{
	struct pause *p = ctx;

	p->over = true;
}

/* Wait between two attempts; a signal ends the wait at the next turn. */
static void
wait_between(struct run *run, int64_t ms)
{
	struct pause p = { false };
	struct loop_timer *t = loop_after(run->config->loop, ms, end_pause, &p);

	while (!p.over && !run->signal && loop_step(run->config->loop, 100))
		;
	if (!p.over)
		loop_cancel(t);
}

/* Only what certainly failed is tried again; what may have happened never is
 * (at most once), unless the author says that it does no harm. */
static bool
may_retry(const struct plan_item *item, const struct step_end *end)
{
	if (end->status != RUN_STATUS_FAILED)
		return false;
	return !end->dispatched || end->code >= 0 || item->step->idempotent;
}

static int64_t
within_of(const struct step *s)
{
	int64_t longest = 0;

	for (uint32_t i = 0; i < s->n_wants; i++) {
		if (s->wants[i]->within_ms > longest)
			longest = s->wants[i]->within_ms;
	}
	return longest;
}

enum {
	POLL_MS = 1000
};

bool
run_is_left_alone(const struct run *run, const struct plan_item *item)
{
	return item->resolved->io == EFFECT_IO_FOLLOW && !run->config->asker &&
	       !item->step->until && !item->step->timeout_ms;
}

uint32_t
run_attempts_before(const struct run *run, const struct plan_item *item)
{
	const struct progress *p = run->config->resumed;
	const struct step_progress *known =
		p ? progress_step(p, item->step->id) : NULL;

	return item->attempts + (known ? (uint32_t)known->attempts : 0);
}

void
perform(struct run *run, struct plan_item *item, struct step_end *ret)
{
	const struct step *s = item->step;
	uint32_t before = run_attempts_before(run, item);
	const struct clock *clock = loop_clock(run->config->loop);
	int64_t start = clock_mono_ms(clock), within = within_of(s);
	int64_t delay =
		s->retry.delay_ms ? s->retry.delay_ms : (within ? POLL_MS : 0);

	for (uint32_t n = 1;; n++) {
		struct attempt a;
		bool again;

		run->attempt = before + n;
		item->attempts++;
		tell_step_start(run, item, before + n);
		attempt_init(&a, run, item);
		if (!try_once(run, item, &a)) {
			attempt_release(&a);
			ret->status = RUN_STATUS_STOPPED;
			return;
		}
		ret->elapsed_ms = clock_mono_ms(clock) - start;
		again = n < s->retry.attempts ||
			ret->elapsed_ms + delay < within;
		judge_attempt(run, &a, again, ret);
		if (a.dispatched)
			shell_keep_note(run, item);
		if (ret->status == RUN_STATUS_SUCCEEDED && a.dispatched)
			shell_keep_after(run, item, a.target);
		attempt_release(&a);
		if (log_end(run, item, before + n, ret) < 0 || !again ||
		    run->signal || !may_retry(item, ret))
			return;
		wait_between(run, delay);
	}
}

void
perform_aside(struct run *run, struct plan_item *item, struct text text,
	      struct buf *ret_out, struct buf *ret_err, struct step_end *ret)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	/* What we make ourselves is quoted likewise. */
	struct job_spec spec = { .text = text,
				 .timeout_ms = LIMIT_STEP_MS,
				 .posix = item->resolved->host.len > 0 };
	struct attempt a;

	attempt_init(&a, run, item);
	a.aside = true;
	a.target = run_target(run, item, &error);
	if (a.target)
		start_and_wait(&a, &spec);
	else
		no_target(&a, &error);
	judge_outcome(run, &a, ret);
	ret->truncated = a.out.cut;
	if (!a.out.cut)
		buf_addt(ret_out, buf_text(&a.out.bytes));
	buf_addt(ret_err, buf_text(&a.err.bytes));
	attempt_release(&a);
}
