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
add(struct run *run, struct jval *record, enum journal_need need)
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
	struct jval *r = journal_record(run->config->journal, "value");

	jval_set(r, "name", jval_text(name));
	jval_set(r, "value", value_of(run, name, secret, value));
	jval_set(r, "captured", jval_bool(origin == VALUE_CAPTURE));
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
add_circumstances(struct run *run, struct jval *r)
{
	char boot[PTREE_BOOT_ID + 1], host[256] = "";

	ptree_boot_id(boot);
	gethostname(host, sizeof(host) - 1);
	/* Names by what the environment says: a directory service that does
	 * not answer must not keep anybody from mending it. */
	jval_set(r, "uid", jval_int((int64_t)getuid()));
	jval_set(r, "user", jval_string(getenv("USER")));
	jval_set(r, "sudo_user", jval_string(getenv("SUDO_USER")));
	jval_set(r, "tty", jval_string(ttyname(STDIN_FILENO)));
	jval_set(r, "machine", jval_string(host));
	jval_set(r, "boot", jval_string(boot));
	jval_set(r, "pid", jval_int(getpid()));
	jval_set(r, "tool", jval_string(run->config->version));
	jval_set(r, "commit", jval_string(run->config->commit));
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
	struct jval *r;
	char hex[SHA256_HEX + 1];

	if (put_document(run) < 0)
		return -1;
	sha256_hex(src->bytes, hex);
	r = journal_record(run->config->journal, "run");
	jval_set(r, "file", jval_string(src->path));
	jval_set(r, "cwd", jval_string(run->config->cwd));
	if (run->config->ssh_config)
		jval_set(r, "ssh_config", jval_string(run->config->ssh_config));
	jval_set(r, "sha256", jval_string(hex));
	jval_set(r, "procedure", jval_text(plan->procedure->path));
	jval_set(r, "steps", texts(o->steps, o->n_steps));
	jval_set(r, "from", jval_string(o->from));
	jval_set(r, "read_only", jval_bool(o->read_only));
	jval_set(r, "params", params(run));
	jval_set(r, "n_steps", jval_int(plan->n_items));
	jval_set(r, "plan", plan_digest(plan));
	add_circumstances(run, r);
	return add(run, r, JOURNAL_FIRST);
}

/* To go on is somebody's decision, and no step is tried again without one. */
static int
log_resume(struct run *run)
{
	struct jval *r = journal_record(run->config->journal, "resume");

	jval_set(r, "plan", plan_digest(run->plan));
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

static struct jval *
step_record(struct run *run, const char *type, const struct plan_item *item)
{
	struct jval *r = journal_record(run->config->journal, type);

	jval_set(r, "step", jval_string(item->step->id));
	return r;
}

int
log_approve(struct run *run, const struct plan_item *item, const char *how)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct jval *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "approve", item);
	jval_set(r, "how", jval_string(how));
	jval_set(r, "hash", jval_string(item->hash));
	jval_set(r, "host",
		 jval_string(resolved_host_name(item->resolved, &scratch)));
	jval_set(r, "attempt", jval_int(run_attempts_before(run, item) + 1));
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
	struct jval *r;

	if (!run->config->journal)
		return 0;
	sha256_hex(item->resolved->shown, hex);
	r = step_record(run, "intent", item);
	jval_set(r, "attempt", jval_int(attempt));
	jval_set(r, "title", jval_text(item->step->label));
	jval_set(r, "host",
		 jval_string(resolved_host_name(item->resolved, &scratch)));
	jval_set(r, "effect",
		 jval_string(effect_level_name(item->resolved->level)));
	jval_set(r, "cmd", jval_string(hex));
	jval_set(r, "at_ms",
		 jval_int(clock_wall_ms(loop_clock(run->config->loop))));
	if (once)
		jval_set(r, "once", jval_string(once));
	return add(run, r,
		   item->resolved->level > EFFECT_READS ? JOURNAL_FIRST
							: JOURNAL_LAZY);
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
	struct jval *r;

	if (pid == run->logged_shell || !ptree_look(pid, &p))
		return;
	run->logged_shell = pid;
	ptree_boot_id(boot);
	r = step_record(run, "started", item);
	jval_set(r, "pid", jval_int(pid));
	jval_set(r, "ticks", jval_int((int64_t)p.started));
	jval_set(r, "boot", jval_string(boot));
	add(run, r, JOURNAL_LAZY);
}

/* What a host's name led to. */
static void
log_host(struct run *run, const struct plan_item *item,
	 const struct target *target, struct host *h)
{
	const char *identity = remote_identity(target);
	const char *key = remote_fingerprint(target);
	struct jval *r;

	if (h->logged || !identity || !key)
		return;
	h->logged = true;
	r = step_record(run, "started", item);
	jval_set(r, "host", jval_text(h->name));
	jval_set(r, "identity", jval_string(identity));
	jval_set(r, "key", jval_string(key));
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

int
log_end(struct run *run, const struct plan_item *item, uint32_t attempt,
	struct step_end *end)
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
	if (end->line)
		jval_set(r, "line", jval_int(end->line));
	if (item->step->n_wants)
		jval_set(r, "wants", wants_of(end));
	if (run->kept)
		jval_set(r, "kept", jval_int(run->kept));
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
	struct jval *r;

	if (output_file_end(file, &end, &error) < 0)
		tell_journal_failed(run, buf_cstr(&error));
	if (run->journal_failed)
		return -1;
	r = step_record(run, "late", item);
	jval_set(r, "stream", jval_string(streams[stream]));
	jval_set(r, "file", jval_string(name));
	jval_set(r, "bytes", jval_int((int64_t)end.total));
	jval_set(r, "sha256", jval_string(end.sha256));
	if (end.cut)
		jval_set(r, "truncated", jval_bool(true));
	return add(run, r, JOURNAL_LAZY);
}

int
log_resolve(struct run *run, const struct plan_item *item, const char *decision)
{
	struct jval *r;

	if (!run->config->journal)
		return 0;
	r = step_record(run, "resolve", item);
	jval_set(r, "decision", jval_string(decision));
	return add(run, r, JOURNAL_FIRST);
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
	return add(run, r, JOURNAL_DURABLE);
}
