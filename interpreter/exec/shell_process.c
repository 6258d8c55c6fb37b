/* Starting bash, its descriptors, its end. */
#include "exec/shell_process.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/outq.h"
#include "exec/proc.h"
#include "exec/pty.h"
#include "exec/shell_folder.h"
#include "exec/shell_session.h"

enum {
	CONTROL_FD = 9, /* as the script has them */
	STATUS_FD = 10
};

struct shell_process {
	struct loop *loop;
	struct shell_process_events on;
	pid_t pid;
	struct loop_child *child; /* NULL: gone */
	int control_fd, status_fd, base_fd;
	struct outq control;
	struct loop_watch *status, *base;
	struct pty pty;
	struct outq keys;
	struct loop_watch *tty;
};

/* ---- what comes from it -------------------------------------------------- */

bool
shell_process_read_answers(struct shell_process *p)
{
	char chunk[4096];
	ssize_t n;

	if (!p->status)
		return false;
	n = read(p->status_fd, chunk, sizeof(chunk));
	if (n < 0 && errno == EINTR)
		return true;
	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0) {
		/* Its end, or a program in its place (`exec`): the process
		 * tells. */
		shell_process_mute(p);
		return false;
	}
	p->on.on_answers(p->on.ctx, (struct text){ chunk, (size_t)n });
	return p->status != NULL;
}

static void
on_status(void *ctx, short revents UNUSED)
{
	shell_process_read_answers(ctx);
}

bool
shell_process_read_base(struct shell_process *p)
{
	char chunk[4096];
	ssize_t n;

	if (!p->base)
		return false;
	n = read(p->base_fd, chunk, sizeof(chunk));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n <= 0) {
		p->base = loop_unwatch(p->base);
		return false;
	}
	p->on.on_stray(p->on.ctx, (struct text){ chunk, (size_t)n });
	return true;
}

static void
on_base(void *ctx, short revents UNUSED)
{
	shell_process_read_base(ctx);
}

bool
shell_process_read_tty(struct shell_process *p)
{
	char chunk[16 * 1024];
	ssize_t n;

	if (!p->tty)
		return false;
	n = read(p->pty.master, chunk, sizeof(chunk));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (n <= 0) {
		/* Hung up with the session that it controlled. */
		p->tty = loop_unwatch(p->tty);
		return false;
	}
	p->on.on_tty(p->on.ctx, (struct text){ chunk, (size_t)n });
	return true;
}

static void
on_tty(void *ctx, short revents UNUSED)
{
	shell_process_read_tty(ctx);
}

/* A step that stops its own shell would wait for ever: nobody here is going to
 * type `fg`. */
static void
on_stopped(void *ctx, int wait_status UNUSED)
{
	struct shell_process *p = ctx;

	proc_signal_group(p->pid, SIGCONT);
}

static void
on_end(void *ctx, int wait_status)
{
	struct shell_process *p = ctx;

	p->child = NULL;
	p->on.on_gone(p->on.ctx, wait_status);
}

/* ---- its beginning ------------------------------------------------------- */

static int
spawn(struct shell_process *p, const struct shell_spec *spec,
      const int theirs[3], struct buf *reterr)
{
	CLEANUP(free_ptr) char *script = shell_folder_entry(spec->dir, "loop");
	const char *const *option = spec->options;
	const char *argv[3 + 2 * SHELL_OPTIONS_MAX + 2];
	size_t n = 0;
	struct proc_fd fds[] = { { theirs[0], CONTROL_FD },
				 { theirs[1], STATUS_FD } };
	struct proc_spec ps = PROC_SPEC_INIT;

	argv[n++] = spec->bash;
	argv[n++] = "--noprofile";
	argv[n++] = "--norc";
	for (int i = 0; option && option[i] && i < SHELL_OPTIONS_MAX; i++) {
		argv[n++] = "-o";
		argv[n++] = option[i];
	}
	argv[n++] = script;
	argv[n] = NULL;
	ps.argv = argv;
	ps.env = spec->env;
	ps.out = ps.err = theirs[2];
	ps.fds = fds;
	ps.n_fds = ARRAY_LEN(fds);
	ps.session = true;
	ps.tty = p->pty.slave;
	p->pid = proc_spawn(&ps, reterr);
	return p->pid > 0 ? 0 : -1;
}

static void
listen_to(struct shell_process *p)
{
	fd_set_nonblock(p->control_fd, true);
	fd_set_nonblock(p->status_fd, true);
	fd_set_nonblock(p->base_fd, true);
	outq_init(&p->control, p->loop, p->control_fd);
	p->status = loop_watch(p->loop, p->status_fd, POLLIN, on_status, p);
	p->base = loop_watch(p->loop, p->base_fd, POLLIN, on_base, p);
	p->child = loop_on_child(p->loop, p->pid, on_end, p);
	loop_child_on_stop(p->child, on_stopped);
	if (p->pty.master >= 0) {
		p->tty = loop_watch(p->loop, p->pty.master, POLLIN, on_tty, p);
		outq_init(&p->keys, p->loop, p->pty.master);
	}
}

/* A pipe of which one end is OURS, the other for the process. */
static int
make_pipe(int *ret_ours, int *ret_theirs, bool we_write)
{
	int ends[2];

	if (fd_pipe(ends) < 0)
		return -1;
	*ret_ours = ends[we_write ? 1 : 0];
	*ret_theirs = ends[we_write ? 0 : 1];
	return 0;
}

