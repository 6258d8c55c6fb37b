/* Whether a text ends with a pipeline that can be asked about. */
#ifndef SHELL_PIPELINE_H
#define SHELL_PIPELINE_H

#include "shell/ast.h"

/* Is the last statement of S, of which TEXT is the source, a pipeline, so that
 * a line behind it may tell the statuses of its commands (PIPESTATUS, bash(1))?
 * Not where that line would be a part of it or go elsewhere: behind "&", a
 * backslash, or an exec that only redirects. */
bool shell_tells_pipeline(const struct script *s, struct text text);

#endif
