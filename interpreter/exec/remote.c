/* The hosts of a run, and jobs on them. */
#include "exec/remote.h"

#include <signal.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/fallback.h"
#include "exec/host.h"
#include "exec/login_shell.h"
#include "exec/loop.h"
#include "exec/once_ear.h"
#include "exec/pipes_ear.h"
#include "exec/proc.h"
#include "exec/relay.h"
#include "exec/remote_exec.h"
#include "exec/sshconfig.h"
#include "exec/terminal.h"

struct remote_pool {
	struct loop *loop;
	struct remote_settings settings;
	char *ssh, *keygen;
	struct host **hosts;
	size_t n_hosts;
};

struct remote {
	struct target target;
	struct remote_pool *pool;
	struct host *host;
	struct job *job; /* under way, or NULL */
	bool swept;      /* old fences have been removed there */
};

/* Why we are ending it. */
enum reason {
	NO_REASON,
	TIME_IS_UP,
	OPERATOR_SAID
};

struct job {
	struct remote *remote;
	struct job_events on;
	enum job_io io;
	struct buf command;
	struct buf line; /* for the login shell: around the command */
	struct remote_exec_spec spec;
	char *once_id; /* or NULL */
	enum once_form form;
	struct once_ear ear;
	struct pipes_ear pipes;
	bool secret, posix, wants_pipes; /* of the spec */
	struct login_shell_ask *ask;     /* one of the three */
	struct remote_exec *exec;
	struct fallback *fallback;
	struct relay *relay;
	struct buf input; /* what the host takes later: keys, a command */
	struct loop_timer *limit, *refusal;
	int64_t timeout_ms; /* from its dispatch on */
	enum reason reason;
	bool dispatched, own_tty;
	bool unreachable; /* refused, because the way there failed */
	struct buf message;
};

static struct remote *
remote_of(const struct target *t)
{
	return (struct remote *)(uintptr_t)t;
}

/* ---- the pool ------------------------------------------------------------ */

struct remote_pool *
remote_pool_new(struct loop *l, const struct remote_settings *settings,
		struct buf *reterr)
{
	static const char usual[] = "/usr/bin:/bin:/usr/local/bin";
	const char *path = getenv("PATH");
	struct remote_pool *p = xcalloc(1, sizeof(*p));

	if (!path)
		path = usual;
	p->loop = l;
	p->settings = *settings;
	p->ssh =
		settings->ssh ? xstrdup(settings->ssh) : proc_find("ssh", path);
	p->keygen = proc_find("ssh-keygen", path);
	if (p->ssh && p->keygen)
		return p;
	buf_addf(reterr,
		 "cannot find '%s', which is needed for steps on "
		 "other hosts",
		 p->ssh ? "ssh-keygen" : "ssh");
	return remote_pool_free(p);
}

struct remote_pool *
remote_pool_free(struct remote_pool *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; i < p->n_hosts; i++)
		host_free(p->hosts[i]);
	free(p->hosts);
	free(p->ssh);
	free(p->keygen);
	free(p);
	return NULL;
}

struct host *
remote_pool_host(struct remote_pool *p, const char *name,
		 const char *const *options)
{
	struct host_settings s = {
		.ssh = p->ssh,
		.keygen = p->keygen,
		.config_file = p->settings.config_file,
		.dir = p->settings.dir,
		.ask = p->settings.ask,
		.connect_ms = p->settings.connect_ms,
		.auth_ms = p->settings.auth_ms,
		.alive_ms = p->settings.alive_ms,
		.alive_missed = p->settings.alive_missed,
	};

	for (size_t i = 0; i < p->n_hosts; i++) {
		if (host_is(p->hosts[i], name, options))
			return p->hosts[i];
	}
	p->hosts =
		xreallocarray(p->hosts, p->n_hosts + 1, sizeof(struct host *));
	p->hosts[p->n_hosts] = host_new(p->loop, &s, name, options);
	return p->hosts[p->n_hosts++];
}

const char *
remote_pool_ssh(const struct remote_pool *p)
{
	return p->ssh;
}

/* ---- the end of a job ---------------------------------------------------- */

