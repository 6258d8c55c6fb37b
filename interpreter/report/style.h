/* How our own lines look: colours when the stream has them, and never meaning
 * by colour alone. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>

#include "base/buf.h"
#include "effect/level.h"

struct style {
	bool color;
	unsigned width; /* columns of the terminal; 0: not limited */
};

enum style_role {
	STYLE_HEADING,
	STYLE_STEP, /* number and title */
	STYLE_COMMAND,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN,
	STYLE_HOST
};

/* Append T, made safe for a terminal, in the colours of ROLE; cut to MAX
 * columns when MAX is not 0. Returns the columns. */
unsigned style_add(struct buf *b, const struct style *s, enum style_role role,
		   struct text t, unsigned max);
void style_adds(struct buf *b, const struct style *s, enum style_role role,
		const char *text);

/* The level's name in its colour, padded to WIDTH columns. */
void style_add_level(struct buf *b, const struct style *s,
		     enum effect_level level, unsigned width);

/* Every line of T behind INDENT blanks. */
void style_add_lines(struct buf *b, const struct style *s, enum style_role role,
		     struct text t, unsigned indent);

/* T, made safe for a terminal, broken between words where the terminal ends,
 * and a newline. It begins in column FIRST; the lines behind stand behind
 * INDENT blanks. A word that is longer than a line is left whole. */
void style_add_wrapped(struct buf *b, const struct style *s, struct text t,
		       unsigned first, unsigned indent);

/* The same for a question, whose answer is typed right behind it. */
void style_add_prompt(struct buf *b, const struct style *s, struct text t);

#endif
