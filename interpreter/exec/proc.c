/* fork, descriptors, exec, and collecting what a short-lived child prints. */
#include "exec/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "exec/loop.h"

enum {
	/* Descriptors are parked here before they get their numbers. */
	PARKED_FD = 64,
	PROC_MAX_FDS = 32
};

enum stage {
	STAGE_SESSION,
	STAGE_TERMINAL,
	STAGE_FDS,
	STAGE_CWD,
	STAGE_EXEC
};

/* What the child tells when it fails before the program runs. */
struct failure {
	int error;
	enum stage stage;
};

static void
child_fail(int report, enum stage stage)
{
	struct failure f = { errno, stage };

	if (write(report, &f, sizeof(f)) != sizeof(f))
		_exit(126);
	_exit(127);
}

static void
child_reset_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &dfl, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Standard streams and further descriptors: first all out of the way, so that
 * none is overwritten before it has been copied. */
static int
child_place_fds(const struct proc_spec *spec)
{
	int parked[3 + PROC_MAX_FDS];
	int ours[3] = { spec->in, spec->out, spec->err };
	size_t n = 3 + spec->n_fds;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < n; i++) {
		int fd = i < 3 ? ours[i] : spec->fds[i - 3].ours;

		parked[i] =
			fcntl(fd < 0 ? null : fd, F_DUPFD_CLOEXEC, PARKED_FD);
		if (parked[i] < 0)
			return -1;
	}
	for (size_t i = 0; i < n; i++) {
		int to = i < 3 ? (int)i : spec->fds[i - 3].theirs;

		if (dup2(parked[i], to) < 0)
			return -1;
	}
	return 0;
}

_Noreturn static void
child(const struct proc_spec *spec, int report)
{
	/* Above whatever the program is to have. */
	report = fcntl(report, F_DUPFD_CLOEXEC, PARKED_FD);
	/* What we were started with and never looked at (a build's job
	 * server, a parent's pipes) is none of the program's business. Where
	 * the kernel cannot do it at once, it stays as it is. */
	close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	child_reset_signals();
	if (spec->session ? setsid() < 0 : setpgid(0, 0) < 0)
		child_fail(report, STAGE_SESSION);
	if (spec->tty >= 0 && ioctl(spec->tty, TIOCSCTTY, 0) < 0)
		child_fail(report, STAGE_TERMINAL);
	if (child_place_fds(spec) < 0)
		child_fail(report, STAGE_FDS);
	if (spec->cwd && chdir(spec->cwd) < 0)
		child_fail(report, STAGE_CWD);
	if (spec->run) {
		/* What it holds open nobody would see the end of. */
		close_range(3, ~0u, 0);
		_exit(spec->run(spec->ctx));
	}
	if (spec->env)
		execve(spec->argv[0], (char **)(uintptr_t)spec->argv,
		       (char **)(uintptr_t)spec->env);
	else
		execv(spec->argv[0], (char **)(uintptr_t)spec->argv);
	child_fail(report, STAGE_EXEC);
	_exit(127);
}

static void
tell_failure(const struct proc_spec *spec, const struct failure *f,
	     struct buf *reterr)
{
	const char *why = strerror(f->error);

	switch (f->stage) {
	case STAGE_CWD:
		buf_addf(reterr, "cannot enter folder '%s': %s", spec->cwd,
			 why);
		break;
	case STAGE_EXEC:
		buf_addf(reterr, "cannot run '%s': %s", spec->argv[0], why);
		break;
	case STAGE_SESSION:
		buf_addf(reterr, "cannot start a process group: %s", why);
		break;
	case STAGE_TERMINAL:
		buf_addf(reterr, "cannot give a process its terminal: %s", why);
		break;
	case STAGE_FDS:
		buf_addf(reterr, "cannot give a process its descriptors: %s",
			 why);
		break;
	}
}

/* Wait until the child's program runs, which closes the pipe, or for its
 * failure. */
static int
hear_failure(int report, struct failure *ret)
{
	ssize_t n;

	do
		n = read(report, ret, sizeof(*ret));
	while (n < 0 && errno == EINTR);
	return n == 0 ? 0 : -1;
}

