/* The local session: how it is lost, and what the next one has of it. */
#include <signal.h>

#include "base/fd.h"
#include "exec/local.h"
#include "lib/child.h"
#include "lib/session.h"

static const char keep[] = "v='a b'; f() { echo \"f $v\"; }; cd /usr; "
			   "declare -A m=([k]=$'x\\ny'); set -u";
static const char kept[] = "f; pwd; printf '%s|' \"${m[k]}\" $-; "
			   "[[ $- == *u* ]]";

static const struct {
	const char *text;
	enum job_end end;
	int code;
	bool saved;
} losses[] = {
	{ "exit 3", JOB_EXITED, 3, true },
	{ "exit", JOB_EXITED, 0, true },
	{ "set -e; false; echo no", JOB_EXITED, 1, true },
	{ "g() { exit 4; }; g", JOB_EXITED, 4, true },
	{ "kill -TERM $$; echo no", JOB_SIGNALED, SIGTERM, true },
	{ "kill -HUP $$; echo no", JOB_SIGNALED, SIGHUP, true },
	{ "kill -INT $$; echo no", JOB_SIGNALED, SIGINT, true },
	{ "kill -KILL $$", JOB_SIGNALED, SIGKILL, false },
	{ "exec true", JOB_EXITED, 0, false },
	{ "exec \"$SELF\" child:write 1 x", JOB_EXITED, 0, false },
	{ "trap '' EXIT; exit 3", JOB_EXITED, 3, false },
};

static void
test_loss(void **state)
{
	struct target *t = session_target(state);

	for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
		struct ran r;

		assert_ran(t, keep, 0, "");
		ran_text(&r, t, losses[i].text);
		if (r.outcome.end != losses[i].end)
			print_error("%s\n", losses[i].text);
		assert_int_equal(r.outcome.end, losses[i].end);
		assert_int_equal(r.outcome.code, losses[i].code);
		assert_true(r.outcome.session_lost);
		assert_int_equal(r.outcome.session_saved, losses[i].saved);
		ran_release(&r);
		ran_text(&r, t, losses[i].saved ? "set +e; f; pwd" : "f; pwd");
		if (losses[i].saved)
			assert_string_equal(buf_cstr(&r.out), "f a b\n/usr\n");
		else
			assert_int_equal(r.outcome.code, 127);
		ran_release(&r);
		assert_ran(t, "set +eu; unset -f f; unset v m", 0, "");
	}
}

