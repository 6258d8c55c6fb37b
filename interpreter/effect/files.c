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

/* A pipe or a device is not even opened: who writes to the one would write to
 * us, and a tape would be wound back. */
static bool
read_here(void *ctx UNUSED, struct text path, struct buf *ret)
{
	CLEANUP(fd_close_ptr) int fd = -1;
	char name[PATH_BYTES];
	struct stat st;

	if (!path_string(path, name) || stat(name, &st) < 0 ||
	    !S_ISREG(st.st_mode))
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

/* Append the file that PATH names, seen from where the commands begin; false
 * when that is not certain. "~" is the home of whoever runs it. */
static bool
add_certain(const struct file_look *look, struct text path, struct buf *ret)
{
	struct text folder = look ? look->folder.bytes.text : TEXT("");

	if (!look || !look->files || path.len == 0 || path.at[0] == '~')
		return false;
	if (path.at[0] != '/') {
		if (look->folder.state != VALUE_EXACT ||
		    text_starts(folder, "~"))
			return false;
		buf_addt(ret, folder);
		if (folder.len && folder.at[folder.len - 1] != '/')
			buf_addc(ret, '/');
	}
	buf_addt(ret, path);
	return true;
}

bool
look_is_full(const struct file_look *look, struct text path)
{
	CLEANUP(buf_release) struct buf file = BUF_INIT;

	return add_certain(look, path, &file) &&
	       look->files->is_full(look->files->ctx, buf_text(&file));
}

bool
look_read(const struct file_look *look, struct text path, struct buf *ret)
{
	CLEANUP(buf_release) struct buf file = BUF_INIT;

	return add_certain(look, path, &file) &&
	       look->files->read(look->files->ctx, buf_text(&file), ret);
}