pid_t
proc_spawn(const struct proc_spec *spec, struct buf *reterr)
{
	struct failure failure = { EIO, STAGE_EXEC };
	int report[2];
	pid_t pid;
	int rc;

	if (spec->n_fds > PROC_MAX_FDS)
		BUG("%zu descriptors for a process", spec->n_fds);
	if (fd_pipe(report) < 0) {
		buf_addf(reterr, "cannot make a pipe: %s", strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid < 0) {
		buf_addf(reterr, "cannot start a process: %s", strerror(errno));
		fd_close(&report[0]);
		fd_close(&report[1]);
		return -1;
	}
	if (pid == 0)
		child(spec, report[1]);
	fd_close(&report[1]);
	rc = hear_failure(report[0], &failure);
	fd_close(&report[0]);
	if (rc == 0)
		return pid;
	waitpid(pid, NULL, 0);
	tell_failure(spec, &failure, reterr);
	return -1;
}

bool
proc_signal_group(pid_t pgid, int signal)
{
	return pgid > 1 && kill(-pgid, signal) == 0;
}

static char *
find(const char *name, const char *path, const struct stat *other_than)
{
	struct text rest = text_of(path), folder;

	while (text_next_field(&rest, ':', &folder)) {
		struct buf b = BUF_INIT;
		struct stat st;

		if (folder.len == 0 || folder.at[0] != '/')
			continue;
		buf_addf(&b, "%.*s/%s", TEXT_ARG(folder), name);
		if (access(b.bytes, X_OK) == 0 && stat(b.bytes, &st) == 0 &&
		    S_ISREG(st.st_mode) &&
		    (!other_than || st.st_ino != other_than->st_ino ||
		     st.st_dev != other_than->st_dev))
			return buf_detach(&b, NULL);
		buf_release(&b);
	}
	return NULL;
}

char *
proc_find(const char *name, const char *path)
{
	return find(name, path, NULL);
}

char *
proc_find_other(const char *name, const char *path)
{
	struct stat us;

	return find(name, path, stat("/proc/self/exe", &us) == 0 ? &us : NULL);
}

/* ---- run for what it prints ---------------------------------------------- */

struct run_stream {
	struct proc_run *run;
	int fd;
	struct loop_watch *watch;
	struct buf bytes;
};

struct proc_run {
	struct loop *loop;
	pid_t pid;
	struct run_stream streams[2]; /* out, err */
	struct loop_child *child;
	struct loop_timer *timer;
	size_t max;
	struct proc_result result;
	proc_result_fn *fn;
	void *ctx;
};

struct proc_run *
proc_run_free(struct proc_run *r)
{
	if (!r)
		return NULL;
	for (size_t i = 0; i < 2; i++) {
		loop_unwatch(r->streams[i].watch);
		fd_close(&r->streams[i].fd);
		buf_release(&r->streams[i].bytes);
	}
	loop_cancel(r->timer);
	if (r->child) {
		loop_forget_child(r->child);
		proc_signal_group(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	free(r);
	return NULL;
}

static void
run_finish(struct proc_run *r)
{
	r->result.out = buf_text(&r->streams[0].bytes);
	r->result.err = buf_text(&r->streams[1].bytes);
	r->fn(r->ctx, &r->result);
	proc_run_free(r);
}

static void
run_look(struct proc_run *r)
{
	if (!r->child && r->streams[0].fd < 0 && r->streams[1].fd < 0)
		run_finish(r);
}

static void
run_on_end(void *ctx, int wait_status)
{
	struct proc_run *r = ctx;

	r->child = NULL;
	r->result.wait_status = wait_status;
	run_look(r);
}

static void
run_on_readable(void *ctx, short revents UNUSED)
{
	struct run_stream *s = ctx;
	char chunk[4096];
	ssize_t n = read(s->fd, chunk, sizeof(chunk));
	size_t room = s->run->max - s->bytes.len;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		s->watch = loop_unwatch(s->watch);
		fd_close(&s->fd);
		run_look(s->run);
		return;
	}
	if ((size_t)n > room) {
		n = (ssize_t)room;
		s->run->result.too_long = true;
	}
	buf_add(&s->bytes, chunk, (size_t)n);
}

/* Killed with its whole group; who still holds its output does not count. */
static void
run_on_timeout(void *ctx)
{
	struct proc_run *r = ctx;

	r->timer = NULL;
	r->result.timed_out = true;
	if (r->child) {
		r->child = loop_forget_child(r->child);
		proc_signal_group(r->pid, SIGKILL);
		waitpid(r->pid, &r->result.wait_status, 0);
	}
	run_finish(r);
}

static int
run_open_pipes(struct proc_run *r, struct proc_spec *spec, int ret_theirs[2])
{
	for (size_t i = 0; i < 2; i++) {
		int ends[2];

		if (fd_pipe(ends) < 0)
			return -1;
		r->streams[i].fd = ends[0];
		ret_theirs[i] = ends[1];
	}
	spec->out = ret_theirs[0];
	spec->err = ret_theirs[1];
	return 0;
}

struct proc_run *
proc_run_start(struct loop *l, struct proc_spec *spec, size_t max_bytes,
	       int64_t timeout_ms, proc_result_fn *fn, void *ctx,
	       struct buf *reterr)
{
	struct proc_run *r = xcalloc(1, sizeof(*r));
	int theirs[2] = { -1, -1 };

	r->loop = l;
	r->max = max_bytes;
	r->fn = fn;
	r->ctx = ctx;
	r->streams[0].fd = r->streams[1].fd = -1;
	if (run_open_pipes(r, spec, theirs) < 0) {
		buf_addf(reterr, "cannot make a pipe: %s", strerror(errno));
		r->pid = -1;
	} else {
		r->pid = proc_spawn(spec, reterr);
	}
	fd_close(&theirs[0]);
	fd_close(&theirs[1]);
	if (r->pid < 0)
		return proc_run_free(r);
	for (size_t i = 0; i < 2; i++) {
		r->streams[i].run = r;
		r->streams[i].watch =
			loop_watch(l, r->streams[i].fd, POLLIN, run_on_readable,
				   &r->streams[i]);
	}
	r->child = loop_on_child(l, r->pid, run_on_end, r);
	r->timer = loop_after(l, timeout_ms, run_on_timeout, r);
	return r;
}