static void
job_free(struct job *job)
{
	relay_free(job->relay);
	login_shell_free(job->ask);
	remote_exec_free(job->exec);
	fallback_free(job->fallback);
	loop_cancel(job->limit);
	loop_cancel(job->refusal);
	buf_wipe(&job->command);
	buf_wipe(&job->line);
	buf_wipe(&job->input);
	once_ear_release(&job->ear);
	pipes_ear_release(&job->pipes);
	free(job->once_id);
	buf_release(&job->message);
	free(job);
}

static void
end_job(struct job *job, struct job_outcome *out)
{
	struct job_events on = job->on;

	job->relay = relay_free(job->relay);
	job->remote->job = NULL;
	on.on_end(on.ctx, out);
	job_free(job);
}

static void
outcome_of(const struct job *job, enum remote_end end, int code,
	   struct job_outcome *out)
{
	enum job_end ended =
		job->reason == TIME_IS_UP ? JOB_TIMED_OUT : JOB_INTERRUPTED;

	switch (end) {
	case REMOTE_EXITED:
		out->end = job->reason ? ended : JOB_EXITED;
		out->code = code;
		break;
	case REMOTE_SIGNALED:
		out->end = job->reason ? ended : JOB_SIGNALED;
		out->code = job->reason ? 128 + code : code;
		break;
	case REMOTE_UNREACHABLE:
		out->unreachable = true;
		out->end = JOB_NOT_STARTED;
		break;
	case REMOTE_NOT_STARTED:
	case REMOTE_NEEDS_SSH:
		out->end = JOB_NOT_STARTED;
		break;
	case REMOTE_LOST:
		out->end = JOB_LOST;
		break;
	}
}

static void start_fallback(struct job *job);

static void give(struct job *job, enum job_stream stream, struct text bytes);
static void pass_output(struct job *job, enum job_stream stream,
			struct text bytes);

/* What the host says of a command that it was to run once, when that is not
 * that it began. */
static void
explain_answer(const struct job *job, struct job_outcome *out, struct buf *b)
{
	const char *host = job->remote->target.name;

	out->end = JOB_NOT_STARTED;
	switch (job->ear.answer.word) {
	case ONCE_NOWHERE:
		buf_addf(b,
			 "%s has no place to remember it in "
			 "(~/.local/state/runbook); 'no_fence: [%s]' in "
			 ".runbook.yaml does without",
			 host, host);
		break;
	case ONCE_CODE:
		buf_addf(b,
			 "%s has no base64; 'no_fence: [%s]' in .runbook.yaml "
			 "does without",
			 host, host);
		break;
	case ONCE_SHORT:
		buf_addf(b, "not all of it came to %s", host);
		break;
	default:
		out->end = JOB_LOST;
		buf_addf(b, "%s was given it before", host);
		if (job->ear.answer.status >= 0)
			buf_addf(b, ", and it ended with %d",
				 job->ear.answer.status);
		break;
	}
}

/* A status alone does not say that the command was run: a host may run another
 * one for this login. */
static void
check_once(struct job *job, struct job_outcome *out)
{
	CLEANUP(buf_release) struct buf rest = BUF_INIT;

	if (!job->once_id || job->form == ONCE_QUIET)
		return;
	once_ear_end(&job->ear, &rest);
	if (rest.len)
		pass_output(job, JOB_STDERR, buf_text(&rest));
	if (out->end == JOB_NOT_STARTED || out->end == JOB_LOST)
		return;
	if (job->ear.heard) {
		if (job->ear.answer.word != ONCE_STARTED)
			explain_answer(job, out, &job->message);
	} else if (!job->reason) {
		out->end = JOB_LOST;
		buf_addf(
			&job->message,
			"%s ended with status %d without saying that it began: "
			"it may run another command for this login; 'no_fence: "
			"[%s]' in .runbook.yaml takes its word",
			job->remote->target.name, out->code,
			job->remote->target.name);
	}
	if (job->message.len)
		out->message = buf_cstr(&job->message);
}

static void
end_pipes(struct job *job, struct job_outcome *out)
{
	CLEANUP(buf_release) struct buf rest = BUF_INIT;

	pipes_ear_end(&job->pipes, &rest);
	if (rest.len)
		give(job, JOB_STDERR, buf_text(&rest));
	if (job->pipes.heard && out->end == JOB_EXITED && out->code == 0)
		out->hidden_code = job->pipes.hidden;
}

