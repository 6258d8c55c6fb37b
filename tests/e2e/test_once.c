/* Commands that a host runs at most once, what it says of them later, and
 * values for login shells that read quotes otherwise. */
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/host.h"
#include "exec/local.h"
#include "exec/remote_probe.h"
#include "exec/shim.h"
#include "exec/shim_server.h"
#include "lib/child.h"
#include "lib/folder.h"
#include "lib/hosts.h"
#include "lib/session.h"

/* A server whose logins have a home of their own. */
struct fixture {
	char *home;
	struct sshd *server;
	struct hosts *hosts;
};

static void
open_with(struct fixture *f, const char *environment, const char *lines)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	/* Of several SetEnv the first counts; SHLVL as lib/sshd.c has it. */
	buf_addf(&b, "SetEnv SHLVL=2 HOME=%s %s\n%s", f->home, environment,
		 lines);
	f->server = sshd_new(buf_cstr(&b));
	if (!f->server)
		skip();
	f->hosts = hosts_new(f->server);
	hosts_open(f->hosts, "web1");
}

static int
set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	f->home = folder_new();
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->hosts)
		hosts_free(f->hosts);
	sshd_free(f->server);
	folder_remove_ptr(&f->home);
	free(f);
	return 0;
}

static size_t
length_of(const struct fixture *f, const char *name)
{
	CLEANUP(free_ptr) char *content = folder_read(f->home, name);

	return strlen(content);
}

static void
run_once(struct ran *r, struct fixture *f, const char *id, const char *text)
{
	struct job_spec spec = { .text = text_of(text), .once_id = id };

	ran_run(r, f->hosts->target, &spec);
}

/* ---- what a host says ---------------------------------------------------- */

struct asked {
	bool over, answered;
	struct once_answer answer;
};

static void
on_answer(void *ctx, const struct once_answer *answer,
	  const char *message UNUSED)
{
	struct asked *a = ctx;

	a->over = true;
	a->answered = answer != NULL;
	if (answer)
		a->answer = *answer;
}

static struct once_answer
ask(struct fixture *f, const char *id)
{
	struct asked a = { 0 };

	remote_probe_start(f->hosts->target, id, on_answer, &a);
	assert_true(wait_for(f->hosts->loop, &a.over, 20000));
	assert_true(a.answered);
	return a.answer;
}

/* ---- runs ---------------------------------------------------------------- */

static void
test_statuses(void **state)
{
	static const int statuses[] = { 0, 1, 4, 5, 44, 94, 96, 97, 98, 255 };
	struct fixture *f = *state;

	open_with(f, "", "");
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		CLEANUP(buf_release) struct buf text = BUF_INIT;
		CLEANUP(buf_release) struct buf id = BUF_INIT;
		struct ran r;

		buf_addf(&text, "echo out; echo err >&2; exit %d", statuses[i]);
		buf_addf(&id, "r1.%zu.1", i);
		run_once(&r, f, buf_cstr(&id), buf_cstr(&text));
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_int_equal(r.outcome.code, statuses[i]);
		assert_string_equal(buf_cstr(&r.out), "out\n");
		assert_string_equal(buf_cstr(&r.err), "err\n");
		ran_release(&r);
		assert_int_equal(ask(f, buf_cstr(&id)).word, ONCE_STATUS);
		assert_int_equal(ask(f, buf_cstr(&id)).status, statuses[i]);
	}
}

/* What a command finds is what it would have found without all this. */
static void
test_surroundings(void **state)
{
	static const char text[] =
		"umask; ulimit -a; env | grep -v '^_=\\|^SHLVL=' | sort; pwd; "
		"grep -E 'Sig(Ign|Blk)' /proc/self/status";
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT(text) };
	struct ran plain = { 0 }, r = { 0 };

	/* Names of one letter, which a script takes before others. */
	open_with(f,
		  "a=1 b=2 c=3 d=4 e=5 f=6 g=7 i=8 j=9 m=10 n=11 r=12 s=13 "
		  "u=14",
		  "");
	ran_run(&plain, f->hosts->target, &spec);
	assert_int_equal(plain.outcome.code, 0);
	run_once(&r, f, "r1.1.1", text);
	assert_string_equal(buf_cstr(&r.out), buf_cstr(&plain.out));
	ran_release(&r);
	spec.once_id = "r1.1.2";
	spec.secret = true;
	ran_run(&r, f->hosts->target, &spec);
	assert_string_equal(buf_cstr(&r.out), buf_cstr(&plain.out));
	ran_release(&r);
	ran_release(&plain);
}

