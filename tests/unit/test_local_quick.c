/* Steps that leave nothing: the session takes a short way through them, which
 * nobody is to notice. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "exec/local.h"
#include "lib/child.h"
#include "lib/session.h"

/* A step as its author's runbook would have it. */
static void
quick(struct ran *r, struct target *t, const char *text, bool forks)
{
	struct job_spec spec = { .text = text_of(text),
				 .line = 500,
				 .label = 7,
				 .leaves_nothing = true,
				 .forks_nothing = !forks };

	*r = (struct ran){ 0 };
	ran_run(r, t, &spec);
}

static struct target *
ready(void **state)
{
	struct target *t = ((struct session *)*state)->target;

	/* The short way is open behind a step that went well. */
	assert_ran(t, "x=1", 0, "");
	return t;
}

static void
test_what_comes_of_them(void **state)
{
	static const struct {
		const char *text, *out, *err;
		int code;
		unsigned line;
	} cases[] = {
		{ "true", "", "", 0, 0 },
		{ "echo a; echo b >&2; echo c", "a\nc\n", "b\n", 0, 0 },
		{ "printf 'no newline'", "no newline", "", 0, 0 },
		{ "echo a; test 1 -eq 2; echo b", "a\n", "", 1, 500 },
		{ "echo $?", "0\n", "", 0, 0 },
		{ "true\ntest 1 -eq 2", "", "", 1, 501 },
		{ "echo $LINENO", "500\n", "", 0, 0 },
		{ "nosuch_", "", "bash: line 500: nosuch_: command not found\n",
		  127, 500 },
		{ "true &&\n nosuch_ x", "",
		  "bash: line 501: nosuch_: command not found\n", 127, 501 },
		{ "continue; echo no", "", "", 0, 0 },
		{ "break; echo no", "", "", 0, 0 },
		{ "break 9; echo no", "", "", 0, 0 },
		{ "return 3; echo no", "", "", 3, 0 },
		{ "cat", "", "", 0, 0 },
		{ "[ -t 0 ] || [ -t 1 ] || [ -t 2 ]", "", "", 1, 500 },
		{ "echo 'a", "", "", -1, 0 },
		{ "echo 'a\necho b", "", "", -1, 0 },
	};
	struct target *t = ready(state);

	for (size_t i = 0; i < 4 * ARRAY_LEN(cases); i++) {
		size_t n = i % ARRAY_LEN(cases);
		bool forks = i / ARRAY_LEN(cases) % 2;
		struct ran r;

		quick(&r, t, cases[n].text, forks);
		if (cases[n].code < 0) {
			assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
			ran_release(&r);
			continue;
		}
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_string_equal(buf_cstr(&r.out), cases[n].out);
		assert_string_equal(buf_cstr(&r.err), cases[n].err);
		assert_int_equal(r.outcome.code, cases[n].code);
		assert_int_equal(r.outcome.failed_line, cases[n].line);
		assert_false(r.outcome.session_lost);
		ran_release(&r);
		/* Another way, every now and then. */
		if (i % 3 == 2)
			assert_ran(t, "y=2; echo $x", 0, "1\n");
		else if (cases[n].code)
			assert_ran(t, "test $? -ne 0", 0, "");
	}
}

static void
test_status_is_handed_on(void **state)
{
	struct target *t = ready(state);
	struct ran r;

	quick(&r, t, "test 1 -eq 2", false);
	ran_release(&r);
	quick(&r, t, "echo $?", false);
	assert_string_equal(buf_cstr(&r.out), "1\n");
	ran_release(&r);
}

static void
test_hidden_failure(void **state)
{
	struct target *t = ready(state);

	for (int i = 0; i < 2; i++) {
		struct ran r;

		quick(&r, t, "(exit 3) | cat", true);
		assert_int_equal(r.outcome.hidden_code, 3);
		ran_release(&r);
	}
}

