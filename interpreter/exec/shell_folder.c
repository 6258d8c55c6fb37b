/* Files between a session and its bash. */
#include "exec/shell_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/shell_script.h"

enum {
	END_BYTES = 64 /* more than the last line has */
};

char *
shell_folder_entry(const char *dir, const char *name)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s", dir, name);
	return buf_detach(&path, NULL);
}

static int
open_anew(const char *path)
{
	unlink(path);
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int
fail(struct buf *reterr, const char *path)
{
	buf_addf(reterr, "cannot write '%s': %s", path, strerror(errno));
	return -1;
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
	fd = open_anew(path);
	if (fd >= 0 && fd_write_all(fd, all.bytes, all.len) == 0)
		return 0;
	return fail(reterr, path);
}

void
shell_file_init(struct shell_file *f, const char *dir, const char *name)
{
	f->path = shell_folder_entry(dir, name);
	f->fd = -1;
}

void
shell_file_release(struct shell_file *f)
{
	fd_close(&f->fd);
	free(f->path);
	f->path = NULL;
}

/* Open it, unless what stands under its name is still what is open, and no one
 * has got hold of it under another. Its size into *RET_SIZE. */
static int
shell_file_open(struct shell_file *f, off_t *ret_size)
{
	struct stat now, ours;

	*ret_size = 0;
	if (f->fd >= 0 && lstat(f->path, &now) == 0 &&
	    fstat(f->fd, &ours) == 0 && now.st_ino == ours.st_ino &&
	    now.st_dev == ours.st_dev && now.st_nlink == 1 &&
	    now.st_mode == (S_IFREG | 0600)) {
		*ret_size = now.st_size;
		return 0;
	}
	fd_close(&f->fd);
	f->fd = open_anew(f->path);
	return f->fd < 0 ? -1 : 0;
}

int
shell_file_write(struct shell_file *f, size_t skip, const char *head,
		 struct text text, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	off_t size;

	buf_fill(&all, '\n', skip);
	buf_adds(&all, head);
	buf_addt(&all, text);
	buf_addc(&all, '\n');
	if (shell_file_open(f, &size) < 0 || lseek(f->fd, 0, SEEK_SET) < 0 ||
	    fd_write_all(f->fd, all.bytes, all.len) < 0 ||
	    (size > (off_t)all.len && ftruncate(f->fd, (off_t)all.len) < 0))
		return fail(reterr, f->path);
	return 0;
}

void
shell_folder_remove(const char *dir, const char *name)
{
	CLEANUP(free_ptr) char *path = shell_folder_entry(dir, name);

	unlink(path);
}

bool
shell_folder_is_whole(const char *path, unsigned *ret_number)
{
	CLEANUP(fd_close_ptr)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct text tail, number;
	char bytes[END_BYTES];
	struct stat st;
	uint64_t n;
	ssize_t len;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > LIMIT_SHELL_STATE_BYTES)
		return false;
	len = pread(fd, bytes, sizeof(bytes),
		    st.st_size > END_BYTES ? st.st_size - END_BYTES : 0);
	if (len <= 0 || bytes[len - 1] != '\n')
		return false;
	tail = (struct text){ bytes, (size_t)len - 1 };
	number = tail;
	while (text_next_field(&tail, '\n', &number))
		;
	if (!text_starts(number, SHELL_STATE_END) ||
	    !text_to_uint(
		    text_sub(number, sizeof(SHELL_STATE_END) - 1, number.len),
		    UINT32_MAX, &n))
		return false;
	*ret_number = (unsigned)n;
	return true;
}

void
shell_folder_list_dropped(struct text state, struct buf *names)
{
	struct text line;

	while (text_next_line(&state, &line)) {
		if (!text_starts(line, SHELL_STATE_DROPPED))
			continue;
		buf_addf(
			names, "%s%.*s", names->len ? ", " : "",
			TEXT_ARG(text_sub(line, sizeof(SHELL_STATE_DROPPED) - 1,
					  line.len)));
	}
}

bool
shell_folder_is_traced(struct text state)
{
	struct text line;

	while (text_next_line(&state, &line)) {
		if (text_is(line, SHELL_STATE_TRACED))
			return true;
	}
	return false;
}

static char *
kept_path(const char *dir, unsigned number)
{
	return shell_folder_entry(dir, number % 2 ? "kept.1" : "kept.0");
}

char *
shell_folder_kept(const char *dir, unsigned number)
{
	char *path = kept_path(dir, number);
	unsigned found;

	if (number && shell_folder_is_whole(path, &found) && found == number)
		return path;
	free(path);
	return NULL;
}

/* The path of what the last shell left, or of the kept state NUMBER. */
static char *
best_state(const char *dir, unsigned number)
{
	char *state = shell_folder_entry(dir, "state");
	unsigned any;

	if (shell_folder_is_whole(state, &any))
		return state;
	free(state);
	return shell_folder_kept(dir, number);
}

bool
shell_folder_has_state(const char *dir, unsigned number)
{
	CLEANUP(free_ptr) char *path = best_state(dir, number);

	return path != NULL;
}

bool
shell_folder_take_state(const char *dir, unsigned number)
{
	CLEANUP(free_ptr) char *path = best_state(dir, number);
	CLEANUP(free_ptr) char *before = shell_folder_entry(dir, "before");
	bool taken;

	unlink(before);
	/* A kept state stays: this shell may be lost as well. */
	taken = path && (link(path, before) == 0);
	shell_folder_remove(dir, "state");
	return taken;
}

void
shell_folder_keep_left(const char *dir, unsigned number)
{
	CLEANUP(free_ptr) char *state = shell_folder_entry(dir, "state");
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	unsigned any;

	if (!shell_folder_is_whole(state, &any) ||
	    file_read(state, LIMIT_SHELL_STATE_BYTES, &all, &reterr) < 0)
		return;
	buf_addf(&all, SHELL_STATE_END "%u", number);
	shell_folder_write(dir, number % 2 ? "kept.1" : "kept.0", 0, "",
			   buf_text(&all), &reterr);
}
