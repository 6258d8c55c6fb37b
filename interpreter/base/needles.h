/* Many byte strings looked for at once, in time linear in the text whatever
 * the strings are (Aho and Corasick, 1975). The strings are secrets: all
 * memory that holds a part of one is overwritten before it is freed. */
#ifndef BASE_NEEDLES_H
#define BASE_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum {
	NEEDLE_LEAST = 4, /* bytes; a search steps from one 4-byte
			   * beginning to the next */
	NEEDLE_MOST = UINT16_MAX
};

struct needles;

struct needles *needles_new(void);
struct needles *needles_free(struct needles *n); /* takes NULL, returns NULL */

/* Add T of NEEDLE_LEAST to NEEDLE_MOST bytes unless it is there. Needles may be
 * added while searches are under way; a search finds the new ones that begin
 * after its cursor. */
void needles_add(struct needles *n, struct text t);
size_t needles_count(const struct needles *n);

/* How far a search has come; zeroed at the beginning of a text. */
struct needle_cursor {
	size_t at;     /* bytes read, or, between needles, the next start */
	uint32_t node; /* the beginning of a needle that was read; 0: none */
};

struct needle_hit {
	size_t start, end;
};

/* Go on in T, which holds what it held before and perhaps more behind it.
 * Returns true with the longest needle at the next place where one ends. */
bool needles_next(struct needles *n, struct needle_cursor *c, struct text t,
		  struct needle_hit *ret);

/* After needles_next returned false: how many bytes at T's end are the
 * beginning of a needle. What is before them may be dropped from T and C's
 * `at` lessened by as much. */
size_t needles_live(const struct needles *n, const struct needle_cursor *c,
		    struct text t);

#endif
