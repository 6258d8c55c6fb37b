/* Looking at files that commands name. */
#include "effect/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

enum {
	PATH_BYTES = 4096
};

/* PATH as a C string; false when it cannot be one. */
static bool
path_string(struct text path, char ret[PATH_BYTES])
{
	if (path.len == 0 || path.len >= PATH_BYTES ||
	    text_chr(path, '\0', 0) < path.len)
		return false;
	memcpy(ret, path.at, path.len);
	ret[path.len] = '\0';
	return true;
}

static bool
is_full_here(void *ctx UNUSED, struct text path)
{
	char name[PATH_BYTES];
	struct stat st;

	return path_string(path, name) && stat(name, &st) == 0 &&
	       S_ISREG(st.st_mode) && st.st_size > 0;
}

/* A pipe or a device is not waited for. */
static bool
read_here(void *ctx UNUSED, struct text path, struct buf *ret)
{
	CLEANUP(fd_close_ptr) int fd = -1;
	char name[PATH_BYTES];
	struct stat st;

	if (!path_string(path, name))
		return false;
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       fd_read_all(fd, LIMIT_EFFECT_INPUT, ret) == 0;
}

const struct effect_files *
effect_files_here(void)
{
	static const struct effect_files here = { is_full_here, read_here,
						  NULL };

	return &here;
}

/* It is certain which file PATH names. "~" is the home of whoever runs it. */
static bool
is_certain(const struct file_look *look, struct text path)
{
	if (!look || !look->files || path.len == 0 || path.at[0] == '~')
		return false;
	return path.at[0] == '/' || !look->moved;
}

bool
look_is_full(const struct file_look *look, struct text path)
{
	return is_certain(look, path) &&
	       look->files->is_full(look->files->ctx, path);
}

bool
look_read(const struct file_look *look, struct text path, struct buf *ret)
{
	return is_certain(look, path) &&
	       look->files->read(look->files->ctx, path, ret);
}
