/* What an author should mend in a document, found without executing anything,
 * connecting anywhere or writing a file.
 *
 * Rules stand in lint/rules.def. What reading the document, its shell texts
 * and its annotations reports counts as well. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "graph/runbook.h"

struct lint_options {
	int64_t today;       /* days since 1970-01-01, for what is stale */
	bool no_suppression; /* comments that switch rules off do not count */
};

/* What suppression comments did. */
struct lint_result {
	uint32_t n_suppressed;
};

/* Run all rules over RB, which runbook_build has made with SINK; reports to
 * SINK, takes out of it what comments of the document suppress, sorts it. */
struct lint_result lint_runbook(const struct runbook *rb,
				const struct lint_options *options,
				struct diag_sink *sink);

/* True for codes that lint can report: all but those of a run. */
bool lint_has_code(enum diag_code code);

/* False for errors of the document itself and for hidden characters: no
 * comment switches them off. */
bool lint_is_suppressible(enum diag_code code);

#endif
