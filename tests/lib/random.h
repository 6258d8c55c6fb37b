/* Numbers and texts for property tests: the same ones at every run. */
#ifndef LIB_RANDOM_H
#define LIB_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The next number after *SEED (splitmix64). */
uint64_t random_next(uint64_t *seed);

/* One of 0 … LIMIT - 1. */
size_t random_below(uint64_t *seed, size_t limit);

/* Append LEAST to MOST characters of ALPHABET. */
void random_text(uint64_t *seed, struct buf *b, const char *alphabet,
		 size_t least, size_t most);

#endif
