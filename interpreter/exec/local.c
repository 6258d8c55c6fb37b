/* Jobs on this machine: their limits, how they are ended, what they leave. */
#include "exec/local.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/environ.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/ptree.h"
#include "exec/relay.h"
#include "exec/retitle.h"
#include "exec/shell_session.h"
#include "exec/terminal.h"

enum {
	LOOK_AGAIN_MS = 50, /* whether what was told to end has ended */
	NEWBORN_TICKS = 5,  /* see interrupt_newborn */
	HANGUP_TICK_MS = 5,
	MAX_CHILDREN = 256 /* of ours that are looked at */
};

struct local {
	struct target target;
	struct local_settings settings;
	struct environ_list env;
	char *bash;
	struct shell_session *session;
	struct relay *relay;
	struct job *job; /* under way, or NULL */
	unsigned n_jobs;
	struct buf step_path, step_name; /* how bash and people call a step */
	struct retitle out, err;
	struct ptree earlier; /* processes that outlived the steps before */
	struct ptree_parent shell, self;
	void (*on_haste)(void *ctx);
	void *haste_ctx;
};

/* Why we are ending it. */
enum reason {
	NO_REASON,
	TIME_IS_UP,
	OPERATOR_SAID
};

struct job {
	struct local *local;
	const struct job_spec *spec;
	struct job_events on;
	enum reason reason;
	bool stopping;            /* TERM has been sent */
	bool hasty;               /* and KILL is to follow soon */
	struct loop_timer *limit; /* of its time */
	struct loop_timer *grace; /* then KILL */
	struct loop_timer *look;  /* is what it started gone? */
	struct loop_timer *newborn;
	int newborn_signal;
	uint64_t signalled; /* when, as ptree_now */
	bool ended;         /* the session's part: end is set */
	struct shell_end end;
	struct buf message; /* holds end.message */
	unsigned number, holds;
	bool ssh_lost, ssh_unreachable;
	struct buf ssh_message;
};

static struct local *
local_of(struct target *t)
{
	return (struct local *)t;
}

/* ---- processes of a step ------------------------------------------------- */

static bool
holds(const struct ptree *t, pid_t pid)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->at[i].pid == pid)
			return true;
	}
	return false;
}

/* The living among CHILDREN and what descends from them, but for processes of
 * our own. */
static void
add_all(struct local *l, const pid_t *children, size_t n, struct ptree *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (!loop_has_child(l->target.loop, children[i]) &&
		    !holds(ret, children[i]))
			ptree_add(ret, children[i]);
	}
}

/* All living processes that steps have started: what descends from the
 * session, and what became our child when its parent ended. */
static void
find_started(struct local *l, struct ptree *ret)
{
	pid_t session = shell_session_pid(l->session);
	pid_t children[MAX_CHILDREN];
	size_t n = 0;

	if (session)
		n = ptree_children(session, children, MAX_CHILDREN);
	n += ptree_children(getpid(), children + n, MAX_CHILDREN - n);
	add_all(l, children, n, ret);
}

/* The same after a step that its shell has told the end of: there is no other
 * program in the shell's place. */
static void
find_left(struct local *l, struct ptree *ret)
{
	pid_t children[MAX_CHILDREN];
	size_t n;

	n = ptree_parent_children(&l->shell, shell_session_pid(l->session),
				  children, MAX_CHILDREN);
	n += ptree_parent_children(&l->self, getpid(), children + n,
				   MAX_CHILDREN - n);
	add_all(l, children, n, ret);
}

/* Send SIGNAL to what the job started, not to what earlier steps left. How
 * many there were. */
static size_t
signal_started(struct local *l, int signal)
{
	struct ptree started = { NULL, 0 };
	size_t n = 0;

	find_started(l, &started);
	for (size_t i = 0; i < started.n; i++) {
		if (holds(&l->earlier, started.at[i].pid))
			continue;
		n++;
		if (signal)
			kill(started.at[i].pid, signal);
	}
	ptree_release(&started);
	return n;
}

/* Processes by their names, for people: of many only the first. */
struct names {
	struct buf *to;
	unsigned n;
};

