/* Jobs on a host: what comes back, how they end, how they are ended. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"
#include "exec/host.h"
#include "exec/remote_exec.h"
#include "lib/child.h"
#include "lib/hosts.h"
#include "lib/session.h"

static struct sshd *server;

static int
start_server(void **state)
{
	(void)state;
	server = sshd_new(NULL);
	return 0;
}

static int
stop_server(void **state)
{
	(void)state;
	server = sshd_free(server);
	return 0;
}

static int
set_up(void **state)
{
	if (!server)
		skip();
	*state = hosts_new(server);
	return 0;
}

static int
set_up_open(void **state)
{
	int rc = set_up(state);

	hosts_open(*state, "web1");
	return rc;
}

static int
tear_down(void **state)
{
	hosts_free(*state);
	return 0;
}

/* A job of FMT with the path of the test binary in place of its %s. */
static void
run_child(struct ran *r, struct hosts *h, const char *fmt_before,
	  const char *after)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct job_spec spec = { 0 };

	buf_addf(&b, "%s%s %s", fmt_before, child_path(), after);
	spec.text = buf_text(&b);
	ran_run(r, h->target, &spec);
}

/* ---- what comes back ----------------------------------------------------- */

static void
test_statuses(void **state)
{
	static const int statuses[] = { 0, 1, 4, 5, 44, 255 };
	struct hosts *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		char text[96];

		snprintf(text, sizeof(text), "echo hi; exit %d", statuses[i]);
		assert_ran(h->target, text, statuses[i], "hi\n");
		/* The streams end long before the command. */
		snprintf(text, sizeof(text),
			 "exec >&- 2>&-; sleep 0.2; exit %d", statuses[i]);
		assert_ran(h->target, text, statuses[i], "");
	}
}

static void
test_signals(void **state)
{
	static const struct {
		const char *text;
		int number;
	} cases[] = { { "kill -TERM $$", SIGTERM },
		      { "kill -KILL $$", SIGKILL },
		      { "kill -SEGV $$", SIGSEGV } };
	struct hosts *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ran r;

		ran_text(&r, h->target, cases[i].text);
		assert_int_equal(r.outcome.end, JOB_SIGNALED);
		assert_int_equal(r.outcome.code, cases[i].number);
		ran_release(&r);
	}
}

static void
test_streams(void **state)
{
	struct hosts *h = *state;
	struct ran r;

	ran_text(&r, h->target, "echo out; echo err >&2; echo out2");
	assert_string_equal(buf_cstr(&r.out), "out\nout2\n");
	assert_string_equal(buf_cstr(&r.err), "err\n");
	assert_true(r.dispatched);
	ran_release(&r);
	ran_text(&r, h->target, "exec >&-; sleep 0.2; echo late >&2; exit 3");
	assert_string_equal(buf_cstr(&r.err), "late\n");
	assert_int_equal(r.outcome.code, 3);
	ran_release(&r);
	assert_ran(h->target, "cat; wc -c", 0, "0\n");
}

static void
test_bytes(void **state)
{
	struct hosts *h = *state;
	struct ran r;

	run_child(&r, h, "", "child:bytes");
	assert_int_equal(r.out.len, 256);
	for (size_t i = 0; i < 256; i++)
		assert_int_equal((unsigned char)r.out.bytes[i], i);
	ran_release(&r);
	run_child(&r, h, "", "child:line 20000000");
	assert_int_equal(r.out.len, 20000001);
	for (size_t i = 0; i < 20000000; i++) {
		if (r.out.bytes[i] != 'x')
			fail_msg("byte %zu is wrong", i);
	}
	ran_release(&r);
}

static void
test_text_is_one_string(void **state)
{
	struct hosts *h = *state;

	assert_ran(h->target, "x='a  b'\necho \"$x\" | wc -c\n# comment", 0,
		   "5\n");
	assert_ran(h->target, "cat <<'EOF'\n$x `y` \\\nEOF\n", 0,
		   "$x `y` \\\n");
}

