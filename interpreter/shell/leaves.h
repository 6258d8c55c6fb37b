/* What a statement may leave in the shell that runs it, for those after it. */
#ifndef SHELL_LEAVES_H
#define SHELL_LEAVES_H

#include "shell/ast.h"

enum shell_leaves {
	SHELL_LEAVES_NOTHING, /* but files and processes */
	SHELL_LEAVES_STATE, /* a variable, the folder, an option, a trap … */
	SHELL_LEAVES_COMMANDS /* likewise, and after it a command may be other
			       * than its name says: a function, an alias,
			       * whatever a sourced file does */
};

/* Of the statements FIRST to LAST of S's top level. In doubt, more. */
enum shell_leaves shell_leaves(const struct script *s, uint32_t first,
			       uint32_t last);

#endif