static void
test_end_of_the_shell(void **state)
{
	static const struct {
		const char *text;
		enum job_end end;
		int code;
	} cases[] = { { "echo last; exit 4", JOB_EXITED, 4 },
		      { "echo last; kill -TERM $$", JOB_SIGNALED, SIGTERM },
		      { "echo last; kill -KILL $$", JOB_SIGNALED, SIGKILL } };

	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		size_t n = i / 2;
		struct target *t = ready(state);
		struct ran r;

		quick(&r, t, "echo first", false);
		ran_release(&r);
		quick(&r, t, cases[n].text, i % 2);
		assert_string_equal(buf_cstr(&r.out), "last\n");
		assert_int_equal(r.outcome.end, cases[n].end);
		assert_int_equal(r.outcome.code, cases[n].code);
		assert_true(r.outcome.session_lost);
		ran_release(&r);
	}
}

/* A shell that ends between two steps has run nothing of the second. */
static void
test_end_between_steps(void **state)
{
	struct target *t = ((struct session *)*state)->target;

	for (int i = 0; i < 4; i++) {
		siginfo_t info;
		struct ran r;
		pid_t pid;

		for (int n = 0; n < 3; n++) {
			quick(&r, t, "echo one", i % 2);
			ran_release(&r);
		}
		/* Dead, and nobody has been told. */
		pid = local_pid(t);
		assert_int_equal(kill(pid, SIGKILL), 0);
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
		quick(&r, t, "echo two", i % 2);
		assert_string_equal(buf_cstr(&r.out), "two\n");
		assert_int_equal(r.outcome.end, JOB_EXITED);
		ran_release(&r);
	}
}

/* More than fits into a pipe, at once and after a while. */
static void
test_much_output(void **state)
{
	struct target *t = ready(state);

	for (int i = 0; i < 4; i++) {
		struct ran r;

		quick(&r, t, "printf '%*s' 300000 x; printf '%*s' 9 y >&2",
		      i % 2);
		assert_int_equal(r.out.len, 300000);
		assert_int_equal(r.err.len, 9);
		ran_release(&r);
	}
}

/* Somebody holds the pipes, whatever was thought of the step. */
static void
test_background(void **state)
{
	struct session *s = *state;
	struct target *t = s->target;

	for (int i = 0; i < 2; i++) {
		CLEANUP(free_ptr) char *path = rundir_entry(s->dir, "go");
		CLEANUP(fd_close_ptr) int fd = -1;
		struct ran r;

		assert_ran(t, "rm -f $DIR/go; mkfifo $DIR/go", 0, "");
		quick(&r, t, "echo before", false);
		ran_release(&r);
		quick(&r, t, "{ read x <$DIR/go; echo later; } & echo now",
		      i == 1);
		assert_string_equal(buf_cstr(&r.out), "now\n");
		assert_int_equal(r.outcome.n_survivors, 1);
		ran_release(&r);
		quick(&r, t, "echo next", false);
		assert_string_equal(buf_cstr(&r.out), "next\n");
		ran_release(&r);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		assert_int_equal(fd_write_all(fd, "x\n", 2), 0);
		wait_for_text(s->loop, &s->late, "later\n");
		assert_int_equal(s->late_label, 7);
		buf_clear(&s->late);
		assert_ran(t, "wait; echo $x", 0, "\n");
	}
}

/* What an author has made of the shell closes the short way. */
static void
test_not_in_a_changed_shell(void **state)
{
	struct target *t = ready(state);
	struct ran r;

	assert_ran(t, "trap 'echo usr1' USR1", 0, "");
	quick(&r, t, "echo one; kill -USR1 $$", false);
	assert_string_equal(buf_cstr(&r.out), "one\nusr1\n");
	ran_release(&r);
	assert_ran(t, "trap - USR1; set -x", 0, "");
	quick(&r, t, "echo two", false);
	assert_string_equal(buf_cstr(&r.out), "two\n");
	assert_non_null(strstr(buf_cstr(&r.err), "+ echo two\n"));
	assert_null(strstr(buf_cstr(&r.err), "__rb_last=0"));
	ran_release(&r);
}

