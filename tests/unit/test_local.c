/* The local session: what a step sees, what it leaves, how it ends. */
#include <signal.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/limits.h"
#include "exec/local.h"
#include "lib/child.h"
#include "lib/session.h"

/* ---- what stays ---------------------------------------------------------- */

static void
test_state_stays(void **state)
{
	struct target *t = session_target(state);

	assert_ran(t, "x=1; cd /usr; f() { echo f $x; }", 0, "");
	assert_ran(t, "f; pwd", 0, "f 1\n/usr\n");
	assert_ran(t, "a=(1 2); declare -A m=([k]=v); set -u; umask 027", 0,
		   "");
	assert_ran(t, "echo ${a[1]} ${m[k]} $(umask); [[ -o nounset ]]", 0,
		   "2 v 0027\n");
	assert_ran(t, "shopt -s extglob\n", 0, "");
	assert_ran(t, "case xy in\n@(x|z)y) echo glob ;;\nesac", 0, "glob\n");
}

static void
test_status_is_handed_on(void **state)
{
	struct target *t = session_target(state);

	assert_ran(t, "echo out; (exit 3)", 3, "out\n");
	assert_ran(t, "echo $?", 0, "3\n");
	assert_ran(t, "set +e; false || (exit 7)", 7, "");
	assert_ran(t, "set -e; echo $?", 0, "0\n");
}

static void
test_streams_are_apart(void **state)
{
	struct ran r;

	ran_text(&r, session_target(state),
		 "echo out; echo err >&2; echo out2");
	assert_string_equal(buf_cstr(&r.out), "out\nout2\n");
	assert_string_equal(buf_cstr(&r.err), "err\n");
	assert_true(r.dispatched);
	ran_release(&r);
}

static void
test_bytes_come_as_they_are(void **state)
{
	struct ran r;

	ran_text(&r, session_target(state), "\"$SELF\" child:bytes");
	assert_int_equal(r.out.len, 256);
	for (size_t i = 0; i < 256; i++)
		assert_int_equal((unsigned char)r.out.bytes[i], i);
	ran_release(&r);
	assert_ran(session_target(state), "printf 'no newline'", 0,
		   "no newline");
}

static void
test_huge_line(void **state)
{
	struct ran r = { 0 };

	ran_text(&r, session_target(state), "\"$SELF\" child:line 20000000");
	assert_int_equal(r.out.len, 20000001);
	ran_release(&r);
}

static void
test_input_is_empty(void **state)
{
	assert_ran(session_target(state), "cat; read x || echo none", 0,
		   "none\n");
}

/* ---- what a step is given ------------------------------------------------ */

static void
test_descriptors(void **state)
{
	assert_ran(session_target(state), "\"$SELF\" child:fds", 0,
		   "0\n1\n2\n");
	assert_ran(session_target(state), "\"$SELF\" child:write 9 x", 1, "");
	assert_ran(session_target(state), "\"$SELF\" child:write 10 x", 1, "");
}

static void
test_environment_is_clean(void **state)
{
	static const char *const bad[] = {
		"BASH_ENV=/dev/null",
		"ENV=/dev/null",
		"SHELLOPTS=xtrace",
		"BASHOPTS=nocaseglob",
		"BASH_FUNC_echo%%=() { :; }",
		"PS4=$(touch $DIR/ps4)",
		"CDPATH=/usr",
		"GLOBIGNORE=*",
		"IFS=e",
		"LD_PRELOAD_X=1",
		"PROMPT_COMMAND=x",
	};
	struct target *t;
	struct ran r;

	/* The session starts with its first job, and so does its environment
	 * with the target: make another one under the bad variables. */
	session_tear_down(state);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(putenv((char *)(uintptr_t)bad[i]), 0);
	session_set_up(state);
	t = session_target(state);
	ran_text(&r, t, "env | cut -d= -f1 | sort | tr '\\n' ' '; echo $-");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t len = strcspn(bad[i], "=%");
		CLEANUP(free_ptr) char *name = xmemdup0(bad[i], len);

		if (strcmp(name, "ENV") != 0)
			assert_null(strstr(buf_cstr(&r.out), name));
	}
	assert_non_null(strstr(buf_cstr(&r.out), "HOME "));
	assert_non_null(strstr(buf_cstr(&r.out), "TERM "));
	assert_string_equal(buf_cstr(&r.err), "");
	ran_release(&r);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		CLEANUP(free_ptr)
		char *name = xmemdup0(bad[i], strcspn(bad[i], "="));

		unsetenv(name);
	}
}

