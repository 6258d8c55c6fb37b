/* Whether a step printed what it must. Bounded in time and memory whatever the
 * pattern and the output are (limits.h).
 *
 * Life cycle: want_read or want_inferred make wants in the document's arena
 * (graph/want.h); want_compile gives each a matcher, which want_close ends; in
 * between, want_check may be called as often as one likes. */
#ifndef WANT_WANT_H
#define WANT_WANT_H

#include "base/clock.h"
#include "diag/diag.h"
#include "graph/runbook.h"

/* What came out of a step: the tails that were kept, passed through
 * want_normalize. A tail that was cut begins where a line begins. */
struct want_input {
	struct text out, err;
	bool out_cut, err_cut; /* earlier bytes are gone */
	/* Likewise of all steps that the document shows one output for, it
	 * included; NULL when it is the only one. */
	const struct want_input *all;
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

/* want_close for all wants of S. */
void want_close_step(const struct step *s);

/* Report every malformed pattern of P's steps: what they expect, wait for and
 * capture. False when there was one. P has been understood. */
bool want_verify(const struct procedure *p, struct diag_sink *sink);

/* Append RAW as a terminal would leave it on paper: escape sequences (ECMA-48
 * and OSC) and bells gone, CR LF as LF, a line that was overwritten through CR
 * or backspaces in its last state. Doing it twice changes nothing. */
void want_normalize(struct text raw, struct buf *b);

/* Judge INPUT; CLOCK bounds the time (LIMIT_MATCH_MS). What RET held before is
 * released.
 *
 * A want of an annotation looks at its stream. What the document merely shows
 * is what a reader saw on a terminal: it is met by stdout, or by that and
 * stderr, and behind a block of several commands by what all of them printed.
 */
void want_check(const struct want *w, const struct want_input *input,
		const struct clock *clock, struct want_result *ret);

/* Judge INPUT by all N wants of a step into RET, of N results. Past
 * LIMIT_MATCH_STEP_MS the rest is broken, unlooked at. True when all are met.
 */
bool want_check_all(struct want *const *wants, uint32_t n,
		    const struct want_input *input, const struct clock *clock,
		    struct want_result *ret);

/* One line of an output as the document is to have it. */
struct want_line {
	struct text text; /* without its newline */
	uint32_t old;     /* the line of the want that stays; UINT32_MAX: new */
};

/* The lines of W changed as little as may be so that OUTPUT, a stream passed
 * through want_normalize, meets it: patterns that hold stay ("(re)", "...",
 * "<id>"), everything else becomes what came. In ARENA. False when W's kind is
 * not made of lines, or W is malformed. */
bool want_update(const struct want *w, struct text output,
		 const struct clock *clock, struct arena *arena,
		 struct want_line **ret, uint32_t *ret_n);

/* "got 'drained 0 of 3 nodes' (line 2 of stdout)", nothing where R has no such
 * line. */
void want_describe_got(const struct want_result *r, struct buf *b);

/* What W accepts, for people. An example is shown as the pattern that it
 * became: "skriptoteket_files <number>". A want that cannot be compiled is
 * shown as it is written. */
void want_describe(struct want *w, struct buf *b);

#endif
