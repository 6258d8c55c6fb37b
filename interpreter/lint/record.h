/* What linting one file came to, as bytes: for a cache, and for processes that
 * lint side by side. */
#ifndef LINT_RECORD_H
#define LINT_RECORD_H

#include "lint/lint.h"

/* One file, linted. */
struct lint_outcome {
	struct diag_sink sink; /* sorted; spans lead into the file's source */
	struct lint_result result;
	bool is_runbook; /* false: there is nothing to say about it */
};

void lint_outcome_release(struct lint_outcome *o);

/* Append O as one line of JSON without its newline. KEY is kept with it. */
void lint_record_write(const struct lint_outcome *o, const char *key,
		       struct buf *b);

/* Read what lint_record_write has made for SRC and KEY, as of the day TODAY.
 * False, with nothing in RET, when it is not that, or when a file that it
 * speaks of has come or gone since. RET's sink borrows SRC; release it. */
bool lint_record_read(struct text record, const struct source *src,
		      const char *key, int64_t today, struct lint_outcome *ret);

#endif
