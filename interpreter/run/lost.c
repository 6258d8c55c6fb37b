/* Asking hosts about lost steps. */
#include "run/lost.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/once.h"
#include "exec/remote_probe.h"
#include "shell/parse.h"
#include "shell/pipeline.h"

enum {
	/* A clock that is set, a machine that begins while it is asked. */
	UPTIME_SLACK_S = 5,
	RUNS_MS = 1000 /* between two looks at what still runs */
};

static bool
is_exempt(const struct run *run, struct text host)
{
	const struct run_config *c = run->config;
	size_t at = text_chr(host, '@', 0);
	struct text bare =
		at < host.len ? text_sub(host, at + 1, host.len) : host;

	for (size_t i = 0; i < c->n_no_fence; i++) {
		if (text_is(host, c->no_fence[i]) ||
		    text_is(bare, c->no_fence[i]))
			return true;
	}
	return false;
}

bool
lost_has_secret(const struct step *s)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		if (s->uses[i].param->secret)
			return true;
	}
	return false;
}

bool
lost_hides_failure(const struct plan_item *item)
{
	const struct resolved *r = item->resolved;
	struct excerpt e = { .text = r->run };
	struct arena arena = ARENA_INIT;
	bool hides;

	if (r->dispatch != DISPATCH_REMOTE)
		return false;
	hides = shell_tells_pipeline(shell_parse_resolved(&arena, e), r->run);
	arena_release(&arena);
	return hides;
}

bool
lost_needs_output(const struct plan_item *item)
{
	const struct step *s = item->step;

	for (uint32_t i = 0; i < s->n_wants; i++) {
		if (!s->wants[i]->inferred)
			return true;
	}
	return s->n_captures || s->until || s->retry.until ||
	       (!s->exit_codes && lost_hides_failure(item));
}

const char *
lost_id(struct run *run, const struct plan_item *item, uint32_t attempt)
{
	const struct step *s = item->step;
	const struct resolved *r = item->resolved;

	if (!run->config->run_id || r->dispatch != DISPATCH_REMOTE ||
	    s->kind != STEP_COMMAND || is_exempt(run, r->host) ||
	    (r->level <= EFFECT_READS && !lost_has_secret(s)))
		return NULL;
	return arena_printf(run->plan->arena, "r%s.%u.%u", run->config->run_id,
			    item->number, attempt);
}

/* ---- one question -------------------------------------------------------- */

struct question {
	bool over, answered;
	struct once_answer answer;
	struct buf why;
};

static void
on_answer(void *ctx, const struct once_answer *answer, const char *message)
{
	struct question *q = ctx;

	q->over = true;
	q->answered = answer != NULL;
	if (answer)
		q->answer = *answer;
	else
		buf_adds(&q->why, message);
}

/* A machine that was up all the time would know. */
static void
read_never(const struct once_answer *a, int64_t since_ms,
	   struct lost_answer *ret)
{
	if (a->up_s > since_ms / 1000 + UPTIME_SLACK_S) {
		ret->kind = LOST_NEVER;
		buf_adds(&ret->why, "it never began there, and will not");
	} else {
		buf_adds(&ret->why, "the machine was started since");
	}
}

static void
read_answer(const struct once_answer *a, int64_t since_ms,
	    struct lost_answer *ret)
{
	switch (a->word) {
	case ONCE_STATUS:
		ret->kind = LOST_ENDED;
		ret->status = a->status;
		buf_addf(&ret->why, "it ended there with status %d", a->status);
		break;
	case ONCE_RUNS:
		ret->kind = LOST_RUNS;
		buf_addf(&ret->why, "it still runs there (process %d)",
			 (int)a->pid);
		break;
	case ONCE_NEVER:
		read_never(a, since_ms, ret);
		break;
	case ONCE_DIED:
		buf_addf(&ret->why,
			 "it began there (process %d), is gone, and left no "
			 "status",
			 (int)a->pid);
		break;
	case ONCE_REBOOT:
		buf_adds(&ret->why, "it began there, and then the machine was "
				    "started again");
		break;
	case ONCE_CLAIMED:
		buf_adds(&ret->why, "it was about to begin there");
		break;
	case ONCE_BLANK:
		buf_adds(&ret->why, "nothing is remembered there of this run");
		break;
	default:
		buf_adds(&ret->why, "there is no trace of it there");
		break;
	}
}

