/* The bytes of one file, and where its lines are. */
#ifndef DIAG_SOURCE_H
#define DIAG_SOURCE_H

#include <stdint.h>

#include "base/text.h"
#include "diag/span.h"

struct source_mark;

struct source {
	char *path;        /* owned; as the user named it */
	struct text bytes; /* owned; at most LIMIT_DOCUMENT_BYTES */
	uint32_t *lines;   /* owned; offset at which each line begins */
	uint32_t n_lines;
	struct source_mark *marks; /* owned; counts on the way through long
				    * lines; NULL: there is none */
	uint32_t n_marks;
};

/* A 1-based place as people count: columns are code points, a tab is one
 * (conventions: text, json and GitHub); byte_column counts bytes. */
struct place {
	uint32_t line, column, byte_column;
	uint32_t unit_column; /* in UTF-16 units, as SARIF counts */
};

/* A source of PATH (copied) and BYTES, which were made by malloc and are taken
 * over. Lines end at LF; a CR before it belongs to the line's end. */
struct source *source_new(const char *path, char *bytes, size_t len);
struct source *source_free(struct source *src); /* takes NULL, returns NULL */
void source_free_ptr(struct source **src);

/* 1-based line that holds OFFSET; the end of the file is on the last line. */
uint32_t source_line(const struct source *src, uint32_t offset);
struct place source_place(const struct source *src, uint32_t offset);

/* Line LINE (1-based) without its end; empty when there is none. */
struct text source_line_text(const struct source *src, uint32_t line);
uint32_t source_line_start(const struct source *src, uint32_t line);

/* The bytes of a span, borrowed from its source. */
struct text span_text(struct span where);
uint32_t span_line(struct span where); /* of its start */

#endif
