/* What statements take from the shell that they run in, and what they leave in
 * it for those behind them, by name. Both are guesses on the safe side: what a
 * name stands for in the end only bash knows. */
#ifndef SHELL_USES_H
#define SHELL_USES_H

#include "base/arena.h"
#include "shell/ast.h"

/* Each once, in the order in which they are met. */
struct shell_names {
	struct text *items;
	uint32_t n;
};

struct shell_takes {
	struct shell_names variables; /* expanded before they are set there */
	struct shell_names commands;  /* called: a program's, or a function's */
	bool any; /* it reads what is not in the text: eval, source, ${!x} */
};

struct shell_gives {
	struct shell_names variables; /* set, unset, declared */
	struct shell_names commands;  /* functions and aliases */
	struct shell_names exports;   /* variables that programs see */
	bool folder;                  /* it may go to another one */
	bool any; /* it runs what is not in the text: eval, source */
};

/* Of the statements FIRST to LAST of S's top level, in ARENA. */
void shell_takes(struct arena *arena, const struct script *s, uint32_t first,
		 uint32_t last, struct shell_takes *ret);
void shell_gives(struct arena *arena, const struct script *s, uint32_t first,
		 uint32_t last, struct shell_gives *ret);

bool shell_names_have(const struct shell_names *names, struct text name);

#endif
