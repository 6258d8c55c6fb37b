/* The shape of a line of example output: what must stay and what may change.
 * Example and output are cut into tokens by the same rules and compared one
 * by one, so that matching is linear and its result can be explained. */
#ifndef WANT_SHAPE_H
#define WANT_SHAPE_H

#include "base/arena.h"
#include "want/budget.h"
#include "want/scan.h"

struct shape_token {
	enum shape_class is;
	struct text text; /* borrowed from the line */
};

struct shape {
	struct shape_token *tokens; /* in the arena */
	uint32_t n;
};

/* The shape of LINE, whose bytes must outlive it; blanks at its ends do not
 * count. As EXAMPLE, "…", "...", "***" and "<word>" stand for any text, and
 * what tells good from bad stays: a zero beside a word of failure, an HTTP
 * status, an exit status. */
void shape_init(struct shape *s, struct arena *arena, struct text line,
		bool example);

/* True when GOT has the shape of WANT. False, too, when BUDGET is spent. */
bool shape_matches(const struct shape *want, const struct shape *got,
		   struct budget *budget);

/* True when two examples accept the same lines. */
bool shape_same(const struct shape *a, const struct shape *b);

/* True when some of it may change. */
bool shape_varies(const struct shape *s);

/* True when a part of S stands for any text: "…", "<id>", "***". */
bool shape_is_open(const struct shape *s);

/* Append "skriptoteket_files <number>". */
void shape_describe(const struct shape *s, struct buf *b);

#endif
