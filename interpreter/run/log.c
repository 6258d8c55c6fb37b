/* From facts to journal records. */
#include "run/log.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/sha256.h"
#include "exec/local.h"
#include "exec/ptree.h"
#include "exec/remote.h"
#include "run/lost.h"
#include "run/output.h"

void
tell_journal_failed(struct run *run, const char *why)
{
	run->journal_failed = true;
	tell_diag(run, DIAG_JOURNAL_FAILED,
		  (struct span){ run->plan->runbook->doc->src, 0, 0 },
		  "nothing more is run; make room or mend the disk, then "
		  "'runbook resume'",
		  "%s", why);
}

static int
add(struct run *run, struct record *record, enum journal_need need)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (journal_add(run->config->journal, record, need, &error) == 0)
		return 0;
	tell_journal_failed(run, buf_cstr(&error));
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

/* ---- values -------------------------------------------------------------- */

/* A secret is told apart from another one, and not told. */
static struct jval *
value_of(struct run *run, struct text name, bool secret, struct text value)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *o;
	char hex[SHA256_HEX + 1];

	if (!secret)
		return jval_text(value);
	o = jval_object();
	if (journal_secret(run->config->journal, name, value, hex, &error) == 0)
		jval_set(o, "hmac", jval_string(hex));
	return o;
}

static struct jval *
params(struct run *run)
{
	const struct plan *plan = run->plan;
	struct jval *o = jval_object();

	for (uint32_t i = 0; i < plan->values->n_items; i++) {
		const struct given *g = &plan->values->items[i];
		CLEANUP(free_ptr)
		char *name = xmemdup0(g->name.at, g->name.len);

		jval_set(o, name,
			 value_of(run, g->name, plan_is_secret(plan, g->name),
				  g->value));
	}
	return o;
}

static int
add_value(struct run *run, struct text name, bool secret, struct text value,
	  enum value_origin origin)
{
	struct record *r = journal_record(run->config->journal, "value");

	record_text(r, "name", name);
	record_json(r, "value", value_of(run, name, secret, value));
	record_bool(r, "captured", origin == VALUE_CAPTURE);
	return add(run, r, JOURNAL_LAZY);
}

int
log_value(struct run *run, const struct param *p, struct text value,
	  enum value_origin origin)
{
	if (!run->config->journal)
		return 0;
	return add_value(run, p->name, p->secret, value, origin);
}

/* Those with which a run is gone on, where they are not what they were. */
static int
log_other_values(struct run *run)
{
	const struct plan *plan = run->plan;

	for (uint32_t i = 0; i < plan->values->n_items; i++) {
		const struct given *g = &plan->values->items[i];
		const struct progress_value *then =
			progress_value(run->config->resumed, g->name);
		bool secret = plan_is_secret(plan, g->name);

		if (!secret && then && text_eq(then->value, g->value))
			continue;
		if (add_value(run, g->name, secret, g->value, g->origin) < 0)
			return -1;
	}
	return 0;
}

/* ---- the beginning ------------------------------------------------------- */

/* Who decides, and with what program on what machine. */
static void
add_circumstances(struct run *run, struct record *r)
{
	char boot[PTREE_BOOT_ID + 1], host[256] = "";

	ptree_boot_id(boot);
	gethostname(host, sizeof(host) - 1);
	/* Names by what the environment says: a directory service that does
	 * not answer must not keep anybody from mending it. */
	record_int(r, "uid", (int64_t)getuid());
	record_string(r, "user", getenv("USER"));
	record_string(r, "sudo_user", getenv("SUDO_USER"));
	record_string(r, "tty", ttyname(STDIN_FILENO));
	record_string(r, "machine", host);
	record_string(r, "boot", boot);
	record_int(r, "pid", getpid());
	record_string(r, "tool", run->config->version);
	record_string(r, "commit", run->config->commit);
}

/* Of every selected step with its place, as approvals are bound to it. */
static struct jval *
plan_digest(struct plan *plan)
{
	struct sha256 *h = sha256_new();
	char hex[SHA256_HEX + 1];

	for (uint32_t i = 0; i < plan->n_items; i++) {
		sha256_add(h, text_of(plan_confirm_id(plan, &plan->items[i])));
		sha256_add(h, TEXT("\n"));
	}
	sha256_end(h, hex);
	return jval_string(hex);
}