static void
test_folder_and_environment(void **state)
{
	static const char *const env[] = { "A=a b", "B=$x\"`;", NULL };
	static const char *const bad[] = { "A=it's", NULL };
	struct hosts *h = *state;
	struct job_spec spec = { .text = TEXT("pwd; echo \"$A|$B\"; env | grep "
					      "-c '^[AB]='"),
				 .cwd = "/usr",
				 .env = env };
	struct ran r;

	ran_run(&r, h->target, &spec);
	assert_string_equal(buf_cstr(&r.out), "/usr\na b|$x\"`;\n2\n");
	ran_release(&r);
	spec.cwd = "/no/such";
	ran_run(&r, h->target, &spec);
	assert_int_equal(r.outcome.code, 1);
	assert_string_equal(buf_cstr(&r.out), "");
	ran_release(&r);
	spec.cwd = NULL;
	spec.env = bad;
	ran_run(&r, h->target, &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_false(r.outcome.unreachable);
	ran_release(&r);
}

static void
test_too_large(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf big = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r;

	buf_adds(&big, "echo ok;: ");
	buf_fill(&big, 'x', LIMIT_REMOTE_COMMAND_BYTES - big.len);
	spec.text = buf_text(&big);
	ran_run(&r, h->target, &spec);
	assert_string_equal(buf_cstr(&r.out), "ok\n");
	ran_release(&r);
	buf_addc(&big, 'x');
	spec.text = buf_text(&big);
	ran_run(&r, h->target, &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_string_equal(r.outcome.message,
			    "the step is larger than 98304 bytes");
	ran_release(&r);
}

/* A process there that holds the output does not hold the job. */
static void
test_background_there(void **state)
{
	struct hosts *h = *state;
	CLEANUP(free_ptr) char *fifo = sshd_path(server, "go");
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(fd_close_ptr) int fd = -1;
	struct ran r;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	buf_addf(&text, "{ read x <%s; } & echo now; exit 7", fifo);
	ran_text(&r, h->target, text.bytes);
	assert_string_equal(buf_cstr(&r.out), "now\n");
	assert_int_equal(r.outcome.code, 7);
	assert_int_equal(r.outcome.n_survivors, 1);
	ran_release(&r);
	fd = open(fifo, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(unlink(fifo), 0);
}

/* Bytes that a slow pipeline holds back come before the end. */
static void
test_status_before_output(void **state)
{
	struct hosts *h = *state;

	assert_ran(h->target, "{ sleep 0.3; echo last; } & exec 1>&-; exit 0",
		   0, "last\n");
}

static void
test_many_jobs(void **state)
{
	struct hosts *h = *state;

	for (int i = 0; i < 100; i++)
		assert_ran(h->target, "echo $((6 * 7))", 0, "42\n");
}

static void
test_identity(void **state)
{
	struct hosts *h = *state;
	char want[64];

	assert_null(remote_identity(h->target));
	assert_ran(h->target, "true", 0, "");
	snprintf(want, sizeof(want), "@127.0.0.1 port %d", server->port);
	assert_non_null(strstr(remote_identity(h->target), want));
	assert_int_equal(strncmp(remote_fingerprint(h->target), "SHA256:", 7),
			 0);
}

/* ---- many at once -------------------------------------------------------- */

struct one {
	bool over;
	int code;
	enum remote_end end;
	struct buf out;
};

static size_t
one_output(void *ctx, enum job_stream stream, struct text bytes)
{
	(void)stream;
	buf_addt(&((struct one *)ctx)->out, bytes);
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

enum {
	AT_ONCE = 25
};

static void
run_many(struct hosts *h)
{
	struct one ones[AT_ONCE] = { 0 };
	struct host *host = remote_pool_host(h->pool, "web1", NULL);

	for (int i = 0; i < AT_ONCE; i++) {
		struct remote_exec_events on = { .on_output = one_output,
						 .on_end = one_end,
						 .ctx = &ones[i] };
		struct remote_exec_spec spec = { 0 };
		char text[64];

		snprintf(text, sizeof(text), "echo %d; exit %d", i, i);
		spec.command = text_of(text);
		remote_exec_start(h->loop, host, &spec, &on);
	}
	for (int i = 0; i < AT_ONCE; i++) {
		char want[16];

		assert_true(wait_for(h->loop, &ones[i].over, 10000));
		assert_int_equal(ones[i].end, REMOTE_EXITED);
		assert_int_equal(ones[i].code, i);
		snprintf(want, sizeof(want), "%d\n", i);
		assert_string_equal(buf_cstr(&ones[i].out), want);
		buf_release(&ones[i].out);
	}
}

static void
test_more_than_channels(void **state)
{
	run_many(*state);
}

/* ---- ending -------------------------------------------------------------- */

/* Does the process in the file NAME of the server's folder live? */
static bool
lives(const char *name)
{
	CLEANUP(free_ptr) char *path = sshd_path(server, name);
	CLEANUP(free_ptr) char *text = sshd_read(path);
	uint64_t pid = 0;

	assert_true(text_to_uint(text_trim(text_of(text)), INT32_MAX, &pid));
	return kill((pid_t)pid, 0) == 0;
}

/* End what a lost connection has left, with its group. */
static void
end_left(const char *name)
{
	CLEANUP(free_ptr) char *path = sshd_path(server, name);
	CLEANUP(free_ptr) char *text = sshd_read(path);
	uint64_t pid = 0;

	assert_true(text_to_uint(text_trim(text_of(text)), INT32_MAX, &pid));
	assert_int_equal(kill(-(pid_t)pid, SIGKILL), 0);
}

/* Start a command that leaves its number in FILE and says "up". */
static void
start_hanging(struct ran *r, struct hosts *h, const char *file,
	      const char *mode, struct job_spec *spec, struct buf *text)
{
	buf_addf(text, "echo $$ >%s/%s; echo up; %s %s; touch %s/never",
		 server->dir, file, child_path(), mode, server->dir);
	spec->text = buf_text(text);
	ran_start(r, h->target, spec);
	wait_for_text(h->loop, &r->out, "up");
}

static void
assert_never(void)
{
	CLEANUP(free_ptr) char *never = sshd_path(server, "never");

	assert_int_equal(access(never, F_OK), -1);
}

static void
test_interrupt(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { .io = JOB_FOLLOW };
	struct ran r = { 0 };

	start_hanging(&r, h, "pid", "child:hang", &spec, &text);
	job_interrupt(h->target, r.job);
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_false(lives("pid"));
	assert_never();
	ran_release(&r);
	assert_ran(h->target, "echo next", 0, "next\n");
}

static void
test_stop(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r = { 0 };

	start_hanging(&r, h, "pid", "child:hang", &spec, &text);
	job_stop(h->target, r.job);
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_false(lives("pid"));
	assert_never();
	ran_release(&r);
}

static void
test_time_limit(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { .timeout_ms = 1000 };
	struct ran r = { 0 };

	start_hanging(&r, h, "pid", "child:hang", &spec, &text);
	session_clock_ahead_ms += 1000;
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_TIMED_OUT);
	assert_false(lives("pid"));
	ran_release(&r);
}

/* What hears neither INT nor TERM is killed, with all of its group. */
static void
test_deaf(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r = { 0 };

	buf_adds(&text, "trap '' INT TERM; ");
	start_hanging(&r, h, "pid", "child:deaf", &spec, &text);
	job_stop(h->target, r.job);
	/* far enough for the kill; a busy host has real time to carry it out */
	for (int i = 0; i < 4 && !r.over; i++) {
		session_clock_ahead_ms += 1000;
		wait_for(h->loop, &r.over, 100);
	}
	assert_true(wait_for(h->loop, &r.over, 15000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_int_equal(r.outcome.code, 128 + SIGKILL);
	assert_false(lives("pid"));
	assert_never();
	ran_release(&r);
}

/* Of two commands on one connection only the one that is meant ends. */
static void
test_stop_one_of_two(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf other = BUF_INIT;
	struct one one = { 0 };
	struct remote_exec_events on = { .on_output = one_output,
					 .on_end = one_end,
					 .ctx = &one };
	struct remote_exec_spec other_spec = { 0 };
	struct remote_exec *e;
	struct job_spec spec = { 0 };
	struct ran r = { 0 };

	buf_addf(&other, "echo $$ >%s/pid1; echo one; %s child:hang",
		 server->dir, child_path());
	other_spec.command = buf_text(&other);
	e = remote_exec_start(h->loop, remote_pool_host(h->pool, "web1", NULL),
			      &other_spec, &on);
	wait_for_text(h->loop, &one.out, "one");
	start_hanging(&r, h, "pid2", "child:hang", &spec, &text);
	job_stop(h->target, r.job);
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_false(lives("pid2"));
	assert_true(lives("pid1"));
	assert_false(one.over);
	ran_release(&r);
	remote_exec_stop(e, SIGTERM, false);
	assert_true(wait_for(h->loop, &one.over, 5000));
	assert_false(lives("pid1"));
	buf_release(&one.out);
}

/* ---- losing it ----------------------------------------------------------- */

static void
test_killed_in_output(void **state)
{
	struct hosts *h = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r = { 0 };
	int64_t begun;

	start_hanging(&r, h, "pid", "child:hang", &spec, &text);
	begun = clock_mono_ms(&clock_system);
	sshd_signal_children(server, SIGKILL);
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_true(clock_mono_ms(&clock_system) - begun < 1000);
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_non_null(
		strstr(r.outcome.message, "lost the connection to web1: "));
	ran_release(&r);
	end_left("pid");
	/* The next job connects anew. */
	assert_ran(h->target, "echo again", 0, "again\n");
}

/* The command ends its own server: everything it printed comes, no status. */
static void
test_killed_after_output(void **state)
{
	struct hosts *h = *state;
	struct ran r;

	ran_text(&r, h->target, "echo done; sleep 0.2; kill -KILL $PPID");
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_string_equal(buf_cstr(&r.out), "done\n");
	ran_release(&r);
}

/* Killed while nothing runs: the next job finds out and connects anew, or was
 * not dispatched. */
static void
test_killed_between(void **state)
{
	struct hosts *h = *state;
	struct ran r;
	bool never = false;

	assert_ran(h->target, "true", 0, "");
	sshd_signal_children(server, SIGKILL);
	wait_for(h->loop, &never, 100);
	ran_text(&r, h->target, "echo on");
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_string_equal(buf_cstr(&r.out), "on\n");
	ran_release(&r);
}

/* Killed while it is handed over, before there is an answer. */
static void
test_killed_at_dispatch(void **state)
{
	struct hosts *h = *state;
	struct job_spec spec = { .text = TEXT("true") };
	struct ran r = { 0 };

	assert_ran(h->target, "true", 0, "");
	sshd_signal_children(server, SIGSTOP);
	ran_start(&r, h->target, &spec);
	sshd_signal_children(server, SIGKILL);
	assert_true(wait_for(h->loop, &r.over, 5000));
	/* there may have been no channel for it yet */
	assert_int_equal(r.outcome.end,
			 r.dispatched ? JOB_LOST : JOB_NOT_STARTED);
	ran_release(&r);
}

static void
test_silent_peer(void **state)
{
	struct hosts *h = *state;
	struct job_spec spec = { 0 };
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };
	int64_t begun;

	h->settings.alive_ms = 100;
	hosts_open(h, "web1");
	start_hanging(&r, h, "pid", "child:hang", &spec, &text);
	begun = clock_mono_ms(&clock_system);
	sshd_signal_children(server, SIGSTOP);
	assert_true(wait_for(h->loop, &r.over, 5000));
	assert_true(clock_mono_ms(&clock_system) - begun < 2000);
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_string_equal(r.outcome.message, "lost the connection to web1: "
					       "it does not answer any more");
	sshd_signal_children(server, SIGKILL);
	end_left("pid");
	ran_release(&r);
}

/* A command that says nothing for long is not a silent peer. */
static void
test_quiet_command(void **state)
{
	struct hosts *h = *state;

	h->settings.alive_ms = 50;
	hosts_open(h, "web1");
	assert_ran(h->target, "sleep 1; echo late", 0, "late\n");
}

int
main(int argc, char **argv)
{
#define OPEN(f) cmocka_unit_test_setup_teardown(f, set_up_open, tear_down)
#define SHUT(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		OPEN(test_statuses),
		OPEN(test_signals),
		OPEN(test_streams),
		OPEN(test_bytes),
		OPEN(test_text_is_one_string),
		OPEN(test_folder_and_environment),
		OPEN(test_too_large),
		OPEN(test_background_there),
		OPEN(test_status_before_output),
		OPEN(test_many_jobs),
		OPEN(test_identity),
		OPEN(test_more_than_channels),
		OPEN(test_interrupt),
		OPEN(test_stop),
		OPEN(test_time_limit),
		OPEN(test_deaf),
		OPEN(test_stop_one_of_two),
		OPEN(test_killed_in_output),
		OPEN(test_killed_after_output),
		OPEN(test_killed_between),
		OPEN(test_killed_at_dispatch),
		SHUT(test_silent_peer),
		SHUT(test_quiet_command),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
