/* The mapping `effects`, in front matter and .runbook.yaml: words that begin a
 * command, and the level of what it does.
 *
 *   effects:
 *     deployctl status: reads
 *     deployctl release *: disrupts
 */
#ifndef DOC_EFFECT_ROWS_H
#define DOC_EFFECT_ROWS_H

#include "doc/ytree.h"
#include "effect/judge.h"

/* The rules of BASE and those of EFFECTS (NULL: none), which came from ORIGIN.
 * ARENA holds them, and outlives the source of EFFECTS only where findings are
 * no longer looked at. What cannot be used is reported at its place and left
 * out. */
const struct effect_rules *effect_rows_over(struct arena *arena,
					    const struct effect_rules *base,
					    const struct ynode *effects,
					    enum effect_origin origin,
					    struct diag_sink *sink);

#endif
