/* Pseudo-terminals: opening, size, line discipline. */
#include "exec/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"

int
pty_open(struct pty *p, struct buf *reterr)
{
	p->slave = -1;
	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master >= 0 && unlockpt(p->master) == 0)
		/* The other end without its path, which another mount
		 * namespace may not have (ioctl_tty(2)). */
		p->slave = ioctl(p->master, TIOCGPTPEER,
				 O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->slave >= 0 && fd_set_nonblock(p->master, true) == 0) {
		pty_resize(p, 24, 80);
		return 0;
	}
	buf_addf(reterr, "cannot make a terminal for the step: %s",
		 strerror(errno));
	pty_close(p);
	return -1;
}

void
pty_close(struct pty *p)
{
	fd_close(&p->slave);
	fd_close(&p->master);
}

void
pty_resize(const struct pty *p, unsigned rows, unsigned columns)
{
	struct winsize w = { .ws_row = (unsigned short)rows,
			     .ws_col = (unsigned short)columns };

	ioctl(p->master, TIOCSWINSZ, &w);
}

static void
set_keys(struct termios *t, enum pty_mode mode)
{
	/* _POSIX_VDISABLE is 0 here: ^C in a batch job reaches only us, and ^\
	 * would kill one command and let the rest of the step run. */
	bool keys = mode == PTY_INTERACTIVE;

	t->c_cc[VINTR] = keys ? 003 : _POSIX_VDISABLE;
	t->c_cc[VQUIT] = keys ? 034 : _POSIX_VDISABLE;
	/* The session has no job control that could take a stopped program up
	 * again. */
	t->c_cc[VSUSP] = _POSIX_VDISABLE;
	t->c_cc[VERASE] = 0177;
	t->c_cc[VKILL] = 025;
	t->c_cc[VEOF] = 004;
	t->c_cc[VSTART] = 021;
	t->c_cc[VSTOP] = 023;
	t->c_cc[VREPRINT] = 022;
	t->c_cc[VWERASE] = 027;
	t->c_cc[VLNEXT] = 026;
	t->c_cc[VEOL] = t->c_cc[VEOL2] = _POSIX_VDISABLE;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

void
pty_set(const struct pty *p, enum pty_mode mode)
{
	struct termios t;

	if (tcgetattr(p->slave, &t) < 0)
		return;
	t.c_iflag = BRKINT | ICRNL | IXON | IUTF8;
	t.c_oflag = OPOST | ONLCR;
	t.c_cflag = CS8 | CREAD | B38400;
	t.c_lflag = ISIG | ICANON | IEXTEN | ECHO | ECHOE | ECHOK | ECHOCTL |
		    ECHOKE;
	set_keys(&t, mode);
	tcsetattr(p->slave, TCSANOW, &t);
}
