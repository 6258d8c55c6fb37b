/* Probes. */
#include "exec/remote_probe.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/remote.h"
#include "exec/remote_exec.h"

enum {
	ANSWER_BYTES = 4096
};

struct remote_probe {
	struct loop *loop;
	struct remote_exec *exec;
	struct loop_timer *limit;
	char *id;
	struct buf out, err;
	remote_probe_fn *fn;
	void *ctx;
};

struct remote_probe *
remote_probe_free(struct remote_probe *p)
{
	if (!p)
		return NULL;
	remote_exec_free(p->exec);
	loop_cancel(p->limit);
	buf_release(&p->out);
	buf_release(&p->err);
	free(p->id);
	free(p);
	return NULL;
}

static size_t
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct remote_probe *p = ctx;
	struct buf *b = stream == JOB_STDERR ? &p->err : &p->out;

	buf_addt(b, text_sub(bytes, 0, ANSWER_BYTES - b->len));
	return bytes.len;
}

static void
tell(struct remote_probe *p, const struct once_answer *answer,
     const char *message)
{
	p->fn(p->ctx, answer, message);
	remote_probe_free(p);
}

static void
on_limit(void *ctx)
{
	struct remote_probe *p = ctx;

	p->limit = NULL;
	tell(p, NULL, "it does not answer in time");
}

/* A login shell may say something of its own before. */
static void
on_end(void *ctx, enum remote_end end UNUSED, int code UNUSED,
       bool left_open UNUSED, const char *message)
{
	struct remote_probe *p = ctx;
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	struct text rest = buf_text(&p->out), line;
	struct once_answer answer;

	p->exec = NULL;
	while (text_next_line(&rest, &line)) {
		if (!once_read(line, p->id, &answer))
			continue;
		tell(p, &answer, NULL);
		return;
	}
	if (message)
		buf_adds(&why, message);
	else
		buf_adds(&why, "it does not answer as a shell would");
	tell(p, NULL, buf_cstr(&why));
}

struct remote_probe *
remote_probe_start(struct target *target, const char *id, remote_probe_fn *fn,
		   void *ctx)
{
	struct remote_probe *p = xcalloc(1, sizeof(*p));
	struct remote_exec_events on = { .on_output = on_output,
					 .on_end = on_end,
					 .ctx = p };
	CLEANUP(buf_release) struct buf command = BUF_INIT;
	struct remote_exec_spec spec = { 0 };

	p->loop = target->loop;
	p->id = xstrdup(id);
	p->fn = fn;
	p->ctx = ctx;
	once_probe(&command, id);
	spec.command = buf_text(&command);
	p->limit = loop_after(p->loop, LIMIT_LOST_ASK_MS, on_limit, p);
	p->exec = remote_exec_start(p->loop, remote_host(target), &spec, &on);
	return p;
}
