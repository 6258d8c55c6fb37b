/* Writing events. */
#include "report/events.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/fd.h"
#include "base/json.h"
#include "base/sha256.h"
#include "diag/source.h"
#include "report/plan_report.h"
#include "report/show.h"
#include "report/why.h"

enum {
	DATA_MAX = 64 * 1024
};

struct events {
	int error; /* see events_error */
	struct observer observer;
	int fd;
	const struct clock *clock;
	const char *const *resume;
	struct plan *plan; /* of the run; borrowed */
	char *run_id;
	int64_t seq;
	struct buf held[3]; /* the beginning of a UTF-8 sequence, per stream */
};

/* ---- one line
 * --------------------------------------------------------------------- */

static struct jval *
begin(struct events *e, const char *type)
{
	CLEANUP(buf_release) struct buf time = BUF_INIT;
	struct jval *o = jval_object();

	clock_format_utc(clock_wall_ms(e->clock), &time);
	jval_set(o, "type", jval_string(type));
	jval_set(o, "time", jval_text(buf_text(&time)));
	jval_set(o, "run", jval_string(e->run_id));
	jval_set(o, "seq", jval_int(++e->seq));
	return o;
}

static void
end(struct events *e, struct jval *o)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	jval_write(o, false, &line);
	buf_addc(&line, '\n');
	/* A reader that went away does not stop a run half done. */
	if (fd_write_heeding(e->fd, line.bytes, line.len) < 0 &&
	    errno != EPIPE && errno != EINTR)
		e->error = errno;
	jval_free(o);
}

static struct jval *
params_of(const struct plan *plan)
{
	struct jval *o = jval_object();

	for (uint32_t i = 0; i < plan->procedure->n_params; i++) {
		const struct param *p = plan->procedure->params[i];
		struct text value = values_lookup(plan->values, p);
		CLEANUP(free_ptr)
		char *name = xmemdup0(p->name.at, p->name.len);

		jval_set(o, name,
			 p->secret || !value.at ? jval_null()
						: jval_text(value));
	}
	return o;
}

static void
on_run_start(void *ctx, struct plan *plan)
{
	struct events *e = ctx;
	struct jval *o;
	char hex[SHA256_HEX + 1];

	e->plan = plan;
	sha256_hex(plan->runbook->doc->src->bytes, hex);
	o = begin(e, "run_start");
	jval_set(o, "file", jval_string(plan->runbook->doc->src->path));
	jval_set(o, "sha256", jval_string(hex));
	jval_set(o, "procedure", jval_text(plan->procedure->path));
	jval_set(o, "steps", jval_int(plan->n_items));
	jval_set(o, "params", params_of(plan));
	end(e, o);
}

static void
on_step_start(void *ctx, const struct plan_item *item, uint32_t attempt)
{
	struct events *e = ctx;
	const struct step *s = item->step;
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct jval *o = begin(e, "step_start");
	char hex[SHA256_HEX + 1];

	sha256_hex(item->resolved->shown, hex);
	jval_set(o, "step", jval_string(s->id));
	jval_set(o, "title", jval_text(s->title));
	jval_set(o, "line", jval_int(s->line));
	jval_set(o, "host",
		 jval_string(resolved_host_name(item->resolved, &scratch)));
	jval_set(o, "io", jval_string(step_io_name(item->resolved->io)));
	jval_set(o, "effect",
		 jval_string(effect_level_name(item->resolved->level)));
	jval_set(o, "attempt", jval_int(attempt));
	jval_set(o, "command_sha256", jval_string(hex));
	end(e, o);
}

/* ---- output
 * --------------------------------------------------------------------- */

static void
write_output(struct events *e, const struct plan_item *item,
	     enum job_stream stream, struct text data, bool late)
{
	static const char *const names[] = { "stdout", "stderr", "tty" };
	struct jval *o = begin(e, "output");

	jval_set(o, "step", jval_string(item->step->id));
	jval_set(o, "stream", jval_string(names[stream]));
	if (late)
		jval_set(o, "late", jval_bool(true));
	if (text_is_utf8(data)) {
		jval_set(o, "data", jval_text(data));
	} else {
		CLEANUP(buf_release) struct buf b = BUF_INIT;

		base64_add(&b, data);
		jval_set(o, "data_b64", jval_text(buf_text(&b)));
	}
	end(e, o);
}

/* How many bytes at the end of T are the beginning of a UTF-8 sequence. */
static size_t
unfinished(struct text t)
{
	for (size_t n = 1; n <= 3 && n <= t.len; n++) {
		unsigned char c = (unsigned char)t.at[t.len - n];

		if ((c & 0xc0) == 0x80)
			continue;
		if (c >= 0xf0)
			return n < 4 ? n : 0;
		if (c >= 0xe0)
			return n < 3 ? n : 0;
		return c >= 0xc2 && n < 2 ? n : 0;
	}
	return 0;
}

