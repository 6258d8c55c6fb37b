/* Descriptors and files. */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

void
fd_close_ptr(int *fd)
{
	fd_close(fd);
}

void
fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

int
fd_set_nonblock(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -1;
	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	return fcntl(fd, F_SETFL, flags) < 0 ? -1 : 0;
}

int
fd_pipe(int ret_pipe[2])
{
	return pipe2(ret_pipe, O_CLOEXEC);
}

int
fd_write_all(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n) {
		ssize_t done = write(fd, at, n);

		if (done < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += done;
		n -= (size_t)done;
	}
	return 0;
}

enum {
	HEED_MS = 50,    /* between two looks at the signals */
	SURE_BYTES = 512 /* that a ready pipe or terminal takes at once (POSIX:
			  * PIPE_BUF is that much at least) */
};

static bool
is_signalled(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	sigset_t pending;

	if (sigpending(&pending) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (sigismember(&pending, numbers[i]) == 1)
			return true;
	}
	return false;
}

/* What FD leads to once more, opened so that it does not block: to make FD
 * itself so would make it so for everybody who has it. -1 where that cannot be
 * (another user's pipe, a socket). */
static int
twin_of(int fd)
{
	static int twins[3];
	char path[32];

	if (fd < 0 || fd >= (int)ARRAY_LEN(twins))
		return -1;
	if (twins[fd] == 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		twins[fd] = open(path,
				 O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	return twins[fd];
}

/* Write what goes without waiting; EAGAIN when nothing does. */
static ssize_t
write_now(int fd, const char *bytes, size_t n)
{
	struct pollfd p = { fd, POLLOUT, 0 };
	int twin = twin_of(fd);

	if (twin >= 0)
		return write(twin, bytes, n);
	if (poll(&p, 1, 0) == 1)
		return write(fd, bytes, n < SURE_BYTES ? n : SURE_BYTES);
	errno = EAGAIN;
	return -1;
}

int
fd_write_heeding(int fd, const void *bytes, size_t n)
{
	/* Somebody has taken the signal since, and ends what goes on. */
	static bool gave_up;
	const char *at = bytes;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd_write_all(fd, bytes, n);
	while (n) {
		struct pollfd p = { fd, POLLOUT, 0 };
		ssize_t done = write_now(fd, at, n);

		if (done >= 0) {
			at += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			if (poll(&p, 1, HEED_MS) == 0 &&
			    (gave_up || is_signalled())) {
				gave_up = true;
				errno = EINTR;
				return -1;
			}
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

enum {
	READ_SIZE = 64 * 1024
};

int
fd_read_all(int fd, size_t max, struct buf *b)
{
	size_t before = b->len;

	for (;;) {
		size_t left = max - (b->len - before);
		size_t room = left < READ_SIZE ? left + 1 : READ_SIZE;
		ssize_t n = read(fd, buf_reserve(b, room), room);

		if (n == 0)
			return 0;
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		b->len += (size_t)n;
		b->bytes[b->len] = '\0';
		if (b->len - before > max) {
			errno = EFBIG;
			return -1;
		}
	}
}

static int
read_regular(int fd, const char *path, size_t max, struct buf *b,
	     struct buf *reterr)
{
	struct stat st;

	if (fstat(fd, &st) < 0) {
		buf_addf(reterr, "cannot read '%s': %s", path, strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		buf_addf(reterr, "cannot read '%s': it is a directory", path);
		return -1;
	}
	if (fd_read_all(fd, max, b) == 0)
		return 0;
	if (errno == EFBIG)
		buf_addf(reterr,
			 "cannot read '%s': it is larger than %zu bytes", path,
			 max);
	else
		buf_addf(reterr, "cannot read '%s': %s", path, strerror(errno));
	return -1;
}

int
file_read(const char *path, size_t max, struct buf *b, struct buf *reterr)
{
	CLEANUP(fd_close_ptr) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		buf_addf(reterr, "cannot open '%s': %s", path, strerror(errno));
		return -1;
	}
	return read_regular(fd, path, max, b, reterr);
}

int
file_read_stored(const char *path, size_t max, struct buf *b,
		 struct buf *reterr)
{
	CLEANUP(fd_close_ptr)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		buf_addf(reterr, "cannot open '%s': %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		buf_addf(reterr, "cannot read '%s': it is no file", path);
		return -1;
	}
	return read_regular(fd, path, max, b, reterr);
}

/* The folder that holds PATH; the caller frees. */
static char *
parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return xmemdup0(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Flush the folder DIR, so that a rename in it is durable. */
static int
sync_folder(const char *dir)
{
	CLEANUP(fd_close_ptr)
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -1 : fsync(fd);
}

/* FD gets the owner and mode of OLD, the file that it is to replace, so that
 * an edit by root or by another member of a group changes nothing else. */
static int
take_after(int fd, const struct stat *old)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) < 0)
		return -1;
	return fchmod(fd, old->st_mode & 0777);
}

static int
replace(const char *path, const void *bytes, size_t n, unsigned mode)
{
	CLEANUP(free_ptr) char *dir = parent_of(path);
	CLEANUP(buf_release) struct buf temporary = BUF_INIT;
	CLEANUP(fd_close_ptr) int fd = -1;
	struct stat old;
	int rc, saved;

	buf_addf(&temporary, "%s/.runbook-XXXXXX", dir);
	fd = mkostemp(temporary.bytes, O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = stat(path, &old) == 0 ? take_after(fd, &old)
				   : fchmod(fd, (mode_t)mode);
	if (rc == 0 && fd_write_all(fd, bytes, n) == 0 && fsync(fd) == 0 &&
	    rename(temporary.bytes, path) == 0)
		return sync_folder(dir);
	saved = errno;
	unlink(temporary.bytes);
	errno = saved;
	return -1;
}

int
file_replace(const char *path, const void *bytes, size_t n, unsigned mode,
	     struct buf *reterr)
{
	CLEANUP(free_ptr) char *followed = realpath(path, NULL);

	if (replace(followed ? followed : path, bytes, n, mode) == 0)
		return 0;
	buf_addf(reterr, "cannot write '%s': %s", path, strerror(errno));
	return -1;
}

static int
make_one(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != EEXIST || stat(path, &st) < 0)
		return -1;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode) ? 0 : -1;
}

int
dir_make(const char *path, struct buf *reterr)
{
	CLEANUP(free_ptr) char *part = xstrdup(path);
	size_t len = strlen(part);

	for (size_t i = 1; i <= len; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (make_one(part) < 0) {
			buf_addf(reterr, "cannot make folder '%s': %s", part,
				 strerror(errno));
			return -1;
		}
		if (i < len)
			part[i] = '/';
	}
	return 0;
}
