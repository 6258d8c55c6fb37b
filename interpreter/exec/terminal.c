/* Saving, changing and restoring the operator's terminal. */
#include "exec/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"

/* The private modes (DEC, xterm) that a program may leave changed, and how
 * each goes back. */
static const struct private_mode {
	unsigned number;
	char normal; /* the final byte that sets it as it is by default */
} private_modes[] = {
	{ 1, 'l' },    /* cursor keys send applications' codes */
	{ 25, 'h' },   /* cursor shown */
	{ 47, 'l' },   /* alternate screen, oldest form */
	{ 1000, 'l' }, /* mouse: clicks */
	{ 1002, 'l' }, /* mouse: drags */
	{ 1003, 'l' }, /* mouse: every movement */
	{ 1004, 'l' }, /* reports of focus */
	{ 1006, 'l' }, /* mouse: SGR form */
	{ 1047, 'l' }, /* alternate screen */
	{ 1049, 'l' }, /* alternate screen and saved cursor */
	{ 2004, 'l' }, /* bracketed paste */
};

enum {
	MODES = ARRAY_LEN(private_modes),
	RESTORE_BYTES = 16 * MODES + 16,
	SEEN_PARAMETERS = 8
};

/* Where terminal_saw stands in an escape sequence. */
enum seen {
	SEEN_NOTHING,
	SEEN_ESCAPE,
	SEEN_BRACKET,
	SEEN_PRIVATE
};

struct terminal {
	int fd;
	struct termios found;
	enum terminal_mode mode;
	enum seen seen;
	unsigned parameters[SEEN_PARAMETERS];
	size_t n_parameters;
	bool wrote;          /* something of a program's has gone to it */
	bool changed[MODES]; /* parallel to private_modes */
	bool keypad;         /* application keypad (ESC =) */
};

/* What terminal_emergency_restore looks at. */
static struct terminal *uncooked;
static volatile int guarded_fd = -1;
static struct termios guarded_modes;

struct terminal *
terminal_of(int fd, struct buf *reterr)
{
	struct terminal *t = xcalloc(1, sizeof(*t));

	t->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (t->fd >= 0 && tcgetattr(t->fd, &t->found) == 0)
		return t;
	buf_addf(reterr, "cannot use the terminal: %s", strerror(errno));
	fd_close(&t->fd);
	free(t);
	return NULL;
}

struct terminal *
terminal_open(struct buf *reterr)
{
	CLEANUP(fd_close_ptr)
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		buf_addf(reterr, "cannot open '/dev/tty': %s", strerror(errno));
		return NULL;
	}
	return terminal_of(fd, reterr);
}

struct terminal *
terminal_free(struct terminal *t)
{
	if (!t)
		return NULL;
	terminal_set(t, TERMINAL_COOKED);
	if (uncooked == t)
		uncooked = NULL;
	fd_close(&t->fd);
	free(t);
	return NULL;
}

int
terminal_fd(const struct terminal *t)
{
	return t->fd;
}

void
terminal_size(const struct terminal *t, unsigned *ret_rows,
	      unsigned *ret_columns)
{
	struct winsize w = { 0 };

	ioctl(t->fd, TIOCGWINSZ, &w);
	*ret_rows = w.ws_row ? w.ws_row : 24;
	*ret_columns = w.ws_col ? w.ws_col : 80;
}

bool
terminal_is_ours(const struct terminal *t)
{
	pid_t front = tcgetpgrp(t->fd);

	/* ENOTTY: it is a terminal, but not the one that controls us, and no
	 * job control stands in the way. */
	return front == getpgrp() || (front < 0 && errno == ENOTTY);
}

/* Copy S, without stdio: this also runs in signal handlers. */
static size_t
put(char *out, size_t at, const char *s)
{
	while (*s)
		out[at++] = *s++;
	return at;
}

static size_t
put_number(char *out, size_t at, unsigned n)
{
	if (n >= 10)
		at = put_number(out, at, n / 10);
	out[at] = (char)('0' + n % 10);
	return at + 1;
}

/* Write what undoes the modes that were seen to change. */
static void
undo_modes(struct terminal *t)
{
	char out[RESTORE_BYTES];
	size_t n = 0;

	if (!t->wrote)
		return;
	n = put(out, n, "\033[0m");
	if (t->keypad)
		n = put(out, n, "\033>");
	for (size_t i = 0; i < MODES; i++) {
		if (!t->changed[i])
			continue;
		n = put(out, n, "\033[?");
		n = put_number(out, n, private_modes[i].number);
		out[n++] = private_modes[i].normal;
		t->changed[i] = false;
	}
	t->keypad = t->wrote = false;
	/* A terminal that has gone away needs no restoring. */
	if (write(t->fd, out, n) < 0)
		return;
}

