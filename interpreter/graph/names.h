/* A set of names that is asked often: the variables that a procedure sets. */
#ifndef GRAPH_NAMES_H
#define GRAPH_NAMES_H

#include "base/arena.h"

/* Zeroed is empty. */
struct names {
	struct text *slots; /* open addressing; a power of two */
	uint32_t n_slots, n;
};

/* NAME is borrowed; an empty one is left out. */
void names_add(struct arena *arena, struct names *set, struct text name);
bool names_has(const struct names *set, struct text name);

#endif
