/* Telling the observers. */
#include "base/alloc.h"
#include "run/run.h"

const char *
run_status_name(enum run_status status)
{
	static const char *const names[] = {
#define RUN_STATUS(symbol, name) name,
#include "run/statuses.def"
#undef RUN_STATUS
	};

	return names[status];
}

/* Call CALLBACK of every observer that has it. */
#define TELL(run, callback, ...)                                               \
	for (size_t i_ = 0; i_ < (run)->config->n_observers; i_++) {           \
		const struct observer *o_ = (run)->config->observers[i_];      \
                                                                               \
		if (o_->callback)                                              \
			o_->callback(o_->ctx, __VA_ARGS__);                    \
	}

void
tell_run_start(struct run *run)
{
	TELL(run, on_run_start, run->plan);
}

void
tell_step_next(struct run *run, const struct plan_item *item)
{
	TELL(run, on_step_next, item);
}

void
tell_step_show(struct run *run, struct plan_item *item)
{
	item->shown = true;
	TELL(run, on_step_show, item);
}

void
tell_step_start(struct run *run, const struct plan_item *item, uint32_t attempt)
{
	TELL(run, on_step_start, item, attempt);
}

void
tell_output(struct run *run, const struct plan_item *item,
	    enum job_stream stream, struct text bytes)
{
	if (bytes.len == 0)
		return;
	TELL(run, on_output, item, stream, bytes);
}

void
tell_late(struct run *run, const struct plan_item *item, enum job_stream stream,
	  struct text bytes)
{
	TELL(run, on_late, item, stream, bytes);
}

void
tell_quiet(struct run *run, const struct plan_item *item, int64_t elapsed_ms,
	   const char *why)
{
	TELL(run, on_quiet, item, elapsed_ms, why);
}

void
tell_want(struct run *run, const struct plan_item *item,
	  const struct want *want, const struct want_result *result)
{
	TELL(run, on_want, item, want, result);
}

void
tell_stop(struct run *run, struct plan_item *item)
{
	TELL(run, on_stop, run->plan, item, run->config->asker != NULL);
}

void
tell_step_end(struct run *run, const struct plan_item *item,
	      const struct step_end *end)
{
	TELL(run, on_step_end, item, end);
}

void
tell_run_end(struct run *run)
{
	TELL(run, on_run_end, &run->end);
}

/* Whatever a message quotes, no secret is in it. */
PRINTF_LIKE(2, 0)
static char *
masked(struct run *run, const char *fmt, va_list ap)
{
	CLEANUP(buf_release) struct buf plain = BUF_INIT;
	struct buf out = BUF_INIT;

	buf_vaddf(&plain, fmt, ap);
	mask_text(run->config->mask, buf_text(&plain), &out);
	return buf_detach(&out, NULL);
}

void
tell_diag(struct run *run, enum diag_code code, struct span where,
	  const char *help, const char *fmt, ...)
{
	CLEANUP(free_ptr) char *message = NULL;
	struct diag *d;
	va_list ap;

	va_start(ap, fmt);
	message = masked(run, fmt, ap);
	va_end(ap);
	d = diag_report(&run->sink, code, where, "%s", message);
	if (help)
		diag_help(d, "%s", help);
	TELL(run, on_diag, d);
}

void
tell_diag_label(struct run *run, enum diag_code code, struct span where,
		const char *label, const char *fmt, ...)
{
	CLEANUP(free_ptr) char *message = NULL;
	struct diag *d;
	va_list ap;

	va_start(ap, fmt);
	message = masked(run, fmt, ap);
	va_end(ap);
	d = diag_report(&run->sink, code, where, "%s", message);
	if (*label)
		diag_label(d, "%s", label);
	TELL(run, on_diag, d);
}