/* Its stderr is its own, whatever that looks like. */
static void
test_stderr(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	run_once(&r, f, "r1.1.1",
		 "printf 'RB1 r1.1.1 started 1\\nRB1 x\\nRB1' >&2; cat");
	assert_string_equal(buf_cstr(&r.err),
			    "RB1 r1.1.1 started 1\nRB1 x\nRB1");
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
}

static void
test_not_twice(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	run_once(&r, f, "r1.1.1", "echo >> $HOME/effects");
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
	run_once(&r, f, "r1.1.1", "echo >> $HOME/effects");
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_string_equal(r.outcome.message,
			    "web1 was given it before, and it ended with 0");
	ran_release(&r);
	assert_int_equal(length_of(f, "effects"), 1);
}

static void
test_never_begun(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	run_once(&r, f, "r1.1.1", "true");
	ran_release(&r);
	assert_int_equal(ask(f, "r1.2.1").word, ONCE_NEVER);
	/* a request that comes late is void */
	run_once(&r, f, "r1.2.1", "echo > $HOME/effects");
	assert_int_equal(r.outcome.end, JOB_LOST);
	ran_release(&r);
	assert_int_equal(access(folder_path(f->home, "effects"), F_OK), -1);
}

/* What a host has forgotten may have been. */
static void
test_forgotten(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	run_once(&r, f, "r1.1.1", "true");
	ran_release(&r);
	run_once(&r, f, "r1.2.1", "rm -r \"$HOME/.local/state/runbook/fence\"");
	ran_release(&r);
	assert_int_equal(ask(f, "r1.2.1").word, ONCE_BLANK);
}

static void
test_no_place(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	folder_write(f->home, ".local", "");
	run_once(&r, f, "r1.1.1", "echo > $HOME/effects");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_non_null(strstr(r.outcome.message, "no_fence: [web1]"));
	ran_release(&r);
	assert_int_equal(access(folder_path(f->home, "effects"), F_OK), -1);
}

/* A login with a command of its own: what came back is not of ours. */
static void
test_forced_command(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "ForceCommand echo nonsense; exit 0");
	run_once(&r, f, "r1.1.1", "echo > $HOME/effects");
	assert_int_equal(r.outcome.end, JOB_LOST);
	assert_non_null(strstr(r.outcome.message, "without saying that it "
						  "began"));
	assert_string_equal(buf_cstr(&r.out), "nonsense\n");
	ran_release(&r);
}

/* The server's process of the connection is killed at once, in the middle,
 * and when it is over; the command goes on, and how it ended is known. */
static void
test_lost(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT("echo >> $HOME/begun; "
					      "until test -e $HOME/go; do :; "
					      "done; exit 7"),
				 .once_id = "r1.1.1" };
	struct ran r = { 0 };

	open_with(f, "", "");
	ran_start(&r, f->hosts->target, &spec);
	while (access(folder_path(f->home, "begun"), F_OK) < 0)
		loop_step(f->hosts->loop, 10);
	sshd_signal_children(f->server, SIGKILL);
	assert_true(wait_for(f->hosts->loop, &r.over, 20000));
	assert_int_equal(r.outcome.end, JOB_LOST);
	ran_release(&r);
	assert_int_equal(ask(f, "r1.1.1").word, ONCE_RUNS);
	folder_write(f->home, "go", "");
	while (ask(f, "r1.1.1").word == ONCE_RUNS)
		;
	assert_int_equal(ask(f, "r1.1.1").word, ONCE_STATUS);
	assert_int_equal(ask(f, "r1.1.1").status, 7);
	assert_int_equal(length_of(f, "begun"), 1);
}

