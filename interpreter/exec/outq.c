/* A queue in front of a descriptor that does not block. */
#include "exec/outq.h"

#include <errno.h>
#include <unistd.h>

#include "exec/loop.h"

void
outq_init(struct outq *q, struct loop *loop, int fd)
{
	*q = (struct outq){ .loop = loop, .fd = fd };
}

void
outq_release(struct outq *q)
{
	q->watch = loop_unwatch(q->watch);
	buf_release(&q->waiting);
	q->fd = -1;
}

/* Write from the front of T; how much went, or -1 with errno. */
static ssize_t
write_some(int fd, struct text t)
{
	size_t done = 0;

	while (done < t.len) {
		ssize_t n = write(fd, t.at + done, t.len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)done;
}

static void
on_writable(void *ctx, short revents)
{
	struct outq *q = ctx;
	ssize_t n = write_some(q->fd, buf_text(&q->waiting));

	(void)revents;
	if (n < 0) {
		int error = errno;

		outq_release(q);
		if (q->on_error)
			q->on_error(q->ctx, error);
		return;
	}
	buf_drop(&q->waiting, (size_t)n);
	if (q->waiting.len)
		return;
	q->watch = loop_unwatch(q->watch);
	if (q->on_empty)
		q->on_empty(q->ctx);
}

void
outq_add(struct outq *q, struct text bytes)
{
	ssize_t n = 0;

	if (q->fd < 0)
		return;
	if (q->waiting.len == 0)
		n = write_some(q->fd, bytes);
	/* An error shows again when the watch writes. */
	if (n < 0)
		n = 0;
	bytes = text_sub(bytes, (size_t)n, bytes.len);
	buf_addt(&q->waiting, bytes);
	if (bytes.len && !q->watch)
		q->watch = loop_watch(q->loop, q->fd, POLLOUT, on_writable, q);
}
