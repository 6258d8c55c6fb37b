/* The modes of the test binary as a child. */
#include "lib/child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/text.h"

static const char *
argument(int argc, char **argv, int i)
{
	return i < argc ? argv[i] : "";
}

static unsigned long
number(const char *s)
{
	uint64_t n = 0;

	if (!text_to_uint(text_of(s), UINT32_MAX, &n))
		_exit(99);
	return (unsigned long)n;
}

_Noreturn static void
hang(void)
{
	for (;;)
		pause();
}

static void
say(const char *s)
{
	if (fd_write_all(1, s, strlen(s)) < 0)
		_exit(1);
}

_Noreturn static void
deaf(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	say("deaf\n");
	hang();
}

static void
exit_well(int signal_)
{
	_exit(signal_ == SIGINT ? 0 : 1);
}

_Noreturn static void
polite(void)
{
	signal(SIGINT, exit_well);
	say("ready\n");
	hang();
}

_Noreturn static void
flood(unsigned long bytes, unsigned long line)
{
	static char chunk[64 * 1024];

	memset(chunk, 'x', sizeof(chunk));
	for (size_t i = 63; line && i < sizeof(chunk); i += 64)
		chunk[i] = '\n';
	while (bytes) {
		size_t n = bytes < sizeof(chunk) ? bytes : sizeof(chunk);

		if (fd_write_all(1, chunk, n) < 0)
			_exit(errno == EPIPE ? 32 : 1);
		bytes -= n;
	}
	if (!line)
		say("\n");
	_exit(0);
}

_Noreturn static void
every_byte(void)
{
	unsigned char all[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	_exit(fd_write_all(1, all, sizeof(all)) == 0 ? 0 : 1);
}

_Noreturn static void
print_fds(void)
{
	for (int fd = 0; fd < 1024; fd++) {
		char line[16];

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(line, sizeof(line), "%d\n", fd);
		say(line);
	}
	_exit(0);
}

_Noreturn static void
ask_on_tty(const char *prompt)
{
	int tty = open("/dev/tty", O_RDWR);
	struct termios t;
	char line[256];
	ssize_t n;

	if (tty < 0)
		_exit(9);
	tcgetattr(tty, &t);
	t.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &t);
	if (write(tty, prompt, strlen(prompt)) < 0)
		_exit(1);
	n = read(tty, line, sizeof(line));
	if (n < 0 || write(1, line, (size_t)n) != n)
		_exit(1);
	_exit(0);
}

static void
print_size(int signal_)
{
	struct winsize w;
	char line[64];
	int n;

	(void)signal_;
	if (ioctl(0, TIOCGWINSZ, &w) < 0)
		_exit(1);
	n = snprintf(line, sizeof(line), "size %dx%d\n", w.ws_row, w.ws_col);
	if (write(1, line, (size_t)n) != n)
		_exit(1);
}

_Noreturn static void
follow_size(void)
{
	struct sigaction sa = { .sa_handler = print_size };
	char key;

	sigaction(SIGWINCH, &sa, NULL);
	print_size(0);
	for (;;) {
		ssize_t n = read(0, &key, 1);

		if (n == 1 && key == 'q')
			_exit(0);
		if (n == 0 || (n < 0 && errno != EINTR))
			_exit(1);
	}
}

_Noreturn static void
leave_daemon(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			for (int fd = 0; fd < 3; fd++)
				close(fd);
			hang();
		}
		_exit(0);
	}
	_exit(0);
}

/* Copy what one of a pair has to the other; false at its end. */
static bool
copy_some(int from, int to)
{
	char chunk[16 * 1024];
	ssize_t n = read(from, chunk, sizeof(chunk));

	return n > 0 && fd_write_all(to, chunk, (size_t)n) == 0;
}

_Noreturn static void
connect_to(const char *host, unsigned long port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (inet_pton(AF_INET, host, &a.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		_exit(1);
	for (;;) {
		struct pollfd p[] = { { 0, POLLIN, 0 }, { fd, POLLIN, 0 } };

		poll(p, 2, -1);
		if ((p[0].revents && !copy_some(0, fd)) ||
		    (p[1].revents && !copy_some(fd, 1)))
			_exit(0);
	}
}

_Noreturn static void
babble(void)
{
	static const char line[] = "all work and no play\r\n";

	while (fd_write_all(1, line, sizeof(line) - 1) == 0)
		;
	_exit(0);
}

void
child_main(int argc, char **argv)
{
	const char *mode = argument(argc, argv, 1);
	const char *a = argument(argc, argv, 2), *b = argument(argc, argv, 3);

	if (strncmp(mode, "child:", 6) != 0)
		return;
	mode += 6;
	if (strcmp(mode, "deaf") == 0)
		deaf();
	if (strcmp(mode, "polite") == 0)
		polite();
	if (strcmp(mode, "flood") == 0)
		flood(number(a), 64);
	if (strcmp(mode, "line") == 0)
		flood(number(a), 0);
	if (strcmp(mode, "bytes") == 0)
		every_byte();
	if (strcmp(mode, "fds") == 0)
		print_fds();
	if (strcmp(mode, "tty") == 0)
		ask_on_tty(a);
	if (strcmp(mode, "size") == 0)
		follow_size();
	if (strcmp(mode, "daemon") == 0)
		leave_daemon();
	if (strcmp(mode, "connect") == 0)
		connect_to(a, number(b));
	if (strcmp(mode, "babble") == 0)
		babble();
	if (strcmp(mode, "write") == 0)
		_exit(fd_write_all((int)number(a), b, strlen(b)) == 0 ? 0 : 1);
	if (strcmp(mode, "kill-parent") == 0)
		_exit(kill(getppid(), (int)number(a)) == 0 ? 0 : 1);
	if (strcmp(mode, "say") == 0)
		say(a);
	hang();
}

const char *
child_path(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		BUG("no /proc/self/exe");
	path[n] = '\0';
	return path;
}
