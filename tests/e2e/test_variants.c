/* Servers that are configured in less usual ways, interactive jobs, and hosts
 * for which the real ssh steps in. */
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "exec/host.h"
#include "exec/remote_exec.h"
#include "lib/child.h"
#include "lib/hosts.h"
#include "lib/session.h"

/* A server of its own for each case. */
struct fixture {
	struct sshd *server;
	struct hosts *hosts;
};

static void
open_with(struct fixture *f, const char *lines)
{
	f->server = sshd_new(lines);
	if (!f->server)
		skip();
	f->hosts = hosts_new(f->server);
}

static int
set_up(void **state)
{
	*state = xcalloc(1, sizeof(struct fixture));
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->hosts)
		hosts_free(f->hosts);
	sshd_free(f->server);
	free(f);
	return 0;
}

/* ---- channels ------------------------------------------------------------ */

struct one {
	bool over;
	int code;
	enum remote_end end;
};

static size_t
drop(void *ctx, enum job_stream stream, struct text bytes)
{
	(void)ctx;
	(void)stream;
	return bytes.len;
}

static void
one_end(void *ctx, enum remote_end end, int code, bool left_open,
	const char *message)
{
	struct one *one = ctx;

	(void)left_open;
	(void)message;
	one->over = true;
	one->end = end;
	one->code = code;
}

/* N commands at once; all have to end with a status of their own. */
static void
run_at_once(struct hosts *h, int n)
{
	struct one ones[16] = { 0 };
	struct host *host = remote_pool_host(h->pool, "web1", NULL);

	for (int i = 0; i < n; i++) {
		struct remote_exec_events on = { .on_output = drop,
						 .on_end = one_end,
						 .ctx = &ones[i] };
		struct remote_exec_spec spec = { 0 };
		char text[64];

		snprintf(text, sizeof(text), "sleep 0.1; exit %d", i);
		spec.command = text_of(text);
		remote_exec_start(h->loop, host, &spec, &on);
	}
	for (int i = 0; i < n; i++) {
		assert_true(wait_for(h->loop, &ones[i].over, 20000));
		assert_int_equal(ones[i].end, REMOTE_EXITED);
		assert_int_equal(ones[i].code, i);
	}
}

static void
test_one_session(void **state)
{
	struct fixture *f = *state;

	open_with(f, "MaxSessions 1");
	hosts_open(f->hosts, "web1");
	for (int i = 0; i < 5; i++)
		assert_ran(f->hosts->target, "echo in", 0, "in\n");
	run_at_once(f->hosts, 4);
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
}

static void
test_three_sessions(void **state)
{
	struct fixture *f = *state;

	open_with(f, "MaxSessions 3");
	hosts_open(f->hosts, "web1");
	run_at_once(f->hosts, 12);
}

static void
test_no_session(void **state)
{
	struct fixture *f = *state;
	struct ran r;

	open_with(f, "MaxSessions 0");
	hosts_open(f->hosts, "web1");
	ran_text(&r, f->hosts->target, "true");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_false(r.dispatched);
	ran_release(&r);
}

/* An idle spare is closed by the server, and then there is none ahead. */
static void
test_channel_timeout(void **state)
{
	struct fixture *f = *state;
	bool never = false;

	/* longer than a busy machine takes for a command, which would be
	 * closed as well */
	open_with(f, "ChannelTimeout session:*=4s");
	hosts_open(f->hosts, "web1");
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
	wait_for(f->hosts->loop, &never, 5500);
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
}

static void
test_rekey(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r = { .discard = true };

	open_with(f, "RekeyLimit 1M");
	hosts_open(f->hosts, "web1");
	buf_addf(&text, "%s child:flood 20000000", child_path());
	spec.text = buf_text(&text);
	ran_start(&r, f->hosts->target, &spec);
	assert_true(wait_for(f->hosts->loop, &r.over, 30000));
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.n_bytes, 20000000);
	ran_release(&r);
}

static void
test_force_command(void **state)
{
	struct fixture *f = *state;

	open_with(f, "ForceCommand echo forced $SSH_ORIGINAL_COMMAND; exit 3");
	hosts_open(f->hosts, "web1");
	assert_ran(f->hosts->target, "ls /", 3, "forced ls /\n");
}

static void
test_banner(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(buf_release) struct buf banner = BUF_INIT;
	char path[] = "/tmp/runbook-banner.XXXXXX";
	CLEANUP(fd_close_ptr) int fd = mkstemp(path);

	buf_adds(&banner, "\033]0;title\007Welcome\r\n");
	buf_fill(&banner, '#', 100000);
	buf_adds(&banner, "\n");
	assert_int_equal(fd_write_all(fd, banner.bytes, banner.len), 0);
	buf_addf(&lines, "Banner %s", path);
	open_with(f, lines.bytes);
	hosts_open(f->hosts, "web1");
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
	assert_non_null(remote_banner(f->hosts->target));
	assert_int_equal(
		strncmp(remote_banner(f->hosts->target), banner.bytes, 30), 0);
	assert_true(strlen(remote_banner(f->hosts->target)) <=
		    LIMIT_BANNER_BYTES);
	unlink(path);
}