static void
add_name(struct names *names, const struct ptree_process *p)
{
	if (names->n++ < LIMIT_NAMED_PROCESSES)
		buf_addf(names->to, "%s%s (%d)", names->to->len ? ", " : "",
			 p->name, (int)p->pid);
}

static unsigned
end_names(const struct names *names)
{
	if (names->n > LIMIT_NAMED_PROCESSES)
		buf_addf(names->to, " and %u more",
			 names->n - LIMIT_NAMED_PROCESSES);
	return names->n;
}

/* Names of those in A that are not in B; how many. */
static unsigned
name_missing(const struct ptree *a, const struct ptree *b, struct buf *to)
{
	struct names names = { to, 0 };

	for (size_t i = 0; i < a->n; i++) {
		if (!holds(b, a->at[i].pid))
			add_name(&names, &a->at[i]);
	}
	return end_names(&names);
}

/* ---- the end ------------------------------------------------------------- */

static void
job_free(struct job *job)
{
	loop_cancel(job->limit);
	loop_cancel(job->grace);
	loop_cancel(job->look);
	loop_cancel(job->newborn);
	buf_release(&job->message);
	buf_release(&job->ssh_message);
	free(job);
}

/* How the session's end reads for whoever runs the job. */
static void
outcome_of(const struct job *job, struct job_outcome *out)
{
	const struct shell_end *end = &job->end;
	int wait = end->wait_status;

	switch (end->kind) {
	case SHELL_ANSWERED:
		out->end = JOB_EXITED;
		out->code = end->status;
		break;
	case SHELL_DIED:
		out->end = WIFSIGNALED(wait) ? JOB_SIGNALED : JOB_EXITED;
		out->code =
			WIFSIGNALED(wait) ? WTERMSIG(wait) : WEXITSTATUS(wait);
		break;
	case SHELL_REFUSED:
		out->end = JOB_NOT_STARTED;
		break;
	case SHELL_BROKEN:
		out->end = JOB_LOST;
		break;
	}
	out->session_lost = end->lost;
	out->session_saved = end->saved;
	out->failed_line = end->line;
	out->hidden_code = end->hidden;
	out->pipe = end->pipe;
	out->message = end->message;
}

/* We ended it: the status that came afterwards is only an addition. */
static void
add_reason(const struct job *job, struct job_outcome *out)
{
	if (job->reason == NO_REASON || out->end == JOB_NOT_STARTED ||
	    out->end == JOB_LOST)
		return;
	if (out->end == JOB_SIGNALED)
		out->code += 128;
	out->end = job->reason == TIME_IS_UP ? JOB_TIMED_OUT : JOB_INTERRUPTED;
}

/* What became of the hosts that the text talked to itself. */
static void
add_ssh(const struct job *job, struct job_outcome *out)
{
	bool succeeded = out->end == JOB_EXITED && out->code == 0;

	if (out->end == JOB_NOT_STARTED || !job->ssh_message.len)
		return;
	out->ssh_lost = job->ssh_lost;
	if (job->ssh_lost && !succeeded)
		out->end = JOB_LOST;
	out->unreachable = job->ssh_unreachable && !job->ssh_lost &&
			   out->end == JOB_EXITED && !succeeded;
	if (!succeeded || job->ssh_lost)
		out->message = job->ssh_message.bytes;
}

/* Compare what runs now with what ran before, for the operator to know. */
static void
add_survivors(struct local *l, struct job_outcome *out, struct buf *survivors,
	      struct buf *message)
{
	CLEANUP(buf_release) struct buf lost = BUF_INIT;
	struct ptree now = { NULL, 0 };

	if (out->session_lost || !shell_session_pid(l->session))
		find_started(l, &now);
	else
		find_left(l, &now);
	out->n_survivors = name_missing(&now, &l->earlier, survivors);
	if (out->n_survivors)
		out->survivors = survivors->bytes;
	if (out->session_lost && name_missing(&l->earlier, &now, &lost)) {
		buf_addf(message,
			 "%s%sthe shell of the session ended, and "
			 "with it: %s",
			 out->message ? out->message : "",
			 out->message ? "; " : "", lost.bytes);
		out->message = message->bytes;
	}
	ptree_release(&l->earlier);
	l->earlier = now;
	shell_session_others(l->session, now.n > 0);
}