static void
apply(struct terminal *t, enum terminal_mode mode)
{
	struct termios now = t->found;

	if (mode == TERMINAL_KEYS) {
		now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL);
		now.c_cc[VMIN] = 1;
		now.c_cc[VTIME] = 0;
	} else if (mode == TERMINAL_RAW) {
		cfmakeraw(&now);
	}
	/* Not TCSADRAIN: ^S would make us wait for ^Q. */
	tcsetattr(t->fd, TCSANOW, &now);
}

void
terminal_set(struct terminal *t, enum terminal_mode mode)
{
	if (t->mode == mode || !terminal_is_ours(t))
		return;
	if (t->mode == TERMINAL_COOKED && tcgetattr(t->fd, &t->found) < 0)
		return;
	uncooked = t;
	t->mode = mode;
	if (mode == TERMINAL_COOKED)
		undo_modes(t);
	apply(t, mode);
	if (mode == TERMINAL_COOKED)
		uncooked = NULL;
}

void
terminal_set_again(struct terminal *t)
{
	if (t->mode != TERMINAL_COOKED && terminal_is_ours(t))
		apply(t, t->mode);
}

void
terminal_emergency_restore(void)
{
	struct terminal *t = uncooked;

	if (guarded_fd >= 0)
		tcsetattr(guarded_fd, TCSANOW, &guarded_modes);
	if (!t)
		return;
	uncooked = NULL;
	undo_modes(t);
	tcsetattr(t->fd, TCSANOW, &t->found);
	t->mode = TERMINAL_COOKED;
}

static void
on_crash(int number)
{
	terminal_emergency_restore();
	/* SA_RESETHAND: now it ends us */
	raise(number);
}

void
terminal_guard(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL,
				       SIGABRT };
	struct sigaction ours = { .sa_handler = on_crash };
	struct sigaction now;

	ours.sa_flags = (int)SA_RESETHAND | SA_NODEFER;
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++) {
		if (sigaction(crashes[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(crashes[i], &ours, NULL);
	}
}

void
terminal_guard_modes(int fd, const struct termios *modes)
{
	guarded_fd = -1;
	if (!modes)
		return;
	guarded_modes = *modes;
	guarded_fd = fd;
}

/* A private sequence ended with FINAL. */
static void
saw_private(struct terminal *t, char final)
{
	if (final != 'h' && final != 'l')
		return;
	for (size_t p = 0; p < t->n_parameters; p++) {
		for (size_t i = 0; i < MODES; i++) {
			if (private_modes[i].number == t->parameters[p])
				t->changed[i] =
					final != private_modes[i].normal;
		}
	}
}

static enum seen
saw_in_private(struct terminal *t, char c)
{
	unsigned *last = &t->parameters[t->n_parameters - 1];

	if (byte_is_digit(c)) {
		if (*last < 10000)
			*last = *last * 10 + (unsigned)(c - '0');
		return SEEN_PRIVATE;
	}
	if (c == ';') {
		if (t->n_parameters == SEEN_PARAMETERS)
			return SEEN_NOTHING;
		t->parameters[t->n_parameters++] = 0;
		return SEEN_PRIVATE;
	}
	saw_private(t, c);
	return SEEN_NOTHING;
}

static enum seen
saw_byte(struct terminal *t, char c)
{
	if (c == '\033')
		return SEEN_ESCAPE;
	switch (t->seen) {
	case SEEN_NOTHING:
		return SEEN_NOTHING;
	case SEEN_ESCAPE:
		if (c == '=' || c == '>')
			t->keypad = c == '=';
		return c == '[' ? SEEN_BRACKET : SEEN_NOTHING;
	case SEEN_BRACKET:
		t->parameters[0] = 0;
		t->n_parameters = 1;
		return c == '?' ? SEEN_PRIVATE : SEEN_NOTHING;
	case SEEN_PRIVATE:
		return saw_in_private(t, c);
	}
	return SEEN_NOTHING;
}

void
terminal_saw(struct terminal *t, struct text bytes)
{
	size_t i = 0;

	t->wrote |= bytes.len > 0;
	while (i < bytes.len) {
		if (t->seen == SEEN_NOTHING) {
			i = text_chr(bytes, '\033', i);
			if (i == bytes.len)
				return;
		}
		t->seen = saw_byte(t, bytes.at[i++]);
	}
}