/* At most DATA_MAX bytes of T that end with a whole character. */
static struct text
next_piece(struct text t)
{
	struct text piece = text_sub(t, 0, DATA_MAX);

	return piece.len < t.len
		       ? text_sub(piece, 0, piece.len - unfinished(piece))
		       : piece;
}

static void
on_output(void *ctx, const struct plan_item *item, enum job_stream stream,
	  struct text bytes)
{
	struct events *e = ctx;
	struct buf *held = &e->held[stream];
	struct text rest;
	size_t keep;

	buf_addt(held, bytes);
	keep = unfinished(buf_text(held));
	rest = text_sub(buf_text(held), 0, held->len - keep);
	while (rest.len) {
		struct text piece = next_piece(rest);

		write_output(e, item, stream, piece, false);
		rest = text_sub(rest, piece.len, rest.len);
	}
	buf_drop(held, held->len - keep);
}

/* Steps may do so by turns: each text for itself. */
static void
on_late(void *ctx, const struct plan_item *item, enum job_stream stream,
	struct text bytes)
{
	while (bytes.len) {
		struct text piece = next_piece(bytes);

		write_output(ctx, item, stream, piece, true);
		bytes = text_sub(bytes, piece.len, bytes.len);
	}
}

static void
flush_held(struct events *e, const struct plan_item *item)
{
	for (size_t i = 0; i < ARRAY_LEN(e->held); i++) {
		if (e->held[i].len)
			write_output(e, item, (enum job_stream)i,
				     buf_text(&e->held[i]), false);
		buf_clear(&e->held[i]);
	}
}

/* ---- results
 * ------------------------------------------------------------------- */

static void
on_want(void *ctx, const struct plan_item *item, const struct want *want,
	const struct want_result *result)
{
	struct events *e = ctx;
	struct jval *o;

	flush_held(e, item);
	o = begin(e, "want");
	jval_set(o, "step", jval_string(item->step->id));
	jval_set(o, "kind", jval_string(want_kind_name(want->kind)));
	jval_set(o, "status",
		 jval_string(result->met      ? "met"
			     : want->inferred ? "warned"
					      : "unmet"));
	jval_set(o, "line",
		 jval_int(span_line(!result->met && result->where.src
					    ? result->where
					    : want->where)));
	jval_set(o, "want", jval_text(want->text));
	jval_set(o, "got", jval_text(buf_text(&result->got)));
	jval_set(o, "diff", jval_text(buf_text(&result->diff)));
	end(e, o);
}

static void
confirm_required(struct events *e, struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	CLEANUP(buf_release) struct buf option = BUF_INIT;
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	struct jval *o = begin(e, "confirm_required");

	why_worst(&reason, plan, item);
	plan_option(&option, plan, item);
	jval_set(o, "step", jval_string(item->step->id));
	jval_set(o, "effect",
		 jval_string(effect_level_name(item->resolved->level)));
	jval_set(o, "reason", jval_text(buf_text(&reason)));
	jval_set(o, "object", jval_text(plan_word(plan, item).word));
	jval_set(o, "host",
		 jval_string(resolved_host_name(item->resolved, &scratch)));
	jval_set(o, "option", jval_text(buf_text(&option)));
	jval_set(o, "question", show_json_text(text_trim(item->step->confirm)));
	end(e, o);
}

/* ITEM, and what would stop the run behind it: nobody approves what he was not
 * shown. */
static void
on_stop(void *ctx, struct plan *plan, struct plan_item *item, bool asked UNUSED)
{
	confirm_required(ctx, plan, item);
	for (uint32_t i = item->number; i < plan->n_items; i++) {
		struct plan_item *later = &plan->items[i];

		if (!later->dropped &&
		    (later->stops & (STOP_TYPED | STOP_EFFECT | STOP_CONFIRM)))
			confirm_required(ctx, plan, later);
	}
}

static void
on_step_end(void *ctx, const struct plan_item *item,
	    const struct step_end *step)
{
	struct events *e = ctx;
	struct jval *o;

	flush_held(e, item);
	o = begin(e, "step_end");
	jval_set(o, "step", jval_string(item->step->id));
	jval_set(o, "status", jval_string(run_status_name(step->status)));
	jval_set(o, "exit",
		 step->code >= 0 ? jval_int(step->code) : jval_null());
	jval_set(o, "signal",
		 step->signal ? jval_int(step->signal) : jval_null());
	jval_set(o, "elapsed_ms", jval_int(step->elapsed_ms));
	jval_set(o, "note", jval_string(step->note));
	end(e, o);
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct events *e = ctx;
	struct jval *o = begin(e, "diagnostic");
	struct place at = { 0, 0, 0, 0 };

	if (d->where.src)
		at = source_place(d->where.src, d->where.start);
	jval_set(o, "path",
		 jval_string(d->where.src ? d->where.src->path : NULL));
	jval_set(o, "line", jval_int(at.line));
	jval_set(o, "column", jval_int(at.column));
	jval_set(o, "level", jval_string(diag_level_name(d->level)));
	jval_set(o, "code", jval_string(diag_info(d->code)->number));
	jval_set(o, "rule", jval_string(diag_info(d->code)->alias));
	jval_set(o, "message", jval_string(d->message));
	jval_set(o, "help", jval_string(d->help));
	end(e, o);
}

