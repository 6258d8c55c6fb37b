/* ssh within local steps: the run's own connection does the work, and the step
 * cannot tell. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/local.h"
#include "exec/proc.h"
#include "exec/ptree.h"
#include "exec/shim.h"
#include "exec/shim_server.h"
#include "lib/child.h"
#include "lib/hosts.h"
#include "lib/session.h"

static struct sshd *server;

struct fixture {
	struct hosts *hosts;
	struct shim_server *shim;
	struct target *local;
};

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
	struct fixture *f;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct shim_settings shim = { 0 };
	struct local_settings local = { 0 };
	char self[4096], dir[4096];
	const char *env[8];
	size_t n = 0;

	if (!server)
		skip();
	f = xcalloc(1, sizeof(*f));
	f->hosts = hosts_new(server);
	f->hosts->settings.config_file = server->config;
	hosts_open(f->hosts, "web1");
	shim.dir = rundir_path(f->hosts->dir);
	shim.config_file = server->config;
	f->shim =
		shim_server_new(f->hosts->loop, f->hosts->pool, &shim, &reterr);
	if (!f->shim)
		fail_msg("%s", reterr.bytes);
	for (const char *const *e = shim_server_env(f->shim); *e; e++)
		env[n++] = *e;
	snprintf(self, sizeof(self), "SELF=%s", child_path());
	snprintf(dir, sizeof(dir), "DIR=%s", server->dir);
	env[n++] = self;
	env[n++] = dir;
	env[n] = NULL;
	local.dir = rundir_path(f->hosts->dir);
	local.env = env;
	local.path_first = shim_server_folder(f->shim);
	f->local = target_new_local(f->hosts->loop, &local, &reterr);
	assert_non_null(f->local);
	shim_server_serve(f->shim, f->local);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;
	pid_t children[64];
	size_t n;

	target_free(f->local);
	shim_server_free(f->shim);
	f->hosts->target = target_free(f->hosts->target);
	n = ptree_children(getpid(), children, 64);
	for (size_t i = 0; i < n; i++) {
		if (children[i] != server->pid)
			kill(children[i], SIGKILL);
	}
	hosts_free(f->hosts);
	free(f);
	return 0;
}

static struct target *
local_of(void **state)
{
	return ((struct fixture *)*state)->local;
}

/* How often somebody has logged in to the server. */
static int
count_logins(void)
{
	CLEANUP(free_ptr) char *log = sshd_read(server->log);
	int n = 0;

	for (const char *at = log; (at = strstr(at, "Accepted publickey"));
	     at++)
		n++;
	return n;
}

static const struct {
	const char *text, *out;
	int status;
} cases[] = {
	{ "ssh web1 echo hi", "hi\n", 0 },
	{ "ssh web1 'exit 44'", "", 44 },
	{ "ssh web1 'exit 255'", "", 255 },
	{ "ssh web1 'kill -TERM $$'", "", 255 },
	{ "ssh web1 \"echo 'a  b'\" c", "a  b c\n", 0 },
	{ "ssh -o BatchMode=yes -q -T -p $(ssh -F $DIR/ssh_config -G web1 | "
	  "sed -n 's/^port //p') web1 -- echo x",
	  "x\n", 0 },
	/* pipes */
	{ "echo in | ssh web1 cat", "in\n", 0 },
	{ "printf 'b\\na\\n' | ssh web1 sort | tr a-z A-Z", "A\nB\n", 0 },
	{ "ssh web1 'echo err >&2' 2>&1", "err\n", 0 },
	{ "ssh web1 'echo err >&2; echo out' 2>/dev/null", "out\n", 0 },
	{ "x=$(ssh web1 'echo one; exit 3') || echo \"$? $x\"", "3 one\n", 0 },
	{ "cat <(ssh web1 echo a) <(ssh web1 echo b)", "a\nb\n", 0 },
	{ "ssh web1 cat <<'EOF'\n$x `y`\nEOF", "$x `y`\n", 0 },
	{ "ssh web1 'bash -s' <<'EOF'\necho from stdin\nexit 6\nEOF",
	  "from stdin\n", 6 },
	{ "ssh web1 'cat >$HOME/../dev/null; echo done' </dev/null", "done\n",
	  0 },
	/* while-read: without -n ssh eats the other lines */
	{ "printf '1\\n2\\n3\\n' | while read l; do ssh web1 echo $l; done",
	  "1\n", 0 },
	{ "printf '1\\n2\\n3\\n' | while read l; do ssh -n web1 echo $l; done",
	  "1\n2\n3\n", 0 },
	{ "printf '1\\n2\\n' | while read l; do ssh web1 echo $l </dev/null; "
	  "done",
	  "1\n2\n", 0 },
	/* in the background */
	{ "ssh web1 'sleep 0.3; echo a' & ssh web1 echo b; wait", "b\na\n", 0 },
	{ "ssh web1 'exit 5' & wait $! || echo $?", "5\n", 0 },
	/* a reader that goes */
	{ "ssh web1 'yes' | head -1", "y\n", 0 },
	{ "ssh web1 yes | head -1; echo ${PIPESTATUS[0]}", "y\n255\n", 0 },
	{ "set -o pipefail; ssh web1 'echo a' | cat; set +o pipefail", "a\n",
	  0 },
	/* many at once */
	{ "seq 1 40 | xargs -P8 -I{} ssh web1 echo {} | sort -n | tail -1",
	  "40\n", 0 },
	/* what falls through to the real one */
	{ "ssh -v web1 echo real 2>/dev/null", "real\n", 0 },
	{ "ssh -G web1 | grep -c '^hostname'", "1\n", 0 },
	{ "ssh -tt web1 'test -t 0 && echo tty' </dev/null | tr -d '\\r'",
	  "tty\n", 0 },
	{ "ssh -o StrictHostKeyChecking=no web1 echo x", "x\n", 0 },
	{ "ssh -V 2>&1 | grep -c OpenSSH", "1\n", 0 },
	{ "ssh 2>&1 | head -1 | cut -c1-10", "usage: ssh\n", 0 },
	/* not eaten: the rest of the step */
	{ "ssh web1 cat; echo after", "after\n", 0 },
};

