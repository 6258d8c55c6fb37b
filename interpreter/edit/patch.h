/* Changes to the bytes of one document, each at a place of its own. All that
 * lies between them stays as it is, byte for byte. */
#ifndef EDIT_PATCH_H
#define EDIT_PATCH_H

#include "base/arena.h"
#include "base/buf.h"

struct edit {
	uint32_t start, end; /* these bytes … */
	struct text text;    /* … become this */
	uint32_t made;       /* how many calls were before */
};

struct patch {
	struct arena *arena; /* borrowed; holds edits and their texts */
	struct text bytes;   /* of the document; borrowed */
	struct edit *edits;  /* by place, none overlaps another */
	uint32_t n_edits;
	uint32_t made; /* calls of patch_replace so far */
};

void patch_init(struct patch *p, struct arena *arena, struct text bytes);

/* Bytes [START, END) become TEXT, which is copied. What is inserted at one
 * place comes in the order of the calls. False, and nothing done, when it
 * overlaps another edit. */
bool patch_replace(struct patch *p, uint32_t start, uint32_t end,
		   struct text text);

/* Forget the edits that were made while p->made went from FROM to END. */
void patch_undo(struct patch *p, uint32_t from, uint32_t end);

/* Append the document as it will be. */
void patch_apply(const struct patch *p, struct buf *b);

#endif
