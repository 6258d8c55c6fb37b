/* The operator's terminal is what it was, however we end. */
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "exec/terminal.h"
#include "lib/unit.h"

struct ends {
	int master, slave;
	struct termios before;
};

static struct ends
open_ends(void)
{
	struct ends e;

	assert_int_equal(openpty(&e.master, &e.slave, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(e.slave, &e.before), 0);
	return e;
}

/* The modes of E as they are now, compared field by field: padding differs. */
static void
assert_as_before(const struct ends *e)
{
	struct termios now;

	assert_int_equal(tcgetattr(e->slave, &now), 0);
	assert_int_equal(now.c_iflag, e->before.c_iflag);
	assert_int_equal(now.c_oflag, e->before.c_oflag);
	assert_int_equal(now.c_cflag, e->before.c_cflag);
	assert_int_equal(now.c_lflag, e->before.c_lflag);
	assert_memory_equal(now.c_cc, e->before.c_cc, NCCS);
}

static void
close_ends(struct ends *e)
{
	close(e->master);
	close(e->slave);
}

_Noreturn static void
crash(struct ends *e, int number)
{
	const struct rlimit none = { 0, 0 };
	struct buf reterr = BUF_INIT;
	struct terminal *t;
	struct termios now;

	setrlimit(RLIMIT_CORE, &none);
	/* ASan has handlers of its own for some of them */
	signal(number, SIG_DFL);
	t = terminal_of(e->slave, &reterr);
	if (!t)
		_exit(1);
	terminal_guard();
	terminal_set(t, TERMINAL_RAW);
	terminal_saw(t, TEXT("\033[?1049h\033[?25l"));
	if (tcgetattr(e->slave, &now) < 0 || (now.c_lflag & ECHO))
		_exit(2);
	raise(number);
	_exit(3);
}

static void
test_crashes(void **state UNUSED)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				       SIGABRT };

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct ends e = open_ends();
		char shown[64];
		int status;
		ssize_t n;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			crash(&e, numbers[i]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
		assert_as_before(&e);
		n = read(e.master, shown, sizeof(shown) - 1);
		assert_true(n > 0);
		shown[n] = '\0';
		assert_string_equal(shown, "\033[0m\033[?25h\033[?1049l");
		close_ends(&e);
	}
}

/* Modes that somebody changed himself, as a question for a password does. */
static void
test_guarded_modes(void **state UNUSED)
{
	struct ends e = open_ends();
	struct termios now = e.before;

	now.c_lflag &= ~(tcflag_t)ECHO;
	terminal_guard_modes(e.slave, &e.before);
	assert_int_equal(tcsetattr(e.slave, TCSANOW, &now), 0);
	terminal_emergency_restore();
	assert_as_before(&e);

	terminal_guard_modes(e.slave, NULL);
	assert_int_equal(tcsetattr(e.slave, TCSANOW, &now), 0);
	terminal_emergency_restore();
	assert_int_equal(tcgetattr(e.slave, &now), 0);
	assert_false(now.c_lflag & ECHO);
	close_ends(&e);
}

static void
test_modes(void **state UNUSED)
{
	static const enum terminal_mode modes[] = { TERMINAL_RAW,
						    TERMINAL_KEYS };

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct ends e = open_ends();
		struct buf reterr = BUF_INIT;
		struct terminal *t = terminal_of(e.slave, &reterr);
		struct termios now;

		assert_non_null(t);
		terminal_set(t, modes[i]);
		assert_int_equal(tcgetattr(e.slave, &now), 0);
		assert_int_not_equal(now.c_lflag, e.before.c_lflag);
		/* freeing it while it is not cooked cooks it */
		terminal_free(t);
		assert_as_before(&e);
		close_ends(&e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_guarded_modes),
		cmocka_unit_test(test_modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