static void
test_cases(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ran r;

		ran_text(&r, local_of(state), cases[i].text);
		if (strcmp(buf_cstr(&r.out), cases[i].out) != 0 ||
		    r.outcome.code != cases[i].status)
			print_error("%s\n%s%s\n", cases[i].text,
				    buf_cstr(&r.err), r.outcome.message);
		assert_string_equal(buf_cstr(&r.out), cases[i].out);
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_int_equal(r.outcome.code, cases[i].status);
		ran_release(&r);
	}
}

static void
test_one_connection(void **state)
{
	int before = count_logins();

	for (int i = 0; i < 10; i++)
		assert_ran(local_of(state), "ssh web1 echo $((1 + 1))", 0,
			   "2\n");
	assert_int_equal(count_logins(), before + 1);
}

static void
test_files(void **state)
{
	assert_ran(local_of(state),
		   "\"$SELF\" child:flood 20000000 >$DIR/big\n"
		   "ssh web1 'cat; echo end' <$DIR/big >$DIR/back\n"
		   "tail -1 $DIR/back; head -c 20000000 $DIR/back | cmp - "
		   "$DIR/big && echo same\n"
		   "cat $DIR/big | ssh web1 wc -c | tr -d ' '\n"
		   "ssh web1 cat $DIR/big | cmp - $DIR/big && echo same\n"
		   "rm $DIR/big $DIR/back",
		   0, "end\nsame\n20000000\nsame\n");
}

/* They lead to hosts that only the configuration of the run knows, over the
 * connection that is there. */
static void
test_copies(void **state)
{
	int before = count_logins();

	assert_ran(local_of(state), "ssh web1 echo there", 0, "there\n");
	assert_ran(local_of(state),
		   "seq 1 300000 >$DIR/big\n"
		   "scp -q $DIR/big web1:$DIR/there\n"
		   "scp -O -q web1:$DIR/there $DIR/back\n"
		   "cmp $DIR/big $DIR/back && echo same\n"
		   "rm $DIR/back\n"
		   "printf 'get %s %s\\n' $DIR/there $DIR/back | "
		   "sftp -q web1 >/dev/null 2>&1\n"
		   "cmp $DIR/big $DIR/back && echo same\n"
		   "rm $DIR/big $DIR/back $DIR/there",
		   0, "same\nsame\n");
	assert_int_equal(count_logins(), before + 1);
	/* its own status, and what it says */
	assert_ran(local_of(state),
		   "scp -q web1:$DIR/nowhere $DIR/back 2>&1 | "
		   "tr -d '\\r' | sed \"s|$DIR/||\"; echo ${PIPESTATUS[0]}",
		   0, "scp: nowhere: No such file or directory\n1\n");
	/* what is ours no more */
	assert_ran(local_of(state),
		   "scp -v web1:$DIR/log $DIR/copy 2>&1 | grep -c "
		   "'^debug1: Sending subsystem: sftp'",
		   0, "1\n");
	/* the author's own program */
	assert_ran(local_of(state),
		   "scp -S /bin/false web1:$DIR/log . 2>/dev/null || echo no",
		   0, "no\n");
}

