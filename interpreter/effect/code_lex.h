/* Tokens of programming languages that look alike from afar: names, strings
 * and the rest. Enough to see which functions a short program calls. */
#ifndef EFFECT_CODE_LEX_H
#define EFFECT_CODE_LEX_H

#include "base/text.h"

enum code_kind {
	CODE_NAME,
	CODE_STRING,
	CODE_COMMAND, /* `…`, where that runs a shell */
	CODE_PUNCT,
	CODE_OPAQUE /* not known: from a variable of the shell */
};

struct code_token {
	enum code_kind kind;
	uint32_t start, end;
	uint32_t inner, inner_end; /* without quotes */
};

enum code_style {
	CODE_HASH = 1 << 0,     /* # begins a comment */
	CODE_SLASHES = 1 << 1,  /* // and slash star do */
	CODE_TRIPLE = 1 << 2,   /* triple quotes */
	CODE_BACKTICK = 1 << 3, /* `…` runs a shell, else it is a string */
	CODE_REGEX = 1 << 4     /* /…/ is a pattern where a value may stand */
};

struct code_lexer {
	struct text text;
	unsigned styles;
	uint32_t at;
	bool after_value; /* a "/" now divides */
};

/* The next token; false at the end. */
bool code_next(struct code_lexer *lx, struct code_token *ret);

/* True when T is the name or punctuation S. */
bool code_is(struct text all, const struct code_token *t, const char *s);

#endif
