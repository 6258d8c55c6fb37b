/* What the steps of a run printed, as its journal kept it: masked. */
#ifndef EDIT_PRINTED_H
#define EDIT_PRINTED_H

#include "graph/runbook.h"
#include "run/progress.h"
#include "want/want.h"

enum printed_state {
	PRINTED_NOT,      /* the step was not run, or not to its end */
	PRINTED_FAILED,   /* it ended with a status that it should not have */
	PRINTED_UNKEPT,   /* its output was not kept: `sensitive` */
	PRINTED_TOO_LONG, /* more than LIMIT_MATCH_BYTES */
	PRINTED_OK
};

/* The last attempt of one step. */
struct printed {
	const struct step *step;
	enum printed_state state;
	struct text out, err; /* OK: passed through want_normalize */
};

struct printed_list {
	struct printed *items; /* in the order in which they ran */
	uint32_t n_items;
};

/* All steps of the procedure that the run P, whose folder is FOLDER, ran, and
 * before them those of what it needs, in the arena of RB's document. False
 * with a message when a file cannot be read. */
bool printed_read(struct printed_list *ret, const struct runbook *rb,
		  const struct progress *p, const char *folder,
		  struct buf *reterr);

/* What S printed after all those that the document shows one output with, into
 * RET, in ARENA; false when it was the only one. */
bool printed_together(const struct printed_list *list, const struct step *s,
		      struct arena *arena, struct want_input *ret);

#endif
