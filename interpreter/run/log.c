/* From facts to journal records. */
#include "run/log.h"

#include "base/alloc.h"
#include "base/sha256.h"
#include "run/output.h"

static int
add(struct run *run, struct jval *record, bool durable)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (journal_add(run->config->journal, record, durable, &error) == 0)
		return 0;
	run->journal_failed = true;
	tell_diag(run, DIAG_JOURNAL_FAILED,
		  (struct span){ run->plan->runbook->doc->src, 0, 0 },
		  "nothing more is run; make room or mend the disk, then "
		  "'runbook resume'",
		  "%s", buf_cstr(&error));
	return -1;
}

static struct jval *
texts(const char *const *list, size_t n)
{
	struct jval *array = jval_array();

	for (size_t i = 0; i < n; i++)
		jval_push(array, jval_string(list[i]));
	return array;
}

static struct jval *
params(const struct plan *plan)
{
	struct jval *o = jval_object();

	for (uint32_t i = 0; i < plan->values->n_items; i++) {
		const struct given *g = &plan->values->items[i];
		const struct param *p =
			procedure_param(plan->procedure, g->name);
		CLEANUP(free_ptr)
		char *name = xmemdup0(g->name.at, g->name.len);

		jval_set(o, name,
			 p && p->secret ? jval_null() : jval_text(g->value));
	}
	return o;
}

int
log_run_start(struct run *run)
{
	struct journal *j = run->config->journal;
	struct plan *plan = run->plan;
	const struct plan_options *o = plan->options;
	struct text bytes = plan->runbook->doc->src->bytes;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *r;
	char hex[SHA256_HEX + 1];

	if (!j || run->config->resumed)
		return 0;
	sha256_hex(bytes, hex);
	if (journal_put(j, "document.md", bytes, &error) < 0) {
		tell_diag(run, DIAG_JOURNAL_FAILED,
			  (struct span){ plan->runbook->doc->src, 0, 0 }, NULL,
			  "%s", buf_cstr(&error));
		run->journal_failed = true;
		return -1;
	}
	r = journal_record(j, "run");
	jval_set(r, "file", jval_string(plan->runbook->doc->src->path));
	jval_set(r, "cwd", jval_string(run->config->cwd));
	jval_set(r, "sha256", jval_string(hex));
	jval_set(r, "procedure", jval_text(plan->procedure->path));
	jval_set(r, "steps", texts(o->steps, o->n_steps));
	jval_set(r, "from", jval_string(o->from));
	jval_set(r, "read_only", jval_bool(o->read_only));
	jval_set(r, "params", params(plan));
	jval_set(r, "n_steps", jval_int(plan->n_items));
	return add(run, r, true);
}

static struct jval *
step_record(struct run *run, const char *type, const struct plan_item *item)
{
	struct jval *r = journal_record(run->config->journal, type);

	jval_set(r, "step", jval_string(item->step->id));
	return r;
}

int
log_intent(struct run *run, const struct plan_item *item, uint32_t attempt)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	char hex[SHA256_HEX + 1];
	struct jval *r;

	if (!run->config->journal)
		return 0;
	sha256_hex(item->resolved->shown, hex);
	r = step_record(run, "intent", item);
	jval_set(r, "attempt", jval_int(attempt));
	jval_set(r, "title", jval_text(item->step->title));
	jval_set(r, "host", jval_string(step_host_name(item->step, &scratch)));
	jval_set(r, "effect",
		 jval_string(effect_level_name(item->resolved->level)));
	jval_set(r, "cmd", jval_string(hex));
	return add(run, r, item->resolved->level > EFFECT_READS);
}

/* ---- output
 * --------------------------------------------------------------------- */

static void
output_name(struct buf *b, const struct run *run, const struct plan_item *item,
	    bool err)
{
	buf_addf(b, "step-%03u.%u.%s", item->number, run->attempt,
		 err ? "err" : "out");
}

