/* bash -n and shellcheck over the shell texts of a document, when they are
 * asked for and there.
 *
 * Neither executes anything: bash reads with -n and an environment of its own,
 * shellcheck follows no other file. The texts are handed over in memory. */
#ifndef LINT_PROGRAMS_H
#define LINT_PROGRAMS_H

#include <stdbool.h>

#include "base/buf.h"

struct lint_programs; /* opaque */

/* True when the program NAME is in PATH. */
bool lint_programs_has(const char *name);

/* Look for the programs that are wanted in PATH. NULL with a message in RETERR
 * when one is not there; the caller frees. */
struct lint_programs *lint_programs_new(bool bash, bool shellcheck,
					struct buf *reterr);
struct lint_programs *lint_programs_free(struct lint_programs *p);

/* Append what tells them from others: paths, sizes and times. */
void lint_programs_identify(const struct lint_programs *p, struct buf *b);

#endif
