/* Understanding an ssh command line as far as a run's own connection can serve
 * it (ssh(1)). */
#ifndef EXEC_SHIM_ARGS_H
#define EXEC_SHIM_ARGS_H

#include <stdbool.h>

#include "base/buf.h"

struct shim_args {
	const char *host;     /* [user@]host; borrowed from argv */
	const char **options; /* for `ssh -G`, NULL at the end; owned */
	size_t n_options;
	struct buf command; /* the words joined by a blank, as ssh does */
	bool subsystem;     /* -s: the command is the name of one */
	bool no_input;      /* -n */
	bool quiet;         /* -q */
};

/* Read ARGV ([0] is the program, NULL at the end). False when the real ssh has
 * to do it; RET is to be released in either case. */
bool shim_args_read(const char *const *argv, struct shim_args *ret);
void shim_args_release(struct shim_args *a);

#endif
