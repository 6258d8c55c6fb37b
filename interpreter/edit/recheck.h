/* Reading a changed document again before it is written. */
#ifndef EDIT_RECHECK_H
#define EDIT_RECHECK_H

#include "edit/patch.h"
#include "effect/table.h"
#include "want/want.h"

/* An expectation that now is what came. */
struct taken {
	const char *id; /* of the step */
	uint32_t want;  /* which of its expectations */
	struct want_input input;
	uint32_t made, made_end; /* its edits in the patch */
	/* The block it stands in and how long its fences have to be, or NULL.
	 */
	const struct block *block;
	uint32_t fence;
	bool unmet; /* by recheck: not so in what was written */
};

enum recheck_verdict {
	RECHECK_OK,
	RECHECK_UNMET,  /* some of the expectations; they are marked */
	RECHECK_DIFFERS /* more than that is another, with a message */
};

/* Whether DOC with PATCH is the same runbook, step by step, in which each of
 * the N expectations TAKEN is met by its input, all others are as before, and
 * no credential has come in. */
enum recheck_verdict recheck(const struct document *doc,
			     const struct effect_rules *rules,
			     const struct patch *patch, struct taken *taken,
			     uint32_t n, struct buf *reterr);

#endif
