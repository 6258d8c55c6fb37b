/* Giving a script to a real shell, as the oracle of a test. */
#ifndef LIB_RUN_SHELL_H
#define LIB_RUN_SHELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

/* True when the program NAME is on the PATH; else a message says that what
 * needs it is left out. */
bool have_program(const char *name);

/* Run `ARGV… FILE` where FILE holds SCRIPT, in a folder of its own with no
 * environment but PATH and LC_ALL=C.UTF-8, standard input closed. Appends
 * what it prints on standard output to OUT. Returns the exit status, -1 when
 * a signal ended it. *RET_FILES is how many files it left in its folder. */
int run_shell(const char *const *argv, struct text script, struct buf *out,
	      size_t *ret_files);

#endif
