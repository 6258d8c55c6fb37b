/* Code blocks: their fences, their language, their content. */
#ifndef DOC_FENCE_H
#define DOC_FENCE_H

#include "doc/document.h"
#include "doc/lines.h"
#include "doc/markdown.h"

/* The code block that LEAF is, in ARENA, and its place. cmark tells neither
 * fenced from indented nor whether a fence was closed [0.30.2]: both are found
 * by comparing the literal with the lines. */
struct code *fence_read(struct arena *arena, const struct lines *l,
			const struct markdown_leaf *leaf,
			struct span *ret_where);

/* Report what is wrong with the fences of a block that fence_read has read. */
void fence_check(const struct lines *l, const struct markdown_leaf *leaf,
		 const struct code *code, struct diag_sink *sink);

/* Report lines of the paragraph LEAF that would open a fence were they not
 * indented by four or more columns: they became inline code. */
void fence_check_paragraph(const struct lines *l,
			   const struct markdown_leaf *leaf,
			   struct diag_sink *sink);

/* What CODE's language (lower case) makes of it; CODE_OTHER when it is none of
 * ours. */
enum code_kind fence_language_kind(struct text language);

/* The absolute path that LINE holds when it is a comment with nothing else in
 * it; else empty. */
struct text fence_path_comment(struct text line);

#endif