void
lost_ask(struct run *run, struct target *target, const char *id,
	 int64_t since_ms, struct lost_answer *ret)
{
	struct question q = { .why = BUF_INIT };
	struct remote_probe *probe =
		remote_probe_start(target, id, on_answer, &q);

	*ret = (struct lost_answer){ .status = -1, .why = BUF_INIT };
	while (!q.over && !run->signal && loop_step(run->config->loop, 1000))
		;
	if (!q.over) {
		remote_probe_free(probe);
		buf_adds(&ret->why, "nobody waited for its answer");
	} else if (q.answered) {
		ret->asked = true;
		read_answer(&q.answer, since_ms, ret);
	} else {
		buf_addf(&ret->why, "it could not be asked: %s",
			 buf_cstr(&q.why));
	}
	buf_release(&q.why);
}

/* ---- after a loss -------------------------------------------------------- */

static void
end_wait(void *ctx)
{
	bool *over = ctx;

	*over = true;
}

static void
wait_ms(struct run *run, int64_t ms)
{
	bool over = false;
	struct loop_timer *t =
		loop_after(run->config->loop, ms, end_wait, &over);

	while (!over && !run->signal && loop_step(run->config->loop, ms))
		;
	if (!over)
		loop_cancel(t);
}

/* What was found out, as the end of A. A status that is not well may be of the
 * loss itself: SIGPIPE, in the middle of what was to be done. */
static void
apply(struct attempt *a, const struct lost_answer *answer)
{
	CLEANUP(buf_release) struct buf before = a->message;

	buf_init(&a->message);
	buf_addf(&a->message, "%s; %s", buf_cstr(&before),
		 buf_cstr(&answer->why));
	a->outcome.message = buf_cstr(&a->message);
	if (answer->kind == LOST_NEVER) {
		a->outcome.end = JOB_NOT_STARTED;
		a->outcome.unreachable = true;
	} else if (answer->kind == LOST_ENDED &&
		   step_accepts(a->item->step, answer->status)) {
		a->outcome.end = JOB_EXITED;
		a->outcome.code = answer->status;
		a->output_lost = true;
	}
}

/* How long what still runs is waited for: its own time, from when it began. */
static int64_t
left_ms(const struct attempt *a)
{
	int64_t limit_ms = a->item->step->timeout_ms;
	int64_t now = clock_mono_ms(loop_clock(a->run->config->loop));

	return a->started_ms + (limit_ms ? limit_ms : LIMIT_STEP_MS) - now;
}

/* Ask once. True when there is nothing more to be asked: RET is the answer, or
 * what is known without one. */
static bool
try_to_settle(struct run *run, struct attempt *a, bool last, bool *told,
	      struct lost_answer *ret)
{
	int64_t now = clock_mono_ms(loop_clock(run->config->loop));

	lost_ask(run, a->target, a->once_id, now - a->started_ms, ret);
	if (ret->kind != LOST_RUNS || left_ms(a) <= 0) {
		*told = false;
		return ret->asked || last;
	}
	if (!*told)
		tell_quiet(run, a->item, now - a->started_ms,
			   "there, without a connection");
	*told = true;
	return false;
}

void
lost_settle(struct run *run, struct attempt *a)
{
	static const int64_t waits_ms[] = { 1000, 4000, 16000 };
	size_t tries = 0;
	bool told = false; /* it runs, and is waited for */
	bool settled = false;

	while (!run->signal && !settled && tries < ARRAY_LEN(waits_ms)) {
		struct lost_answer answer;

		wait_ms(run, told ? RUNS_MS : waits_ms[tries]);
		settled =
			try_to_settle(run, a, tries + 1 == ARRAY_LEN(waits_ms),
				      &told, &answer);
		if (settled)
			apply(a, &answer);
		buf_release(&answer.why);
		tries = told ? 0 : tries + 1;
	}
}
