/* Patterns for paths, as in .gitignore and its kin: "*" and "?" stay within a
 * folder, a folder called "**" stands for any number of folders, also none.
 * There is no way to quote. */
#ifndef BASE_PATHGLOB_H
#define BASE_PATHGLOB_H

#include <stdbool.h>

#include "base/text.h"

/* True when PATTERN fits the whole of PATH, or one of the folders that PATH
 * lies in. Both are relative and use "/". Takes time linear in PATH for a
 * given pattern; one above LIMIT_PATTERN_BYTES fits nothing. */
bool pathglob_fits(struct text pattern, struct text path);

#endif