static void
finish(struct job *job)
{
	CLEANUP(buf_release) struct buf survivors = BUF_INIT;
	CLEANUP(buf_release) struct buf message = BUF_INIT;
	struct job_outcome out = { 0 };
	struct local *l = job->local;
	struct job_events on = job->on;

	outcome_of(job, &out);
	add_reason(job, &out);
	add_ssh(job, &out);
	if (out.end != JOB_NOT_STARTED)
		add_survivors(l, &out, &survivors, &message);
	l->relay = relay_free(l->relay);
	l->job = NULL;
	on.on_end(on.ctx, &out);
	job_free(job);
}

/* When we ended it, it is over when all that it started is gone. */
static void
look(void *ctx)
{
	struct job *job = ctx;
	struct local *l = job->local;

	job->look = NULL;
	if (job->holds)
		return;
	if (job->stopping && signal_started(l, job->grace ? 0 : SIGKILL))
		job->look =
			loop_after(l->target.loop, LOOK_AGAIN_MS, look, job);
	else
		finish(job);
}

static void flush_output(struct local *l);

static void
on_session_end(void *ctx, const struct shell_end *end)
{
	struct job *job = ((struct local *)ctx)->job;

	flush_output(ctx);
	job->ended = true;
	job->end = *end;
	if (end->message) {
		buf_adds(&job->message, end->message);
		job->end.message = job->message.bytes;
	}
	look(job);
}

/* ---- ending it ----------------------------------------------------------- */

static void
on_grace_over(void *ctx)
{
	struct job *job = ctx;
	struct local *l = job->local;

	job->grace = NULL;
	signal_started(l, SIGKILL);
	/* Its shell, too, unless it is over for the shell. */
	if (!job->ended && shell_session_pid(l->session))
		kill(shell_session_pid(l->session), SIGKILL);
}

/* A process that was being started when the signal came may have missed it:
 * it was a copy of the shell still, with the shell's handlers. One that is a
 * little older and heard it gets it twice. */
static void
signal_newborn(void *ctx)
{
	struct job *job = ctx;
	struct local *l = job->local;
	struct ptree started = { NULL, 0 };

	job->newborn = NULL;
	find_started(l, &started);
	for (size_t i = 0; i < started.n; i++) {
		const struct ptree_process *p = &started.at[i];

		if (p->started + NEWBORN_TICKS >= job->signalled &&
		    !holds(&l->earlier, p->pid))
			kill(p->pid, job->newborn_signal);
	}
	ptree_release(&started);
}

static void
look_for_newborn(struct job *job, int signal)
{
	loop_cancel(job->newborn);
	job->newborn = loop_after(job->local->target.loop, LOOK_AGAIN_MS,
				  signal_newborn, job);
	job->newborn_signal = signal;
	job->signalled = ptree_now();
}

/* KILL when the grace is over: what is left of it becomes MS. */
static void
set_grace(struct job *job, int64_t ms)
{
	loop_cancel(job->grace);
	job->grace =
		loop_after(job->local->target.loop, ms, on_grace_over, job);
}

/* The operator says it, for the first time or again. */
static void
hurry(struct job *job)
{
	struct local *l = job->local;

	if (job->grace)
		set_grace(job, job->hasty ? 0 : LIMIT_KILL_GRACE_IN_HASTE_MS);
	job->hasty = true;
	if (l->on_haste)
		l->on_haste(l->haste_ctx);
}

/* TERM to everything that the job started, CONT for what is stopped, and KILL
 * when the grace is over. */
