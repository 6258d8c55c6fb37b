/* Running the real ssh as a child, and finding out from its log whether its
 * status 255 is the command's or its own. */
#include "exec/fallback.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/outq.h"
#include "exec/proc.h"
#include "exec/pty.h"

enum {
	CHUNK = 64 * 1024,
	SSH_FAILED = 255
};

struct stream {
	struct fallback *fallback;
	enum job_stream kind;
	int fd;
	struct loop_watch *watch;
};

struct fallback {
	struct loop *loop;
	struct remote_exec_events on;
	pid_t pid;
	struct loop_child *child;
	int wait_status;
	struct stream streams[2];
	struct pty pty;
	struct outq keys;
	char *log;
	struct buf failure; /* it could not even be started */
	struct loop_timer *drain, *kill;
	bool hasty; /* it is to be killed soon */
};

/* ---- its log ------------------------------------------------------------- */

static bool
has(struct text line, const char *what)
{
	return text_find(line, text_of(what), 0) < line.len;
}

void
fallback_read_log(struct text log, struct fallback_log *ret)
{
	struct text line;

	*ret = (struct fallback_log){ 0 };
	while (text_next_line(&log, &line)) {
		if (!text_starts(line, "debug")) {
			if (text_trim(line).len)
				ret->reason = text_trim(line);
		} else if (has(line, " rtype exit-status ") ||
			   has(line, "Received exit status from master")) {
			ret->got_status = true;
		} else if (has(line, " rtype exit-signal ")) {
			ret->got_signal = true;
		} else if (has(line, ": Sending command: ") ||
			   has(line, "mux_client_request_session: ")) {
			ret->dispatched = true;
		}
	}
}

/* ---- the end ------------------------------------------------------------- */

static void
close_stream(struct stream *s)
{
	s->watch = loop_unwatch(s->watch);
	if (s->fd != s->fallback->pty.master)
		fd_close(&s->fd);
	s->fd = -1;
}

struct fallback *
fallback_free(struct fallback *f)
{
	if (!f)
		return NULL;
	if (f->child) {
		loop_forget_child(f->child);
		proc_signal_group(f->pid, SIGKILL);
		waitpid(f->pid, NULL, 0);
	}
	loop_cancel(f->drain);
	loop_cancel(f->kill);
	close_stream(&f->streams[0]);
	close_stream(&f->streams[1]);
	outq_release(&f->keys);
	pty_close(&f->pty);
	if (f->log)
		unlink(f->log);
	free(f->log);
	buf_release(&f->failure);
	free(f);
	return NULL;
}

/* What its status and its log mean together. */
static enum remote_end
judge(const struct fallback *f, const struct fallback_log *log, int *ret_code)
{
	bool exited = WIFEXITED(f->wait_status);
	int status = exited ? WEXITSTATUS(f->wait_status) : -1;

	*ret_code = 0;
	if (log->got_status && exited) {
		*ret_code = status;
		return REMOTE_EXITED;
	}
	if (log->got_signal)
		return REMOTE_SIGNALED;
	if (exited && status != SSH_FAILED && status != 0) {
		/* The log cannot be read; only a command ends so. */
		*ret_code = status;
		return REMOTE_EXITED;
	}
	return log->dispatched ? REMOTE_LOST : REMOTE_UNREACHABLE;
}

static void
finish(void *ctx)
{
	struct fallback *f = ctx;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(buf_release) struct buf message = BUF_INIT;
	struct fallback_log log;
	enum remote_end end;
	int code;

	f->drain = NULL;
	if (f->failure.len) {
		f->on.on_end(f->on.ctx, REMOTE_UNREACHABLE, 0, false,
			     f->failure.bytes);
		fallback_free(f);
		return;
	}
	file_read(f->log, LIMIT_SSH_OUTPUT_BYTES, &text, &reterr);
	fallback_read_log(buf_text(&text), &log);
	end = judge(f, &log, &code);
	buf_addf(&message, "%.*s", TEXT_ARG(log.reason));
	f->on.on_end(f->on.ctx, end, code, false,
		     message.len && end != REMOTE_EXITED ? message.bytes
							 : NULL);
	fallback_free(f);
}

static void
look(struct fallback *f)
{
	if (f->child)
		return;
	if (f->streams[0].fd < 0 && f->streams[1].fd < 0) {
		loop_cancel(f->drain);
		f->drain = loop_after(f->loop, 0, finish, f);
	} else if (!f->drain) {
		f->drain = loop_after(f->loop, LIMIT_DRAIN_MS, finish, f);
	}
}

static void
on_child_end(void *ctx, int wait_status)
{
	struct fallback *f = ctx;

	f->child = NULL;
	f->wait_status = wait_status;
	look(f);
}