static void
test_no_terminal_without_operator(void **state)
{
	assert_ran(session_target(state), "\"$SELF\" child:tty x", 9, "");
	assert_ran(session_target(state), "tty", 1, "not a tty\n");
}

static void
test_values(void **state)
{
	struct target *t = session_target(state);
	char all[256];
	struct job_value values[] = { { "RB_Q1", { all, 255 }, false, false },
				      { "RB_Q2", TEXT(""), false, false } };
	struct job_spec spec = {
		.text = TEXT("printf %s \"$RB_Q1\"\n"
			     "echo \"[${RB_Q2-unset}]\"\nenv | grep -c RB_Q"),
		.values = values,
		.n_values = 2,
	};
	struct ran r;

	for (int i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	ran_run(&r, t, &spec);
	assert_int_equal(r.out.len, 255 + 5);
	assert_memory_equal(r.out.bytes, all, 255);
	assert_string_equal(r.out.bytes + 255, "[]\n0\n");
	assert_int_equal(r.outcome.code, 1);
	ran_release(&r);
	assert_ran(t, "echo ${RB_Q1-gone} ${RB_Q2-gone}", 0, "gone gone\n");
}

/* A value may break off within a character, and those behind it are none of its
 * bytes. */
static void
test_values_that_break_off(void **state)
{
	struct target *t = session_target(state);
	struct job_value values[] = {
		{ "RB_Q1", TEXT("a\xc9"), false, false },
		{ "RB_Q2", TEXT("\xf0\x9f"), false, false },
		{ "RB_Q3", TEXT("/srv/data"), false, false }
	};
	struct job_spec spec = {
		.text = TEXT("printf '<%s>' \"$RB_Q1\" \"$RB_Q2\" \"$RB_Q3\""),
		.values = values,
		.n_values = ARRAY_LEN(values),
	};
	struct ran r;

	assert_ran(t, "export LC_ALL=C.UTF-8", 0, "");
	ran_run(&r, t, &spec);
	assert_string_equal(r.out.bytes, "<a\xc9><\xf0\x9f></srv/data>");
	ran_release(&r);
	assert_ran(t, "echo $LC_ALL", 0, "C.UTF-8\n");
}

static void
test_values_cannot_be_read(void **state)
{
	struct target *t = session_target(state);
	struct job_value value = { "RB_Q1", TEXT("a"), false, false };
	struct job_spec spec = { .text = TEXT("echo \"[$RB_Q1]\""),
				 .values = &value,
				 .n_values = 1 };
	struct ran r;

	assert_ran(t, "readonly LC_ALL", 0, "");
	ran_run(&r, t, &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_string_equal(buf_cstr(&r.out), "");
	assert_non_null(strstr(r.outcome.message, "LC_ALL is read-only"));
	ran_release(&r);
}

/* As if an earlier step had set it: not exported, and there afterwards. */
static void
test_lasting_values(void **state)
{
	struct target *t = session_target(state);
	struct job_value values[] = { { "NAMESPACE", TEXT("a b"), true,
					false } };
	struct job_spec spec = {
		.text = TEXT("echo \"$NAMESPACE\"\nenv | grep -c NAMESPACE"),
		.values = values,
		.n_values = 1,
	};
	struct ran r;

	ran_run(&r, t, &spec);
	assert_string_equal(r.out.bytes, "a b\n0\n");
	ran_release(&r);
	assert_ran(t, "NAMESPACE+=c; echo \"$NAMESPACE\"", 0, "a bc\n");
	assert_ran(t, "echo \"$NAMESPACE\"", 0, "a bc\n");
}

static void
test_largest_values(void **state)
{
	CLEANUP(buf_release) struct buf big = BUF_INIT;
	struct job_value value = { "RB_Q1", { NULL, 0 }, false, false };
	struct job_spec spec = { .text = TEXT("echo ${#RB_Q1}"),
				 .values = &value,
				 .n_values = 1 };
	struct ran r;

	/* More than a pipe holds. */
	buf_fill(&big, 'v', LIMIT_VALUES_BYTES + 4096);
	value.value = buf_text(&big);
	ran_run(&r, session_target(state), &spec);
	assert_string_equal(buf_cstr(&r.out), "69632\n");
	ran_release(&r);
}

static void
test_environment_of_one_job(void **state)
{
	static const char *const env[] = { "A=a b'c", "HOME=/nowhere",
					   "B=", NULL };
	struct job_spec spec = { .text = TEXT("printenv A HOME B; A=changed"),
				 .env = env };
	struct target *t = session_target(state);
	CLEANUP(buf_release) struct buf home = BUF_INIT;
	struct ran r;

	assert_ran(t, "B=kept", 0, "");
	ran_run(&r, t, &spec);
	assert_string_equal(buf_cstr(&r.out), "a b'c\n/nowhere\n\n");
	ran_release(&r);
	buf_addf(&home, "none kept %s\n", getenv("HOME"));
	assert_ran(t, "echo ${A-none} $B $(printenv HOME)", 0, home.bytes);
	assert_ran(t, "printenv B", 1, "");
}

static void
test_folder_of_one_job(void **state)
{
	struct job_spec spec = { .text = TEXT("pwd; cd /tmp"), .cwd = "/usr" };
	struct target *t = session_target(state);
	struct ran r;

	assert_ran(t, "cd /etc", 0, "");
	ran_run(&r, t, &spec);
	assert_string_equal(buf_cstr(&r.out), "/usr\n");
	ran_release(&r);
	assert_ran(t, "pwd", 0, "/etc\n");
}

static void
test_missing_folder_is_refused(void **state)
{
	struct job_spec spec = { .text = TEXT("pwd"), .cwd = "/no/such" };
	struct ran r;

	ran_run(&r, session_target(state), &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_string_equal(r.outcome.message,
			    "cannot enter the folder of the step: /no/such: "
			    "No such file or directory");
	assert_false(r.dispatched);
	assert_string_equal(buf_cstr(&r.out), "");
	ran_release(&r);
	assert_ran(session_target(state), "echo on", 0, "on\n");
}

/* ---- failing ------------------------------------------------------------- */

static const struct {
	const char *text, *out;
	int status;
	uint32_t line;
} failures[] = {
	{ "echo a\nfalse\necho b", "a\n", 1, 101 },
	{ "false; echo b", "", 1, 100 },
	{ "if false; then :; fi; echo b", "b\n", 0, 0 },
	{ "! true; echo b", "b\n", 0, 0 },
	{ "false || true; echo b", "b\n", 0, 0 },
	{ "false && true; echo b", "b\n", 0, 0 },
	{ "false | true; echo b", "b\n", 0, 0 },
	{ "true | false; echo b", "", 1, 100 },
	{ "for i in 1 2; do\n echo $i\n false\ndone\necho b", "1\n", 1, 102 },
	{ "while false; do :; done; echo b", "b\n", 0, 0 },
	{ "f() {\n false\n echo in f\n}\nf\necho b", "in f\nb\n", 0, 0 },
	{ "f() { echo x; return 4; }\nf\necho b", "x\n", 4, 101 },
	{ "eval 'false'; echo b", "", 1, 100 },
	{ "(false; echo sub); echo b", "sub\nb\n", 0, 0 },
	{ "(exit 5)\necho b", "", 5, 100 },
	{ "{ false; echo b; }", "", 1, 100 },
	{ "x=$(false); echo b", "", 1, 100 },
	{ "local_=$(echo v) ; echo $local_", "v\n", 0, 0 },
	{ "[[ a == b ]]\necho b", "", 1, 100 },
	{ "((0))\necho b", "", 1, 100 },
	{ "nosuchcommand_\necho b", "", 127, 100 },
	{ "case x in x) false ;; esac\necho b", "", 1, 100 },
	{ "printf 'false\\necho inner\\n' >$DIR/lib; . $DIR/lib; echo b",
	  "inner\nb\n", 0, 0 },
	{ "until true; do :; done; test 1 = 2 || echo or", "or\n", 0, 0 },
};

static void
test_first_failure_ends_the_step(void **state)
{
	struct target *t = session_target(state);

	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		struct ran r;

		ran_text(&r, t, failures[i].text);
		if (r.outcome.code != failures[i].status)
			print_error("%s\n", failures[i].text);
		assert_string_equal(buf_cstr(&r.out), failures[i].out);
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_int_equal(r.outcome.code, failures[i].status);
		assert_int_equal(r.outcome.failed_line, failures[i].line);
		assert_false(r.outcome.session_lost);
		ran_release(&r);
	}
}

static void
test_lines_are_the_documents(void **state)
{
	struct job_spec spec = { .text = TEXT("\necho $LINENO\nnosuch_"),
				 .line = 4999 };
	struct ran r;

	ran_run(&r, session_target(state), &spec);
	assert_string_equal(buf_cstr(&r.out), "5000\n");
	assert_non_null(strstr(buf_cstr(&r.err), "line 5001: nosuch_"));
	assert_int_equal(r.outcome.failed_line, 5001);
	ran_release(&r);
}

static void
test_hidden_failure(void **state)
{
	static const struct {
		const char *text;
		int hidden;
	} cases[] = {
		{ "(exit 3) | cat", 3 },
		{ "true | cat", 0 },
		{ "yes | head -1", 0 },
		{ "(exit 3) | cat; true", 0 },
		{ "false | true | true", 1 },
		/* somebody looked at it */
		{ "if false; then echo x; fi", 0 },
		{ "i=0; while [ $i -lt 2 ]; do i=$((i + 1)); done", 0 },
		{ "! false", 0 },
		{ "! true | false", 0 },
		{ "if true | false; then x; fi", 0 },
		{ "if true; then (exit 3) | cat; fi", 3 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ran r;

		ran_text(&r, session_target(state), cases[i].text);
		assert_int_equal(r.outcome.code, 0);
		assert_int_equal(r.outcome.hidden_code, cases[i].hidden);
		ran_release(&r);
	}
}

/* Nothing of what bash cannot read may run. */
static void
test_syntax_errors(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;
	} cases[] = {
		{ "touch $DIR/ran\nif true; then", 102 },
		{ "touch $DIR/ran\n\nfi", 102 },
		{ "touch $DIR/ran; done", 100 },
		{ "touch $DIR/ran\necho \"open\nx", 101 },
		{ "touch $DIR/ran\nls !(x)", 101 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ran r;

		ran_text(&r, session_target(state), cases[i].text);
		assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
		assert_int_equal(r.outcome.failed_line, cases[i].line);
		assert_non_null(strstr(r.outcome.message,
				       "bash cannot read the step: "));
		assert_null(
			strstr(r.outcome.message,
			       rundir_path(((struct session *)*state)->dir)));
		assert_false(r.outcome.session_lost);
		assert_false(session_has(state, "ran"));
		ran_release(&r);
	}
	assert_ran(session_target(state), "shopt -s extglob\necho !(x|*)", 0,
		   "!(x|*)\n");
}

static void
test_impossible_steps(void **state)
{
	CLEANUP(buf_release) struct buf big = BUF_INIT;
	struct job_spec spec = { .text = { "a\0b", 3 } };
	struct job_value value = { "RB_Q1", { "\0", 1 }, false, false };
	struct ran r;

	ran_run(&r, session_target(state), &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_string_equal(r.outcome.message, "the step has a NUL byte");
	ran_release(&r);

	buf_fill(&big, ':', LIMIT_SHELL_BYTES + 1);
	spec.text = buf_text(&big);
	ran_run(&r, session_target(state), &spec);
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_string_equal(r.outcome.message,
			    "the step is larger than 1048576 bytes");
	ran_release(&r);

	spec = (struct job_spec){ .text = TEXT(":"),
				  .values = &value,
				  .n_values = 1 };
	ran_run(&r, session_target(state), &spec);
	assert_string_equal(r.outcome.message,
			    "the value of 'RB_Q1' has a NUL byte");
	ran_release(&r);

	spec = (struct job_spec){ .text = TEXT(":"), .io = JOB_INTERACTIVE };
	ran_run(&r, session_target(state), &spec);
	assert_string_equal(r.outcome.message, "the step is interactive, and "
					       "there is no terminal");
	ran_release(&r);
}

static void
test_largest_step(void **state)
{
	CLEANUP(buf_release) struct buf big = BUF_INIT;
	struct job_spec spec = { 0 };
	struct ran r;

	buf_adds(&big, ": ");
	buf_fill(&big, 'x', LIMIT_SHELL_BYTES - 10);
	buf_adds(&big, ";echo ok");
	spec.text = buf_text(&big);
	ran_run(&r, session_target(state), &spec);
	assert_string_equal(buf_cstr(&r.out), "ok\n");
	ran_release(&r);
}

/* ---- ending a step ------------------------------------------------------- */

static void
test_time_limit(void **state)
{
	struct job_spec spec = { .text = TEXT("v=1; \"$SELF\" child:hang; "
					      "touch $DIR/no"),
				 .timeout_ms = 100 };
	struct ran r;

	ran_run(&r, session_target(state), &spec);
	assert_int_equal(r.outcome.end, JOB_TIMED_OUT);
	assert_int_equal(r.outcome.code, 128 + SIGTERM);
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(session_target(state), "echo $v", 0, "1\n");
	assert_false(session_has(state, "no"));
}

/* Who does not hear TERM is killed when the grace is over. */
static void
test_kill_after_grace(void **state)
{
	struct session *s = *state;
	struct job_spec spec = {
		.text = TEXT("trap '' TERM; \"$SELF\" child:deaf; echo no"),
		.timeout_ms = 1000,
	};
	struct ran r = { 0 };
	bool never = false;

	ran_start(&r, s->target, &spec);
	wait_for_text(s->loop, &r.out, "deaf");
	session_clock_ahead_ms += 1000;
	wait_for(s->loop, &never, 100);
	assert_false(r.over);
	session_clock_ahead_ms += LIMIT_KILL_GRACE_MS;
	assert_true(wait_for(s->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_TIMED_OUT);
	assert_int_equal(r.outcome.code, 128 + SIGKILL);
	assert_null(strstr(r.out.bytes, "no"));
	assert_int_equal(r.outcome.n_survivors, 0);
	ran_release(&r);
}

static void
test_stop_reaches_daemons(void **state)
{
	struct session *s = *state;
	struct job_spec spec = {
		.text = TEXT("\"$SELF\" child:daemon\n"
			     "( \"$SELF\" child:hang & ) >/dev/null 2>&1\n"
			     "set -m; \"$SELF\" child:hang &\n"
			     "echo up; \"$SELF\" child:hang"),
	};
	struct ran r = { 0 };

	ran_start(&r, s->target, &spec);
	wait_for_text(s->loop, &r.out, "up");
	job_stop(s->target, r.job);
	assert_true(wait_for(s->loop, &r.over, 5000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_int_equal(r.outcome.n_survivors, 0);
	ran_release(&r);
}

static void
test_interrupt(void **state)
{
	struct session *s = *state;
	struct job_spec spec = {
		.text = TEXT(
			"v=2; echo up; \"$SELF\" child:hang; touch $DIR/no"),
	};
	struct ran r = { 0 };

	ran_start(&r, s->target, &spec);
	wait_for_text(s->loop, &r.out, "up");
	job_interrupt(s->target, r.job);
	assert_true(wait_for(s->loop, &r.over, 2000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_int_equal(r.outcome.code, 128 + SIGINT);
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_false(session_has(state, "no"));
	assert_ran(s->target, "echo $v", 0, "2\n");
}

static void
test_interrupt_that_is_handled(void **state)
{
	struct session *s = *state;
	struct job_spec spec = {
		.text = TEXT("\"$SELF\" child:polite; echo after"),
	};
	struct ran r = { 0 };

	ran_start(&r, s->target, &spec);
	wait_for_text(s->loop, &r.out, "ready");
	job_interrupt(s->target, r.job);
	assert_true(wait_for(s->loop, &r.over, 2000));
	assert_string_equal(buf_cstr(&r.out), "ready\nafter\n");
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_int_equal(r.outcome.code, 0);
	assert_false(r.outcome.session_lost);
	ran_release(&r);
}

/* A step that is interrupted before it began must not begin in the shell that
 * takes the place of the one that was killed. */
static void
test_interrupt_at_once(void **state)
{
	struct session *s = *state;
	struct job_spec spec = { .text = TEXT("touch $DIR/ran\n:") };
	struct ran r = { 0 };
	bool never = false;

	ran_start(&r, s->target, &spec);
	job_interrupt(s->target, r.job);
	assert_true(wait_for(s->loop, &r.over, 2000));
	if (r.outcome.end == JOB_NOT_STARTED) {
		wait_for(s->loop, &never, 100);
		assert_false(session_has(state, "ran"));
	}
	ran_release(&r);
	assert_ran(s->target, "echo next", 0, "next\n");
}

static void
test_follow(void **state)
{
	struct session *s = *state;
	struct job_spec spec = {
		.text = TEXT("echo line; \"$SELF\" child:hang; echo no"),
		.io = JOB_FOLLOW,
	};
	struct ran r = { 0 };

	assert_ran(s->target, "v=3; trap 'echo mine' INT", 0, "");
	ran_start(&r, s->target, &spec);
	wait_for_text(s->loop, &r.out, "line");
	job_interrupt(s->target, r.job);
	assert_true(wait_for(s->loop, &r.over, 2000));
	assert_int_equal(r.outcome.end, JOB_INTERRUPTED);
	assert_int_equal(r.outcome.code, 130);
	assert_false(r.outcome.session_lost);
	assert_string_equal(buf_cstr(&r.out), "line\n");
	ran_release(&r);
	assert_ran(s->target, "echo $v; trap -p INT", 0,
		   "3\ntrap -- 'echo mine' SIGINT\n");
}

/* ---- processes that stay ------------------------------------------------- */

static void
test_background(void **state)
{
	struct session *s = *state;
	struct ran r;

	struct job_spec spec = {
		.text = TEXT("{ read x <$DIR/go; echo later; \"$SELF\" "
			     "child:hang; } & sleep 0; echo now"),
		.label = 7,
	};

	assert_ran(s->target, "mkfifo $DIR/go", 0, "");
	r = (struct ran){ 0 };
	ran_run(&r, s->target, &spec);
	assert_string_equal(buf_cstr(&r.out), "now\n");
	assert_int_equal(r.outcome.end, JOB_EXITED);
	assert_int_equal(r.outcome.n_survivors, 1);
	assert_non_null(strstr(r.outcome.survivors, "bash ("));
	ran_release(&r);
	assert_ran(s->target, "echo second; jobs -p | wc -l", 0, "second\n1\n");
	session_write(state, "go", "now\n");
	wait_for_text(s->loop, &s->late, "later\n");
	assert_int_equal(s->late_label, 7);
	assert_ran(s->target, "kill %1; wait", 0, "");
}

/* Many are told by how many they are. */
static void
test_many_survivors(void **state)
{
	struct session *s = *state;
	struct job_spec spec = { .text = TEXT(
					 "for i in 1 2 3 4 5 6 7 8 9 10; do "
					 "\"$SELF\" child:hang & done") };
	CLEANUP(buf_release) struct buf more = BUF_INIT;
	struct ran r = { 0 };

	ran_run(&r, s->target, &spec);
	assert_int_equal(r.outcome.n_survivors, 10);
	buf_addf(&more, ") and %d more", 10 - LIMIT_NAMED_PROCESSES);
	assert_true(text_ends(text_of(r.outcome.survivors), buf_cstr(&more)));
	ran_release(&r);
	assert_ran(s->target, "kill $(jobs -p); wait", 0, "");
}

/* EOF of stdout is not the end of a step. */
static void
test_closed_streams(void **state)
{
	struct target *t = session_target(state);

	assert_ran(t,
		   "exec >&- 2>&-; mkfifo $DIR/go; read -t 0.2 <>$DIR/go || :; "
		   "v=5",
		   0, "");
	assert_ran(t, "echo $v", 0, "5\n");
	assert_ran(t, "exec >$DIR/file; echo into file", 0, "");
	assert_ran(t, "cat $DIR/file", 0, "into file\n");
}

static size_t
resident_kb(void)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	unsigned long kb = 0;

	assert_int_equal(file_read("/proc/self/status", 65536, &all, &reterr),
			 0);
	assert_int_equal(sscanf(strstr(all.bytes, "VmRSS:"), "VmRSS: %lu", &kb),
			 1);
	return kb;
}

static void
test_flood_takes_no_memory(void **state)
{
	struct job_spec spec = {
		.text = TEXT("\"$SELF\" child:flood 200000000"),
	};
	struct ran r = { .discard = true };
	size_t before = resident_kb(), after;
	int64_t begun = clock_mono_ms(&clock_system);

	ran_start(&r, session_target(state), &spec);
	assert_true(wait_for(session_target(state)->loop, &r.over, 60000));
	after = resident_kb();
	assert_int_equal(r.n_bytes, 200000000);
	print_message("200 MB in %d ms, %d KiB more\n",
		      (int)(clock_mono_ms(&clock_system) - begun),
		      (int)after - (int)before);
	/* AddressSanitizer keeps what was freed for a while */
	assert_true(after < before + (SANITIZED ? 128 * 1024 : 4096));
	ran_release(&r);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		session_test(test_state_stays),
		session_test(test_status_is_handed_on),
		session_test(test_streams_are_apart),
		session_test(test_bytes_come_as_they_are),
		session_test(test_huge_line),
		session_test(test_input_is_empty),
		session_test(test_descriptors),
		session_test(test_environment_is_clean),
		session_test(test_no_terminal_without_operator),
		session_test(test_values),
		session_test(test_values_that_break_off),
		session_test(test_values_cannot_be_read),
		session_test(test_lasting_values),
		session_test(test_largest_values),
		session_test(test_environment_of_one_job),
		session_test(test_folder_of_one_job),
		session_test(test_missing_folder_is_refused),
		session_test(test_first_failure_ends_the_step),
		session_test(test_lines_are_the_documents),
		session_test(test_hidden_failure),
		session_test(test_syntax_errors),
		session_test(test_impossible_steps),
		session_test(test_largest_step),
		session_test(test_time_limit),
		session_test(test_kill_after_grace),
		session_test(test_stop_reaches_daemons),
		session_test(test_interrupt),
		session_test(test_interrupt_that_is_handled),
		session_test(test_interrupt_at_once),
		session_test(test_follow),
		session_test(test_background),
		session_test(test_many_survivors),
		session_test(test_closed_streams),
		session_test(test_flood_takes_no_memory),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
