/* What a step must print, as the document has it: declared in an annotation or
 * inferred. Whether it did is for want/want.h. */
#ifndef GRAPH_WANT_H
#define GRAPH_WANT_H

#include "base/arena.h"
#include "diag/diag.h"
#include "diag/map.h"
#include "doc/ytree.h"

enum want_kind {
#define WANT_KIND(symbol, name, help) WANT_##symbol,
#include "graph/want_kinds.def"
#undef WANT_KIND
	WANT_KIND_COUNT
};

enum want_stream {
	WANT_STDOUT,
	WANT_STDERR,
	WANT_BOTH /* stdout, then stderr: how they interleave is not known */
};

struct want_matcher; /* want/matcher.h; opaque here */

struct want {
	enum want_kind kind;
	enum want_stream stream;
	struct text text;         /* as the document has it */
	struct span where;        /* its place */
	const struct map *map;    /* of text; NULL: only `where` is known */
	bool inferred;            /* unmet is a warning, not a failure */
	bool of_all;              /* perhaps of all steps shown together */
	int64_t within_ms;        /* repeat the step until met; 0: once */
	const char *rule;         /* that made it; NULL: an annotation … */
	const struct ynode *node; /* … which says it here */
	struct want_matcher *matcher; /* compiled; NULL until want_compile */
};

/* All wants of an `expect:` value (or `until:`) in ARENA; mistakes are
 * reported. NODE is a text (contains), a mapping, or a list of such, of which
 * all must be met. A mapping has kinds as keys, and besides them
 *   stream: stdout | stderr | both   where its kinds look
 *   within: 30s                      repeat the step until they are met
 *   stderr: VALUE                    again a text or mapping, on stderr
 *   exit: [0, 3]                     see want_exit
 * Under `lines`, `exact` and `example` a list holds lines, under `json` any
 * node is the value, elsewhere a list holds several wants. */
struct want **want_read(struct arena *arena, const struct ynode *node,
			uint32_t *ret_n, struct diag_sink *sink);

/* The value of `exit` in an `expect:` value, or NULL: what the step's own key
 * KEY_EXIT says, for whoever decides on its status. */
const struct ynode *want_exit(const struct ynode *node);

/* An inferred want: KIND with TEXT at WHERE, by RULE. Its map, where there is
 * one, lets a failure point at the line. */
struct want *want_inferred(struct arena *arena, enum want_kind kind,
			   struct excerpt text, struct span where,
			   const char *rule);

/* False for a text that is too long to be compared (LIMIT_MATCH_BYTES,
 * LIMIT_WANT_LINES). */
bool want_fits(struct text text);

/* An output as the document shows it, by RULE: an example, of which the shape
 * counts. Where its author marked lines with (re), (glob), (esc) or (no-eol),
 * it is declared, line by line. */
struct want *want_shown(struct arena *arena, struct excerpt text,
			struct span where, const char *rule);

const char *want_kind_name(enum want_kind kind);
const char *want_kind_help(enum want_kind kind);

#endif
