/* How much a command does to the world. */
#ifndef EFFECT_LEVEL_H
#define EFFECT_LEVEL_H

#include <stdbool.h>

#include "base/text.h"

/* In the order in which the level of a step is the highest of its findings:
 * what could not be established counts below what is known to disrupt. */
enum effect_level {
	EFFECT_READS,    /* leaves nothing but output */
	EFFECT_CHANGES,  /* adds or modifies within bounds */
	EFFECT_UNKNOWN,  /* could not be established */
	EFFECT_DISRUPTS, /* something stops or becomes another version */
	EFFECT_DESTROYS  /* content is gone unless a backup exists */
};

enum {
	EFFECT_LEVELS = EFFECT_DESTROYS + 1
};

/* How a step must be run; the strongest of its commands counts. */
enum effect_io {
	EFFECT_IO_BATCH,
	EFFECT_IO_FOLLOW,     /* never ends by itself */
	EFFECT_IO_INTERACTIVE /* wants a person at a terminal */
};

const char *effect_io_name(enum effect_io io);          /* "batch" */
const char *effect_level_name(enum effect_level level); /* "reads" */
bool effect_level_parse(struct text t, enum effect_level *ret);

/* True for the levels before which a run stops and asks. */
bool effect_level_stops(enum effect_level level);

/* Tags: the closed list of the design, one bit each. */
enum effect_tag {
#define EFFECT_TAG(bit, name, symbol) EFFECT_TAG_##symbol = 1 << (bit),
#include "effect/tags.def"
#undef EFFECT_TAG
};

/* "privileged" … by bit number, NULL past the last. */
const char *effect_tag_name(unsigned bit);

#endif