/* What a server says ends up in messages, but not as escape sequences. */
static void
test_hostile_message(void **state)
{
	struct fixture *f = *state;
	struct ran r;

	open_with(f, NULL);
	sshd_host(f->server, "evil",
		  "ProxyCommand sh -c \"printf '\\\\033]0;evil' >&2; exit 1\"");
	hosts_open(f->hosts, "evil");
	ran_text(&r, f->hosts->target, "true");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_null(strchr(r.outcome.message, '\033'));
	assert_non_null(strstr(r.outcome.message, "evil"));
	ran_release(&r);
}

/* ---- terminals ----------------------------------------------------------- */

static void
type(struct hosts *h, const char *keys)
{
	assert_int_equal(fd_write_all(h->operator_fd, keys, strlen(keys)), 0);
}

static struct termios
modes(struct hosts *h)
{
	struct termios t;

	assert_int_equal(tcgetattr(terminal_fd(h->terminal), &t), 0);
	return t;
}

static void
start_interactive(struct ran *r, struct hosts *h, const char *mode,
		  struct buf *text)
{
	struct job_spec spec = { .io = JOB_INTERACTIVE };

	buf_addf(text, "%s %s", child_path(), mode);
	spec.text = buf_text(text);
	ran_start(r, h->target, &spec);
}

static void
test_interactive(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct winsize size = { .ws_row = 50, .ws_col = 120 };
	struct termios before, after;
	struct ran r = { 0 };

	open_with(f, NULL);
	hosts_add_operator(f->hosts);
	hosts_open(f->hosts, "web1");
	before = modes(f->hosts);
	start_interactive(&r, f->hosts, "child:size", &text);
	wait_for_text(f->hosts->loop, &r.tty, "size 33x99");
	assert_false(modes(f->hosts).c_lflag & (ICANON | ECHO | ISIG));
	assert_int_equal(ioctl(f->hosts->operator_fd, TIOCSWINSZ, &size), 0);
	raise(SIGWINCH);
	wait_for_text(f->hosts->loop, &r.tty, "size 50x120");
	type(f->hosts, "q\r");
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 0);
	after = modes(f->hosts);
	assert_int_equal(before.c_iflag, after.c_iflag);
	assert_int_equal(before.c_oflag, after.c_oflag);
	assert_int_equal(before.c_cflag, after.c_cflag);
	assert_int_equal(before.c_lflag, after.c_lflag);
	assert_memory_equal(before.c_cc, after.c_cc, sizeof(before.c_cc));
	ran_release(&r);
}

/* ^C belongs to the program; Ctrl-] q ends the step. */
static void
test_keys(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };

	open_with(f, NULL);
	hosts_add_operator(f->hosts);
	hosts_open(f->hosts, "web1");
	start_interactive(&r, f->hosts, "child:polite", &text);
	wait_for_text(f->hosts->loop, &r.tty, "ready");
	type(f->hosts, "\003");
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);

	buf_clear(&text);
	start_interactive(&r, f->hosts, "child:say up", &text);
	wait_for_text(f->hosts->loop, &r.tty, "up");
	type(f->hosts, "\035q");
	assert_true(wait_for(f->hosts->loop, &r.over, 20000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	ran_release(&r);
}

static void
test_no_terminal_there(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };

	open_with(f, "PermitTTY no");
	hosts_add_operator(f->hosts);
	hosts_open(f->hosts, "web1");
	start_interactive(&r, f->hosts, "child:size", &text);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_false(r.outcome.unreachable);
	assert_string_equal(r.outcome.message, "web1 gives us no terminal");
	ran_release(&r);
}

static void
test_no_operator(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };

	open_with(f, NULL);
	hosts_open(f->hosts, "web1");
	start_interactive(&r, f->hosts, "child:size", &text);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	ran_release(&r);
}

/* ---- the real ssh -------------------------------------------------------- */

/* A configuration that only ssh can serve: the same jobs, the same ends. */
static void
open_fallback(struct fixture *f, const char *lines)
{
	open_with(f, lines);
	sshd_host(f->server, "only", "ForwardAgent yes");
}

