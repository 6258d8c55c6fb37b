/* Run a command at a terminal of its own, by a dialog on standard input.
 *
 *   terminal COMMAND ARG… <<'END'
 *   wait TEXT     until TEXT has come, behind what was waited for before
 *   type TEXT     and the return key
 *   paste TEXT    likewise, \n for further return keys, all at once
 *   key ^C        a control character
 *   hang-up       close the terminal
 *   patience N    from here on what is waited for may take N seconds
 *   END
 *
 * Then waits for the end of the command, prints what stood on the terminal
 * (without carriage returns) and exits as the command did. What does not come
 * within ten seconds, or so many, is a failure with status 99. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/text.h"

enum {
	PATIENCE_MS = 10000,
	FAILED = 99
};

struct session {
	int master;
	pid_t pid;
	struct buf shown;
	size_t waited; /* of it, up to here */
	int64_t patience_ms;
};

static void
show(struct session *s)
{
	for (size_t i = 0; i < s->shown.len; i++) {
		if (s->shown.bytes[i] != '\r')
			putchar(s->shown.bytes[i]);
	}
	fflush(stdout);
}

static _Noreturn void
give_up(struct session *s, const char *why, struct text what)
{
	show(s);
	fprintf(stderr, "terminal: %s '%.*s'\n", why, TEXT_ARG(what));
	kill(-s->pid, SIGKILL);
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	exit(FAILED);
}

/* Read what comes; false at the end of the terminal. */
static bool
take_some(struct session *s, int64_t until, struct text what)
{
	struct pollfd p = { s->master, POLLIN, 0 };
	int64_t left = until - clock_mono_ms(&clock_system);
	char bytes[4096];
	ssize_t n;

	if (left <= 0 || poll(&p, 1, (int)left) == 0)
		give_up(s, "this did not come:", what);
	n = read(s->master, bytes, sizeof(bytes));
	if (n > 0)
		buf_add(&s->shown, bytes, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

static void
wait_for(struct session *s, struct text what)
{
	int64_t until = clock_mono_ms(&clock_system) + s->patience_ms;

	for (;;) {
		char *at = NULL;

		if (s->shown.len > s->waited)
			at = memmem(s->shown.bytes + s->waited,
				    s->shown.len - s->waited, what.at,
				    what.len);
		if (at) {
			s->waited = (size_t)(at - s->shown.bytes) + what.len;
			return;
		}
		if (!take_some(s, until, what))
			give_up(s, "it ended before this came:", what);
	}
}

/* "\n" in TEXT is a return key. */
static void
press(struct session *s, struct text text)
{
	CLEANUP(buf_release) struct buf keys = BUF_INIT;

	for (size_t i = 0; i < text.len; i++) {
		if (text_starts(text_sub(text, i, text.len), "\\n")) {
			buf_addc(&keys, '\n');
			i++;
		} else {
			buf_addc(&keys, text.at[i]);
		}
	}
	buf_addc(&keys, '\n');
	if (fd_write_all(s->master, keys.bytes, keys.len) < 0)
		give_up(s, "cannot type", text);
}

static void
obey(struct session *s, struct text line)
{
	uint64_t seconds;

	if (text_starts(line, "wait ")) {
		wait_for(s, text_sub(line, 5, line.len));
	} else if (text_starts(line, "type ")) {
		press(s, text_sub(line, 5, line.len));
	} else if (text_is(line, "type")) {
		press(s, text_sub(line, 4, line.len));
	} else if (text_starts(line, "paste ")) {
		press(s, text_sub(line, 6, line.len));
	} else if (text_starts(line, "key ^") && line.len == 6) {
		char key = line.at[5] & 0x1f;

		if (fd_write_all(s->master, &key, 1) < 0)
			give_up(s, "cannot type", line);
	} else if (text_starts(line, "patience ") &&
		   text_to_uint(text_sub(line, 9, line.len), 3600, &seconds)) {
		s->patience_ms = (int64_t)seconds * 1000;
	} else if (text_is(line, "hang-up")) {
		fd_close(&s->master);
	} else {
		give_up(s, "what is", line);
	}
}

static int
end(struct session *s)
{
	int64_t until = clock_mono_ms(&clock_system) + s->patience_ms;
	int status;

	while (s->master >= 0 && take_some(s, until, TEXT("its end")))
		;
	if (waitpid(s->pid, &status, 0) < 0)
		return FAILED;
	show(s);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	struct winsize size = { 24, 80, 0, 0 };
	CLEANUP(buf_release) struct buf dialog = BUF_INIT;
	struct session s = { .shown = BUF_INIT, .patience_ms = PATIENCE_MS };
	struct text rest, line;
	int status;

	if (argc < 2 || fd_read_all(STDIN_FILENO, 65536, &dialog) < 0)
		return FAILED;
	s.pid = forkpty(&s.master, NULL, NULL, &size);
	if (s.pid < 0)
		return FAILED;
	if (s.pid == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	rest = buf_text(&dialog);
	while (text_next_line(&rest, &line))
		obey(&s, line);
	status = end(&s);
	buf_release(&s.shown);
	return status;
}
