/* Following an output until it shows what the author waits for. */
#include "base/alloc.h"
#include "base/limits.h"
#include "run/run.h"

enum {
	LOOK_MS = 100 /* between two looks at an output that goes on */
};

static void on_look(void *ctx);

static void
look_in(struct attempt *a, int64_t ms)
{
	a->until_timer = loop_after(a->run->config->loop, ms, on_look, a);
}

bool
until_is_shown(struct attempt *a)
{
	struct run *run = a->run;
	struct want *w = a->item->step->until;
	CLEANUP(want_result_release) struct want_result r = WANT_RESULT_INIT;
	struct buf hold[2] = { BUF_INIT, BUF_INIT };
	struct want_input input;

	if (!w->matcher && !want_compile(w, &run->sink))
		return false;
	tails_as_input(&a->out, &a->err, hold, &input);
	want_check(w, &input, loop_clock(run->config->loop), &r);
	buf_release(&hold[0]);
	buf_release(&hold[1]);
	return r.met;
}

/* It was told to end by SIGINT, and goes on. */
static void
on_deaf(void *ctx)
{
	struct attempt *a = ctx;

	a->until_timer = NULL;
	if (a->job)
		job_stop(a->target, a->job);
}

static void
on_look(void *ctx)
{
	struct attempt *a = ctx;

	a->until_timer = NULL;
	a->until_met = until_is_shown(a);
	if (!a->until_met || !a->job)
		return;
	job_interrupt(a->target, a->job);
	a->until_timer = loop_after(a->run->config->loop,
				    LIMIT_KILL_GRACE_IN_HASTE_MS, on_deaf, a);
}

void
until_heard(struct attempt *a)
{
	if (!a->item->step->until || a->aside || a->until_met || a->until_timer)
		return;
	look_in(a, a->until_looked ? LOOK_MS : 0);
	a->until_looked = true;
}
