/* Line patterns with two wildcards. */
#ifndef WANT_GLOB_H
#define WANT_GLOB_H

#include "base/text.h"
#include "want/budget.h"

/* True when PATTERN matches all of LINE: "*" any text, "?" one character,
 * "\" takes the next byte as it is. Brackets stand for themselves, as in cram:
 * output is full of "[INFO]", and whoever needs classes has (re). False, too,
 * when BUDGET is spent: ask it. */
bool line_glob_matches(struct text pattern, struct text line,
		       struct budget *budget);

#endif
