/* A value in the making: the text that parts of words become. Private to
 * shell/; others use shell/word.h. */
#ifndef SHELL_VALUE_H
#define SHELL_VALUE_H

#include "base/buf.h"
#include "shell/word.h"

struct value_builder {
	struct arena *arena;
	const struct script *s;
	const struct scope *scope; /* NULL: no constants */
	struct buf text;           /* released by value_finish */
	struct map *map;           /* of text; NULL when S has none */
	bool unknown;              /* some stretch is; known is where */
	size_t known;
	bool all_unknown; /* nothing else has been added */
	unsigned traits;
	bool many;   /* maybe not one field */
	size_t made; /* bytes that come from constants */

	/* With SPLIT, an unquoted constant is cut at blanks: what is finished
	 * goes to FIELDS. */
	bool split;
	struct value *fields;
	uint32_t n_fields;
};

void value_begin(struct value_builder *b, struct arena *arena,
		 const struct script *s, const struct scope *scope);

/* Append what PART becomes. */
void value_add_part(struct value_builder *b, const struct part *part,
		    bool in_double);

/* Append BYTES, which stand for [START, END) of the script. */
void value_add_made(struct value_builder *b, struct text bytes, uint32_t start,
		    uint32_t end);

struct value value_finish(struct value_builder *b);

/* Make VALUE, whose text is complete, one of which only the first KNOWN bytes
 * are certain. */
void value_cut(struct arena *arena, struct value *value, size_t known);

/* scope.c: false once more has been made of constants than a text may make
 * (LIMIT_SCOPE_WORK); N bytes more are. SCOPE may be NULL. */
bool scope_spend(const struct scope *scope, size_t n);

/* scope.c: true while IFS is what it was at the start. SCOPE may be NULL. */
bool scope_splits(const struct scope *scope);

#endif