static int
open_and_spawn(struct shell_process *p, const struct shell_spec *spec,
	       struct buf *reterr)
{
	int theirs[3] = { -1, -1, -1 };
	int rc = -1;

	if (spec->tty && pty_open(&p->pty, reterr) < 0)
		return -1;
	if (spec->tty)
		pty_resize(&p->pty, spec->tty_rows, spec->tty_columns);
	if (make_pipe(&p->control_fd, &theirs[0], true) < 0 ||
	    make_pipe(&p->status_fd, &theirs[1], false) < 0 ||
	    make_pipe(&p->base_fd, &theirs[2], false) < 0)
		buf_addf(reterr, "cannot make a pipe: %s", strerror(errno));
	else
		rc = spawn(p, spec, theirs, reterr);
	for (size_t i = 0; i < 3; i++)
		fd_close(&theirs[i]);
	return rc;
}

struct shell_process *
shell_process_start(struct loop *l, const struct shell_spec *spec,
		    const struct shell_process_events *on, struct buf *reterr)
{
	struct shell_process *p = xcalloc(1, sizeof(*p));

	p->loop = l;
	p->on = *on;
	p->control_fd = p->status_fd = p->base_fd = -1;
	p->control.fd = p->keys.fd = -1;
	p->pty = (struct pty)PTY_INIT;
	if (open_and_spawn(p, spec, reterr) < 0)
		return shell_process_free(p);
	listen_to(p);
	return p;
}

/* ---- its end ------------------------------------------------------------- */

struct shell_process *
shell_process_free(struct shell_process *p)
{
	if (!p)
		return NULL;
	loop_forget_child(p->child);
	outq_release(&p->control);
	outq_release(&p->keys);
	loop_unwatch(p->status);
	loop_unwatch(p->base);
	loop_unwatch(p->tty);
	fd_close(&p->control_fd);
	fd_close(&p->status_fd);
	fd_close(&p->base_fd);
	pty_close(&p->pty);
	free(p);
	return NULL;
}

/* Wait until the process has ended, or UNTIL_MS, and keep it from waiting for
 * us: what it prints has to go somewhere. */
static bool
see_it_end(struct shell_process *p, int pidfd, int64_t until_ms)
{
	char chunk[4096];

	for (;;) {
		struct pollfd polled[] = { { pidfd, POLLIN, 0 },
					   { p->base_fd, POLLIN, 0 },
					   { p->pty.master, POLLIN, 0 } };
		int64_t left = until_ms - clock_mono_ms(&clock_system);

		if (left <= 0 ||
		    (poll(polled, 3, (int)left) < 0 && errno != EINTR))
			return false;
		if (polled[0].revents)
			return true;
		if (polled[1].revents &&
		    read(p->base_fd, chunk, sizeof(chunk)) <= 0)
			fd_close(&p->base_fd);
		if (polled[2].revents &&
		    read(p->pty.master, chunk, sizeof(chunk)) <= 0)
			pty_close(&p->pty);
	}
}

void
shell_process_end(struct shell_process *p, bool gently)
{
	CLEANUP(fd_close_ptr)
	int pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	int64_t until =
		clock_mono_ms(&clock_system) + LIMIT_KILL_GRACE_AT_END_MS;

	p->base = loop_unwatch(p->base);
	p->tty = loop_unwatch(p->tty);
	outq_release(&p->control);
	fd_close(&p->control_fd);
	if (!gently || pidfd < 0 || !see_it_end(p, pidfd, until))
		proc_signal_group(p->pid, SIGKILL);
	p->child = loop_forget_child(p->child);
	waitpid(p->pid, NULL, 0);
}

/* ---- what goes to it ----------------------------------------------------- */

pid_t
shell_process_pid(const struct shell_process *p)
{
	return p->pid;
}

void
shell_process_order(struct shell_process *p, struct text bytes)
{
	outq_add(&p->control, bytes);
}

/* The pipe keeps what nobody has read for as long as an end of it is open; what
 * could not be written to it any more makes the queue give up. */
bool
shell_process_has_unread(const struct shell_process *p)
{
	int n = 0;

	return p->control.fd < 0 || p->control.waiting.len > 0 ||
	       (ioctl(p->control_fd, FIONREAD, &n) == 0 && n > 0);
}

void
shell_process_mute(struct shell_process *p)
{
	p->status = loop_unwatch(p->status);
}

bool
shell_process_is_mute(const struct shell_process *p)
{
	return !p->status;
}

void
shell_process_set_tty(struct shell_process *p, enum job_io io)
{
	if (p->pty.slave >= 0)
		pty_set(&p->pty,
			io == JOB_INTERACTIVE ? PTY_INTERACTIVE : PTY_BATCH);
}

void
shell_process_keys(struct shell_process *p, struct text keys)
{
	/* As the terminal driver does when its buffer is full. */
	if (p->keys.waiting.len <= LIMIT_TYPED_BYTES)
		outq_add(&p->keys, keys);
}

void
shell_process_resize(struct shell_process *p, unsigned rows, unsigned columns)
{
	if (p->pty.master >= 0)
		pty_resize(&p->pty, rows, columns);
}