static struct output_file *
open_output(struct run *run, const struct plan_item *item,
	    enum job_stream stream)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	int fd;

	output_name(&name, run, item, stream == JOB_STDERR);
	fd = journal_open_output(run->config->journal, buf_cstr(&name), &error);
	if (fd >= 0)
		return output_file_new(fd);
	if (!run->output_failed)
		tell_diag(run, DIAG_JOURNAL_FAILED,
			  (struct span){ run->plan->runbook->doc->src, 0, 0 },
			  NULL, "%s", buf_cstr(&error));
	run->output_failed = true;
	return NULL;
}

void
log_output(struct run *run, const struct plan_item *item,
	   enum job_stream stream, struct text bytes)
{
	struct output_file **f = &run->outputs[stream == JOB_STDERR];

	if (!run->config->journal || item->step->sensitive)
		return;
	if (!*f)
		*f = open_output(run, item, stream);
	if (*f)
		output_file_add(*f, bytes);
}

/* Close both files; their names and sizes go into RECORD. */
static void
end_outputs(struct run *run, const struct plan_item *item, struct jval *record)
{
	static const char *const names[] = { "out", "err" };
	static const char *const keys[] = { "out_bytes", "err_bytes" };

	for (size_t i = 0; i < ARRAY_LEN(run->outputs); i++) {
		CLEANUP(buf_release) struct buf error = BUF_INIT;
		CLEANUP(buf_release) struct buf name = BUF_INIT;
		uint64_t total = 0;
		bool cut = false;

		if (!run->outputs[i])
			continue;
		if (output_file_end(run->outputs[i], &total, &cut, &error) <
		    0) {
			run->output_failed = true;
			tell_diag(run, DIAG_JOURNAL_FAILED,
				  (struct span){ run->plan->runbook->doc->src,
						 0, 0 },
				  NULL, "%s", buf_cstr(&error));
		}
		run->outputs[i] = NULL;
		output_name(&name, run, item, i == 1);
		jval_set(record, names[i], jval_text(buf_text(&name)));
		jval_set(record, keys[i], jval_int((int64_t)total));
		if (cut)
			jval_set(record, "truncated", jval_bool(true));
	}
}

int
log_end(struct run *run, const struct plan_item *item, uint32_t attempt,
	const struct step_end *end)
{
	struct jval *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "end", item);
	jval_set(r, "attempt", jval_int(attempt));
	jval_set(r, "status", jval_string(run_status_name(end->status)));
	jval_set(r, "dispatched", jval_bool(end->dispatched));
	jval_set(r, "exit", end->code >= 0 ? jval_int(end->code) : jval_null());
	jval_set(r, "signal",
		 end->signal ? jval_int(end->signal) : jval_null());
	jval_set(r, "elapsed_ms", jval_int(end->elapsed_ms));
	end_outputs(run, item, r);
	return add(run, r, item->resolved->level > EFFECT_READS);
}

int
log_approve(struct run *run, const struct plan_item *item, const char *how)
{
	struct jval *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "approve", item);
	resolved_hash(item->step, item->resolved);
	jval_set(r, "how", jval_string(how));
	jval_set(r, "hash", jval_string(item->resolved->hash));
	return add(run, r, false);
}

int
log_resolve(struct run *run, const struct plan_item *item, const char *decision)
{
	struct jval *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "resolve", item);
	jval_set(r, "decision", jval_string(decision));
	return add(run, r, true);
}

int
log_close(struct run *run)
{
	struct jval *r;

	if (!run->config->journal || run->journal_failed || !run->logged)
		return 0;
	r = journal_record(run->config->journal, "close");
	jval_set(r, "status", jval_string(run_status_name(run->end.status)));
	jval_set(r, "exit", jval_int(run->end.exit));
	jval_set(r, "elapsed_ms", jval_int(run->end.elapsed_ms));
	jval_set(r, "next",
		 jval_string(run->end.next ? run->end.next->step->id : NULL));
	return add(run, r, true);
}
