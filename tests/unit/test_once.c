/* Commands that run at most once, in the shells that this machine has. */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "exec/once.h"
#include "lib/folder.h"
#include "lib/unit.h"

static const char id[] = "r1.2.1";

/* The shell that `sh` is there; its words, NULL at the end. */
struct kind {
	const char *path, *applet;
};

static const struct kind kinds[] = {
	{ "/bin/dash", NULL }, { "/bin/bash", NULL }, { "/bin/busybox", "sh" },
	{ "/bin/mksh", NULL }, { "/bin/zsh", NULL },
};

/* A host: a home, and a folder that decides what sh is. */
struct place {
	char *home;
};

static void
write_program(const struct place *p, const char *name, const char *text)
{
	const char *path = folder_path(p->home, name);

	folder_write(p->home, name, text);
	assert_int_equal(chmod(path, 0755), 0);
}

static struct place
open_place(const struct kind *kind)
{
	struct place p = { folder_new() };
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	assert_int_equal(mkdir(folder_path(p.home, "bin"), 0700), 0);
	buf_addf(&b, "#!/bin/sh\nexec %s %s \"$@\"\n", kind->path,
		 kind->applet ? kind->applet : "");
	write_program(&p, "bin/sh", buf_cstr(&b));
	return p;
}

static void
close_place(struct place *p)
{
	folder_remove_ptr(&p->home);
}

/* Start COMMAND as the login shell of PLACE gets it; its pid. Its input is the
 * file "in", its output goes to "err", and OUT or, when that is -1, "out". */
static pid_t
start_into(const struct place *p, const char *login, const char *command,
	   int out)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		CLEANUP(buf_release) struct buf path = BUF_INIT;
		const char *files[] = { "in", "out", "err" };

		setsid();
		for (int i = 0; i < 3; i++) {
			int fd = open(folder_path(p->home, files[i]),
				      i ? O_WRONLY | O_CREAT | O_TRUNC
					: O_RDONLY | O_CREAT,
				      0600);

			dup2(i == 1 && out >= 0 ? out : fd, i);
		}
		buf_addf(&path, "%s/bin:/usr/bin:/bin", p->home);
		setenv("PATH", buf_cstr(&path), 1);
		setenv("HOME", p->home, 1);
		setenv("SHELL", login, 1);
		unsetenv("XDG_STATE_HOME");
		execl(login, login, "-c", command, (char *)NULL);
		_exit(126);
	}
	return pid;
}

static pid_t
start(const struct place *p, const char *login, const char *command)
{
	return start_into(p, login, command, -1);
}

static void
wait_for_file(const struct place *p, const char *name)
{
	while (access(folder_path(p->home, name), F_OK) < 0)
		;
}

/* When it has ended, and what hands on its output. */
static int
finish(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	while (waitpid(-pid, NULL, 0) > 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
run(const struct place *p, const char *command)
{
	return finish(start(p, "/bin/bash", command));
}

/* What stands in the file NAME; valid until the next call. */
static const char *
content(const struct place *p, const char *name)
{
	static char *last;

	free(last);
	last = folder_read(p->home, name);
	return last;
}

/* What the first line about the id in FILE says. */
static struct once_answer
answer(const struct place *p, const char *file)
{
	struct text rest = text_of(content(p, file)), line;
	struct once_answer a;

	while (text_next_line(&rest, &line)) {
		if (once_read(line, id, &a))
			return a;
	}
	fail_msg("no answer in '%s'", content(p, file));
	return a;
}

static struct once_answer
probe(const struct place *p)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	once_probe(&b, id);
	assert_int_equal(run(p, buf_cstr(&b)), 0);
	return answer(p, "out");
}

static void
make(struct buf *b, const struct place *p, enum once_form form,
     const char *command)
{
	CLEANUP(buf_release) struct buf in = BUF_INIT;

	buf_clear(b);
	once_command(b, id, form, true, text_of(command));
	if (form == ONCE_INPUT)
		once_input(&in, id, text_of(command));
	buf_adds(&in, "rest of the input\n");
	folder_write(p->home, "in", buf_cstr(&in));
}

/* ---- each shell ---------------------------------------------------------- */

static void
each_kind(void (*test)(const struct kind *kind, enum once_form form))
{
	static const enum once_form forms[] = { ONCE_ARGUMENT, ONCE_QUIET,
						ONCE_INPUT };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (access(kinds[i].path, X_OK) < 0)
			continue;
		for (size_t k = 0; k < ARRAY_LEN(forms); k++)
			test(&kinds[i], forms[k]);
	}
}

