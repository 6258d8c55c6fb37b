/* Making and removing the private folder of a run. */
#include "exec/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"

struct rundir {
	char *path;
};

/* PATH is a folder of ours that nobody else can look into. Not through a
 * symbolic link: whoever can make one there chooses where our files go. */
static int
check_private(const char *path, struct buf *reterr)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		buf_addf(reterr, "cannot use folder '%s': %s", path,
			 strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		buf_addf(reterr, "cannot use '%s': it is no folder", path);
	else if (st.st_uid != geteuid())
		buf_addf(reterr,
			 "cannot use folder '%s': it belongs to user "
			 "%u",
			 path, (unsigned)st.st_uid);
	else if (st.st_mode & 077)
		buf_addf(reterr,
			 "cannot use folder '%s': others have access "
			 "(mode %04o)",
			 path, (unsigned)st.st_mode & 07777);
	else
		return 0;
	return -1;
}

struct rundir *
rundir_new_in(const char *parent, const char *name, struct buf *reterr)
{
	struct rundir *d = xcalloc(1, sizeof(*d));
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s", parent, name);
	d->path = buf_detach(&path, NULL);
	if (mkdir(d->path, 0700) == 0 || errno == EEXIST) {
		if (check_private(d->path, reterr) == 0)
			return d;
	} else {
		buf_addf(reterr, "cannot make folder '%s': %s", d->path,
			 strerror(errno));
	}
	free(d->path);
	free(d);
	return NULL;
}

/* The folder that holds all runs of this user. */
static int
find_parent(struct buf *path, struct buf *reterr)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (runtime && runtime[0] == '/')
		buf_addf(path, "%s/runbook", runtime);
	else if (state && state[0] == '/')
		buf_addf(path, "%s/runbook/run", state);
	else if (home && home[0] == '/')
		buf_addf(path, "%s/.local/state/runbook/run", home);
	else {
		buf_adds(reterr, "cannot find a folder for the run: neither "
				 "XDG_RUNTIME_DIR nor HOME is set");
		return -1;
	}
	if (dir_make(buf_cstr(path), reterr) < 0)
		return -1;
	return check_private(buf_cstr(path), reterr);
}

struct rundir *
rundir_new(const char *name, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf parent = BUF_INIT;

	if (find_parent(&parent, reterr) < 0)
		return NULL;
	return rundir_new_in(buf_cstr(&parent), name, reterr);
}

static int
remove_entry(const char *path, const struct stat *st UNUSED, int type UNUSED,
	     struct FTW *at UNUSED)
{
	remove(path);
	return 0;
}

struct rundir *
rundir_free(struct rundir *d)
{
	if (!d)
		return NULL;
	nftw(d->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(d->path);
	free(d);
	return NULL;
}

const char *
rundir_path(const struct rundir *d)
{
	return d->path;
}

char *
rundir_entry(const struct rundir *d, const char *name)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/%s", d->path, name);
	return buf_detach(&path, NULL);
}