static void
assert_traces(struct target *t, const char *text, const char *out,
	      const char *err)
{
	struct ran r;

	ran_text(&r, t, text);
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_string_equal(buf_cstr(&r.out), out);
	assert_string_equal(buf_cstr(&r.err), err);
	ran_release(&r);
}

/* With `set -x` a step shows what it does, and nothing of the session. The
 * option lasts, in the shell that comes after one, too. */
static void
test_trace(void **state)
{
	struct session *s = *state;
	struct target *t = session_target(state);
	struct ran r;

	assert_traces(t, "echo none", "none\n", "");
	assert_traces(t, "set -x", "", "");
	assert_traces(t, "echo one", "one\n", "++ echo one\n");
	assert_traces(t, "true\n: two", "", "++ true\n++ : two\n");
	ran_text(&r, t, "f() { false; }\nf\necho never");
	assert_int_equal(r.outcome.code, 1);
	assert_string_equal(buf_cstr(&r.err), "++ f\n++ false\n");
	ran_release(&r);
	ran_text(&r, t, "echo \"was $?\"; ! :");
	assert_string_equal(buf_cstr(&r.out), "was 1\n");
	ran_release(&r);
	assert_traces(t, "echo $?", "1\n", "++ echo 1\n");
	assert_traces(t, "set -e; echo $?", "0\n", "++ set -e\n++ echo 0\n");
	assert_traces(t, "set +e", "", "++ set +e\n");
	assert_traces(t, "BASH_XTRACEFD=1; : three", "++ : three\n",
		      "++ BASH_XTRACEFD=1\n");
	assert_traces(t, "unset BASH_XTRACEFD", "++ unset BASH_XTRACEFD\n", "");
	ran_text(&r, t, "exit 3");
	assert_int_equal(r.outcome.code, 3);
	assert_string_equal(buf_cstr(&r.err), "++ exit 3\n");
	ran_release(&r);
	assert_traces(t, ": four", "", "++ : four\n");
	assert_traces(
		t, "PS4='at $LINENO: '; : five\nset +x", "",
		"++ PS4='at $LINENO: '\naat 100: : five\naat 101: set +x\n");
	assert_traces(t, "echo six", "six\n", "");
	assert_int_equal(s->late.len, 0);
}

/* An author's descriptors are his own. */
static void
test_descriptors(void **state)
{
	struct target *t = ready(state);
	struct ran r;

	assert_ran(t, "exec 9>$DIR/nine; exec 3>&9", 0, "");
	quick(&r, t, "echo one >&9; echo two >&3", false);
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
	assert_ran(t, "exec 3>&- 9>&-; cat $DIR/nine", 0, "one\ntwo\n");
	quick(&r, t, "\"$SELF\" child:fds", true);
	assert_string_equal(buf_cstr(&r.out), "0\n1\n2\n");
	ran_release(&r);
}

/* A trap on DEBUG would be run by the session's own commands. */
static void
test_debug_trap(void **state)
{
	struct session *s = *state;
	struct target *t = s->target;
	struct ran r;

	assert_ran(t, "f() { trap 'echo trace' DEBUG; }", 0, "");
	ran_text(&r, t, "f; echo traced");
	assert_int_equal(strncmp(buf_cstr(&r.out), "trace\ntraced\n", 13), 0);
	assert_int_equal(r.outcome.code, 0);
	assert_non_null(strstr(r.outcome.message, "a trap on DEBUG"));
	ran_release(&r);
	assert_ran(t, "echo not traced", 0, "not traced\n");
	/* in POSIX mode `trap -p` lists it though nobody has set it */
	ran_text(&r, t, "set -o posix; trap : USR1");
	assert_null(r.outcome.message);
	ran_release(&r);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		session_test(test_what_comes_of_them),
		session_test(test_status_is_handed_on),
		session_test(test_hidden_failure),
		session_test(test_end_of_the_shell),
		session_test(test_end_between_steps),
		session_test(test_much_output),
		session_test(test_background),
		session_test(test_not_in_a_changed_shell),
		session_test(test_trace),
		session_test(test_descriptors),
		session_test(test_debug_trap),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
