/* A command on a host through the real ssh, for hosts that need something only
 * it has. The same events as those of remote_exec, which it stands in for. */
#ifndef EXEC_FALLBACK_H
#define EXEC_FALLBACK_H

#include "exec/remote_exec.h"

struct fallback; /* opaque */

/* What the log of an `ssh -oLogLevel=DEBUG2` tells of one command. */
struct fallback_log {
	bool dispatched;    /* the command was handed over */
	bool got_status;    /* the server told its status */
	bool got_signal;    /* or that a signal ended it */
	struct text reason; /* the last line that is no debugging; borrowed */
};

void fallback_read_log(struct text log, struct fallback_log *ret);

/* ARGV (borrowed until this returns) is the whole command line, to which the
 * log's options are added behind argv[0]; DIR is where the log is written. Of
 * SPEC the command is not looked at. */
struct fallback *fallback_start(struct loop *l, const char *const *argv,
				const char *dir,
				const struct remote_exec_spec *spec,
				const struct remote_exec_events *on);
struct fallback *fallback_free(struct fallback *f); /* kills it */

void fallback_write(struct fallback *f, struct text bytes);
void fallback_resize(struct fallback *f, unsigned rows, unsigned columns);

/* SIGNAL goes to the local ssh only: what happens on the host is not known. */
void fallback_stop(struct fallback *f, int signal, bool in_haste);

#endif
