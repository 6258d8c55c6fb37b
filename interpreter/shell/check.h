/* What the author of a shell text should be told though bash reads it. */
#ifndef SHELL_CHECK_H
#define SHELL_CHECK_H

#include "diag/diag.h"
#include "shell/ast.h"

/* Report characters of unquoted words that look like blanks, quotes or dashes,
 * and backslashes that do not continue their line, in all of S. Syntax errors
 * are S's own list. */
void shell_check(struct diag_sink *sink, const struct script *s);

#endif
