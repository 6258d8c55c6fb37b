/* Inside the graph layer: the prose that speaks of each block of a section. */
#ifndef GRAPH_SURROUND_H
#define GRAPH_SURROUND_H

#include "doc/document.h"

/* An item of a list around a block. */
struct lead {
	const struct container *item;
	const struct block *words; /* its first block when that is a paragraph,
				    * else NULL */
	const struct lead *outer;
};

struct surroundings {
	const struct block *above; /* the paragraph right above it, or NULL */
	const struct block *over;  /* the same, also with nothing but blocks of
				    * code between */
	const struct block *label; /* the last paragraph outside of lists that
				    * is nothing but bold words, or NULL */
	const struct block *intro; /* the paragraph right before the outermost
				    * list that it stands in, or NULL */
	const struct lead *lead;   /* innermost item around it, or NULL */
};

/* One for each block of SECTION itself, from section->first to
 * section->own_end, in ARENA. */
const struct surroundings *surroundings_of(struct arena *arena,
					   const struct document *doc,
					   const struct section *section);

/* True when BLOCK is a paragraph of bold words and nothing else. */
bool block_is_label(const struct block *block);

/* How many lists BLOCK stands in, one in the other. */
unsigned block_depth(const struct block *block);

#endif