static int
put_document(struct run *run)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (journal_put(run->config->journal, "document.md",
			run->plan->runbook->doc->src->bytes, &error) == 0)
		return 0;
	tell_journal_failed(run, buf_cstr(&error));
	return -1;
}

static int
log_begin(struct run *run)
{
	struct plan *plan = run->plan;
	const struct plan_options *o = plan->options;
	const struct source *src = plan->runbook->doc->src;
	struct record *r;
	char hex[SHA256_HEX + 1];

	if (put_document(run) < 0)
		return -1;
	sha256_hex(src->bytes, hex);
	r = journal_record(run->config->journal, "run");
	record_string(r, "file", src->path);
	record_string(r, "cwd", run->config->cwd);
	if (run->config->ssh_config)
		record_string(r, "ssh_config", run->config->ssh_config);
	record_string(r, "sha256", hex);
	record_text(r, "procedure", plan->procedure->path);
	record_json(r, "steps", texts(o->steps, o->n_steps));
	record_string(r, "from", o->from);
	record_bool(r, "read_only", o->read_only);
	record_json(r, "params", params(run));
	record_int(r, "n_steps", plan->n_items);
	record_json(r, "plan", plan_digest(plan));
	add_circumstances(run, r);
	return add(run, r, JOURNAL_FIRST);
}

/* To go on is somebody's decision, and no step is tried again without one. */
static int
log_resume(struct run *run)
{
	struct record *r = journal_record(run->config->journal, "resume");

	record_json(r, "plan", plan_digest(run->plan));
	add_circumstances(run, r);
	if (add(run, r, JOURNAL_FIRST) < 0)
		return -1;
	return log_other_values(run);
}

int
log_run_start(struct run *run)
{
	if (!run->config->journal)
		return 0;
	return run->config->resumed ? log_resume(run) : log_begin(run);
}

/* ---- a step -------------------------------------------------------------- */

static struct record *
step_record(struct run *run, const char *type, const struct plan_item *item)
{
	struct record *r = journal_record(run->config->journal, type);

	record_string(r, "step", item->step->id);
	return r;
}

int
log_approve(struct run *run, const struct plan_item *item, const char *how)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct record *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "approve", item);
	record_string(r, "how", how);
	record_string(r, "hash", item->hash);
	record_string(r, "host", resolved_host_name(item->resolved, &scratch));
	record_int(r, "attempt", run_attempts_before(run, item) + 1);
	return add(run, r, JOURNAL_LAZY);
}

int
log_skip(struct run *run, const struct plan_item *item)
{
	if (!run->config->journal)
		return 0;
	return add(run, step_record(run, "skip", item), JOURNAL_LAZY);
}

int
log_intent(struct run *run, const struct plan_item *item, uint32_t attempt)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	const char *once = lost_id(run, item, attempt);
	char hex[SHA256_HEX + 1];
	struct record *r;

	if (!run->config->journal)
		return 0;
	sha256_hex(item->resolved->shown, hex);
	r = step_record(run, "intent", item);
	record_int(r, "attempt", attempt);
	record_text(r, "title",
		    text_sub(item->step->label, 0, LIMIT_JOURNAL_TITLE_BYTES));
	record_string(r, "host", resolved_host_name(item->resolved, &scratch));
	record_string(r, "effect", effect_level_name(item->resolved->level));
	record_string(r, "cmd", hex);
	record_int(r, "at_ms", clock_wall_ms(loop_clock(run->config->loop)));
	if (once)
		record_string(r, "once", once);
	return add(run, r,
		   item->resolved->level > EFFECT_READS ? JOURNAL_FIRST
							: JOURNAL_LAZY);
}

bool
log_knows_shell(const struct run *run, const struct target *target)
{
	const struct host *h = run->hosts;

	if (!run->config->journal)
		return true;
	while (h->target != target)
		h = h->next;
	return h->name.len == 0 && local_pid(target) == run->logged_shell;
}

/* The shell of the local steps, so that a later look can tell whether it is
 * still there. */
