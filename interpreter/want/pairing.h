/* One run of line patterns over the lines of an output. */
#ifndef WANT_PAIRING_H
#define WANT_PAIRING_H

#include "want/lines.h"

struct pairing {
	const struct want_lines *want;
	struct text *got; /* lines of the output, in the arena */
	uint32_t n_got;
	bool ended;           /* the last line has its newline */
	struct shape *shapes; /* of got; made when first needed */
	bool *shaped;
	struct budget *budget;
	struct buf reason; /* why a pattern could not be judged */
	bool broken;
	struct arena arena;
};

/* Where a walk ended without a way: the line that fitted nowhere (n_got: there
 * was none left), and the furthest node that could have come (n_nodes: none).
 */
struct pairing_end {
	uint32_t line, node;
};

void pairing_init(struct pairing *pair, const struct want_lines *want,
		  struct text output, struct budget *budget);
void pairing_release(struct pairing *pair);

/* True when NODE takes LINE; false, too, when the walk is broken. */
bool pairing_takes(struct pairing *pair, uint32_t node, uint32_t line);

/* True when the nodes take all lines. Else *RET is set, unless it is broken. */
bool pairing_run(struct pairing *pair, struct pairing_end *ret);

enum move {
	MOVE_TAKE,  /* a node takes a line */
	MOVE_AGAIN, /* so does one that stays */
	MOVE_LEAVE, /* an optional node is left out: nothing to show */
	MOVE_EXTRA, /* a line that no node takes */
	MOVE_MISS   /* a node that gets no line */
};

/* The cheapest way through nodes and lines, without those left out. */
struct moves {
	struct move_at {
		enum move move;
		uint32_t node, line;
	} * items; /* in the arena */
	uint32_t n;
};

/* All moves, or false when there are too many cells (LIMIT_DIFF_CELLS) or no
 * time is left. */
bool pairing_moves(struct pairing *pair, struct moves *m);

/* Append the difference as lines that begin with "-" (expected, missing), "+"
 * (came, not expected) or " " (as expected), without what is far from any
 * difference. END is where the walk ended: shown alone when both sides are too
 * long to compare (LIMIT_DIFF_CELLS) or the time is over. */
void pairing_diff(struct pairing *pair, struct pairing_end end, struct buf *b);

#endif
