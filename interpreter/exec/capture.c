/* Named pipes for the output of local steps. */
#include "exec/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/loop.h"

enum {
	CHUNK = 64 * 1024,
	CHUNKS_A_TURN = 16, /* then others get theirs */
	WATCH_MS = 1 /* most steps are over by then, and to be woken up by the
		      * end of each of their pipes costs as much as the step */
};

/* One pipe. */
struct channel {
	struct capture *capture;
	struct channel *next; /* among the late ones */
	enum job_stream stream;
	char *path;
	int fd;
	dev_t device; /* of the pipe that FD reads */
	ino_t inode;
	struct loop_watch *watch;
	bool held; /* somebody has it open for writing, as far as we know */
	bool late;
	uint32_t label; /* of the step that has it open, or had */
};

struct capture {
	struct loop *loop;
	struct channel *channels[2];
	struct channel *late; /* newest first */
	size_t n_late;
	struct loop_timer *begun; /* the pipes are not watched yet */
	bool opening;             /* by a step that may not have come so far */
	bool kept;    /* by the shell, which nobody shares them with */
	bool between; /* … and no step is under way */
	capture_fn *on_bytes;
	late_fn *on_late;
	void *ctx;
};

/* PATH is taken over. */
static struct channel *
channel_new(struct capture *c, enum job_stream stream, char *path)
{
	struct channel *h = xcalloc(1, sizeof(*h));

	h->capture = c;
	h->stream = stream;
	h->path = path;
	h->fd = -1;
	return h;
}

static char *
join(const char *dir, const char *name)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s", dir, name);
	return buf_detach(&path, NULL);
}

static void
channel_close(struct channel *h)
{
	h->watch = loop_unwatch(h->watch);
	fd_close(&h->fd);
	h->held = false;
}

static void
channel_free(struct channel *h)
{
	channel_close(h);
	free(h->path);
	free(h);
}

struct capture *
capture_new(struct loop *l, const char *dir, capture_fn *on_bytes,
	    late_fn *on_late, void *ctx)
{
	struct capture *c = xcalloc(1, sizeof(*c));

	c->loop = l;
	c->on_bytes = on_bytes;
	c->on_late = on_late;
	c->ctx = ctx;
	c->channels[0] = channel_new(c, JOB_STDOUT, join(dir, "out"));
	c->channels[1] = channel_new(c, JOB_STDERR, join(dir, "err"));
	return c;
}

struct capture *
capture_free(struct capture *c)
{
	if (!c)
		return NULL;
	loop_cancel(c->begun);
	for (size_t i = 0; i < 2; i++)
		channel_free(c->channels[i]);
	while (c->late) {
		struct channel *h = c->late;

		c->late = h->next;
		channel_free(h);
	}
	free(c);
	return NULL;
}

/* Is what FD reads still what a step would open? */
static bool
stands(const struct channel *h)
{
	struct stat st;

	return h->fd >= 0 && lstat(h->path, &st) == 0 &&
	       st.st_dev == h->device && st.st_ino == h->inode;
}

