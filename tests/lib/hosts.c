/* Pools of hosts for tests. */
#include "lib/hosts.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/ptree.h"
#include "lib/session.h"

static void
ignore_end(void *ctx, int wait_status)
{
	(void)ctx;
	(void)wait_status;
}

struct hosts *
hosts_new(struct sshd *sshd)
{
	static int count;
	struct hosts *h = xcalloc(1, sizeof(*h));
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	const char *tmp = getenv("TMPDIR");
	char name[64];

	session_clock_ahead_ms = 0;
	h->loop = loop_new(&session_clock);
	h->operator_fd = -1;
	h->sshd = sshd;
	/* It is no process of a step. */
	loop_on_child(h->loop, sshd->pid, ignore_end, NULL);
	snprintf(name, sizeof(name), "runbook-hosts.%d.%d", (int)getpid(),
		 count++);
	h->dir = rundir_new_in(tmp ? tmp : "/tmp", name, &reterr);
	assert_non_null(h->dir);
	h->settings = (struct remote_settings){
		.dir = rundir_path(h->dir),
		.config_file = sshd->config,
	};
	return h;
}

void
hosts_add_operator(struct hosts *h)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(fd_close_ptr) int slave = -1;
	struct winsize size = { .ws_row = 33, .ws_col = 99 };

	h->operator_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(h->operator_fd >= 0);
	assert_int_equal(unlockpt(h->operator_fd), 0);
	assert_int_equal(ioctl(h->operator_fd, TIOCSWINSZ, &size), 0);
	slave = ioctl(h->operator_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	h->terminal = terminal_of(slave, &reterr);
	assert_non_null(h->terminal);
	h->settings.terminal = h->terminal;
}

static void
question(void *ctx, const char *prompt, bool echo, ask_answer_fn *answer,
	 void *to)
{
	struct hosts *h = ctx;
	size_t i = h->n_asked++;

	buf_addf(&h->asked, "%s|%s\n", prompt, echo ? "echo" : "hidden");
	answer(to, i < h->n_answers ? h->answers[i] : NULL);
}

static void
withdraw(void *ctx)
{
	(void)ctx;
}

void
hosts_add_answers(struct hosts *h, const char *const *answers)
{
	static struct ask ask;

	while (*answers)
		h->answers[h->n_answers++] = *answers++;
	ask = (struct ask){ question, withdraw, h };
	h->settings.ask = &ask;
}

void
hosts_open(struct hosts *h, const char *name)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;

	h->target = target_free(h->target);
	h->pool = remote_pool_free(h->pool);
	h->pool = remote_pool_new(h->loop, &h->settings, &reterr);
	assert_non_null(h->pool);
	h->target = target_new_ssh(h->pool, name, &reterr);
	assert_non_null(h->target);
}

struct hosts *
hosts_free(struct hosts *h)
{
	target_free(h->target);
	remote_pool_free(h->pool);
	rundir_free(h->dir);
	terminal_free(h->terminal);
	fd_close(&h->operator_fd);
	loop_free(h->loop);
	buf_release(&h->asked);
	free(h);
	return NULL;
}
