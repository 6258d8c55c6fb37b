/* Scripts of a unit test, and the arena in which they and what is made of them
 * live from its set-up to its tear-down. */
#ifndef LIB_SCRIPTS_H
#define LIB_SCRIPTS_H

#include "base/arena.h"
#include "shell/ast.h"

extern struct arena arena;

int scripts_set_up(void **state);
int scripts_tear_down(void **state);

/* TEXT as the shell reads it once all values are in. */
const struct script *script_of(const char *text);

#endif