static void
on_readable(void *ctx, short revents UNUSED)
{
	struct stream *s = ctx;
	char chunk[CHUNK];
	ssize_t n = read(s->fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close_stream(s);
		look(s->fallback);
		return;
	}
	s->fallback->on.on_output(s->fallback->on.ctx, s->kind,
				  (struct text){ chunk, (size_t)n });
}

/* ---- the beginning ------------------------------------------------------- */

static const char **
with_log(const char *const *argv, const char *log)
{
	size_t n = 0, k = 0;
	const char **all;

	while (argv[n])
		n++;
	all = xcalloc(n + 4, sizeof(*all));
	all[k++] = argv[0];
	all[k++] = "-oLogLevel=DEBUG2";
	all[k++] = "-E";
	all[k++] = log;
	for (size_t i = 1; i < n; i++)
		all[k++] = argv[i];
	return all;
}

static int
open_streams(struct fallback *f, const struct remote_exec_spec *spec,
	     struct proc_spec *p, int theirs[2])
{
	int ends[2];

	if (spec->term) {
		if (pty_open(&f->pty, &f->failure) < 0)
			return -1;
		pty_set(&f->pty, PTY_INTERACTIVE);
		pty_resize(&f->pty, spec->rows, spec->columns);
		p->in = p->out = p->err = p->tty = f->pty.slave;
		f->streams[0].fd = f->pty.master;
		f->streams[0].kind = JOB_TTY;
		return 0;
	}
	for (size_t i = 0; i < 2; i++) {
		if (fd_pipe(ends) < 0) {
			buf_addf(&f->failure, "cannot make a pipe: %s",
				 strerror(errno));
			return -1;
		}
		fd_set_nonblock(ends[0], true);
		f->streams[i].fd = ends[0];
		f->streams[i].kind = i ? JOB_STDERR : JOB_STDOUT;
		theirs[i] = ends[1];
	}
	p->out = theirs[0];
	p->err = theirs[1];
	return 0;
}

static void
listen_to(struct fallback *f)
{
	f->child = loop_on_child(f->loop, f->pid, on_child_end, f);
	for (size_t i = 0; i < 2; i++) {
		struct stream *s = &f->streams[i];

		if (s->fd >= 0)
			s->watch = loop_watch(f->loop, s->fd, POLLIN,
					      on_readable, s);
	}
	outq_init(&f->keys, f->loop, f->pty.master);
	/* With a terminal nobody but ssh may hold it, or its end would not
	 * show. */
	fd_close(&f->pty.slave);
}

struct fallback *
fallback_start(struct loop *l, const char *const *argv, const char *dir,
	       const struct remote_exec_spec *spec,
	       const struct remote_exec_events *on)
{
	static unsigned count;
	struct fallback *f = xcalloc(1, sizeof(*f));
	struct proc_spec p = PROC_SPEC_INIT;
	CLEANUP(free_ptr) const char **all = NULL;
	struct buf log = BUF_INIT;
	int theirs[2] = { -1, -1 };

	f->loop = l;
	f->on = *on;
	f->pty = (struct pty)PTY_INIT;
	f->keys.fd = -1;
	for (size_t i = 0; i < 2; i++)
		f->streams[i] = (struct stream){ .fallback = f, .fd = -1 };
	buf_addf(&log, "%s/ssh.%u.log", dir, count++);
	f->log = buf_detach(&log, NULL);
	all = with_log(argv, f->log);
	p.argv = all;
	p.session = true;
	f->pid = -1;
	if (open_streams(f, spec, &p, theirs) == 0)
		f->pid = proc_spawn(&p, &f->failure);
	fd_close(&theirs[0]);
	fd_close(&theirs[1]);
	if (f->pid < 0) {
		f->drain = loop_after(l, 0, finish, f);
		return f;
	}
	listen_to(f);
	/* It may happen from here on: ssh does not say when it begins. */
	if (on->on_dispatched)
		on->on_dispatched(on->ctx);
	return f;
}

void
fallback_write(struct fallback *f, struct text bytes)
{
	if (f->keys.waiting.len <= LIMIT_TYPED_BYTES)
		outq_add(&f->keys, bytes);
}

void
fallback_resize(struct fallback *f, unsigned rows, unsigned columns)
{
	if (f->pty.master >= 0)
		pty_resize(&f->pty, rows, columns);
}

static void
on_kill(void *ctx)
{
	struct fallback *f = ctx;

	f->kill = NULL;
	proc_signal_group(f->pid, SIGKILL);
}

void
fallback_stop(struct fallback *f, int signal, bool in_haste)
{
	if (!f->child)
		return;
	proc_signal_group(f->pid, signal);
	if (f->kill && !in_haste)
		return;
	loop_cancel(f->kill);
	f->kill = loop_after(f->loop,
			     !in_haste  ? LIMIT_KILL_GRACE_MS
			     : f->hasty ? 0
					: LIMIT_KILL_GRACE_IN_HASTE_MS,
			     on_kill, f);
	f->hasty = in_haste;
}
