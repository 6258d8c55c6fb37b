/* What a step must print, and whether it did. Bounded in time and memory
 * whatever the pattern and the output are (limits.h).
 *
 * Life cycle: want_read or want_inferred make wants in the document's arena;
 * want_compile gives each a matcher, which want_close ends; in between,
 * want_check may be called as often as one likes. */
#ifndef WANT_WANT_H
#define WANT_WANT_H

#include "base/arena.h"
#include "base/clock.h"
#include "diag/diag.h"
#include "doc/ytree.h"

enum want_kind {
#define WANT_KIND(symbol, name, help) WANT_##symbol,
#include "want/kinds.def"
#undef WANT_KIND
	WANT_KIND_COUNT
};

enum want_stream {
	WANT_STDOUT,
	WANT_STDERR,
	WANT_BOTH /* stdout, then stderr: how they interleave is not known */
};

struct want_matcher; /* want/matcher.h */

struct want {
	enum want_kind kind;
	enum want_stream stream;
	struct text text;             /* as the document has it */
	struct span where;            /* its place */
	const struct map *map;        /* of text; NULL: only `where` is known */
	bool inferred;                /* unmet is a warning, not a failure */
	int64_t within_ms;            /* repeat the step until met; 0: once */
	const char *rule;             /* inferred: the rule that made it */
	struct want_matcher *matcher; /* compiled; NULL until want_compile */
};

/* What came out of a step: the tails that were kept, passed through
 * want_normalize. A tail that was cut begins where a line begins. */
struct want_input {
	struct text out, err;
	bool out_cut, err_cut; /* earlier bytes are gone */
};

/* Texts out of the output are raw bytes in `got` and `diff`, safe for a
 * terminal in `message`. */
struct want_result {
	bool met;
	bool broken;        /* cannot be judged (limit): not "unmet" */
	struct buf message; /* unmet or broken: lower case, no full stop */
	struct buf got;     /* what stood where the want looked */
	struct buf diff;    /* lines that begin "-", "+", " "; may be empty */
	enum want_stream stream; /* of `got`; BOTH when it is in neither */
	uint32_t line;     /* of `got` in its stream, from 1; 0: unknown */
	struct span where; /* the part of the want that was not met */
};

#define WANT_RESULT_INIT                                                       \
	{                                                                      \
		.message = BUF_INIT, .got = BUF_INIT, .diff = BUF_INIT         \
	}

void want_result_release(struct want_result *r);

/* Make the matcher of W. False when its pattern is malformed, reported at its
 * place. Matchers are heap objects: want_close ends them. */
bool want_compile(struct want *w, struct diag_sink *sink);
void want_close(struct want *w);

/* Append RAW as a terminal would leave it on paper: escape sequences (ECMA-48
 * and OSC) and bells gone, CR LF as LF, a line that was overwritten through CR
 * or backspaces in its last state. Doing it twice changes nothing. */
void want_normalize(struct text raw, struct buf *b);

/* Judge INPUT; CLOCK bounds the time (LIMIT_MATCH_MS). What RET held before is
 * released. */
void want_check(const struct want *w, const struct want_input *input,
		const struct clock *clock, struct want_result *ret);

/* Judge INPUT by all N wants of a step into RET, of N results. Past
 * LIMIT_MATCH_STEP_MS the rest is broken, unlooked at. True when all are met.
 */
bool want_check_all(struct want *const *wants, uint32_t n,
		    const struct want_input *input, const struct clock *clock,
		    struct want_result *ret);

/* What W accepts, for people. An example is shown as the pattern that it
 * became: "skriptoteket_files <number>". Compiled wants only. */
void want_describe(const struct want *w, struct buf *b);

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

/* An inferred want: KIND with TEXT at WHERE, by RULE. Set its `map` where one
 * is known, so that a failure points at the line. */
struct want *want_inferred(struct arena *arena, enum want_kind kind,
			   struct text text, struct span where,
			   const char *rule);

const char *want_kind_name(enum want_kind kind);
const char *want_kind_help(enum want_kind kind);

#endif
