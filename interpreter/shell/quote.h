/* Putting a value into a command so that every shell on the way hands it on
 * unchanged. */
#ifndef SHELL_QUOTE_H
#define SHELL_QUOTE_H

#include <stdbool.h>

#include "base/buf.h"
#include "shell/ast.h"

/* Where a placeholder stands in the text of one shell (POSIX 2.2, 2.7.4). */
enum quote_context {
	QUOTE_BARE,           /* word                       */
	QUOTE_DOUBLE,         /* "word"                     */
	QUOTE_SINGLE,         /* 'word'                     */
	QUOTE_HEREDOC,        /* body, delimiter not quoted */
	QUOTE_HEREDOC_QUOTED, /* body, delimiter quoted     */
	QUOTE_PLAIN_ONLY, /* program of sed, where a pattern or text stands */
	QUOTE_INT_ONLY,   /* arithmetic, [[ -eq ]], subscript: only an int */
	QUOTE_REFUSED     /* $'…', backquotes, command position, comment,
			   * assignment name, text of another language */
};

struct quote_place {
	enum quote_context context;
	const char *why; /* of REFUSED: a phrase such as "in backquotes" */
	const struct heredoc *heredoc; /* around it, also around a substitution
					* in its body; else NULL */
};

/* The place of the bytes at OFFSET of S's text. */
struct quote_place quote_place_at(const struct script *s, uint32_t offset);

/* Append VALUE as it must stand at PLACE of one shell, when that shell is to
 * see VALUE's bytes. False when no encoding exists: a refused context, a value
 * that is no int, NUL, a line that would end the here-document. */
bool quote_add(struct buf *b, struct quote_place place, struct text value);

/* The reference that stands for a value in local bash text: NAME is a
 * variable; `"${NAME}"` in a bare word, `${NAME}` in double quotes … False as
 * above. */
bool quote_add_reference(struct buf *b, enum quote_context context,
			 const char *name);

/* Append VALUE as one word that any POSIX shell reads back as VALUE. */
void quote_add_word(struct buf *b, struct text value);

/* Only bytes that mean themselves in every shell, csh and fish too:
 * [A-Za-z0-9_@%+=:,./-], not empty, no leading "-" or "=". */
bool quote_is_plain(struct text value);

#endif