static int
channel_prepare(struct channel *h, struct buf *reterr)
{
	struct stat st;

	if (!h->held && stands(h))
		return 0;
	channel_close(h);
	if ((unlink(h->path) < 0 && errno != ENOENT) ||
	    mkfifo(h->path, 0600) < 0)
		goto fail;
	/* Without a writer this succeeds only as it does not block, and then
	 * the writer's open does not block either (fifo(7)). */
	h->fd = open(h->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (h->fd < 0 || fstat(h->fd, &st) < 0)
		goto fail;
	h->device = st.st_dev;
	h->inode = st.st_ino;
	return 0;
fail:
	buf_addf(reterr, "cannot make the pipe '%s': %s", h->path,
		 strerror(errno));
	return -1;
}

/* The shell lets go of its pipes when it opens them anew. */
static void
stop_keeping(struct capture *c)
{
	for (size_t i = 0; c->kept && i < 2; i++) {
		c->channels[i]->watch = loop_unwatch(c->channels[i]->watch);
		c->channels[i]->held = false;
	}
	c->kept = c->between = false;
}

int
capture_prepare(struct capture *c, struct buf *reterr)
{
	stop_keeping(c);
	if (channel_prepare(c->channels[0], reterr) < 0)
		return -1;
	return channel_prepare(c->channels[1], reterr);
}

/* Drop the late channel H out of its list. */
static void
forget_late(struct channel *h)
{
	struct channel **at = &h->capture->late;

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	h->capture->n_late--;
	channel_free(h);
}

/* Nobody writes to it any more. A late channel is done with; another waits
 * for the next step. */
static void
channel_ended(struct channel *h)
{
	h->held = false;
	if (!h->late)
		h->capture->kept = h->capture->between = false;
	h->watch = loop_unwatch(h->watch);
	if (h->late)
		forget_late(h);
}

static void watch_both(void *ctx);

/* A pipe that had a writer once is at its end until there is another. */
static void
wait_for_opening(struct channel *h)
{
	struct capture *c = h->capture;

	h->watch = loop_unwatch(h->watch);
	if (!c->begun)
		c->begun = loop_after(c->loop, WATCH_MS, watch_both, c);
}

/* Pass on at most TURNS chunks. */
static void
channel_read(struct channel *h, int turns)
{
	struct capture *c = h->capture;
	char chunk[CHUNK];

	while (turns-- > 0) {
		ssize_t n = read(h->fd, chunk, sizeof(chunk));
		struct text bytes = { chunk, (size_t)n };

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0 && c->opening && !h->late) {
			wait_for_opening(h);
			return;
		}
		if (n <= 0) {
			channel_ended(h);
			return;
		}
		if (!h->late)
			c->opening = false;
		if (h->late || c->between)
			c->on_late(c->ctx, h->label, h->stream, bytes);
		else
			c->on_bytes(c->ctx, h->stream, bytes);
	}
}

static void
on_readable(void *ctx, short revents UNUSED)
{
	channel_read(ctx, CHUNKS_A_TURN);
}

static void
channel_watch(struct channel *h)
{
	if (h->held && !h->watch)
		h->watch = loop_watch(h->capture->loop, h->fd, POLLIN,
				      on_readable, h);
}

static void
watch_both(void *ctx)
{
	struct capture *c = ctx;

	c->begun = NULL;
	channel_watch(c->channels[0]);
	channel_watch(c->channels[1]);
}

void
capture_begin(struct capture *c, uint32_t label, enum capture_way way)
{
	c->opening = way != CAPTURE_OPENED && !c->kept;
	c->kept = way == CAPTURE_KEEPING;
	c->between = false;
	for (size_t i = 0; i < 2; i++) {
		c->channels[i]->held = true;
		c->channels[i]->label = label;
	}
	if (!c->channels[0]->watch)
		c->begun = loop_after(c->loop, WATCH_MS, watch_both, c);
}

bool
capture_is_kept(const struct capture *c)
{
	return c->kept && c->channels[0]->held && c->channels[1]->held;
}

bool
capture_drain(struct capture *c)
{
	c->opening = false;
	for (size_t i = 0; i < 2; i++) {
		if (c->channels[i]->held)
			channel_read(c->channels[i], CHUNKS_A_TURN);
	}
	return c->kept || (!c->channels[0]->held && !c->channels[1]->held);
}

/* Too many late pipes: the oldest is closed, and whoever still writes to it
 * gets SIGPIPE. */
static void
drop_oldest(struct capture *c)
{
	struct channel *h = c->late;

	/* the analyzer does not see that the list loses it */
	while (h->next) /* NOLINT(clang-analyzer-unix.Malloc) */
		h = h->next;
	forget_late(h);
}

static void
channel_end(struct capture *c, size_t i)
{
	struct channel *h = c->channels[i];

	if (!h->held)
		return;
	c->channels[i] = channel_new(c, h->stream, xstrdup(h->path));
	h->late = true;
	channel_watch(h);
	h->next = c->late;
	c->late = h;
	if (++c->n_late > LIMIT_LATE_PIPES)
		drop_oldest(c);
}

void
capture_share(struct capture *c)
{
	if (!c->kept)
		return;
	c->kept = c->between = false;
	channel_end(c, 0);
	channel_end(c, 1);
}

void
capture_end(struct capture *c)
{
	c->begun = loop_cancel(c->begun);
	c->between = c->kept;
	if (c->kept)
		return;
	channel_end(c, 0);
	channel_end(c, 1);
}
