/* Files between a session and its bash. */
#include "exec/shell_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"

char *
shell_folder_entry(const char *dir, const char *name)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s", dir, name);
	return buf_detach(&path, NULL);
}

/* Anew each time: a file that is cut to nothing is flushed to the disk when it
 * is closed (ext4(5), auto_da_alloc), which takes milliseconds. */
int
shell_folder_write(const char *dir, const char *name, size_t skip,
		   const char *head, struct text text, struct buf *reterr)
{
	CLEANUP(free_ptr) char *path = shell_folder_entry(dir, name);
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(fd_close_ptr) int fd = -1;

	buf_fill(&all, '\n', skip);
	buf_adds(&all, head);
	buf_addt(&all, text);
	buf_addc(&all, '\n');
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && fd_write_all(fd, all.bytes, all.len) == 0)
		return 0;
	buf_addf(reterr, "cannot write '%s': %s", path, strerror(errno));
	return -1;
}

void
shell_folder_remove(const char *dir, const char *name)
{
	CLEANUP(free_ptr) char *path = shell_folder_entry(dir, name);

	unlink(path);
}

bool
shell_folder_has_state(const char *dir)
{
	CLEANUP(free_ptr) char *path = shell_folder_entry(dir, "state");
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	       st.st_size <= LIMIT_SHELL_STATE_BYTES;
}

bool
shell_folder_take_state(const char *dir)
{
	CLEANUP(free_ptr) char *state = shell_folder_entry(dir, "state");
	CLEANUP(free_ptr) char *before = shell_folder_entry(dir, "before");

	unlink(before);
	if (shell_folder_has_state(dir) && rename(state, before) == 0)
		return true;
	unlink(state);
	return false;
}
