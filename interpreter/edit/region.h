/* Lines of a document that are written anew: the output that stands in a block
 * of code, below a prompt, in a comment, in an annotation. */
#ifndef EDIT_REGION_H
#define EDIT_REGION_H

#include "doc/document.h"
#include "edit/patch.h"
#include "want/want.h"

struct region {
	const struct source *src;
	uint32_t line;      /* its first line, from 1 */
	uint32_t n_lines;   /* may be none: what is put stands before LINE */
	struct text prefix; /* before the text of a line: "> ", "  # " */
	struct text blank;  /* a line without text */
	const char *eol;
};

/* Make LINES, N of them, the lines of R: those that stay are not touched.
 * False when the patch has other changes there. */
bool region_put(struct patch *p, const struct region *r,
		const struct want_line *lines, uint32_t n);

/* The line ends of BLOCK: "\n" or "\r\n". */
const char *region_eol(const struct block *block);

/* Lines [FIRST, FIRST + N) of the content of the fenced block BLOCK. The
 * prefix is made in ARENA. */
struct region region_of_block(struct arena *arena, const struct block *block,
			      uint32_t first, uint32_t n);

/* Where TEXT, which is part of BLOCK's content, stands in it. */
struct region region_of_text(struct arena *arena, const struct block *block,
			     struct text text);

/* How long the fences of BLOCK have to be so that none of LINES ends it;
 * at least as long as they are. */
uint32_t region_fence(const struct block *block, const struct want_line *lines,
		      uint32_t n);

/* Make both fences of BLOCK so long. */
bool region_lengthen(struct patch *p, const struct block *block, uint32_t len);

/* Put LINES as a new block of output behind BLOCK, a script. */
bool region_add(struct patch *p, struct arena *arena,
		const struct document *doc, const struct block *block,
		const struct want_line *lines, uint32_t n);

#endif
