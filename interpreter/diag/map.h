/* Where each byte of a derived text came from: a block without its list
 * indentation, a string without its quotes, words joined by ssh. However deep
 * the derivation, a map leads straight to the source. */
#ifndef DIAG_MAP_H
#define DIAG_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "diag/span.h"

enum map_kind {
	MAP_COPIED,  /* byte for byte: both lengths are the same */
	MAP_DECODED, /* these bytes stand for that range: an escape, a value */
	MAP_INSERTED /* nothing in the source; the range is the gap's place */
};

struct map_segment {
	uint32_t at, len;      /* in the derived text */
	uint32_t src, src_len; /* in the source */
	enum map_kind kind;
};

struct map {
	const struct source *src;
	struct map_segment *segments; /* in the arena; by `at`, without holes */
	size_t n_segments;
	uint32_t len; /* of the derived text */
};

/* A text together with where it came from. MAP may be NULL for text that is
 * in no document (a command given on our own command line without one). */
struct excerpt {
	struct text text;
	const struct map *map;
};

/* An empty map into SRC, in the arena. */
struct map *map_new(struct arena *a, const struct source *src);

/* The next LEN bytes of the derived text come from SRC_LEN bytes at SRC_AT.
 * Joins the segment before it where both are one copied run. */
void map_add(struct arena *a, struct map *m, uint32_t len, uint32_t src_at,
	     uint32_t src_len, enum map_kind kind);

/* The next LEN bytes come from [START, END) of the text that PARENT maps:
 * copied when the lengths agree and KIND is MAP_COPIED, resolved through
 * PARENT's own segments. PARENT NULL counts as a map with nothing to say: M
 * gets inserted segments. */
void map_add_from(struct arena *a, struct map *m, uint32_t len,
		  const struct map *parent, uint32_t start, uint32_t end,
		  enum map_kind kind);

/* The smallest span of the source that covers [START, END) of the derived
 * text, whatever order its parts came in. Inserted text counts only where
 * there is nothing else: then its place. With M NULL: a span without a
 * source. */
struct span map_span(const struct map *m, uint32_t start, uint32_t end);

/* The smallest range of the derived text that covers all that came from WHERE:
 * the way back of map_span. False when nothing did. */
bool map_derived(const struct map *m, struct span where, uint32_t *ret_start,
		 uint32_t *ret_end);

/* Bytes [START, END) of E, clamped, with their way back. */
struct excerpt excerpt_sub(struct arena *arena, struct excerpt e, size_t start,
			   size_t end);

#endif
