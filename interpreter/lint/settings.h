/* What a project settles about rules (`lint:` of .runbook.yaml). */
#ifndef LINT_SETTINGS_H
#define LINT_SETTINGS_H

#include "diag/diag.h"

/* A rule's level. */
enum lint_setting {
	LINT_AS_IS, /* what schema/diagnostics/ says */
	LINT_OFF,
	LINT_ERROR,
	LINT_WARNING,
	LINT_INFO,
	LINT_HINT
};

/* Files in which a rule does not count. */
struct lint_exception {
	enum diag_code code;
	const char *pattern; /* base/pathglob.h */
};

/* All zero: everything is as it is. Strings are borrowed. */
struct lint_settings {
	enum lint_setting of[DIAG_CODE_COUNT];
	struct lint_exception *exceptions;
	uint32_t n_exceptions;
};

/* Give each item of SINK its level, and take out those that are off. PLACE is
 * the document's path from the folder of .runbook.yaml. */
void lint_settle(const struct lint_settings *settings, struct text place,
		 struct diag_sink *sink);

/* True for codes that nobody switches off, nor gives a lower level. */
bool lint_is_fixed(enum diag_code code);

#endif
