/* Which shell on the way of a step expands what: "$(date)" in ssh "…" is
 * expanded here, "\$(date)" there. */
#ifndef GRAPH_EXPANSION_H
#define GRAPH_EXPANSION_H

#include "graph/step.h"

struct expansion {
	const struct hop *hop; /* innermost around the shell; NULL: this
				* machine's */
	struct text text;      /* as that shell sees it: "$(date +%F)" */
	struct span where;     /* may lack a source */
};

/* The variables and substitutions in S, in the order of their shells, in
 * ARENA; none where S hands no text to another shell. */
const struct expansion *step_expansions(struct arena *arena,
					const struct step *s,
					const struct effect_rules *rules,
					uint32_t *ret_n);

#endif
