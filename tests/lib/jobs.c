/* Jobs for tests. */
#include "lib/jobs.h"

static void
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct ran *r = ctx;
	struct buf *to[] = { [JOB_STDOUT] = &r->out,
			     [JOB_STDERR] = &r->err,
			     [JOB_TTY] = &r->tty };

	assert_false(r->over);
	r->n_bytes += bytes.len;
	if (!r->discard)
		buf_addt(to[stream], bytes);
}

static void
on_dispatched(void *ctx)
{
	struct ran *r = ctx;

	assert_false(r->over);
	r->dispatched = true;
}

static void
on_end(void *ctx, const struct job_outcome *outcome)
{
	struct ran *r = ctx;

	assert_false(r->over);
	r->over = true;
	r->job = NULL;
	r->outcome = *outcome;
	if (outcome->message)
		r->outcome.message = xstrdup(outcome->message);
	if (outcome->survivors)
		r->outcome.survivors = xstrdup(outcome->survivors);
}

void
ran_start(struct ran *r, struct target *t, const struct job_spec *spec)
{
	struct job_events on = { on_output, on_dispatched, on_end, r };
	bool discard = r->discard;

	*r = (struct ran){ .discard = discard };
	r->job = target_start(t, spec, &on);
	assert_non_null(r->job);
	assert_false(r->over);
}

void
ran_run(struct ran *r, struct target *t, const struct job_spec *spec)
{
	r->discard = false;
	ran_start(r, t, spec);
	assert_true(wait_for(t->loop, &r->over, 30000));
}

void
ran_text(struct ran *r, struct target *t, const char *text)
{
	struct job_spec spec = { .text = text_of(text), .line = 100 };

	ran_run(r, t, &spec);
}

void
ran_release(struct ran *r)
{
	buf_release(&r->out);
	buf_release(&r->err);
	buf_release(&r->tty);
	free((char *)(uintptr_t)r->outcome.message);
	free((char *)(uintptr_t)r->outcome.survivors);
}

bool
wait_for(struct loop *l, const bool *what, int64_t ms)
{
	int64_t until = clock_mono_ms(&clock_system) + ms;

	while (!*what) {
		int64_t left = until - clock_mono_ms(&clock_system);

		if (left <= 0 || !loop_step(l, left))
			break;
	}
	return *what;
}

void
wait_for_text(struct loop *l, const struct buf *b, const char *text)
{
	int64_t until = clock_mono_ms(&clock_system) + 10000;

	while (!strstr(buf_cstr(b), text)) {
		int64_t left = until - clock_mono_ms(&clock_system);

		if (left <= 0)
			fail_msg("'%s' has not come, only: %s", text,
				 buf_cstr(b));
		loop_step(l, left);
	}
}
