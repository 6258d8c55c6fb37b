/* Preloaded into a program: makes the n-th call of one kind fail, or ends the
 * program before its n-th call of any.
 *
 *   FAULT=KIND:N[:ERRNO]   KIND is alloc, read, write, open or sync; N counts
 *                          from 1; ERRNO is ENOMEM, EIO, ENOSPC … (default:
 *                          what is usual for KIND)
 *   FAULT=kill:N           SIGKILL before the N-th call that is not alloc
 *   FAULT_PROGRAM=NAME     only in programs of this name, not in what they
 *                          run; without it in all
 *   FAULT_FIRED=PATH       this file is made when the call has come
 *   FAULT_COUNT=PATH       at the end, how many such calls came, as a number
 *   FAULT_ONLY=NAME        write and sync: only of files whose name ends so
 *
 * All calls count that reach the dynamic linker: those of the program and of
 * the libraries between, not those that the C library makes of itself. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
	ALLOC,
	READ,
	WRITE,
	OPEN,
	SYNC,
	KILL, /* wanted: any of the others; counted: what never fails */
	N_KINDS
};

static const struct {
	const char *name;
	int usual;
} kinds[] = {
	[ALLOC] = { "alloc", ENOMEM }, [READ] = { "read", EIO },
	[WRITE] = { "write", ENOSPC }, [OPEN] = { "open", EMFILE },
	[SYNC] = { "sync", EIO },      [KILL] = { "kill", 0 },
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "ENOMEM", ENOMEM }, { "EIO", EIO },       { "ENOSPC", ENOSPC },
	{ "EMFILE", EMFILE }, { "EINTR", EINTR },   { "EACCES", EACCES },
	{ "EPIPE", EPIPE },   { "EDQUOT", EDQUOT },
};

static enum kind wanted = N_KINDS; /* which fails; N_KINDS: none */
static unsigned long nth;          /* call of it */
static unsigned long n_calls;      /* that have come */
static int error;

static void
read_error(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (strcmp(errors[i].name, name) == 0)
			error = errors[i].number;
	}
}

/* Runs before main; calls of earlier constructors do not count. */
__attribute__((constructor)) static void
read_environment(void)
{
	const char *fault = getenv("FAULT"), *only = getenv("FAULT_PROGRAM");
	char *end;

	if (!fault || (only && strcmp(only, program_invocation_short_name)))
		return;
	for (int kind = 0; kind < N_KINDS; kind++) {
		size_t len = strlen(kinds[kind].name);

		if (strncmp(fault, kinds[kind].name, len) != 0 ||
		    fault[len] != ':')
			continue;
		nth = strtoul(fault + len + 1, &end, 10);
		error = kinds[kind].usual;
		if (*end == ':')
			read_error(end + 1);
		wanted = (enum kind)kind;
	}
}

/* Without the C library, which may be in the middle of an allocation. */
static void
tell(void)
{
	const char *path = getenv("FAULT_FIRED");
	long fd;

	if (!path)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_CLOEXEC,
		     0600);
	if (fd >= 0)
		syscall(SYS_close, fd);
}

