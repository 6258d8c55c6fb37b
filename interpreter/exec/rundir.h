/* The private folder of one run: sockets, pipes and the text of the step that
 * is under way. Gone when the run is over. */
#ifndef EXEC_RUNDIR_H
#define EXEC_RUNDIR_H

#include <stddef.h>

#include "base/buf.h"

struct rundir;

/* Make NAME (a file name) under $XDG_RUNTIME_DIR/runbook, or, without that
 * variable, under $XDG_STATE_HOME/runbook/run (default ~/.local/state). Every
 * folder on the way that is ours has mode 0700 and belongs to us, or this
 * fails: NULL with a message. */
struct rundir *rundir_new(const char *name, struct buf *reterr);

/* The same under PARENT, which must exist. */
struct rundir *rundir_new_in(const char *parent, const char *name,
			     struct buf *reterr);

/* Remove it with all that is in it. NULL to NULL. */
struct rundir *rundir_free(struct rundir *d);

const char *rundir_path(const struct rundir *d);

/* The path of the entry NAME; the caller frees. */
char *rundir_entry(const struct rundir *d, const char *name);

#endif
