/* {1..10}, {01..9..2}, {a..f}: the sequences of brace expansion. */
#ifndef SHELL_SEQUENCE_H
#define SHELL_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct sequence {
	int64_t from, step;
	uint64_t n;     /* how many there are; at least one */
	unsigned width; /* zeros in front up to this; 0: none */
	bool letters;
};

/* What stands between the braces; false when that is no sequence. */
bool sequence_parse(struct text t, struct sequence *ret);

/* False for {a..C}, which runs through signs that bash then treats in ways of
 * their own. */
bool sequence_is_plain(const struct sequence *s);

/* Append number I. */
void sequence_add(const struct sequence *s, uint64_t i, struct buf *b);

#endif