static void
test_fallback(void **state)
{
	static const int statuses[] = { 0, 1, 44, 255 };
	struct fixture *f = *state;
	struct ran r;

	open_fallback(f, NULL);
	hosts_open(f->hosts, "only");
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		char text[64];

		snprintf(text, sizeof(text), "echo hi; exit %d", statuses[i]);
		assert_ran(f->hosts->target, text, statuses[i], "hi\n");
	}
	ran_text(&r, f->hosts->target, "echo out; echo err >&2; cat");
	assert_string_equal(buf_cstr(&r.out), "out\n");
	assert_string_equal(buf_cstr(&r.err), "err\n");
	assert_true(r.dispatched);
	assert_null(remote_identity(f->hosts->target));
	ran_release(&r);
	ran_text(&r, f->hosts->target, "kill -KILL $$");
	assert_int_equal(r.outcome.end, JOB_SIGNALED);
	ran_release(&r);
}

static void
test_fallback_fails(void **state)
{
	struct fixture *f = *state;
	struct ran r;

	open_fallback(f, NULL);
	sshd_host(f->server, "shut", "ForwardAgent yes\nPort 1");
	hosts_open(f->hosts, "shut");
	ran_text(&r, f->hosts->target, "true");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_true(r.outcome.unreachable);
	assert_non_null(strstr(r.outcome.message, "Connection refused"));
	ran_release(&r);
}

static void
test_fallback_lost(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT("echo up; sleep 30 & wait") };
	struct ran r = { 0 };

	open_fallback(f, NULL);
	hosts_open(f->hosts, "only");
	ran_start(&r, f->hosts->target, &spec);
	wait_for_text(f->hosts->loop, &r.out, "up");
	sshd_signal_children(f->server, SIGKILL);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_LOST);
	ran_release(&r);
}

static void
test_fallback_interrupt(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT("echo up; sleep 30 & wait") };
	struct ran r = { 0 };

	open_fallback(f, NULL);
	hosts_open(f->hosts, "only");
	ran_start(&r, f->hosts->target, &spec);
	wait_for_text(f->hosts->loop, &r.out, "up");
	job_interrupt(f->hosts->target, r.job);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	/* What became of the command there nobody knows. */
	assert_int_equal(r.outcome.end, JOB_LOST);
	ran_release(&r);
}

static void
test_fallback_terminal(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };

	open_fallback(f, NULL);
	hosts_add_operator(f->hosts);
	hosts_open(f->hosts, "only");
	start_interactive(&r, f->hosts, "child:size", &text);
	wait_for_text(f->hosts->loop, &r.tty, "size 33x99");
	type(f->hosts, "q\r");
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
}

/* Only an authority vouches for the host: libssh cannot, ssh can. */
static void
test_host_certificate(void **state)
{
	struct fixture *f = *state;
	struct sshd *ca_dir = sshd_new(NULL);
	CLEANUP(free_ptr) char *ca = NULL, *key = NULL, *ca_pub = NULL;
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	CLEANUP(buf_release) struct buf known = BUF_INIT;
	const char *argv[] = { "/usr/bin/ssh-keygen",
			       "-q",
			       "-s",
			       NULL,
			       "-h",
			       "-I",
			       "host",
			       "-n",
			       "127.0.0.1",
			       NULL,
			       NULL };

	if (!ca_dir)
		skip();
	ca = sshd_key(ca_dir, "ca", "ed25519", "");
	key = sshd_key(ca_dir, "hk", "ed25519", "");
	buf_addf(&pub, "%s.pub", key);
	argv[3] = ca;
	argv[9] = pub.bytes;
	assert_int_equal(sshd_run(argv), 0);
	buf_addf(&lines, "HostKey %s\nHostCertificate %s-cert.pub\n", key, key);
	open_with(f, lines.bytes);
	buf_clear(&pub);
	buf_addf(&pub, "%s.pub", ca);
	ca_pub = sshd_read(pub.bytes);
	buf_addf(&known, "@cert-authority * %s", ca_pub);
	free(sshd_write(f->server, "kh_ca", known.bytes));
	buf_clear(&lines);
	buf_addf(&lines, "UserKnownHostsFile %s/kh_ca", f->server->dir);
	sshd_host(f->server, "certified", lines.bytes);
	hosts_open(f->hosts, "certified");
	assert_ran(f->hosts->target, "echo in", 0, "in\n");
	assert_null(remote_fingerprint(f->hosts->target));
	sshd_free(ca_dir);
}

int
main(int argc, char **argv)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_one_session),
		TEST(test_three_sessions),
		TEST(test_no_session),
		TEST(test_channel_timeout),
		TEST(test_rekey),
		TEST(test_force_command),
		TEST(test_banner),
		TEST(test_hostile_message),
		TEST(test_interactive),
		TEST(test_keys),
		TEST(test_no_terminal_there),
		TEST(test_no_operator),
		TEST(test_fallback),
		TEST(test_fallback_fails),
		TEST(test_fallback_lost),
		TEST(test_fallback_interrupt),
		TEST(test_fallback_terminal),
		TEST(test_host_certificate),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