static void
stop(struct job *job, enum reason reason)
{
	struct local *l = job->local;
	pid_t session = shell_session_pid(l->session);

	if (job->reason == NO_REASON)
		job->reason = reason;
	if (job->stopping) {
		if (reason == OPERATOR_SAID)
			hurry(job);
		return;
	}
	job->stopping = true;
	shell_session_give_up(l->session);
	if (session) {
		kill(session, SIGTERM);
		kill(session, SIGCONT);
	}
	signal_started(l, SIGTERM);
	signal_started(l, SIGCONT);
	look_for_newborn(job, SIGTERM);
	set_grace(job, LIMIT_KILL_GRACE_MS);
	if (reason == OPERATOR_SAID)
		hurry(job);
}

static void
on_limit(void *ctx)
{
	struct job *job = ctx;

	job->limit = NULL;
	stop(job, TIME_IS_UP);
}

static void
local_interrupt(struct target *t, struct job *job)
{
	struct local *l = local_of(t);

	if (job->reason == NO_REASON)
		job->reason = OPERATOR_SAID;
	if (job->ended)
		return;
	shell_session_give_up(l->session);
	/* As a terminal does: to the group, in which the session is. What runs
	 * in the background ignores it (bash(1), "SIGNALS"). */
	proc_signal_group(shell_session_pid(l->session), SIGINT);
	look_for_newborn(job, SIGINT);
}

static void
local_stop(struct target *t UNUSED, struct job *job)
{
	stop(job, OPERATOR_SAID);
}

/* ---- the terminal -------------------------------------------------------- */

static void
on_keys(void *ctx, struct text keys)
{
	shell_session_keys(((struct local *)ctx)->session, keys);
}

static void
on_resize(void *ctx, unsigned rows, unsigned columns)
{
	shell_session_resize(((struct local *)ctx)->session, rows, columns);
}

static void
on_escape(void *ctx)
{
	stop(((struct local *)ctx)->job, OPERATOR_SAID);
}

static void
connect_terminal(struct local *l, enum job_io io)
{
	struct relay_events on = { on_keys, on_resize, on_escape, l };

	if (l->settings.terminal)
		l->relay = relay_start(
			l->target.loop, l->settings.terminal,
			io == JOB_INTERACTIVE ? RELAY_RAW : RELAY_PROMPT, &on);
}

/* ---- the session's events ------------------------------------------------ */

static void
pass_output(struct local *l, enum job_stream stream, struct text bytes)
{
	struct job_events *on = &l->job->on;

	if (on->on_output && bytes.len)
		on->on_output(on->ctx, stream, bytes);
}

static struct retitle *
retitle_of(struct local *l, enum job_stream stream)
{
	return stream == JOB_STDERR ? &l->err : &l->out;
}

/* A terminal waits for nobody: what is typed there is answered at once. */
static void
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct local *l = ctx;
	struct retitle *r = retitle_of(l, stream);
	CLEANUP(buf_release) struct buf named = BUF_INIT;

	r->add = shell_session_skipped(l->session);
	retitle_write(r, bytes, &named);
	if (stream == JOB_TTY) {
		retitle_flush(r, &named);
		if (l->settings.terminal)
			terminal_saw(l->settings.terminal, buf_text(&named));
	}
	pass_output(l, stream, buf_text(&named));
}

/* The step prints nothing more: what may have been the beginning of our path
 * was none. */
static void
flush_output(struct local *l)
{
	static const enum job_stream streams[] = { JOB_STDOUT, JOB_STDERR };

	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		CLEANUP(buf_release) struct buf rest = BUF_INIT;

		retitle_flush(retitle_of(l, streams[i]), &rest);
		pass_output(l, streams[i], buf_text(&rest));
	}
}

/* Several may print by turns: each text is looked at for itself. */
static void
on_late(void *ctx, uint32_t label, enum job_stream stream, struct text bytes)
{
	struct local *l = ctx;
	CLEANUP(buf_release) struct buf named = BUF_INIT;
	CLEANUP(retitle_release)
	struct retitle r = { l->out.from, l->out.to, BUF_INIT, 0 };

	retitle_write(&r, bytes, &named);
	retitle_flush(&r, &named);
	if (l->target.on_late)
		l->target.on_late(l->target.late_ctx, label, stream,
				  buf_text(&named));
}