static const char effect[] =
	"echo \"it's \\$HOME\" >> \"$HOME/effects\"; cat; echo out; "
	"echo err >&2; exit 7\n\n";

static void
runs_once(const struct kind *kind, enum once_form form)
{
	struct place p = open_place(kind);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	make(&b, &p, form, effect);
	assert_int_equal(run(&p, buf_cstr(&b)), 7);
	/* Its input is what follows, its output is its own. */
	assert_string_equal(content(&p, "out"), "rest of the input\nout\n");
	if (form != ONCE_QUIET)
		assert_int_equal(answer(&p, "err").word, ONCE_STARTED);
	assert_non_null(strstr(content(&p, "err"), "err\n"));
	assert_int_equal(probe(&p).word, ONCE_STATUS);
	assert_int_equal(probe(&p).status, 7);

	assert_int_equal(run(&p, buf_cstr(&b)), 98);
	assert_int_equal(answer(&p, "err").word, ONCE_AGAIN);
	assert_int_equal(answer(&p, "err").status, 7);
	assert_string_equal(content(&p, "out"), "");
	assert_string_equal(content(&p, "effects"), "it's $HOME\n");
	close_place(&p);
}

static void
test_runs_once(void **state UNUSED)
{
	each_kind(runs_once);
}

/* Any bytes, as they are. */
static void
keeps_bytes(const struct kind *kind, enum once_form form)
{
	struct place p = open_place(kind);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf command = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	buf_adds(&command, "printf %s 'a");
	for (int c = 1; c < 256; c++) {
		if (c == '\'')
			continue;
		buf_addc(&command, (char)c);
		buf_addc(&want, (char)c);
	}
	buf_adds(&command, "b' > \"$HOME/effects\"");
	make(&b, &p, form, buf_cstr(&command));
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	assert_memory_equal(content(&p, "effects") + 1, want.bytes, want.len);
	close_place(&p);
}

static void
test_keeps_bytes(void **state UNUSED)
{
	each_kind(keeps_bytes);
}

/* Ended by a signal to its whole group: the status is there all the same. */
static void
survives_signals(const struct kind *kind, enum once_form form)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct place p = open_place(kind);
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		pid_t pid;

		make(&b, &p, form, "echo > \"$HOME/begun\"; sleep 60");
		pid = start(&p, "/bin/bash", buf_cstr(&b));
		wait_for_file(&p, "begun");
		assert_int_equal(kill(-pid, signals[i]), 0);
		assert_int_equal(finish(pid), 128 + signals[i]);
		assert_int_equal(probe(&p).word, ONCE_STATUS);
		assert_int_equal(probe(&p).status, 128 + signals[i]);
		close_place(&p);
	}
}

static void
test_survives_signals(void **state UNUSED)
{
	each_kind(survives_signals);
}

/* Stand in for sshd: start COMMAND, hold the other end of its output until it
 * has begun, and be gone. Its pid. */
static pid_t
start_and_lose(const struct place *p, const char *command)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC) < 0)
			_exit(126);
		start_into(p, "/bin/bash", command, ends[1]);
		wait_for_file(p, "begun");
		_exit(0);
	}
	return pid;
}

/* What it writes when the connection is lost must not end it: a loop goes on
 * past what died of it, and the status would be well. */
static void
outlives_the_connection(const struct kind *kind, enum once_form form)
{
	struct place p = open_place(kind);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (form == ONCE_QUIET) {
		close_place(&p);
		return;
	}
	make(&b, &p, form,
	     "echo > \"$HOME/begun\"; until test -e \"$HOME/lost\"; do :; "
	     "done; for i in 1 2 3; do echo row $i; echo row $i >> "
	     "\"$HOME/effects\" && /bin/echo row $i && "
	     "echo more >> \"$HOME/effects\"; done");
	assert_int_equal(waitpid(start_and_lose(&p, buf_cstr(&b)), NULL, 0) > 0,
			 true);
	folder_write(p.home, "lost", "");
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_string_equal(content(&p, "effects"),
			    "row 1\nmore\nrow 2\nmore\nrow 3\nmore\n");
	assert_int_equal(probe(&p).word, ONCE_STATUS);
	assert_int_equal(probe(&p).status, 0);
	close_place(&p);
}

static void
test_outlives_the_connection(void **state UNUSED)
{
	each_kind(outlives_the_connection);
}

