/* Comments that switch rules off (conventions of markdownlint):
 *
 *   <!-- runbook-disable RULE… -- reason -->   from its line on …
 *   <!-- runbook-enable RULE… -->              … to this line
 *   <!-- runbook-disable-line … -->            on its own line
 *   <!-- runbook-disable-next-line … -->       on the next, or the block there
 *   <!-- runbook-disable-file … -->            wherever it stands
 *   # runbook disable=RULE,RULE                in a script: the statement below
 *
 * A rule is a code or its alias, in any case; none means all. */
#ifndef LINT_SUPPRESS_H
#define LINT_SUPPRESS_H

#include "graph/runbook.h"

/* Take out of SINK what the comments of RB's document switch off, and report
 * names that no rule has and comments that did nothing. Returns how many were
 * taken out. */
uint32_t suppress(const struct runbook *rb, struct diag_sink *sink);

#endif