/* Also without the C library, which may be about to end. */
__attribute__((destructor)) static void
tell_count(void)
{
	const char *path = getenv("FAULT_COUNT");
	char digits[24];
	size_t at = sizeof(digits);
	unsigned long n = n_calls;
	long fd;

	if (!path || wanted == N_KINDS)
		return;
	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	fd = syscall(SYS_openat, AT_FDCWD, path,
		     O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	syscall(SYS_write, fd, digits + at, sizeof(digits) - at);
	syscall(SYS_close, fd);
}

/* Whether this call is the one. */
static bool
fails(enum kind kind)
{
	if (wanted == KILL && kind != ALLOC &&
	    __atomic_add_fetch(&n_calls, 1, __ATOMIC_RELAXED) == nth) {
		tell();
		syscall(SYS_kill, getpid(), SIGKILL);
	}
	if (kind != wanted || kind == KILL ||
	    __atomic_add_fetch(&n_calls, 1, __ATOMIC_RELAXED) != nth)
		return false;
	tell();
	errno = error;
	return true;
}

/* ---- memory: glibc gives its own functions second names ----------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

void *
malloc(size_t size)
{
	return fails(ALLOC) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails(ALLOC) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	return fails(ALLOC) ? NULL : __libc_realloc(old, size);
}

/* ---- files: the next definition is the C library's ---------------------- */

static void
find_next(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		abort();
	memcpy(ret_function, &symbol, sizeof(symbol));
}

ssize_t
read(int fd, void *bytes, size_t n)
{
	static __typeof__(read) *next;

	if (!next)
		find_next("read", &next);
	return fails(READ) ? -1 : next(fd, bytes, n);
}

/* Is FD of the file that FAULT_ONLY names? */
static bool
is_meant(int fd)
{
	const char *only = getenv("FAULT_ONLY");
	char link[64], path[4096];
	ssize_t n;

	if (!only)
		return true;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < (ssize_t)strlen(only))
		return false;
	path[n] = '\0';
	return strcmp(path + n - strlen(only), only) == 0;
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	static __typeof__(write) *next;

	if (!next)
		find_next("write", &next);
	return is_meant(fd) && fails(WRITE) ? -1 : next(fd, bytes, n);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	static __typeof__(pwrite) *next;

	if (!next)
		find_next("pwrite", &next);
	return is_meant(fd) && fails(WRITE) ? -1 : next(fd, bytes, n, at);
}

int
poll(struct pollfd *fds, nfds_t n, int ms)
{
	static __typeof__(poll) *next;

	if (!next)
		find_next("poll", &next);
	fails(KILL);
	return next(fds, n, ms);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	static __typeof__(writev) *next;

	if (!next)
		find_next("writev", &next);
	return fails(WRITE) ? -1 : next(fd, parts, n);
}

int
fsync(int fd)
{
	static __typeof__(fsync) *next;

	if (!next)
		find_next("fsync", &next);
	return is_meant(fd) && fails(SYNC) ? -1 : next(fd);
}

int
fdatasync(int fd)
{
	static __typeof__(fdatasync) *next;

	if (!next)
		find_next("fdatasync", &next);
	return is_meant(fd) && fails(SYNC) ? -1 : next(fd);
}

int
rename(const char *from, const char *to)
{
	static __typeof__(rename) *next;

	if (!next)
		find_next("rename", &next);
	return fails(SYNC) ? -1 : next(from, to);
}

/* The mode is there when a file may be made. */
static mode_t
mode_of(int flags, va_list ap)
{
	if (flags & (O_CREAT | __O_TMPFILE))
		return va_arg(ap, mode_t);
	return 0;
}

#define OPEN_FUNCTION(name)                                                    \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		static __typeof__(name) *next;                                 \
		mode_t mode;                                                   \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, flags);                                           \
		mode = mode_of(flags, ap);                                     \
		va_end(ap);                                                    \
		if (!next)                                                     \
			find_next(#name, &next);                               \
		return fails(OPEN) ? -1 : next(path, flags, mode);             \
	}

OPEN_FUNCTION(open)
OPEN_FUNCTION(open64)

#define OPENAT_FUNCTION(name)                                                  \
	int name(int folder, const char *path, int flags, ...)                 \
	{                                                                      \
		static __typeof__(name) *next;                                 \
		mode_t mode;                                                   \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, flags);                                           \
		mode = mode_of(flags, ap);                                     \
		va_end(ap);                                                    \
		if (!next)                                                     \
			find_next(#name, &next);                               \
		return fails(OPEN) ? -1 : next(folder, path, flags, mode);     \
	}

OPENAT_FUNCTION(openat)
OPENAT_FUNCTION(openat64)

int
mkostemp(char *path, int flags)
{
	static __typeof__(mkostemp) *next;

	if (!next)
		find_next("mkostemp", &next);
	return fails(OPEN) ? -1 : next(path, flags);
}

FILE *
fopen(const char *path, const char *mode)
{
	static __typeof__(fopen) *next;

	if (!next)
		find_next("fopen", &next);
	return fails(OPEN) ? NULL : next(path, mode);
}
