/* The lines of a document as Markdown counts them, and the way from what
 * cmark made of some of them back to their bytes. */
#ifndef DOC_LINES_H
#define DOC_LINES_H

#include "diag/map.h"
#include "diag/source.h"

/* CommonMark ends lines at LF, CR LF and at a CR alone; struct source counts
 * LF only. */
struct lines {
	const struct source *src;
	const uint32_t *starts; /* borrowed from SRC, or OWN */
	uint32_t *own;          /* owned; NULL when SRC has no lone CR */
	uint32_t n;
	uint32_t body; /* nothing before this offset is Markdown */
};

/* The lines of SRC, whose Markdown begins at BODY (the start of a line, or
 * behind a byte order mark). */
void lines_init(struct lines *l, const struct source *src, uint32_t body);
void lines_release(struct lines *l);

/* Index of the line that holds OFFSET. */
uint32_t lines_at(const struct lines *l, uint32_t offset);

/* Line I without its end, from the body on; empty when there is none. */
struct text lines_text(const struct lines *l, uint32_t i);
uint32_t lines_start(const struct lines *l, uint32_t i);
uint32_t lines_end(const struct lines *l, uint32_t i); /* before CR, LF */

/* LITERAL is what the lines from FIRST on became without the prefixes of their
 * containers, each ended by LF: the text with its map, in ARENA or straight
 * in the source. A tab that was cut in two stands for the blanks it left. */
struct excerpt lines_lift(struct arena *arena, const struct lines *l,
			  uint32_t first, struct text literal);

/* True when LITERAL is what cmark makes of BYTES within a line: the same, but
 * for U+FFFD in the place of NUL. */
bool lines_same(struct text bytes, struct text literal);

/* How many lines LITERAL has. */
uint32_t lines_count(struct text literal);

#endif