/* What was kept stands in for what a shell could not write down any more. */
static void
test_kept_state(void **state)
{
	struct target *t = session_target(state);
	struct ran r;

	assert_ran(t, "x=kept; cd /usr", 0, "");
	assert_int_equal(local_keep(t), 1);
	ran_text(&r, t, "x=later; kill -KILL $$");
	assert_int_equal(r.outcome.end, JOB_SIGNALED);
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(t, "echo $x $PWD; x=new", 0, "kept /usr\n");
	/* It was kept again when it was read, and not since. */
	assert_int_equal(local_kept(t), 2);
	ran_text(&r, t, "kill -KILL $$");
	assert_false(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(t, "echo ${x-gone}", 0, "gone\n");
}

/* A step that leaves nothing does not make it older. */
static void
test_step_that_leaves_nothing(void **state)
{
	struct target *t = session_target(state);
	struct job_spec spec = { .text = TEXT("kill -KILL $$"),
				 .leaves_nothing = true };
	struct ran r;

	ran_run(&r, t, &spec);
	/* There was nothing to be lost. */
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(t, "x=1", 0, "");
	local_keep(t);
	spec.text = TEXT("true");
	ran_run(&r, t, &spec);
	ran_release(&r);
	ran_text(&r, t, "kill -KILL $$");
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(t, "echo $x", 0, "1\n");
}

/* Nothing runs in another folder than the one that it counts on. */
static void
test_kept_folder_is_gone(void **state)
{
	struct target *t = session_target(state);
	struct ran r;

	assert_ran(t, "mkdir $DIR/sub; cd $DIR/sub", 0, "");
	local_keep(t);
	ran_text(&r, t, "rmdir $DIR/sub; kill -KILL $$");
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	ran_text(&r, t, "touch $DIR/ran");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_non_null(strstr(r.outcome.message, "is gone"));
	ran_release(&r);
	assert_false(session_has(state, "ran"));
}

static void
test_everything_is_kept(void **state)
{
	struct target *t = session_target(state);
	struct ran r;

	assert_ran(t, keep, 0, "");
	assert_ran(t,
		   "shopt -s extglob; alias ll='ls -l'; umask 027\n"
		   "trap 'echo usr1' USR1; readonly ro=1\n"
		   "g() { case $1 in @(a|b)) echo g;; esac; }",
		   0, "");
	ran_text(&r, t, "exit 1");
	ran_release(&r);
	ran_text(&r, t, kept);
	assert_non_null(strstr(buf_cstr(&r.out), "f a b\n/usr\nx\ny|"));
	assert_int_equal(r.outcome.code, 0);
	ran_release(&r);
	assert_ran(t, "g b; umask; alias ll; echo $ro; kill -USR1 $$", 0,
		   "g\n0027\nalias ll='ls -l'\n1\nusr1\n");
}

/* Nor do the session's own loop and builtins belong to a step. */
static void
test_loop_is_not_theirs(void **state)
{
	struct target *t = session_target(state);

	assert_ran(t, "v=1\ncontinue\nv=2", 0, "");
	assert_ran(t, "echo $v; (exit 3) || while :; do continue 2; done", 0,
		   "1\n");
	assert_ran(t, "break", 0, "");
	assert_ran(t, "while :; do break 2; done; v=2", 0, "");
	for (int i = 0; i < 3; i++) {
		struct ran r;

		ran_text(&r, t, "break 9");
		assert_int_equal(r.outcome.end, JOB_EXITED);
		assert_int_equal(r.outcome.code, 0);
		assert_false(r.outcome.session_lost);
		ran_release(&r);
	}
	assert_ran(t, "echo $v; enable -n printf read trap", 0, "1\n");
	assert_ran(t, "type -t printf; set -k", 0, "builtin\n");
	assert_ran(t, "echo $v", 0, "1\n");
}

/* The values of a step must not be found in what the session leaves. */
static void
test_values_are_not_kept(void **state)
{
	struct session *s = *state;
	struct job_value value = { "RB_Q1", TEXT("geheim-4711"), false, false };
	struct job_spec spec = { .text = TEXT("exit 1"),
				 .values = &value,
				 .n_values = 1 };
	CLEANUP(buf_release) struct buf kept_state = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(free_ptr) char *path = rundir_entry(s->dir, "state");
	struct ran r;

	ran_run(&r, s->target, &spec);
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_int_equal(file_read(path, 1 << 20, &kept_state, &reterr), 0);
	assert_non_null(strstr(kept_state.bytes, "HOME"));
	assert_null(strstr(kept_state.bytes, "geheim"));
	assert_ran(s->target, "echo ${RB_Q1-gone}", 0, "gone\n");
	assert_false(session_has(state, "state"));
	assert_false(session_has(state, "before"));
}

/* Nor may what an author made of a secret; whoever relies on it is told. */
static void
test_secrets_are_not_kept(void **state)
{
	struct session *s = *state;
	struct job_value value = { "RB_Q1", TEXT("gehe'im $4711"), false,
				   true };
	struct job_spec spec = {
		.text = TEXT("one=\"x$RB_Q1\" two=(a \"$RB_Q1\" b) three=3\n"
			     "set -u; unset four; declare -A five; other=1\n"
			     "again=$RB_Q1; again=public; exit 1"),
		.values = &value,
		.n_values = 1
	};
	CLEANUP(buf_release) struct buf kept_state = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	CLEANUP(free_ptr) char *path = rundir_entry(s->dir, "state");
	struct ran r;

	ran_run(&r, s->target, &spec);
	assert_true(r.outcome.session_saved);
	ran_release(&r);
	assert_int_equal(file_read(path, 1 << 20, &kept_state, &reterr), 0);
	assert_non_null(strstr(kept_state.bytes, "three=\"3\""));
	assert_non_null(strstr(kept_state.bytes, "again=\"public\""));
	assert_non_null(strstr(kept_state.bytes, "# dropped one\n"));
	assert_non_null(strstr(kept_state.bytes, "# dropped two\n"));
	assert_null(strstr(kept_state.bytes, "4711"));
	ran_text(&r, s->target, "echo $three $one");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_non_null(strstr(r.outcome.message, "not kept: one, two"));
	ran_release(&r);
}

static void
test_authors_exit_trap(void **state)
{
	struct session *s = *state;
	struct target *t = s->target;
	struct ran r;

	assert_ran(t,
		   "trap 'echo \"bye $?\" >\"$DIR/bye\"; echo \"it'\\''s\"'"
		   " EXIT; v=1",
		   0, "");
	assert_ran(t, "v=2", 0, "");
	ran_text(&r, t, "exit 6");
	assert_int_equal(r.outcome.code, 6);
	assert_true(r.outcome.session_saved);
	assert_string_equal(buf_cstr(&r.out), "it's\n");
	ran_release(&r);
	assert_ran(t, "cat $DIR/bye; echo $v", 0, "bye 6\n2\n");
}

static void
test_exit_trap_at_the_end(void **state)
{
	struct session *s = *state;

	assert_ran(s->target, "trap 'echo end >\"$DIR/end\"' EXIT", 0, "");
	s->target = target_free(s->target);
	assert_true(session_has(state, "end"));
}

/* What happens between two steps: nobody is there to be told but the next. */
static void
test_loss_between_steps(void **state)
{
	struct target *t = session_target(state);
	struct ran r;
	bool never = false;

	assert_ran(t,
		   "v=1; mkfifo $DIR/go; { read x <$DIR/go; kill -KILL $$; } &",
		   0, "");
	session_write(state, "go", "now\n");
	wait_for(t->loop, &never, 300);
	ran_text(&r, t, "echo ${v-gone}");
	assert_int_equal(r.outcome.end, JOB_NOT_STARTED);
	assert_true(r.outcome.session_lost);
	assert_false(r.outcome.session_saved);
	ran_release(&r);
	assert_ran(t, "echo ${v-gone}", 0, "gone\n");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		session_test(test_loss),
		session_test(test_kept_state),
		session_test(test_step_that_leaves_nothing),
		session_test(test_kept_folder_is_gone),
		session_test(test_everything_is_kept),
		session_test(test_loop_is_not_theirs),
		session_test(test_values_are_not_kept),
		session_test(test_secrets_are_not_kept),
		session_test(test_authors_exit_trap),
		session_test(test_exit_trap_at_the_end),
		session_test(test_loss_between_steps),
	};

	child_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
