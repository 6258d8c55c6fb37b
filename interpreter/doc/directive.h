/* Where annotations stand in a document: in comments and behind the language
 * of a fence. */
#ifndef DOC_DIRECTIVE_H
#define DOC_DIRECTIVE_H

#include "diag/map.h"
#include "doc/annotation.h"

/* True when the comment whose inside is [START, END) of HTML is an annotation;
 * *RET is then its YAML, in ARENA. It is one when it begins with "runbook:"
 * and goes on with "{" or on the next line; or, so that a lost brace is found,
 * with one of our keys and a colon. Any other comment is somebody else's. */
bool directive_in_comment(struct arena *arena, struct excerpt html,
			  size_t start, size_t end, struct excerpt *ret);

/* The braces of the info string INFO that are ours, else an empty text. They
 * begin behind the language, separated by blanks or not, and go on to the end.
 * They are ours when their first word is followed by ":" and is
 *   - anything, where the language is a shell's or a console's (OURS), or
 *   - one of our keys, where it is another.
 * So {1,3} (lines to mark), {.x #y z=1} (Pandoc), {linenos=true} (Hugo),
 * {"name":"x"} (Runme) and {: .x} (kramdown) are left to their owners, as is
 * a block that begins with a brace, such as {note}. */
struct text directive_in_info(struct text info, bool ours);

#endif
