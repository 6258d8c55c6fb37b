/* The tables of front matter and annotations as a JSON schema (draft-07), for
 * editors and other people's checkers. */
#ifndef DOC_SCHEMA_H
#define DOC_SCHEMA_H

#include "base/buf.h"

/* Append the schema of front matter, indented, with a newline at its end.
 * schema/frontmatter.schema.json is a copy of it; its definitions "document",
 * "procedure" and "step" are those of annotations in each place.
 *
 * It says what the reader says, but for what a schema cannot: that durations
 * end at 30 days, that a date is in the calendar, and how many bytes a name
 * has. */
void schema_write(struct buf *b);

#endif
