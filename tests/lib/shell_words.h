/* The values of words, compared with what bash makes of them. */
#ifndef LIB_SHELL_WORDS_H
#define LIB_SHELL_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "shell/ast.h"

struct comparison {
	struct arena arena;
	struct buf script, want; /* for bash, and what it is to print */
	size_t n;                /* words */
};

void comparison_begin(struct comparison *c);
void comparison_end(struct comparison *c);

/* Add every word of S that is an argument and whose value is known for
 * certain, unless S has an error. */
void comparison_add(struct comparison *c, const struct script *s);

/* Run bash and fail the test at the first difference. */
void comparison_run(struct comparison *c);

#endif