static void
on_dispatched(void *ctx)
{
	struct job *job = ((struct local *)ctx)->job;
	struct job_events *on = &job->on;

	/* A step that is handed over again gets all of its time. */
	loop_cancel(job->limit);
	job->limit = NULL;
	if (job->spec->timeout_ms)
		job->limit = loop_after(job->local->target.loop,
					job->spec->timeout_ms, on_limit, job);
	if (on->on_dispatched)
		on->on_dispatched(on->ctx);
}

/* ---- the target ---------------------------------------------------------- */

static struct job *
local_start(struct target *t, const struct job_spec *spec,
	    const struct job_events *on)
{
	struct local *l = local_of(t);
	struct job *job = xcalloc(1, sizeof(*job));

	if (l->job)
		BUG("two jobs at once in one session");
	job->local = l;
	job->spec = spec;
	job->on = *on;
	job->number = ++l->n_jobs;
	l->job = job;
	connect_terminal(l, spec->io);
	shell_session_run(l->session, spec);
	return job;
}

static void
local_free(struct target *t)
{
	struct local *l = local_of(t);

	l->relay = relay_free(l->relay);
	if (l->job)
		job_free(l->job);
	shell_session_free(l->session);
	environ_release(&l->env);
	ptree_release(&l->earlier);
	ptree_parent_release(&l->shell);
	ptree_parent_release(&l->self);
	retitle_release(&l->out);
	retitle_release(&l->err);
	buf_release(&l->step_path);
	buf_release(&l->step_name);
	free(l->bash);
	free(l->target.name);
	free(l);
}

static bool
is_alive(const struct ptree_process *p)
{
	struct ptree_process now;

	return ptree_look(p->pid, &now) && now.started == p->started;
}

/* What was forked a moment ago may still be a copy of the shell, about to
 * become the nohup that it is to outlive the shell by. */
static bool
is_newborn(const struct ptree *t)
{
	const uint64_t ticks = LIMIT_HANGUP_MS * 100 / 1000;

	for (size_t i = 0; i < t->n; i++) {
		struct ptree_process now;

		if (t->at[i].started + ticks >= ptree_now() &&
		    ptree_look(t->at[i].pid, &now) &&
		    strcmp(now.name, "bash") == 0)
			return true;
	}
	return false;
}

static bool
is_any_alive(const struct ptree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (is_alive(&t->at[i]))
			return true;
	}
	return false;
}

static void
note_over(void *ctx)
{
	bool *over = ctx;

	*over = true;
}

/* Wait, but not for long, while LASTS says so of LEFT. */
static void
wait_while(struct local *l, bool (*lasts)(const struct ptree *t),
	   const struct ptree *left)
{
	bool over = false;
	struct loop_timer *t =
		loop_after(l->target.loop, LIMIT_HANGUP_MS, note_over, &over);

	while (!over && lasts(left))
		loop_step(l->target.loop, HANGUP_TICK_MS);
	if (!over)
		loop_cancel(t);
}

static void
local_end(struct target *t, struct buf *ret_ended, struct buf *ret_left)
{
	struct local *l = local_of(t);
	struct names ended = { ret_ended, 0 }, left = { ret_left, 0 };
	struct ptree now = { NULL, 0 };

	find_started(l, &now);
	if (l->settings.terminal)
		wait_while(l, is_newborn, &now);
	l->session = shell_session_free(l->session);
	/* The kernel hangs up on what is in the foreground of the terminal;
	 * that takes a moment to be heard. */
	if (l->settings.terminal)
		wait_while(l, is_any_alive, &now);
	for (size_t i = 0; i < now.n; i++) {
		if (holds(&l->earlier, now.at[i].pid))
			add_name(is_alive(&now.at[i]) ? &left : &ended,
				 &now.at[i]);
	}
	end_names(&ended);
	end_names(&left);
	ptree_release(&now);
}

static const struct target_ops local_ops = {
	.start = local_start,
	.interrupt = local_interrupt,
	.stop = local_stop,
	.end = local_end,
	.free = local_free,
};

