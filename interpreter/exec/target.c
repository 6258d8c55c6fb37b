/* Jobs of any target, through its ops. */
#include "exec/target.h"

#include <signal.h>

struct job *
target_start(struct target *t, const struct job_spec *spec,
	     const struct job_events *on)
{
	return t->ops->start(t, spec, on);
}

void
job_interrupt(struct target *t, struct job *job)
{
	t->ops->interrupt(t, job);
}

void
job_stop(struct target *t, struct job *job)
{
	t->ops->stop(t, job);
}

void
target_on_late(struct target *t, late_fn *fn, void *ctx)
{
	t->on_late = fn;
	t->late_ctx = ctx;
}

void
target_end(struct target *t, struct buf *ret_ended, struct buf *ret_left)
{
	if (t->ops->end)
		t->ops->end(t, ret_ended, ret_left);
}

struct target *
target_free(struct target *t)
{
	if (!t)
		return NULL;
	t->ops->free(t);
	return NULL;
}

/* ---- pipelines
 * ------------------------------------------------------------------- */

static bool
is_failure(int status)
{
	return status != 0 && status != 128 + SIGPIPE;
}

void
pipe_status_add(struct pipe_status *p, int status)
{
	if (p->n > 0 && is_failure(p->last))
		p->before = p->last;
	p->last = status;
	p->n++;
	if (!p->failed && is_failure(status)) {
		p->failed = p->n;
		p->code = status;
	}
}

int
pipe_status_hidden(const struct pipe_status *p, int whole)
{
	return whole == 0 && !is_failure(p->last) ? p->before : 0;
}
