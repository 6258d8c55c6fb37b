/* Folders for tests. */
#include "lib/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <unistd.h>

#include "base/fd.h"
#include "lib/unit.h"

char *
folder_new(void)
{
	const char *tmp = getenv("TMPDIR");
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/runbook-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(path.bytes));
	return buf_detach(&path, NULL);
}

static int
remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED,
	   struct FTW *ftw UNUSED)
{
	return remove(path);
}

void
folder_remove_ptr(char **folder)
{
	assert_int_equal(nftw(*folder, remove_one, 16, FTW_DEPTH | FTW_PHYS),
			 0);
	free(*folder);
	*folder = NULL;
}

const char *
folder_path(const char *folder, const char *name)
{
	static char paths[4][512];
	static size_t next;
	char *path = paths[next++ % ARRAY_LEN(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

void
folder_write(const char *folder, const char *name, const char *content)
{
	int fd = open(folder_path(folder, name),
		      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, content, strlen(content)), 0);
	fd_close(&fd);
}

char *
folder_read(const char *folder, const char *name)
{
	struct buf b = BUF_INIT;
	int fd = open(folder_path(folder, name), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fd_read_all(fd, 16 * 1024 * 1024, &b), 0);
	fd_close(&fd);
	return buf_detach(&b, NULL);
}

size_t
folder_count(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}
