/* Descriptors and files. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "lib/folder.h"
#include "lib/unit.h"

/* ---- descriptors -------------------------------------------------------- */

static void
test_close(void **state UNUSED)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), same = fd;

	assert_true(fd >= 0);
	errno = EXDEV;
	fd_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fcntl(same, F_GETFD), -1);
	fd_close(&fd);
	fd_close_ptr(&fd);
	assert_int_equal(fd, -1);
}

static void
test_nonblock(void **state UNUSED)
{
	int ends[2];
	char c;

	assert_int_equal(fd_pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(ends[1], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fd_set_nonblock(ends[0], true), 0);
	assert_int_equal(read(ends[0], &c, 1), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fd_set_nonblock(ends[0], false), 0);
	assert_false(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
	fd_close(&ends[0]);
	assert_int_equal(fd_set_nonblock(-1, true), -1);
	assert_int_equal(errno, EBADF);
	fd_close(&ends[1]);
}

static volatile sig_atomic_t n_alarms;

static void
on_alarm(int number UNUSED)
{
	n_alarms++;
}

/* Signals that come while a pipe is full and while it is empty lose nothing:
 * a child sends all back. */
static void
test_interrupted(void **state UNUSED)
{
	enum {
		SIZE = 8 * 1024 * 1024
	};
	static const struct itimerval often = { { 0, 500 }, { 0, 500 } };
	static const struct itimerval never;
	const struct sigaction action = { .sa_handler = on_alarm };
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf got = BUF_INIT;
	int there[2], back[2], status;
	pid_t pid;

	for (unsigned i = 0; i < SIZE; i++)
		buf_addc(&all, (char)(i * 7 % 251));
	assert_int_equal(fd_pipe(there), 0);
	assert_int_equal(fd_pipe(back), 0);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		fd_close(&there[1]);
		fd_close(&back[0]);
		if (fd_read_all(there[0], SIZE, &got) < 0)
			_exit(1);
		setitimer(ITIMER_REAL, &often, NULL);
		_exit(fd_write_all(back[1], got.bytes, got.len) ? 2 : 0);
	}
	fd_close(&there[0]);
	fd_close(&back[1]);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_int_equal(fd_write_all(there[1], all.bytes, all.len), 0);
	fd_close(&there[1]);
	assert_int_equal(fd_read_all(back[0], SIZE, &got), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	fd_close(&back[0]);
	while (waitpid(pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	assert_int_equal(status, 0);
	assert_true(n_alarms > 0);
	assert_true(text_eq(buf_text(&got), buf_text(&all)));
}

static void
test_write_fails(void **state UNUSED)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	assert_int_equal(fd_write_all(full, "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fd_write_all(full, "", 0), 0);
	fd_close(&full);
}

/* Exactly MAX bytes are read; one more is too many, wherever it comes. */
static void
test_read_at_limit(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf content = BUF_INIT;

	for (size_t size = 65534; size < 65540; size++) {
		for (size_t max = size - 1; max <= size + 1; max++) {
			CLEANUP(buf_release) struct buf b = BUF_INIT;
			int fd;

			buf_clear(&content);
			buf_fill(&content, 'x', size);
			folder_write(folder, "f", content.bytes);
			fd = open(folder_path(folder, "f"),
				  O_RDONLY | O_CLOEXEC);
			buf_adds(&b, "before");
			assert_int_equal(fd_read_all(fd, max, &b),
					 max < size ? -1 : 0);
			if (max < size)
				assert_int_equal(errno, EFBIG);
			else
				assert_int_equal(b.len, size + 6);
			fd_close(&fd);
		}
	}
}

static void
test_read_without_limit(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	int ends[2];

	assert_int_equal(fd_pipe(ends), 0);
	assert_int_equal(fd_write_all(ends[1], "abc", 3), 0);
	fd_close(&ends[1]);
	assert_int_equal(fd_read_all(ends[0], SIZE_MAX, &b), 0);
	assert_string_equal(b.bytes, "abc");
	fd_close(&ends[0]);
	assert_int_equal(fd_read_all(ends[0], 9, &b), -1);
	assert_int_equal(errno, EBADF);
}

/* ---- files -------------------------------------------------------------- */

static void
assert_unreadable(const char *path, size_t max, const char *before,
		  const char *after)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	assert_int_equal(file_read(path, max, &b, &err), -1);
	buf_addf(&want, "%s '%s': %s", before, path, after);
	assert_string_equal(buf_cstr(&err), want.bytes);
}

static void
test_file_read(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	const char *path = folder_path(folder, "f");

	folder_write(folder, "f", "abc");
	folder_write(folder, "empty", "");
	assert_int_equal(file_read(path, 3, &b, &err), 0);
	assert_int_equal(file_read(folder_path(folder, "empty"), 0, &b, &err),
			 0);
	assert_string_equal(b.bytes, "abc");
	assert_int_equal(err.len, 0);
	assert_unreadable(path, 2, "cannot read", "it is larger than 2 bytes");
	assert_unreadable(folder, 9, "cannot read", "it is a directory");
	assert_unreadable(folder_path(folder, "none"), 9, "cannot open",
			  "No such file or directory");
	assert_unreadable(folder_path(folder, "f/x"), 9, "cannot open",
			  "Not a directory");
	/* nothing is mapped at address 0 */
	assert_unreadable("/proc/self/mem", 9, "cannot read",
			  "Input/output error");
}

static void
test_file_read_pipe(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	int ends[2];

	assert_int_equal(fd_pipe(ends), 0);
	assert_int_equal(fd_write_all(ends[1], "piped", 5), 0);
	buf_addf(&path, "/proc/self/fd/%d", ends[0]);
	fd_close(&ends[1]);
	assert_int_equal(file_read(path.bytes, 99, &b, &err), 0);
	assert_string_equal(b.bytes, "piped");
	fd_close(&ends[0]);
}

static unsigned
mode_of(const char *folder, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(folder_path(folder, name), &st), 0);
	return (unsigned)st.st_mode & 07777;
}

static void
assert_content(const char *folder, const char *name, const char *want)
{
	CLEANUP(free_ptr) char *got = folder_read(folder, name);

	assert_string_equal(got, want);
}

static void
test_file_replace(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	const char *path = folder_path(folder, "f");

	assert_int_equal(file_replace(path, "one", 3, 0640, &err), 0);
	assert_content(folder, "f", "one");
	assert_int_equal(mode_of(folder, "f"), 0640);
	assert_int_equal(chmod(path, 04755), 0);
	assert_int_equal(file_replace(path, "", 0, 0600, &err), 0);
	assert_content(folder, "f", "");
	assert_int_equal(mode_of(folder, "f"), 0755);
	assert_int_equal(folder_count(folder), 1);
	assert_int_equal(err.len, 0);
}

static void
test_file_replace_here(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	int here = open(".", O_RDONLY | O_CLOEXEC);

	assert_int_equal(chdir(folder), 0);
	assert_int_equal(file_replace("f", "x", 1, 0600, &err), 0);
	assert_int_equal(fchdir(here), 0);
	assert_content(folder, "f", "x");
	fd_close(&here);
	assert_int_equal(file_replace("/", "x", 1, 0600, &err), -1);
	assert_true(text_starts(buf_text(&err), "cannot write '/': "));
}

/* What a link leads to is replaced, not the link. */
static void
test_file_replace_link(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct stat st;

	folder_write(folder, "f", "old");
	assert_int_equal(symlink("f", folder_path(folder, "link")), 0);
	assert_int_equal(
		file_replace(folder_path(folder, "link"), "new", 3, 0600, &err),
		0);
	assert_content(folder, "f", "new");
	assert_int_equal(lstat(folder_path(folder, "link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(folder_count(folder), 2);
}

static void
test_file_replace_owner(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	struct stat st;

	if (geteuid() != 0)
		skip();
	folder_write(folder, "f", "old");
	assert_int_equal(chown(folder_path(folder, "f"), 65534, 65534), 0);
	assert_int_equal(
		file_replace(folder_path(folder, "f"), "new", 3, 0600, &err),
		0);
	assert_int_equal(stat(folder_path(folder, "f"), &st), 0);
	assert_int_equal(st.st_uid, 65534);
	assert_int_equal(st.st_gid, 65534);
}

static void
assert_not_replaced(const char *path, size_t n, const char *why)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	buf_fill(&bytes, 'x', n);
	assert_int_equal(file_replace(path, bytes.bytes, n, 0600, &err), -1);
	buf_addf(&want, "cannot write '%s': %s", path, why);
	assert_string_equal(err.bytes, want.bytes);
}

/* A file that cannot be replaced is as it was, and nothing is left beside. */
static void
test_file_replace_fails(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	struct rlimit limit, small;

	folder_write(folder, "f", "old");
	assert_int_equal(mkdir(folder_path(folder, "dir"), 0700), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
	small = limit;
	small.rlim_cur = 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_not_replaced(folder_path(folder, "f"), 11, "File too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
	assert_not_replaced(folder_path(folder, "dir"), 1, "Is a directory");
	assert_not_replaced(folder_path(folder, "none/f"), 1,
			    "No such file or directory");
	assert_not_replaced(folder_path(folder, "f/f"), 1, "Not a directory");
	assert_content(folder, "f", "old");
	assert_int_equal(folder_count(folder), 2);
}

/* ---- folders ------------------------------------------------------------ */

static void
test_dir_make(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	const char *path = folder_path(folder, "a/b//c/");

	assert_int_equal(dir_make(path, &err), 0);
	assert_int_equal(dir_make(path, &err), 0);
	assert_int_equal(mode_of(folder, "a/b/c"), 0700);
	assert_int_equal(dir_make("/", &err), 0);
	assert_int_equal(dir_make("", &err), 0);
	assert_int_equal(symlink("a", folder_path(folder, "link")), 0);
	assert_int_equal(dir_make(folder_path(folder, "link/d"), &err), 0);
	assert_int_equal(mode_of(folder, "a/d"), 0700);
	assert_int_equal(err.len, 0);
}

static void
assert_not_made(const char *folder, const char *name, const char *at,
		const char *why)
{
	CLEANUP(buf_release) struct buf err = BUF_INIT;
	CLEANUP(buf_release) struct buf want = BUF_INIT;

	assert_int_equal(dir_make(folder_path(folder, name), &err), -1);
	buf_addf(&want, "cannot make folder '%s': %s", folder_path(folder, at),
		 why);
	assert_string_equal(err.bytes, want.bytes);
}

static void
test_dir_make_fails(void **state UNUSED)
{
	CLEANUP(folder_remove_ptr) char *folder = folder_new();

	folder_write(folder, "f", "");
	assert_int_equal(symlink("gone", folder_path(folder, "link")), 0);
	assert_not_made(folder, "f", "f", "Not a directory");
	assert_not_made(folder, "f/g", "f", "Not a directory");
	assert_not_made(folder, "link", "link", "No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_nonblock),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_write_fails),
		cmocka_unit_test(test_read_at_limit),
		cmocka_unit_test(test_read_without_limit),
		cmocka_unit_test(test_file_read),
		cmocka_unit_test(test_file_read_pipe),
		cmocka_unit_test(test_file_replace),
		cmocka_unit_test(test_file_replace_here),
		cmocka_unit_test(test_file_replace_link),
		cmocka_unit_test(test_file_replace_owner),
		cmocka_unit_test(test_file_replace_fails),
		cmocka_unit_test(test_dir_make),
		cmocka_unit_test(test_dir_make_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
