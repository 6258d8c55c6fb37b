/* Reading and writing what others own without waiting for them. */
#include "exec/lent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

enum {
	/* What a pipe that poll(2) calls writable takes at once (PIPE_BUF). */
	CERTAIN = 4096
};

void
lent_open(struct lent *l, int fd)
{
	struct stat st;
	char path[32];
	int flags = fcntl(fd, F_GETFL), second;

	*l = (struct lent){ .fd = fd };
	if (flags < 0 || fstat(fd, &st) < 0)
		return;
	l->socket = S_ISSOCK(st.st_mode);
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	second = open(path,
		      (flags & O_ACCMODE) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (second >= 0) {
		close(fd);
		l->fd = second;
	} else {
		l->gone = errno == ENXIO;
	}
}

void
lent_close(struct lent *l)
{
	fd_close(&l->fd);
}

/* May FD be used without waiting? Where it could not be opened a second time
 * this is the best that can be done. */
static bool
is_ready(int fd, short events)
{
	struct pollfd p = { fd, events, 0 };

	return poll(&p, 1, 0) > 0;
}

ssize_t
lent_read(struct lent *l, void *bytes, size_t n)
{
	if (l->socket)
		return recv(l->fd, bytes, n, MSG_DONTWAIT);
	if (!is_ready(l->fd, POLLIN)) {
		errno = EAGAIN;
		return -1;
	}
	return read(l->fd, bytes, n);
}

ssize_t
lent_write(struct lent *l, struct text bytes)
{
	if (l->gone) {
		errno = EPIPE;
		return -1;
	}
	if (l->socket)
		return send(l->fd, bytes.at, bytes.len,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (fcntl(l->fd, F_GETFL) & O_NONBLOCK)
		return write(l->fd, bytes.at, bytes.len);
	if (!is_ready(l->fd, POLLOUT)) {
		errno = EAGAIN;
		return -1;
	}
	return write(l->fd, bytes.at,
		     bytes.len < CERTAIN ? bytes.len : CERTAIN);
}
