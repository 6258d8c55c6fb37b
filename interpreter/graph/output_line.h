/* Lines of a shell block that no shell was meant to read: output that was
 * pasted below its command without anything to mark it. In 30 repositories a
 * third of all commands of which no program is known were such lines. */
#ifndef GRAPH_OUTPUT_LINE_H
#define GRAPH_OUTPUT_LINE_H

#include <stdbool.h>

#include "effect/judge.h"

/* What can be said of a line by itself. */
enum line_nature {
	LINE_BLANK,
	LINE_COMMENT,
	LINE_COMMAND, /* a program that is known, a path, an assignment */
	LINE_UNKNOWN, /* may be either */
	LINE_TABLE,   /* columns, set apart by blanks or tabs */
	LINE_OUTPUT   /* anything but a command */
};

enum line_nature line_nature(const struct effect_rules *rules,
			     struct text line);

/* True when the first word of LINE is the name of a program that is known. */
bool line_calls_program(const struct effect_rules *rules, struct text line);

/* True when LINE is a word and options: "some-tool --all". */
bool line_has_option(struct text line);

#endif