/* What was already asked for by other steps. */
struct asked {
	const struct param **values;
	uint32_t n_values;
	unsigned allowed; /* bit per enum effect_level */
};

static bool
is_new(struct arena *arena, struct asked *asked, const struct plan_approval *a,
       enum effect_level level)
{
	unsigned bit = strcmp(a->option, "--allow") == 0 ? 1u << level : 0;

	if (asked->allowed & bit)
		return false;
	asked->allowed |= bit;
	for (uint32_t i = 0; a->missing && i < asked->n_values; i++) {
		if (asked->values[i] == a->missing)
			return false;
	}
	if (a->missing)
		ARENA_PUSH(arena, asked->values, asked->n_values, a->missing);
	return true;
}

/* The options that the steps from the next one on want, each once. */
static void
approve_rest(struct plan *plan, const struct plan_item *next, struct jval *list)
{
	struct asked asked = { .allowed = 0 };

	for (uint32_t i = next->number - 1; i < plan->n_items; i++) {
		struct plan_item *item = &plan->items[i];
		struct plan_approval a;

		if (item->dropped)
			continue;
		for (uint32_t k = 0; plan_approval_at(plan, item, k, &a); k++) {
			if (!is_new(plan->arena, &asked, &a,
				    item->resolved->level))
				continue;
			jval_push(list, jval_string(a.option));
			jval_push(list, jval_string(a.value));
		}
	}
}

static struct jval *
resume_words(const struct events *e, const struct run_end *run)
{
	struct jval *list = jval_array();

	if (!run->next)
		return list;
	for (const char *const *word = e->resume; *word; word++)
		jval_push(list, jval_string(*word));
	if (run->status == RUN_STATUS_STOPPED)
		approve_rest(e->plan, run->next, list);
	return list;
}

static void
on_run_end(void *ctx, const struct run_end *run)
{
	struct events *e = ctx;
	struct jval *o = begin(e, "run_end");

	jval_set(o, "status", jval_string(run_status_name(run->status)));
	jval_set(o, "exit", jval_int(run->exit));
	for (int i = 0; i < RUN_STATUS_COUNT; i++)
		jval_set(o, run_status_name((enum run_status)i),
			 jval_int(run->count[i]));
	jval_set(o, "elapsed_ms", jval_int(run->elapsed_ms));
	jval_set(o, "resume", resume_words(e, run));
	if (run->jobs_ended)
		jval_set(o, "jobs_ended", jval_string(run->jobs_ended));
	if (run->jobs_left)
		jval_set(o, "jobs_left", jval_string(run->jobs_left));
	end(e, o);
}

/* ---- life cycle
 * ------------------------------------------------------------------ */

static void
write_version(struct events *e, const char *version, const char *commit)
{
	struct jval *o = begin(e, "version");

	jval_set(o, "schema", jval_string("1.0"));
	jval_set(o, "tool", jval_string(version));
	jval_set(o, "commit", jval_string(commit));
	end(e, o);
}

struct events *
events_new(int fd, const struct clock *clock, const char *run_id,
	   const char *version, const char *commit, const char *const *resume)
{
	struct events *e = xcalloc(1, sizeof(*e));

	e->fd = fd;
	e->clock = clock;
	e->run_id = xstrdup(run_id);
	e->resume = resume;
	e->observer = (struct observer){
		.on_run_start = on_run_start,
		.on_step_start = on_step_start,
		.on_output = on_output,
		.on_late = on_late,
		.on_want = on_want,
		.on_stop = on_stop,
		.on_step_end = on_step_end,
		.on_diag = on_diag,
		.on_run_end = on_run_end,
		.ctx = e,
	};
	write_version(e, version, commit);
	return e;
}

int
events_error(const struct events *e)
{
	return e->error;
}

struct events *
events_free(struct events *e)
{
	if (e) {
		for (size_t i = 0; i < ARRAY_LEN(e->held); i++)
			buf_release(&e->held[i]);
		free(e->run_id);
		free(e);
	}
	return NULL;
}

const struct observer *
events_observer(struct events *e)
{
	return &e->observer;
}