/* Nobody listens, though sshd is there: it has to know, or would never end. */
static void
test_ends_with_its_listener(void **state UNUSED)
{
	struct place p = open_place(&kinds[0]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	int ends[2];
	pid_t pid;

	make(&b, &p, ONCE_ARGUMENT, "exec yes");
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = start_into(&p, "/bin/bash", buf_cstr(&b), ends[1]);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(finish(pid), 128 + SIGPIPE);
	assert_int_equal(probe(&p).status, 128 + SIGPIPE);
	close_place(&p);
}

/* It has begun, and nobody hears that: it goes on, as it was asked to. */
static void
begins_unheard(const struct kind *kind, enum once_form form)
{
	struct place p = open_place(kind);
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	make(&text, &p, form, "echo done > \"$HOME/effects\"");
	/* stderr is a pipe whose reader is gone */
	buf_addf(&b,
		 "mkfifo \"$HOME/p\"; { : < \"$HOME/p\"; } & "
		 "exec 3> \"$HOME/p\"; wait; exec 2>&3 3>&-; %s",
		 buf_cstr(&text));
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	assert_string_equal(content(&p, "effects"), "done\n");
	close_place(&p);
}

static void
test_begins_unheard(void **state UNUSED)
{
	each_kind(begins_unheard);
}

/* ---- states -------------------------------------------------------------- */

/* The host has seen another step of the run. */
static void
remember_another(struct place *p)
{
	assert_int_equal(
		run(p, "mkdir -p \"$HOME/.local/state/runbook/fence/r1.1.1\""),
		0);
}

static void
test_never_begun(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct once_answer a;

	remember_another(&p);
	a = probe(&p);
	assert_int_equal(a.word, ONCE_NEVER);
	assert_true(a.up_s > 0);
	/* Who asked has taken it: a request that is still under way is void. */
	make(&b, &p, ONCE_ARGUMENT, "echo > \"$HOME/effects\"");
	assert_int_equal(run(&p, buf_cstr(&b)), 98);
	assert_int_equal(answer(&p, "err").status, -1);
	assert_int_equal(access(folder_path(p.home, "effects"), F_OK), -1);
	assert_int_equal(probe(&p).word, ONCE_CLAIMED);
	close_place(&p);
}

static void
test_runs_and_dies(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct once_answer a;
	pid_t pid;

	make(&b, &p, ONCE_ARGUMENT, "echo > \"$HOME/begun\"; sleep 60");
	pid = start(&p, "/bin/bash", buf_cstr(&b));
	wait_for_file(&p, "begun");
	a = probe(&p);
	assert_int_equal(a.word, ONCE_RUNS);
	assert_int_equal(a.pid, pid);
	assert_int_equal(kill(-pid, SIGKILL), 0);
	/* also while nobody has reaped it */
	do
		a = probe(&p);
	while (a.word == ONCE_RUNS);
	assert_int_equal(a.word, ONCE_DIED);
	finish(pid);
	a = probe(&p);
	assert_int_equal(a.word, ONCE_DIED);
	assert_int_equal(a.pid, pid);
	close_place(&p);
}

static void
test_other_boot(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b,
		 "d=%s/.local/state/runbook/fence/%s; mkdir -p $d; "
		 "echo 4711 of-another-start > $d/started",
		 p.home, id);
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	assert_int_equal(probe(&p).word, ONCE_REBOOT);
	close_place(&p);
}

static void
test_no_place(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	/* a file where the folder would be */
	folder_write(p.home, ".local", "");
	make(&b, &p, ONCE_ARGUMENT, "echo > \"$HOME/effects\"");
	assert_int_equal(run(&p, buf_cstr(&b)), 96);
	assert_int_equal(answer(&p, "err").word, ONCE_NOWHERE);
	assert_int_equal(access(folder_path(p.home, "effects"), F_OK), -1);
	assert_int_equal(probe(&p).word, ONCE_NOWHERE);
	close_place(&p);
}

static void
test_no_base64(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	write_program(&p, "bin/base64", "#!/bin/sh\nexit 1\n");
	make(&b, &p, ONCE_ARGUMENT, "echo > \"$HOME/effects\"");
	assert_int_equal(run(&p, buf_cstr(&b)), 94);
	assert_int_equal(answer(&p, "err").word, ONCE_CODE);
	assert_int_equal(access(folder_path(p.home, "effects"), F_OK), -1);
	close_place(&p);
}

