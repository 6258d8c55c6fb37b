/* The places where steps run, each opened once. */
#include "base/alloc.h"
#include "exec/remote.h"
#include "run/run.h"

/* A host of this run is the one that it was, also after a break. */
static void
expect_known(struct run *run, struct host *h)
{
	const struct progress *p = run->config->resumed;
	const struct progress_host *known =
		p && h->name.len ? progress_host(p, h->name) : NULL;
	CLEANUP(free_ptr) char *identity = NULL;
	CLEANUP(free_ptr) char *key = NULL;

	if (!known)
		return;
	identity = xmemdup0(known->identity.at, known->identity.len);
	key = xmemdup0(known->key.at, known->key.len);
	remote_expect(h->target, identity, key);
	h->logged = true;
}

struct target *
run_target(struct run *run, const struct plan_item *item, struct buf *reterr)
{
	struct text name = item->resolved->dispatch == DISPATCH_REMOTE ||
					   item->step->kind == STEP_FILE
				   ? item->resolved->host
				   : (struct text){ NULL, 0 };
	struct host *h;

	for (h = run->hosts; h; h = h->next) {
		if (text_eq(h->name, name))
			return h->target;
	}
	h = xcalloc(1, sizeof(*h));
	h->name = name;
	h->target =
		run->config->open_target(run->config->open_ctx, name, reterr);
	if (!h->target) {
		free(h);
		return NULL;
	}
	expect_known(run, h);
	late_listen(run, h->target);
	h->next = run->hosts;
	run->hosts = h;
	return h->target;
}

static const char *
names_or_null(struct run *run, const struct buf *names)
{
	return names->len ? arena_text(run->plan->arena, buf_text(names)).at
			  : NULL;
}

void
run_end_jobs(struct run *run)
{
	CLEANUP(buf_release) struct buf ended = BUF_INIT;
	CLEANUP(buf_release) struct buf left = BUF_INIT;

	for (struct host *h = run->hosts; h; h = h->next)
		target_end(h->target, &ended, &left);
	run->end.jobs_ended = names_or_null(run, &ended);
	run->end.jobs_left = names_or_null(run, &left);
}

void
run_close_hosts(struct run *run)
{
	while (run->hosts) {
		struct host *next = run->hosts->next;

		target_free(run->hosts->target);
		free(run->hosts);
		run->hosts = next;
	}
}
