/* What an author should mend in a document, found without executing anything,
 * connecting anywhere or writing a file.
 *
 * Rules stand in lint/rules.def. What reading the document, its shell texts
 * and its annotations reports counts as well. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "graph/runbook.h"
#include "lint/settings.h"

struct lint_programs; /* lint/programs.h */

struct lint_options {
	int64_t today;       /* days since 1970-01-01, for what is stale */
	bool no_suppression; /* comments that switch rules off do not count */
	struct lint_programs *programs;       /* NULL: none is asked */
	const struct lint_settings *settings; /* NULL: everything as it is */
	struct text place; /* the document's path, for the settings */
};

/* A file that a link speaks of. */
struct lint_probe {
	char *path; /* owned */
	bool found;
};

/* What the findings depend on besides the document itself. */
struct lint_result {
	uint32_t n_suppressed;     /* findings that comments switched off */
	struct lint_probe *probes; /* owned */
	uint32_t n_probes;
	int64_t changes_on; /* the first day that may change them, as `today` */
};

void lint_result_release(struct lint_result *result);
void lint_result_probe(struct lint_result *result, struct text path,
		       bool found);

/* Run all rules over RB, which runbook_build has made with SINK; reports to
 * SINK, takes out of it what comments of the document suppress, sorts it. The
 * caller releases the result. */
struct lint_result lint_runbook(const struct runbook *rb,
				const struct lint_options *options,
				struct diag_sink *sink);

/* True for codes that lint can report: all but those of a run. */
bool lint_has_code(enum diag_code code);

/* The family of rules that CODE belongs to; NULL: it is of reading. */
const char *lint_family_name(enum diag_code code);

#endif
