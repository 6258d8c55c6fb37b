/* Whether a statement may start a process. */
#ifndef SHELL_FORKS_H
#define SHELL_FORKS_H

#include "shell/ast.h"

/* May the statements FIRST to LAST of S's top level, in a shell where no
 * command is other than its name says? In doubt, they may. */
bool shell_forks(const struct script *s, uint32_t first, uint32_t last);

#endif