/* Cut off anywhere on its way, it does not run at all. */
static void
test_short_input(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf whole = BUF_INIT;

	once_input(&whole, id, text_of("echo é > \"$HOME/effects\""));
	for (size_t n = 0; n < whole.len; n += 3) {
		struct place p = open_place(&kinds[n % 2]);
		CLEANUP(buf_release) struct buf b = BUF_INIT;
		CLEANUP(buf_release) struct buf in = BUF_INIT;

		once_command(&b, id, ONCE_INPUT, false, TEXT(""));
		buf_add(&in, whole.bytes, n);
		folder_write(p.home, "in", buf_cstr(&in));
		assert_int_equal(run(&p, buf_cstr(&b)), 97);
		assert_int_equal(answer(&p, "err").word, ONCE_SHORT);
		assert_int_equal(access(folder_path(p.home, "effects"), F_OK),
				 -1);
		/* and nothing was claimed */
		assert_int_equal(probe(&p).word, ONCE_BLANK);
		close_place(&p);
	}
}

/* Nobody sees the command in a command line. */
static void
test_input_is_not_seen(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	make(&b, &p, ONCE_INPUT,
	     "secret=tiger-tiger; grep -al 'tiger-ti[g]er' "
	     "/proc/[0-9]*/cmdline "
	     "2>/dev/null; true");
	assert_null(strstr(buf_cstr(&b), "tiger"));
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	assert_string_equal(content(&p, "out"), "");
	close_place(&p);
}

static void
test_sweep(void **state UNUSED)
{
	struct place p = open_place(&kinds[1]);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(
		&b,
		"d=%s/.local/state/runbook/fence; mkdir -p $d/r0.1.1 $d/r0.1.2;"
		" touch -d '8 days ago' $d/r0.1.1",
		p.home);
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	make(&b, &p, ONCE_ARGUMENT, "true");
	assert_int_equal(run(&p, buf_cstr(&b)), 0);
	assert_int_equal(
		folder_count(folder_path(p.home, ".local/state/runbook/fence")),
		2);
	close_place(&p);
}

/* ---- reading ------------------------------------------------------------- */

static void
test_read(void **state UNUSED)
{
	static const char *const wrong[] = {
		"",
		"RB1 ",
		"RB1 r1.2.1",
		"RB1 r1.2.1 ",
		"RB1 r1.2.2 started 1",
		"RB2 r1.2.1 started 1",
		" RB1 r1.2.1 started 1",
		"RB1 r1.2.1 started",
		"RB1 r1.2.1 started x",
		"RB1 r1.2.1 started 1 2",
		"RB1 r1.2.1 status 256",
		"RB1 r1.2.1 status -",
		"RB1 r1.2.1 nowhere 1",
		"RB1 r1.2.1 else 1",
	};
	struct once_answer a;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(once_read(text_of(wrong[i]), id, &a));
	assert_true(once_read(TEXT("RB1 r1.2.1 started 4711"), id, &a));
	assert_int_equal(a.pid, 4711);
	assert_true(once_read(TEXT("RB1 r1.2.1 again -"), id, &a));
	assert_int_equal(a.status, -1);
	assert_true(once_read(TEXT("RB1 r1.2.1 never 123456"), id, &a));
	assert_int_equal(a.up_s, 123456);
}

/* Every login shell takes it: one line, no quote within the quotes, nothing
 * that csh or fish read otherwise. */
static void
test_text(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const char *first, *last;

	once_command(&b, id, ONCE_ARGUMENT, true, TEXT("true"));
	once_probe(&b, id);
	assert_null(strpbrk(buf_cstr(&b), "\n\\!"));
	buf_clear(&b);
	once_command(&b, id, ONCE_INPUT, true, TEXT(""));
	first = strchr(buf_cstr(&b), '\'');
	last = strrchr(buf_cstr(&b), '\'');
	assert_ptr_equal(strchr(first + 1, '\''), last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs_once),
		cmocka_unit_test(test_keeps_bytes),
		cmocka_unit_test(test_survives_signals),
		cmocka_unit_test(test_outlives_the_connection),
		cmocka_unit_test(test_ends_with_its_listener),
		cmocka_unit_test(test_begins_unheard),
		cmocka_unit_test(test_never_begun),
		cmocka_unit_test(test_runs_and_dies),
		cmocka_unit_test(test_other_boot),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_no_base64),
		cmocka_unit_test(test_short_input),
		cmocka_unit_test(test_input_is_not_seen),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_text),
	};

	/* what outlives its parent is ours to wait for */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