static void
test_unread_input(void **state)
{
	assert_ran(local_of(state),
		   "\"$SELF\" child:flood 3000000 >$DIR/some\n"
		   "ssh web1 'exit 7' <$DIR/some || echo $?\nrm $DIR/some",
		   0, "7\n");
}

/* A reader that sleeps holds up nobody else. */
static void
test_slow_reader(void **state)
{
	assert_ran(local_of(state),
		   "mkfifo $DIR/go\n"
		   "ssh web1 \"$SELF child:flood 10000000\" | "
		   "{ read x <$DIR/go; wc -c | tr -d ' '; } &\n"
		   "ssh web1 echo quick\n"
		   "echo now >$DIR/go; wait; rm $DIR/go",
		   0, "quick\n10000000\n");
}

/* Several hold up each other's output in one pipe. */
static void
test_shared_pipe(void **state)
{
	assert_ran(local_of(state),
		   "for i in 1 2 3 4; do ssh web1 \"$SELF child:flood "
		   "1000000\" & done | wc -c | tr -d ' '; wait",
		   0, "4000000\n");
}

static void
test_timeout(void **state)
{
	int64_t begun = clock_mono_ms(&clock_system), took;

	assert_ran(local_of(state),
		   "timeout 1 ssh web1 \"echo \\$\\$ >$DIR/pid; exec $SELF "
		   "child:hang\" || echo $?",
		   0, "124\n");
	took = clock_mono_ms(&clock_system) - begun;
	assert_in_range(took, 900, 2500);
}

static void
test_unreachable(void **state)
{
	struct ran r;

	sshd_host(server, "shut", "Port 1");
	ran_text(&r, local_of(state), "ssh shut echo x");
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 255);
	assert_true(r.outcome.unreachable);
	assert_non_null(strstr(buf_cstr(&r.err), "ssh: cannot connect to "
						 "127.0.0.1 port 1"));
	ran_release(&r);
	ran_text(&r, local_of(state), "ssh -q shut echo x || echo handled");
	assert_string_equal(buf_cstr(&r.out), "handled\n");
	assert_string_equal(buf_cstr(&r.err), "");
	assert_false(r.outcome.unreachable);
	ran_release(&r);
}

/* An ssh whose command may have happened makes the whole step unknown. */
static void
test_lost(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = {
		.text = TEXT("mkfifo $DIR/seen\nssh web1 \"echo up; read x "
			     "<$DIR/seen; kill -KILL \\$PPID; sleep 1\""),
	};
	CLEANUP(free_ptr) char *seen = sshd_path(server, "seen");
	struct ran r = { 0 };
	int fd;

	ran_start(&r, f->local, &spec);
	wait_for_text(f->hosts->loop, &r.out, "up\n");
	fd = open(seen, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "\n", 1), 1);
	close(fd);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_string_equal(buf_cstr(&r.out), "up\n");
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_non_null(strstr(r.outcome.message, "lost the connection"));
	ran_release(&r);
	ran_text(&r, local_of(state),
		 "ssh web1 'kill -KILL $PPID; sleep 1' | cat; true");
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_true(r.outcome.ssh_lost);
	ran_release(&r);
	assert_ran(local_of(state), "ssh web1 echo again", 0, "again\n");
}

static bool
lives(const char *file)
{
	CLEANUP(free_ptr) char *path = sshd_path(server, file);
	CLEANUP(free_ptr) char *text = sshd_read(path);
	uint64_t pid = 0;

	assert_true(text_to_uint(text_trim(text_of(text)), INT32_MAX, &pid));
	return kill((pid_t)pid, 0) == 0;
}

/* ^C in a step ends its remote command, too, before the step is over. */
static void
test_interrupt(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = {
		.text = TEXT("ssh web1 \"echo \\$\\$ >$DIR/pid; echo up; exec "
			     "$SELF child:hang\"; touch $DIR/never"),
	};
	CLEANUP(free_ptr) char *never = sshd_path(server, "never");
	struct ran r = { 0 };

	ran_start(&r, f->local, &spec);
	wait_for_text(f->hosts->loop, &r.out, "up");
	job_interrupt(f->local, r.job);
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_false(lives("pid"));
	assert_int_equal(access(never, F_OK), -1);
	ran_release(&r);
	assert_ran(f->local, "ssh web1 echo next", 0, "next\n");
}

