/* Runs over a place that does what the test says: time, signals, ends. */
#include <signal.h>

#include "base/limits.h"
#include "lib/doc.h"
#include "lib/session.h"
#include "run/runner.h"

/* A place where nothing happens but what the test wants. */
struct fake {
	struct target target;
	const struct job_spec *spec;
	struct job_events on;
	void (*behave)(struct fake *f); /* a job has begun */
	struct loop_timer *tick;
	int n_ticks, n_interrupts, n_stops;
	int quiet[8];
	int n_quiet;
	struct run_end end;
	uint32_t next; /* number of the step behind which it ended, or 0 */
	int exit;
};

static struct fake *
fake_of(struct target *t)
{
	return (struct fake *)t;
}

static void
end_job(struct fake *f, enum job_end end, int code)
{
	const struct job_outcome out = { .end = end, .code = code };

	f->on.on_end(f->on.ctx, &out);
}

static struct job *
fake_start(struct target *t, const struct job_spec *spec,
	   const struct job_events *on)
{
	struct fake *f = fake_of(t);

	f->spec = spec;
	f->on = *on;
	on->on_dispatched(on->ctx);
	f->behave(f);
	return (struct job *)f;
}

static void
fake_interrupt(struct target *t, struct job *job UNUSED)
{
	fake_of(t)->n_interrupts++;
}

static void
fake_stop(struct target *t, struct job *job UNUSED)
{
	fake_of(t)->n_stops++;
}

static void
fake_free(struct target *t UNUSED)
{
}

static const struct target_ops fake_ops = { .start = fake_start,
					    .interrupt = fake_interrupt,
					    .stop = fake_stop,
					    .free = fake_free };

static struct target *
open_fake(void *ctx, struct text host UNUSED, struct buf *reterr UNUSED)
{
	return ctx;
}

static void
on_quiet(void *ctx, const struct plan_item *item UNUSED, int64_t elapsed_ms,
	 const char *why)
{
	struct fake *f = ctx;

	assert_null(why);
	assert_true(f->n_quiet < (int)ARRAY_LEN(f->quiet));
	f->quiet[f->n_quiet++] = (int)(elapsed_ms / 1000);
}

/* Run the only procedure of MARKDOWN over F. */
static void
run(struct fake *f, const char *markdown)
{
	struct doc_test t = doc_open(markdown);
	struct runbook *rb =
		runbook_build(t.doc, effect_rules_builtin(), &t.sink);
	struct values values = { .arena = t.doc->arena };
	struct plan_options options = { .n_steps = 0 };
	struct observer observer = { .on_quiet = on_quiet, .ctx = f };
	const struct observer *observers[] = { &observer };
	struct buf reterr = BUF_INIT;
	enum exit_status status;
	struct loop *loop = loop_new(&session_clock);
	struct run_config config = { .loop = loop,
				     .observers = observers,
				     .n_observers = 1,
				     .open_target = open_fake,
				     .open_ctx = f };

	assert_int_equal(rb->n_procedures, 1);
	config.plan = plan_make(rb->procedures[0], effect_rules_builtin(),
				&options, &values, &reterr, &status);
	assert_non_null(config.plan);
	f->target = (struct target){ .ops = &fake_ops,
				     .loop = loop,
				     .name = (char[]){ "fake" } };
	f->exit = run_plan(&config, &f->end);
	f->next = f->end.next ? f->end.next->number : 0;
	loop_free(loop);
	doc_close(&t);
}

/* ---- silence ------------------------------------------------------------- */

static void
pass_time(void *ctx)
{
	struct fake *f = ctx;

	session_clock_ahead_ms += 10 * 1000;
	if (++f->n_ticks == 15)
		end_job(f, JOB_EXITED, 0);
	else
		loop_after(f->target.loop, 0, pass_time, f);
	/* Something comes after 30 s, and then nothing for two minutes. */
	if (f->n_ticks == 3)
		f->on.on_output(f->on.ctx, JOB_STDOUT, TEXT("working\n"));
}

static void
begin_to_pass_time(struct fake *f)
{
	loop_after(f->target.loop, 0, pass_time, f);
}

static void
test_silence(void **state UNUSED)
{
	struct fake f = { .behave = begin_to_pass_time };

	session_clock_ahead_ms = 0;
	run(&f, "# Silent\n\n```bash\ntrue\n```\n");
	assert_int_equal(f.exit, 0);
	/* Told after a minute without output, then each half minute. */
	assert_int_equal(f.n_quiet, 2);
	assert_in_range(f.quiet[0], 90, 100);
	assert_in_range(f.quiet[1], 120, 130);
}

/* ---- Ctrl-C -------------------------------------------------------------- */

static void
press_ctrl_c(void *ctx)
{
	struct fake *f = ctx;
	static const int presses = 3;

	if (f->n_ticks++ < presses) {
		raise(SIGINT);
		loop_after(f->target.loop, 1, press_ctrl_c, f);
	} else {
		end_job(f, JOB_INTERRUPTED, 130);
	}
}

static void
begin_to_press(struct fake *f)
{
	loop_after(f->target.loop, 0, press_ctrl_c, f);
}

/* The first is for the step, each further one for the run. */
static void
test_ctrl_c(void **state UNUSED)
{
	struct fake f = { .behave = begin_to_press };

	run(&f, "# Deaf\n\n```bash\ntrue\nfalse\n```\n");
	assert_int_equal(f.n_interrupts, 1);
	assert_int_equal(f.n_stops, 2);
	assert_int_equal(f.exit, 128 + SIGINT);
	assert_int_equal(f.end.count[RUN_STATUS_INTERRUPTED], 1);
	assert_int_equal(f.next, 1);
}

/* ---- ends ---------------------------------------------------------------- */

static enum job_end end_with;
static int end_code;

static void
end_at_once(void *ctx)
{
	end_job(ctx, end_with, end_code);
}

static void
begin_to_end(struct fake *f)
{
	loop_after(f->target.loop, 0, end_at_once, f);
}

/* Only a real status is a success, and each end has its exit status. */
static void
test_ends(void **state UNUSED)
{
	static const struct {
		enum job_end end;
		int code, exit;
		enum run_status status;
	} cases[] = {
		{ JOB_EXITED, 0, 0, RUN_STATUS_SUCCEEDED },
		{ JOB_EXITED, 3, 1, RUN_STATUS_FAILED },
		{ JOB_SIGNALED, SIGTERM, 1, RUN_STATUS_FAILED },
		{ JOB_TIMED_OUT, -1, 124, RUN_STATUS_TIMEOUT },
		{ JOB_TIMED_OUT, 0, 124, RUN_STATUS_TIMEOUT },
		{ JOB_INTERRUPTED, 0, 130, RUN_STATUS_INTERRUPTED },
		{ JOB_NOT_STARTED, 0, 1, RUN_STATUS_FAILED },
		{ JOB_LOST, 0, 6, RUN_STATUS_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake f = { .behave = begin_to_end };

		end_with = cases[i].end;
		end_code = cases[i].code;
		run(&f, "# End\n\n```bash\ntrue\n```\n");
		assert_int_equal(f.exit, cases[i].exit);
		assert_int_equal(f.end.count[cases[i].status], 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_ctrl_c),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