static void
on_end(void *ctx, enum remote_end end, int code, bool left_open,
       const char *message)
{
	struct job *job = ctx;
	struct job_outcome out = { 0 };

	job->exec = NULL;
	job->fallback = NULL;
	if (end == REMOTE_NEEDS_SSH && !job->reason) {
		start_fallback(job);
		return;
	}
	outcome_of(job, end, code, &out);
	out.message = message;
	check_once(job, &out);
	end_pipes(job, &out);
	if (left_open) {
		out.n_survivors = 1;
		out.survivors = "a process that still holds the output";
	}
	end_job(job, &out);
}

/* ---- output and keys ----------------------------------------------------- */

static void
give(struct job *job, enum job_stream stream, struct text bytes)
{
	struct terminal *terminal = job->remote->pool->settings.terminal;

	if (job->own_tty)
		stream = JOB_STDOUT;
	else if (stream == JOB_TTY && terminal)
		terminal_saw(terminal, bytes);
	if (job->on.on_output && bytes.len)
		job->on.on_output(job->on.ctx, stream, bytes);
}

static void
pass_output(struct job *job, enum job_stream stream, struct text bytes)
{
	CLEANUP(buf_release) struct buf rest = BUF_INIT;

	if (stream != JOB_STDERR || !job->pipes.mark.len) {
		give(job, stream, bytes);
		return;
	}
	pipes_ear_hear(&job->pipes, bytes, &rest);
	give(job, stream, buf_text(&rest));
}

static size_t
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct job *job = ctx;
	CLEANUP(buf_release) struct buf rest = BUF_INIT;

	if (stream == JOB_STDERR && job->once_id && job->form != ONCE_QUIET &&
	    !job->ear.heard) {
		once_ear_hear(&job->ear, bytes, &rest);
		pass_output(job, stream, buf_text(&rest));
	} else {
		pass_output(job, stream, bytes);
	}
	return bytes.len;
}

static void on_limit(void *ctx);

static void
on_dispatched(void *ctx)
{
	struct job *job = ctx;

	if (job->dispatched)
		return;
	job->dispatched = true;
	/* The way there has limits of its own. */
	if (job->timeout_ms)
		job->limit = loop_after(job->remote->target.loop,
					job->timeout_ms, on_limit, job);
	if (job->on.on_dispatched)
		job->on.on_dispatched(job->on.ctx);
}

/* Give the host what it takes of the input. */
static void
on_room(void *ctx)
{
	struct job *job = ctx;
	size_t room = remote_exec_room(job->exec);
	struct text now = text_sub(buf_text(&job->input), 0, room);

	if (now.len == 0)
		return;
	remote_exec_write(job->exec, now);
	buf_drop(&job->input, now.len);
	if (job->io != JOB_INTERACTIVE && job->input.len == 0)
		remote_exec_eof(job->exec);
}

static void
on_keys(void *ctx, struct text keys)
{
	struct job *job = ctx;

	if (job->fallback) {
		fallback_write(job->fallback, keys);
	} else if (job->exec && job->input.len <= LIMIT_TYPED_BYTES) {
		buf_addt(&job->input, keys);
		on_room(job);
	}
}

static void
on_resize(void *ctx, unsigned rows, unsigned columns)
{
	struct job *job = ctx;

	if (job->fallback)
		fallback_resize(job->fallback, rows, columns);
	else if (job->exec)
		remote_exec_resize(job->exec, rows, columns);
}

static void refuse(void *ctx);

/* It is over before anything was handed over. */
static void
refuse_soon(struct job *job, const char *why)
{
	job->ask = login_shell_free(job->ask);
	buf_clear(&job->message);
	buf_adds(&job->message, why);
	if (!job->refusal)
		job->refusal =
			loop_after(job->remote->target.loop, 0, refuse, job);
}

/* ---- ending a job -------------------------------------------------------- */

static void
stop(struct job *job, enum reason reason, int signal, bool in_haste)
{
	if (job->reason == NO_REASON)
		job->reason = reason;
	if (job->fallback)
		fallback_stop(job->fallback, signal, in_haste);
	else if (job->exec)
		remote_exec_stop(job->exec, signal, in_haste);
	else if (job->ask)
		refuse_soon(job, "the command was ended before it began");
}

static void
on_escape(void *ctx)
{
	stop(ctx, OPERATOR_SAID, SIGTERM, true);
}

static void
on_limit(void *ctx)
{
	struct job *job = ctx;

	job->limit = NULL;
	stop(job, TIME_IS_UP, SIGTERM, false);
}