static void
test_interrupted(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT("echo > $HOME/begun; sleep 60"),
				 .once_id = "r1.1.1" };
	struct ran r = { 0 };

	open_with(f, "", "");
	ran_start(&r, f->hosts->target, &spec);
	while (access(folder_path(f->home, "begun"), F_OK) < 0)
		loop_step(f->hosts->loop, 10);
	job_interrupt(f->hosts->target, r.job);
	/* as root sshd takes no signals, and the host is asked to find it */
	for (int i = 0; i < 20 && !r.over; i++) {
		session_clock_ahead_ms += 1000;
		wait_for(f->hosts->loop, &r.over, 300);
	}
	assert_true(r.over);
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_true(r.outcome.code == 130 || r.outcome.code == 143);
	assert_int_equal(ask(f, "r1.1.1").status, r.outcome.code);
	ran_release(&r);
}

/* ---- what nobody there sees ---------------------------------------------- */

static void
test_secret(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = {
		.text = TEXT(
			"s=tiger-tiger; grep -al 'tiger-ti[g]er' "
			"/proc/[0-9]*/cmdline 2>/dev/null; "
			"grep -r 'tiger-ti[g]er' $HOME/.local; cat; exit 3"),
		.once_id = "r1.1.1",
		.secret = true
	};
	struct ran r = { 0 };

	open_with(f, "", "");
	ran_run(&r, f->hosts->target, &spec);
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 3);
	assert_string_equal(buf_cstr(&r.out), "");
	ran_release(&r);
}

/* Larger than any command line. */
static void
test_large(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct ran r = { 0 };

	open_with(f, "", "");
	buf_adds(&text, "x='");
	buf_fill(&text, 'a', 300000);
	buf_adds(&text, "'; echo ${#x}");
	ran_text(&r, f->hosts->target, buf_cstr(&text));
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	ran_release(&r);
	run_once(&r, f, "r1.1.1", buf_cstr(&text));
	assert_string_equal(buf_cstr(&r.out), "300000\n");
	ran_release(&r);
}

/* ---- login shells -------------------------------------------------------- */

static void
run_posix(struct ran *r, struct fixture *f, bool posix)
{
	struct job_spec spec = { .text = TEXT("echo > $HOME/effects"),
				 .posix = posix };

	ran_run(r, f->hosts->target, &spec);
}

/* The statuses of a pipeline's members, from a login shell that has them. */
static void
test_pipelines(void **state)
{
	static const struct {
		const char *text, *out, *err;
		int code, hidden;
	} cases[] = {
		{ "(exit 3) | cat", "", "", 0, 3 },
		{ "echo a | tr a b", "b\n", "", 0, 0 },
		{ "yes | head -1", "y\n", "", 0, 0 },
		{ "echo a | (cat; echo b >&2; exit 4)", "a\n", "b\n", 4, 0 },
		{ "{ printf e >&2; false; } | cat # so", "", "e", 0, 1 },
		{ "false | cat <<END\na\nEND", "a\n", "", 0, 1 },
		{ "x=1; false | true", "", "", 0, 1 },
	};
	struct fixture *f = *state;
	struct passwd *user = getpwuid(getuid());

	if (!user || !strstr(user->pw_shell, "/bash"))
		skip();
	open_with(f, "", "");
	for (size_t i = 0; i < 3 * ARRAY_LEN(cases); i++) {
		size_t n = i / 3;
		struct job_spec spec = { .text = text_of(cases[n].text),
					 .pipes = true,
					 .secret = i % 3 == 2 };
		CLEANUP(buf_release) struct buf id = BUF_INIT;
		struct ran r = { 0 };

		buf_addf(&id, "r1.1.%zu", i);
		if (i % 3)
			spec.once_id = id.bytes;
		ran_run(&r, f->hosts->target, &spec);
		assert_string_equal(buf_cstr(&r.out), cases[n].out);
		assert_string_equal(buf_cstr(&r.err), cases[n].err);
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_int_equal(r.outcome.code, cases[n].code);
		assert_int_equal(r.outcome.hidden_code, cases[n].hidden);
		ran_release(&r);
	}
}

