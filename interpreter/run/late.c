/* What the processes of a step print when it is over: told and kept as the
 * output of the step that left them. */
#include "base/alloc.h"
#include "run/log.h"
#include "run/output.h"
#include "run/run.h"

/* One stream of one step. */
struct late {
	struct late *next;
	const struct plan_item *item;
	enum job_stream stream;
	struct mask_stream *mask;
	struct output_file *file; /* NULL: it is not kept */
	struct buf name;          /* of the file */
};

static const struct plan_item *
item_of(const struct run *run, uint32_t label)
{
	for (uint32_t i = 0; i < run->plan->n_items; i++) {
		if (run->plan->items[i].number == label)
			return &run->plan->items[i];
	}
	return NULL;
}

static struct late *
late_of(struct run *run, const struct plan_item *item, enum job_stream stream)
{
	struct late **at = &run->late;

	while (*at) {
		if ((*at)->item == item && (*at)->stream == stream)
			return *at;
		at = &(*at)->next;
	}
	*at = xcalloc(1, sizeof(**at));
	(*at)->item = item;
	(*at)->stream = stream;
	(*at)->mask = mask_stream_new(run->config->mask);
	(*at)->file = log_open_late(run, item, stream, &(*at)->name);
	return *at;
}

static void
pass_on(struct run *run, struct late *l, struct buf *masked)
{
	if (masked->len) {
		tell_late(run, l->item, l->stream, buf_text(masked));
		if (l->file)
			output_file_add(l->file, buf_text(masked));
	}
	buf_clear(masked);
}

static void
on_late(void *ctx, uint32_t label, enum job_stream stream, struct text bytes)
{
	struct run *run = ctx;
	const struct plan_item *item = item_of(run, label);
	CLEANUP(buf_release) struct buf masked = BUF_INIT;
	struct late *l;

	if (!item || bytes.len == 0)
		return;
	l = late_of(run, item, stream);
	mask_write(l->mask, bytes, &masked);
	pass_on(run, l, &masked);
}

void
late_listen(struct run *run, struct target *target)
{
	target_on_late(target, on_late, run);
}

void
late_end(struct run *run)
{
	/* what has come in this moment */
	if (run->hosts)
		loop_step(run->config->loop, 0);
	for (struct host *h = run->hosts; h; h = h->next)
		target_on_late(h->target, NULL, NULL);
	while (run->late) {
		CLEANUP(buf_release) struct buf masked = BUF_INIT;
		struct late *l = run->late;

		run->late = l->next;
		mask_flush(l->mask, &masked);
		pass_on(run, l, &masked);
		if (l->file)
			log_late(run, l->item, l->stream, l->file,
				 buf_cstr(&l->name));
		mask_stream_free(l->mask);
		buf_release(&l->name);
		free(l);
	}
}