static void
remote_interrupt(struct target *t UNUSED, struct job *job)
{
	stop(job, OPERATOR_SAID, SIGINT, false);
}

static void
remote_stop(struct target *t UNUSED, struct job *job)
{
	stop(job, OPERATOR_SAID, SIGTERM, true);
}

/* ---- starting ------------------------------------------------------------ */

/* Only bytes that stand for themselves within single quotes of every shell,
 * fish and csh too: the login shell there is anybody's guess. */
static bool
add_quoted(struct buf *b, struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '\'' || t.at[i] == '\\' || t.at[i] == '!' ||
		    t.at[i] == '\n' || t.at[i] == '\0')
			return false;
	}
	buf_addf(b, "'%.*s'", TEXT_ARG(t));
	return true;
}

/* The text for the login shell: the folder and the variables of the job come
 * first, and what fails there ends it. */
static bool
make_command(struct job *job, const struct job_spec *spec, struct buf *why)
{
	struct buf *b = &job->command;

	if (spec->cwd) {
		buf_adds(b, "cd ");
		if (!add_quoted(b, text_of(spec->cwd))) {
			buf_addf(why,
				 "the folder '%s' cannot be quoted for "
				 "every shell",
				 spec->cwd);
			return false;
		}
		buf_adds(b, " || exit 1\n");
	}
	for (const char *const *env = spec->env; env && *env; env++) {
		size_t len = strcspn(*env, "=");

		buf_addf(b, "export %.*s=", (int)len, *env);
		if (!add_quoted(b, text_of(*env + len + 1))) {
			buf_addf(why,
				 "the value of '%.*s' cannot be quoted "
				 "for every shell",
				 (int)len, *env);
			return false;
		}
		buf_adds(b, " || exit 1\n");
	}
	buf_addt(b, spec->text);
	return true;
}

/* In a command line, or in front of its input. */
static size_t
most_bytes(const struct job *job, const struct job_spec *spec)
{
	if (!spec->once_id)
		return LIMIT_REMOTE_COMMAND_BYTES;
	return job->io == JOB_INTERACTIVE || job->own_tty ? ONCE_ARGUMENT_BYTES
							  : LIMIT_SHELL_BYTES;
}

static bool
is_impossible(struct job *job, const struct job_spec *spec, struct buf *why)
{
	if (spec->io == JOB_INTERACTIVE &&
	    !job->remote->pool->settings.terminal)
		buf_adds(why, "the step is interactive, and there is no "
			      "terminal");
	else if (text_chr(spec->text, '\0', 0) < spec->text.len)
		buf_adds(why, "the step has a NUL byte");
	else if (make_command(job, spec, why) &&
		 job->command.len > most_bytes(job, spec))
		buf_addf(why, "the step is larger than %d bytes",
			 (int)most_bytes(job, spec));
	return why->len > 0;
}

/* What the login shell gets. FORM: how the command comes to it, when it is to
 * run once. */
static void
make_line(struct job *job, enum once_form form)
{
	struct text command = buf_text(&job->command);

	buf_wipe(&job->line);
	buf_init(&job->line);
	job->form = form;
	if (!job->once_id) {
		buf_addt(&job->line, command);
		return;
	}
	once_command(&job->line, job->once_id, form, !job->remote->swept,
		     command);
	job->remote->swept = true;
	job->spec.has_input |= form == ONCE_INPUT;
	if (form == ONCE_INPUT)
		once_input(&job->input, job->once_id, command);
}

/* At a terminal nothing may stand before what is typed, and nothing may be
 * shown. */
static enum once_form
form_of(const struct job *job)
{
	if (job->spec.term)
		return ONCE_QUIET;
	return job->secret || job->command.len > ONCE_ARGUMENT_BYTES
		       ? ONCE_INPUT
		       : ONCE_ARGUMENT;
}

static void
refuse(void *ctx)
{
	struct job *job = ctx;
	struct job_outcome out = { .end = JOB_NOT_STARTED,
				   .unreachable = job->unreachable,
				   .message = job->message.bytes };

	job->refusal = NULL;
	end_job(job, &out);
}