/* Another shell gets the text as it is. */
static void
test_pipelines_elsewhere(void **state)
{
	struct fixture *f = *state;
	struct job_spec spec = { .text = TEXT("(exit 3) | cat"),
				 .pipes = true };
	struct ran r = { 0 };

	open_with(f, "SHELL=/bin/dash", "");
	ran_run(&r, f->hosts->target, &spec);
	assert_string_equal(buf_cstr(&r.err), "");
	assert_int_equal(r.outcome.code, 0);
	assert_int_equal(r.outcome.hidden_code, 0);
	ran_release(&r);
}

static void
test_login_shell(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "SHELL=/usr/bin/fish", "");
	run_posix(&r, f, true);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_false(r.outcome.unreachable);
	assert_non_null(strstr(r.outcome.message, "is 'fish'"));
	ran_release(&r);
	/* it is remembered */
	run_posix(&r, f, true);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	ran_release(&r);
	assert_int_equal(access(folder_path(f->home, "effects"), F_OK), -1);
	run_posix(&r, f, false);
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
	assert_int_equal(access(folder_path(f->home, "effects"), F_OK), 0);
}

static void
test_posix_login_shell(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	run_posix(&r, f, true);
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
}

/* No way there is told as such. */
static void
test_login_shell_unreachable(void **state)
{
	struct fixture *f = *state;
	struct ran r = { 0 };

	open_with(f, "", "");
	assert_int_equal(kill(f->server->pid, SIGTERM), 0);
	while (kill(f->server->pid, 0) == 0)
		loop_step(f->hosts->loop, 10);
	run_posix(&r, f, true);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_true(r.outcome.unreachable);
	ran_release(&r);
}

/* The ssh of a local step. */
static void
test_shim(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct job_spec spec = { .text = TEXT(
					 "ssh web1 'echo > $HOME/effects'\n"
					 "ssh -v web1 true"),
				 .posix = true };
	struct shim_settings settings = { .config_file = NULL };
	struct local_settings local = { 0 };
	struct shim_server *shim;
	struct target *here;
	struct ran r = { 0 };

	open_with(f, "SHELL=/bin/tcsh", "");
	settings.dir = local.dir = rundir_path(f->hosts->dir);
	settings.config_file = f->server->config;
	settings.program = child_path();
	shim = shim_server_new(f->hosts->loop, f->hosts->pool, &settings,
			       &reterr);
	assert_non_null(shim);
	local.path_first = shim_server_folder(shim);
	local.env = shim_server_env(shim);
	here = target_new_local(f->hosts->loop, &local, &reterr);
	assert_non_null(here);
	shim_server_serve(shim, here);
	ran_run(&r, here, &spec);
	assert_int_equal(r.outcome.code, 255);
	assert_non_null(strstr(buf_cstr(&r.err), "is 'tcsh'"));
	ran_release(&r);
	spec.text = TEXT("ssh -v web1 true");
	ran_run(&r, here, &spec);
	assert_int_equal(r.outcome.code, 255);
	assert_non_null(strstr(buf_cstr(&r.err), "the real ssh's"));
	ran_release(&r);
	assert_int_equal(access(folder_path(f->home, "effects"), F_OK), -1);
	target_free(here);
	shim_server_free(shim);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_statuses),
		TEST(test_surroundings),
		TEST(test_stderr),
		TEST(test_not_twice),
		TEST(test_never_begun),
		TEST(test_forgotten),
		TEST(test_no_place),
		TEST(test_forced_command),
		TEST(test_lost),
		TEST(test_interrupted),
		TEST(test_secret),
		TEST(test_large),
		TEST(test_pipelines),
		TEST(test_pipelines_elsewhere),
		TEST(test_login_shell),
		TEST(test_posix_login_shell),
		TEST(test_login_shell_unreachable),
		TEST(test_shim),
	};
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	if (shim_is_name(name))
		return shim_main(name, argc, argv);
	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