static void
log_shell(struct run *run, const struct plan_item *item,
	  const struct target *target)
{
	struct ptree_process p;
	pid_t pid = local_pid(target);
	char boot[PTREE_BOOT_ID + 1];
	struct record *r;

	if (log_knows_shell(run, target) || !ptree_look(pid, &p))
		return;
	run->logged_shell = pid;
	ptree_boot_id(boot);
	r = step_record(run, "started", item);
	record_int(r, "pid", pid);
	record_int(r, "ticks", (int64_t)p.started);
	record_string(r, "boot", boot);
	add(run, r, JOURNAL_LAZY);
}

/* What a host's name led to. */
static void
log_host(struct run *run, const struct plan_item *item,
	 const struct target *target, struct host *h)
{
	const char *identity = remote_identity(target);
	const char *key = remote_fingerprint(target);
	struct record *r;

	if (h->logged || !identity || !key)
		return;
	h->logged = true;
	r = step_record(run, "started", item);
	record_text(r, "host", h->name);
	record_string(r, "identity", identity);
	record_string(r, "key", key);
	add(run, r, JOURNAL_LAZY);
}

void
log_started(struct run *run, const struct plan_item *item,
	    struct target *target)
{
	struct host *h = run->hosts;

	if (!run->config->journal || run->journal_failed)
		return;
	while (h->target != target)
		h = h->next;
	if (h->name.len == 0)
		log_shell(run, item, target);
	else
		log_host(run, item, target, h);
}

static struct jval *
wants_of(const struct step_end *end)
{
	struct jval *o = jval_object();

	jval_set(o, "met", jval_int(end->n_met));
	jval_set(o, "unmet", jval_int(end->n_unmet));
	jval_set(o, "warned", jval_int(end->n_warned));
	return o;
}

static void
add_number(struct record *r, const char *key, bool known, int n)
{
	if (known)
		record_int(r, key, n);
	else
		record_null(r, key);
}

int
log_end(struct run *run, const struct plan_item *item, uint32_t attempt,
	struct step_end *end)
{
	struct record *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "end", item);
	record_int(r, "attempt", attempt);
	record_string(r, "status", run_status_name(end->status));
	record_bool(r, "dispatched", end->dispatched);
	add_number(r, "exit", end->code >= 0, end->code);
	add_number(r, "signal", end->signal != 0, end->signal);
	record_int(r, "elapsed_ms", end->elapsed_ms);
	if (end->line)
		record_int(r, "line", end->line);
	if (item->step->n_wants)
		record_json(r, "wants", wants_of(end));
	if (run->kept)
		record_int(r, "kept", run->kept);
	end->truncated = log_end_outputs(run, item, r);
	if (add(run, r,
		item->resolved->level > EFFECT_READS ? JOURNAL_DURABLE
						     : JOURNAL_LAZY) < 0)
		return -1;
	return run->journal_failed ? -1 : 0;
}

int
log_late(struct run *run, const struct plan_item *item, enum job_stream stream,
	 struct output_file *file, const char *name)
{
	static const char *const streams[] = { [JOB_STDOUT] = "stdout",
					       [JOB_STDERR] = "stderr",
					       [JOB_TTY] = "tty" };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct output_end end;
	struct record *r;

	if (output_file_end(file, &end, &error) < 0)
		tell_journal_failed(run, buf_cstr(&error));
	if (run->journal_failed)
		return -1;
	r = step_record(run, "late", item);
	record_string(r, "stream", streams[stream]);
	record_string(r, "file", name);
	record_int(r, "bytes", (int64_t)end.total);
	record_string(r, "sha256", end.sha256);
	if (end.cut)
		record_bool(r, "truncated", true);
	return add(run, r, JOURNAL_LAZY);
}

int
log_resolve(struct run *run, const struct plan_item *item, const char *decision)
{
	struct record *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "resolve", item);
	record_string(r, "decision", decision);
	return add(run, r, JOURNAL_FIRST);
}

int
log_close(struct run *run)
{
	struct record *r;

	if (!run->config->journal || run->journal_failed || !run->logged)
		return 0;
	r = journal_record(run->config->journal, "close");
	record_string(r, "status", run_status_name(run->end.status));
	record_int(r, "exit", run->end.exit);
	record_int(r, "elapsed_ms", run->end.elapsed_ms);
	record_string(r, "next",
		      run->end.next ? run->end.next->step->id : NULL);
	return add(run, r, JOURNAL_DURABLE);
}
