/* What the operator gave for parameters: --set, --set-file, the environment,
 * answers, captures; and the defaults of the document, the weakest. */
#ifndef RUN_VALUES_H
#define RUN_VALUES_H

#include "graph/resolve.h"

enum value_origin {
	VALUE_OPTION,
	VALUE_ENVIRONMENT,
	VALUE_ANSWER,
	VALUE_CAPTURE
};

struct given {
	struct text name, value;
	enum value_origin origin;
};

struct values {
	struct arena *arena; /* borrowed; holds names and values */
	struct given *items;
	uint32_t n_items;
};

/* Set NAME; a later value replaces an earlier one. Both texts are copied. */
void values_set(struct values *v, struct text name, struct text value,
		enum value_origin origin);

/* Take RUNBOOK_PARAM_<NAME> of the environment for each parameter of P that
 * has no value yet: upper case, every other byte than letters and digits as
 * "_". One that is a variable is also taken under its own name: that is where
 * the document looks for it. */
void values_from_environment(struct values *v, const struct procedure *p);

/* A value_fn over struct values: what was given, else the default. */
struct text values_lookup(void *values, const struct param *p);

/* Check every given value against the parameters of the N procedures: a name
 * that none has (with the nearest), a value of the wrong type. False with one
 * message per mistake, a line each, in RETERR. */
bool values_check(const struct values *v, struct procedure *const *procedures,
		  uint32_t n, struct buf *reterr);

/* True when VALUE may be P's; else a message in RETERR (type, pattern, a "-"
 * at the beginning, control characters, LIMIT_VALUE_BYTES). */
bool param_check(const struct param *p, struct text value, struct buf *reterr);

#endif
