/* YAML as a tree with places, through libyaml's event API and within limits:
 * LIMIT_FRONT_MATTER_BYTES, LIMIT_YAML_DEPTH, no anchors, aliases, tags or
 * repeated keys. */
#ifndef DOC_YTREE_H
#define DOC_YTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "diag/diag.h"
#include "diag/map.h"

enum ykind {
	Y_SCALAR,
	Y_SEQUENCE,
	Y_MAPPING
};

struct ynode {
	enum ykind kind;
	struct span where;
	struct text text;     /* SCALAR: its value, NUL behind it */
	bool plain;           /* SCALAR: not quoted, not a block */
	struct ynode **items; /* SEQUENCE: items; MAPPING: values */
	struct ynode **keys;  /* MAPPING: as many as items */
	uint32_t n_items;
};

/* Parse one YAML document out of SOURCE, in ARENA. What is wrong is reported
 * at its place (RB12xx). Returns NULL when it is empty, malformed or past a
 * limit. What is only beyond our YAML leaves a tree: anchors and tags are
 * dropped, an alias is a null, of a repeated key the first one counts. */
struct ynode *ytree_parse(struct arena *arena, struct excerpt source,
			  struct diag_sink *sink);

/* Value of KEY in a mapping; NULL when absent or NODE is no mapping. */
const struct ynode *ytree_get(const struct ynode *node, const char *key);

/* True for NODE NULL, "~", "null" and nothing at all, unless in quotes. */
bool ytree_is_null(const struct ynode *node);

/* Typed readings of a plain or quoted scalar; false on anything else. YAML
 * 1.1's on/off/yes/no count as booleans only when plain. */
bool ytree_bool(const struct ynode *node, bool *ret);
bool ytree_int(const struct ynode *node, int64_t *ret);

/* "30s", "5m", "1h30m", "250ms", or a bare number of seconds, in
 * milliseconds; false on anything else or more than 30 days. */
bool ytree_duration_ms(const struct ynode *node, int64_t *ret);

#endif
