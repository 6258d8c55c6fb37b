/* Reading the operator's lines. What was typed ahead of a question is flushed:
 * people paste several lines. */
#include "cli/prompter.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/width.h"
#include "exec/terminal.h"

struct prompter {
	struct ask ask; /* for who authenticates */
	struct loop *loop;
	struct loop_watch *watch; /* while a line is read */
	struct termios before;    /* the terminal's modes, when HIDDEN */
	bool hidden;
	struct buf line;       /* bytes of the answer so far */
	bool whole;            /* its newline has come */
	bool ended;            /* end of input, or a signal */
	ask_answer_fn *answer; /* who gets the line, when nobody waits */
	void *to;
};

/* ---- one line ----------------------------------------------------------- */

static void
say(const char *s)
{
	fd_write_heeding(STDERR_FILENO, s, strlen(s));
}

/* Stop the echo for a secret. */
static void
hide_echo(struct prompter *a)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &a->before) < 0)
		return;
	now = a->before;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	now.c_lflag |= ECHONL;
	terminal_guard_modes(STDIN_FILENO, &a->before);
	a->hidden = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0;
}

static void
end_line(struct prompter *a)
{
	a->watch = loop_unwatch(a->watch);
	if (a->hidden)
		tcsetattr(STDIN_FILENO, TCSANOW, &a->before);
	a->hidden = false;
	terminal_guard_modes(STDIN_FILENO, NULL);
	if (!a->whole)
		say("\n");
}

/* Wipe what was typed; it may be a password. */
static void
forget_line(struct prompter *a)
{
	if (a->line.cap)
		explicit_bzero(a->line.bytes, a->line.cap);
	buf_clear(&a->line);
}

/* Hand the line, or that there is none, to who asked for it. */
static void
deliver(struct prompter *a)
{
	ask_answer_fn *answer = a->answer;

	end_line(a);
	a->answer = NULL;
	if (a->whole) {
		a->line.len = text_chr(buf_text(&a->line), '\n', 0);
		answer(a->to, buf_cstr(&a->line));
	} else {
		answer(a->to, NULL);
	}
	forget_line(a);
}

static void
on_readable(void *ctx, short revents UNUSED)
{
	struct prompter *a = ctx;
	char bytes[512];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		buf_add(&a->line, bytes, (size_t)n);
		explicit_bzero(bytes, sizeof(bytes));
		a->whole = memchr(a->line.bytes, '\n', a->line.len) != NULL;
	} else {
		a->ended = true;
	}
	if (a->answer && (a->whole || a->ended))
		deliver(a);
}

static void
begin_line(struct prompter *a, const char *prompt, bool secret)
{
	forget_line(a);
	a->whole = a->ended = false;
	tcflush(STDIN_FILENO, TCIFLUSH);
	if (secret)
		hide_echo(a);
	say(prompt);
	a->watch = loop_watch(a->loop, STDIN_FILENO, POLLIN, on_readable, a);
}

bool
prompter_line(struct prompter *a, const char *prompt, bool secret,
	      struct buf *ret)
{
	begin_line(a, prompt, secret);
	while (!a->whole && !a->ended && loop_step(a->loop, -1))
		;
	end_line(a);
	if (a->whole)
		buf_add(ret, a->line.bytes,
			text_chr(buf_text(&a->line), '\n', 0));
	forget_line(a);
	return a->whole;
}

void
prompter_interrupt(struct prompter *a)
{
	a->ended = true;
	if (a->answer)
		deliver(a);
}

/* ---- who authenticates -------------------------------------------------- */

static void
ask_question(void *ctx, const char *prompt, bool echo, ask_answer_fn *answer,
	     void *to)
{
	struct prompter *a = ctx;
	CLEANUP(buf_release) struct buf safe = BUF_INIT;

	width_print(&safe, text_of(prompt), 0);
	a->answer = answer;
	a->to = to;
	begin_line(a, buf_cstr(&safe), !echo);
}

static void
ask_withdraw(void *ctx)
{
	struct prompter *a = ctx;

	a->answer = NULL;
	a->whole = false;
	end_line(a);
	forget_line(a);
}

struct prompter *
prompter_new(struct loop *loop)
{
	struct prompter *a = xcalloc(1, sizeof(*a));

	a->ask = (struct ask){ .question = ask_question,
			       .withdraw = ask_withdraw,
			       .ctx = a };
	a->loop = loop;
	return a;
}

struct prompter *
prompter_free(struct prompter *a)
{
	if (a) {
		buf_release(&a->line);
		free(a);
	}
	return NULL;
}

const struct ask *
prompter_ask(const struct prompter *a)
{
	return &a->ask;
}
