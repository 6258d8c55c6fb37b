/* Which rules fit a command, and which of them count. */
#ifndef EFFECT_VERDICT_H
#define EFFECT_VERDICT_H

#include "effect/match.h"
#include "effect/table.h"

/* A rule that fits, with the reading of the words that it fits. */
struct fitting {
	const struct effect_rule *rule;
	const struct args *args;
	struct fit fit;
	struct span said; /* of a row that was added */
	enum {
		FROM_TABLE,
		FROM_OPERATOR,
		FROM_DOCUMENT
	} from;
};

struct verdict {
	struct arena *arena;
	struct fitting *fits;
	uint32_t n_fits;
};

/* What all that is KNOWN of a program says of ARGS (borrowed). */
struct verdict verdict_of(struct arena *arena, const struct known *known,
			  const struct args *args);

/* The rule of the highest level, or NULL; TRUSTED: of those that do not come
 * from a document. */
const struct fitting *verdict_best(const struct verdict *v, bool trusted);

/* True when F's rule wants more than words of a verb. */
bool fitting_has_if(const struct fitting *f);

#endif
