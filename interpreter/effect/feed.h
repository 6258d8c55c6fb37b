/* What xargs and find put into the commands that they run: words behind them,
 * or in place of a mark such as "{}". They are known only where the text says
 * what xargs is fed. */
#ifndef EFFECT_FEED_H
#define EFFECT_FEED_H

#include "effect/walk.h"

struct feed {
	struct text mark; /* stands in the words; empty: none does */
	bool is_known;
	struct arg *words; /* is_known: in place of the mark, or behind */
	uint32_t n;
};

/* What C, a call of xargs, is fed. */
struct feed feed_of_xargs(struct walk *w, const struct wrapped *c);

/* What find puts in place of "{}". */
struct feed feed_of_find(void);

/* WORD of a feed as an argument behind NEAR. */
struct arg feed_behind(struct walk *w, const struct arg *near,
		       const struct arg *word);

/* An argument behind NEAR of which nothing is known. */
struct arg feed_unknown(struct walk *w, const struct arg *near);

/* V[0 … N), a copy with room, with FEED put in; how many there are then. */
struct arg *feed_fill(struct walk *w, const struct feed *feed,
		      const struct arg *v, uint32_t n, uint32_t *ret_n);

#endif