static void
test_time_limit(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = {
		.text = TEXT("ssh web1 \"echo \\$\\$ >$DIR/pid; echo up; exec "
			     "$SELF child:hang\""),
		.timeout_ms = 1000,
	};
	struct ran r = { 0 };

	ran_start(&r, f->local, &spec);
	wait_for_text(f->hosts->loop, &r.out, "up");
	session_clock_ahead_ms += 1000;
	assert_true(wait_for(f->hosts->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_TIMED_OUT);
	assert_false(lives("pid"));
	ran_release(&r);
}

static void
test_killed_shim(void **state)
{
	assert_ran(local_of(state),
		   "ssh web1 \"echo \\$\\$ >$DIR/pid; echo up >$DIR/up; exec "
		   "$SELF child:hang\" & p=$!\n"
		   "while [[ ! -s $DIR/up ]]; do sleep 0.05; done\n"
		   "kill -KILL $p; wait $p || echo $?\n"
		   "for i in {1..100}; do kill -0 $(cat $DIR/pid) "
		   "2>/dev/null || break; sleep 0.05; done\n"
		   "kill -0 $(cat $DIR/pid) 2>/dev/null || echo gone\n"
		   "rm $DIR/up",
		   0, "137\ngone\n");
}

/* Programs that call ssh themselves. */
static void
test_git(void **state)
{
	if (access("/usr/bin/git", X_OK) < 0)
		skip();
	assert_ran(local_of(state),
		   "export GIT_CONFIG_GLOBAL=/dev/null\n"
		   "g='git -c user.name=x -c user.email=x@x'\n"
		   "$g init -q $DIR/repo && cd $DIR/repo\n"
		   "$g commit -q --allow-empty -m first\n"
		   "git clone -q web1:$DIR/repo $DIR/clone\n"
		   "git -C $DIR/clone log --format=%s\ncd /; rm -rf $DIR/repo "
		   "$DIR/clone",
		   0, "first\n");
}

static void
test_rsync(void **state)
{
	if (access("/usr/bin/rsync", X_OK) < 0) {
		print_message("[  SKIPPED ] no rsync on this machine\n");
		return;
	}
	assert_ran(local_of(state),
		   "mkdir $DIR/a; echo x >$DIR/a/f\n"
		   "rsync -a $DIR/a/ web1:$DIR/b/; cat $DIR/b/f\n"
		   "rm -r $DIR/a $DIR/b",
		   0, "x\n");
}

/* ---- who may call -------------------------------------------------------- */

static void
test_no_engine(void **state)
{
	assert_ran(local_of(state),
		   "env -u RUNBOOK_SSH_TOKEN ssh -F $DIR/ssh_config web1 echo "
		   "real",
		   0, "real\n");
	assert_ran(local_of(state),
		   "RUNBOOK_SSH_SOCKET=/no/such/socket ssh -F $DIR/ssh_config "
		   "web1 echo real",
		   0, "real\n");
}

static void
test_wrong_token(void **state)
{
	struct ran r;

	ran_text(&r, local_of(state), "RUNBOOK_SSH_TOKEN=0 ssh web1 echo no");
	assert_int_equal(r.outcome.code, 255);
	assert_string_equal(buf_cstr(&r.out), "");
	assert_string_equal(buf_cstr(&r.err), "ssh: runbook has gone away\n");
	ran_release(&r);
}

static void
test_large_command(void **state)
{
	/* Too large for us, and for execve(2) in the end. */
	assert_ran(local_of(state),
		   "x=$(head -c 90000 /dev/zero | tr '\\0' x)\n"
		   "ssh web1 \"echo ${#x}; : $x\"\n"
		   "x=$x${x:0:30000}; ssh web1 \"echo ${#x}; : $x\"",
		   0, "90000\n120000\n");
}

int
main(int argc, char **argv)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_cases),         TEST(test_one_connection),
		TEST(test_files),         TEST(test_unread_input),
		TEST(test_slow_reader),   TEST(test_shared_pipe),
		TEST(test_timeout),       TEST(test_unreachable),
		TEST(test_lost),          TEST(test_interrupt),
		TEST(test_time_limit),    TEST(test_killed_shim),
		TEST(test_git),           TEST(test_rsync),
		TEST(test_no_engine),     TEST(test_wrong_token),
		TEST(test_large_command), TEST(test_copies),
	};
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (shim_is_name(name))
		return shim_main(name, argc, argv);
	child_main(argc, argv);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
