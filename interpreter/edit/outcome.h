/* One want of a step, written into the document as its output is. One file per
 * place where outputs are said. */
#ifndef EDIT_OUTCOME_H
#define EDIT_OUTCOME_H

#include "edit/region.h"
#include "graph/runbook.h"

/* A want, and the lines that it is to have. */
struct outcome {
	struct arena *arena;
	const struct document *doc;
	const struct step *step;
	const struct want *want;
	const struct want_line *lines; /* by want_update */
	uint32_t n_lines;
};

/* Each adds its changes to P. False with the reason, a phrase, in RETERR; then
 * P may hold some of them and is of no use any more. */

/* A block of output, or what stands below a prompt: lines of a code block,
 * which is handed back so that its fences can grow. */
bool outcome_in_block(struct patch *p, const struct outcome *o,
		      const struct block **ret_block, struct buf *reterr);

/* "# Expected: 3". */
bool outcome_in_comment(struct patch *p, const struct outcome *o,
			struct buf *reterr);

/* `expect: {exact: …}`. */
bool outcome_in_annotation(struct patch *p, const struct outcome *o,
			   struct buf *reterr);

#endif
