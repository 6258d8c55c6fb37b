/* The comments and tags of a piece of HTML. */
#ifndef DOC_HTML_H
#define DOC_HTML_H

#include "base/arena.h"
#include "base/text.h"

enum html_kind {
	HTML_COMMENT,
	HTML_OPEN,
	HTML_CLOSE
};

struct html_token {
	enum html_kind kind;
	size_t start, end;             /* in the text, with its brackets */
	size_t inner_start, inner_end; /* COMMENT: between the hyphens */
	struct text name;              /* OPEN, CLOSE: as written */
};

/* The next token of HTML at or after *AT, which is moved behind it. False when
 * there is none. A comment or tag that does not end reaches to the end. */
bool html_next(struct text html, size_t *at, struct html_token *ret);

/* HTML without its tags and comments, trimmed: a slice of it where there are
 * none, else a copy in ARENA. */
struct text html_plain(struct arena *arena, struct text html);

#endif
