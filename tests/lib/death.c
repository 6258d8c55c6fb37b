/* Running a function in a child and looking at its end. */
#include "lib/death.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "lib/unit.h"

/* Where coverage is measured, the counters of a child that aborts are lost
 * unless they are written first. */
void __gcov_dump(void) __attribute__((weak));

/* Where memory is checked: malloc must return NULL when it can give none, and
 * what a child leaves behind at its end is no leak. */
const char *__asan_default_options(void);
void __lsan_disable(void) __attribute__((weak));

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
on_abort(int number)
{
	if (__gcov_dump)
		__gcov_dump();
	signal(number, SIG_DFL);
	raise(number);
}

_Noreturn static void
run_child(void (*fn)(void), int to_parent)
{
	static const struct rlimit none = { 0, 0 };

	if (__lsan_disable)
		__lsan_disable();
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGABRT, on_abort);
	dup2(to_parent, STDERR_FILENO);
	fn();
	exit(0);
}

static int
run(void (*fn)(void), struct buf *said)
{
	int out[2], status;
	pid_t pid;

	assert_int_equal(fd_pipe(out), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_child(fn, out[1]);
	fd_close(&out[1]);
	assert_int_equal(fd_read_all(out[0], 64 * 1024, said), 0);
	fd_close(&out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

void
assert_aborts(void (*fn)(void), const char *message)
{
	CLEANUP(buf_release) struct buf said = BUF_INIT;
	int status = run(fn, &said);

	assert_non_null(strstr(buf_cstr(&said), message));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

void
assert_exits(void (*fn)(void), int status, const char *message)
{
	CLEANUP(buf_release) struct buf said = BUF_INIT;
	int ended = run(fn, &said);

	assert_non_null(strstr(buf_cstr(&said), message));
	assert_true(WIFEXITED(ended));
	assert_int_equal(WEXITSTATUS(ended), status);
}
