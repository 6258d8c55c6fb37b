/* Setting up local targets for tests. */
#include "lib/session.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/local.h"
#include "exec/ptree.h"
#include "lib/child.h"

int64_t session_clock_ahead_ms;

static int64_t
mono_ns(void *ctx)
{
	(void)ctx;
	return clock_mono_ns(&clock_system) + session_clock_ahead_ms * 1000000;
}

static int64_t
wall_ms(void *ctx)
{
	(void)ctx;
	return clock_wall_ms(&clock_system) + session_clock_ahead_ms;
}

const struct clock session_clock = { mono_ns, wall_ms, NULL };

static void
on_late(void *ctx, uint32_t label, enum job_stream stream, struct text bytes)
{
	struct session *s = ctx;

	(void)stream;
	s->late_label = label;
	buf_addt(&s->late, bytes);
}

static void
open_operator(struct session *s)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(fd_close_ptr) int slave = -1;
	struct winsize size = { .ws_row = 33, .ws_col = 99 };

	s->operator_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(s->operator_fd >= 0);
	assert_int_equal(unlockpt(s->operator_fd), 0);
	assert_int_equal(ioctl(s->operator_fd, TIOCSWINSZ, &size), 0);
	slave = ioctl(s->operator_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	s->terminal = terminal_of(slave, &reterr);
	assert_non_null(s->terminal);
}

static int
set_up(void **state, bool with_operator)
{
	static int count;
	struct session *s = xcalloc(1, sizeof(*s));
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	char name[64], self[PATH_MAX + 8], dir[128];
	const char *env[] = { self, dir, NULL };
	struct local_settings settings = { .env = env };
	const char *tmp = getenv("TMPDIR");

	session_clock_ahead_ms = 0;
	s->operator_fd = -1;
	s->loop = loop_new(&session_clock);
	snprintf(name, sizeof(name), "runbook-test.%d.%d", (int)getpid(),
		 count++);
	s->dir = rundir_new_in(tmp ? tmp : "/tmp", name, &reterr);
	assert_non_null(s->dir);
	snprintf(self, sizeof(self), "SELF=%s", child_path());
	snprintf(dir, sizeof(dir), "DIR=%s", rundir_path(s->dir));
	if (with_operator)
		open_operator(s);
	settings.dir = rundir_path(s->dir);
	settings.terminal = s->terminal;
	s->target = target_new_local(s->loop, &settings, &reterr);
	assert_non_null(s->target);
	target_on_late(s->target, on_late, s);
	*state = s;
	return 0;
}

int
session_set_up(void **state)
{
	return set_up(state, false);
}

int
session_set_up_with_operator(void **state)
{
	return set_up(state, true);
}

/* Steps may leave processes; a test may not. */
static void
kill_left_behind(void)
{
	pid_t children[64];
	size_t n;

	while ((n = ptree_children(getpid(), children, 64)) > 0) {
		for (size_t i = 0; i < n; i++) {
			kill(children[i], SIGKILL);
			waitpid(children[i], NULL, 0);
		}
	}
}

int
session_tear_down(void **state)
{
	struct session *s = *state;

	target_free(s->target);
	kill_left_behind();
	rundir_free(s->dir);
	terminal_free(s->terminal);
	fd_close(&s->operator_fd);
	loop_free(s->loop);
	buf_release(&s->late);
	free(s);
	return 0;
}

struct target *
session_target(void **state)
{
	return ((struct session *)*state)->target;
}

bool
session_has(void **state, const char *name)
{
	struct session *s = *state;
	CLEANUP(free_ptr) char *path = rundir_entry(s->dir, name);

	return access(path, F_OK) == 0;
}

void
session_write(void **state, const char *name, const char *text)
{
	struct session *s = *state;
	CLEANUP(free_ptr) char *path = rundir_entry(s->dir, name);
	CLEANUP(fd_close_ptr) int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
}