static void
connect_terminal(struct job *job)
{
	struct relay_events on = { on_keys, on_resize, on_escape, job };
	struct terminal *terminal = job->remote->pool->settings.terminal;
	const char *term = getenv("TERM");

	if (job->own_tty) {
		job->spec.term = "dumb";
		job->spec.rows = 24;
		job->spec.columns = 80;
	}
	if (job->io != JOB_INTERACTIVE)
		return;
	job->spec.has_input = true;
	job->spec.term = term ? term : "dumb";
	terminal_size(terminal, &job->spec.rows, &job->spec.columns);
	job->relay =
		relay_start(job->remote->target.loop, terminal, RELAY_RAW, &on);
}

static struct remote_exec_events
events_of(struct job *job)
{
	return (struct remote_exec_events){ .on_dispatched = on_dispatched,
					    .on_output = on_output,
					    .on_room = on_room,
					    .on_end = on_end,
					    .ctx = job };
}

static void
start_fallback(struct job *job)
{
	struct remote_exec_events on = events_of(job);
	const char **argv;

	/* The real ssh has no input. */
	buf_clear(&job->input);
	make_line(job, job->spec.term ? ONCE_QUIET : ONCE_ARGUMENT);
	argv = host_argv(job->remote->host, buf_cstr(&job->line),
			 job->spec.term != NULL);

	job->fallback = fallback_start(job->remote->target.loop, argv,
				       job->remote->pool->settings.dir,
				       &job->spec, &on);
	free(argv);
}

static void
execute(struct job *job)
{
	struct remote_exec_events events = events_of(job);

	if (job->wants_pipes && login_shell_is_bash(job->remote->host))
		pipes_ear_ask(&job->pipes, &job->command);
	make_line(job, form_of(job));
	job->spec.command = buf_text(&job->line);

	job->exec = remote_exec_start(job->remote->target.loop,
				      job->remote->host, &job->spec, &events);
}

static void
on_login_shell(void *ctx, bool ok, bool unreachable, const char *message)
{
	struct job *job = ctx;

	job->ask = NULL;
	job->unreachable = unreachable;
	if (!ok && (job->posix || unreachable))
		refuse_soon(job, message);
	else
		execute(job);
}

static struct job *
remote_start(struct target *t, const struct job_spec *spec,
	     const struct job_events *on)
{
	struct remote *r = remote_of(t);
	struct job *job = xcalloc(1, sizeof(*job));

	if (r->job)
		BUG("two jobs at once on one host");
	r->job = job;
	job->remote = r;
	job->on = *on;
	job->io = spec->io;
	job->own_tty = spec->own_tty;
	if (is_impossible(job, spec, &job->message)) {
		job->refusal = loop_after(t->loop, 0, refuse, job);
		return job;
	}
	job->timeout_ms = spec->timeout_ms;
	connect_terminal(job);
	if (spec->once_id) {
		job->once_id = xstrdup(spec->once_id);
		once_ear_init(&job->ear, spec->once_id);
	}
	job->secret = spec->secret;
	job->posix = spec->posix;
	job->wants_pipes = spec->pipes && !job->spec.term;
	if (job->posix || job->wants_pipes)
		job->ask =
			login_shell_ask(t->loop, r->host, on_login_shell, job);
	else
		execute(job);
	return job;
}

static void
remote_free(struct target *t)
{
	struct remote *r = remote_of(t);

	if (r->job)
		job_free(r->job);
	free(t->name);
	free(r);
}

static const struct target_ops remote_ops = {
	.start = remote_start,
	.interrupt = remote_interrupt,
	.stop = remote_stop,
	.free = remote_free,
};

struct target *
target_new_ssh(struct remote_pool *pool, const char *host, struct buf *reterr)
{
	struct remote *r;

	if (!sshconfig_is_host(host, reterr))
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->pool = pool;
	r->host = remote_pool_host(pool, host, NULL);
	r->target = (struct target){ .ops = &remote_ops,
				     .loop = pool->loop,
				     .name = xstrdup(host) };
	return &r->target;
}

struct host *
remote_host(const struct target *target)
{
	return remote_of(target)->host;
}

void
remote_expect(struct target *target, const char *identity, const char *key)
{
	host_expect(remote_of(target)->host, identity, key);
}

const char *
remote_identity(const struct target *target)
{
	return host_identity(remote_of(target)->host);
}

const char *
remote_fingerprint(const struct target *target)
{
	return host_fingerprint(remote_of(target)->host);
}

const char *
remote_banner(const struct target *target)
{
	return host_banner(remote_of(target)->host);
}