static void
make_environment(struct local *l)
{
	const char *first = l->settings.path_first;

	environ_make(&l->env, l->settings.env_names);
	environ_set_all(&l->env, l->settings.env);
	if (first) {
		CLEANUP(buf_release) struct buf path = BUF_INIT;

		buf_addf(&path, "%s:%s", first, environ_get(&l->env, "PATH"));
		environ_set(&l->env, "PATH", path.bytes);
	}
}

/* "DIR/step: line 3: …" comes out as "guide.md: line 3: …": the lines of that
 * file are those of the document. */
static void
make_names(struct local *l)
{
	const char *document = l->settings.document;

	buf_addf(&l->step_path, "%s/step: ", l->settings.dir);
	buf_addf(&l->step_name, "%s: ", document ? document : "bash");
	l->out.from = l->err.from = buf_text(&l->step_path);
	l->out.to = l->err.to = buf_text(&l->step_name);
}

static void
make_session(struct local *l)
{
	struct shell_events on = { on_output, on_late, on_dispatched,
				   on_session_end, l };
	const char *term = getenv("TERM");
	struct shell_spec spec = {
		.dir = l->settings.dir,
		.bash = l->bash,
		.env = environ_strings(&l->env),
		.options = l->settings.options,
		.tty = l->settings.terminal != NULL,
		.term = term ? term : "dumb",
		.tty_rows = 24,
		.tty_columns = 80,
		.kept = l->settings.kept,
	};

	if (l->settings.terminal)
		terminal_size(l->settings.terminal, &spec.tty_rows,
			      &spec.tty_columns);
	l->session = shell_session_new(l->target.loop, &spec, &on);
}

struct target *
target_new_local(struct loop *loop, const struct local_settings *settings,
		 struct buf *reterr)
{
	static const char usual[] = "/bin:/usr/bin:/usr/local/bin";
	const char *path = getenv("PATH");
	struct local *l = xcalloc(1, sizeof(*l));

	l->settings = *settings;
	l->bash = settings->bash ? xstrdup(settings->bash)
				 : proc_find("bash", usual);
	if (!l->bash && path)
		l->bash = proc_find("bash", path);
	if (!l->bash) {
		buf_adds(reterr, "cannot find bash, which runs the steps");
		free(l);
		return NULL;
	}
	l->shell = l->self = (struct ptree_parent)PTREE_PARENT_INIT;
	l->target.ops = &local_ops;
	l->target.loop = loop;
	l->target.name = xstrdup("local");
	loop_adopt_orphans(loop);
	make_environment(l);
	make_names(l);
	make_session(l);
	return &l->target;
}

unsigned
local_keep(struct target *local)
{
	return shell_session_keep(local_of(local)->session);
}

unsigned
local_kept(const struct target *local)
{
	return shell_session_kept(((const struct local *)local)->session);
}

pid_t
local_pid(const struct target *local)
{
	return shell_session_pid(((const struct local *)local)->session);
}

unsigned
local_hold(struct target *local)
{
	struct job *job = local_of(local)->job;

	if (!job)
		return 0;
	job->holds++;
	return job->number;
}

void
local_release(struct target *local, unsigned hold)
{
	struct job *job = local_of(local)->job;

	if (!job || job->number != hold)
		return;
	job->holds--;
	if (job->ended && !job->look)
		job->look = loop_after(local->loop, 0, look, job);
}

void
local_on_haste(struct target *local, void (*fn)(void *ctx), void *ctx)
{
	local_of(local)->on_haste = fn;
	local_of(local)->haste_ctx = ctx;
}

bool
local_is_posix(const struct target *local)
{
	const struct job *job = ((const struct local *)local)->job;

	return job && job->spec->posix;
}

bool
local_in_haste(const struct target *local)
{
	const struct job *job = ((const struct local *)local)->job;

	return job && job->hasty;
}

void
local_note_ssh(struct target *local, bool lost, const char *message)
{
	struct job *job = local_of(local)->job;

	if (!job)
		return;
	if (lost && !job->ssh_lost)
		buf_clear(&job->ssh_message);
	if (!job->ssh_message.len)
		buf_adds(&job->ssh_message, message);
	job->ssh_lost |= lost;
	job->ssh_unreachable |= !lost;
}
