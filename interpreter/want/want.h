/* What a step must print, and whether it did. Bounded in time and memory
 * whatever the pattern and the output are (limits.h). */
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
	WANT_BOTH
};

struct want {
	enum want_kind kind;
	enum want_stream stream;
	struct text text;             /* as the document has it */
	struct span where;            /* its place */
	bool inferred;                /* unmet is a warning, not a failure */
	int64_t within_ms;            /* repeat the step until met; 0: once */
	const char *rule;             /* inferred: the rule that made it */
	struct want_matcher *matcher; /* compiled; NULL until want_compile */
};

/* What came out of a step: the tails that were kept, ANSI sequences removed,
 * CR LF as LF. */
struct want_input {
	struct text out, err;
	bool out_cut, err_cut; /* earlier bytes are gone */
};

struct want_result {
	bool met;
	bool broken;        /* the pattern failed (limit): not "unmet" */
	struct buf message; /* unmet or broken: lower case, no full stop */
	struct buf got;     /* what stood where the want looked */
	struct buf diff;    /* "-want" and "+got" lines; may be empty */
};

#define WANT_RESULT_INIT                                                       \
	{                                                                      \
		false, false, BUF_INIT, BUF_INIT, BUF_INIT                     \
	}

void want_result_release(struct want_result *r);

/* Make the matcher of W. False when its pattern is malformed, reported at its
 * place. Matchers are heap objects: want_close ends them. */
bool want_compile(struct want *w, struct diag_sink *sink);
void want_close(struct want *w);

/* Judge INPUT; CLOCK bounds the time. */
void want_check(const struct want *w, const struct want_input *input,
		const struct clock *clock, struct want_result *ret);

/* The pattern that an example became, for people: "skriptoteket_files
 * <number>". */
void want_describe(const struct want *w, struct buf *b);

/* All wants of an `expect:` value (a text, or a mapping of kinds) in ARENA;
 * mistakes are reported. */
struct want **want_read(struct arena *arena, const struct ynode *node,
			uint32_t *ret_n, struct diag_sink *sink);

/* An inferred want: KIND with TEXT at WHERE, by RULE. */
struct want *want_inferred(struct arena *arena, enum want_kind kind,
			   struct text text, struct span where,
			   const char *rule);

const char *want_kind_name(enum want_kind kind);

#endif
