/* Labels that name a system or an environment: "macOS:", "# Production". */
#ifndef GRAPH_VARIANT_H
#define GRAPH_VARIANT_H

#include "base/text.h"

/* Variants of one family exclude each other. */
enum variant {
	VARIANT_NONE,
	VARIANT_SYSTEM,     /* operating systems and their package managers */
	VARIANT_ENVIRONMENT /* where it is deployed, or done */
};

/* What LABEL is a variant of, when it is that and hardly anything else. */
enum variant label_variant(struct text label);

/* True when LABEL says "local" or "remote". */
bool label_is_place(struct text label);

#endif
