/* What each kind of want does. Internal to the layer: others use want.h. */
#ifndef WANT_MATCHER_H
#define WANT_MATCHER_H

#include "base/json.h"
#include "want/budget.h"
#include "want/lines.h"
#include "want/regex.h"
#include "want/view.h"

/* A want, compiled. Each kind sets what it needs; want_close frees all. */
struct want_matcher {
	struct arena arena;  /* texts, line patterns */
	struct text literal; /* what is looked for, normalised */
	struct rx *rx;
	struct jval *json;
	struct want_lines *lines; /* in the arena */
};

enum want_verdict {
	VERDICT_UNMET,
	VERDICT_MET,
	VERDICT_BROKEN
};

struct want_ops {
	/* Set what check needs in M; false when W is malformed, reported. */
	bool (*compile)(const struct want *w, struct want_matcher *m,
			struct diag_sink *sink);
	/* Judge V. Unless it is met, the message and what came go to RET. */
	enum want_verdict (*check)(const struct want *w,
				   const struct want_view *v, struct budget *b,
				   struct want_result *ret);
	/* The compiled pattern for people; NULL: the text itself. */
	void (*describe)(const struct want *w, struct buf *b);
	/* The whole output is judged, so that lost bytes make it unknown. */
	bool whole;
};

#define WANT_KIND(symbol, name, help)                                          \
	extern const struct want_ops want_ops_##symbol;
#include "graph/want_kinds.def"
#undef WANT_KIND

/* For check: set the message, FMT and then QUOTED (safe for terminals, cut,
 * left out when its `at` is NULL), and return the verdict. */
enum want_verdict want_unmet(struct want_result *ret, struct text quoted,
			     const char *fmt, ...) PRINTF_LIKE(3, 4);
enum want_verdict want_broken(struct want_result *ret, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

/* The verdicts that every kind shares. */
enum want_verdict want_too_slow(struct want_result *ret);
enum want_verdict want_cut_off(struct want_result *ret,
			       const struct want_view *v);

/* For kinds that are made of lines. */
enum want_verdict want_lines_check(const struct want *w,
				   const struct want_view *v, struct budget *b,
				   struct want_result *ret);
void want_lines_describe(const struct want *w, struct buf *b);

/* Make M->lines: ADD is called with each line of W's text, whose bytes are W's
 * own. False when ADD is, or past LIMIT_WANT_LINES patterns, reported. */
bool want_lines_each(const struct want *w, struct want_matcher *m,
		     struct diag_sink *sink,
		     bool (*add)(const struct want *w, struct want_lines *l,
				 struct text line, struct diag_sink *sink));

/* The place of [START, END) of W's text, as near as is known. */
struct span want_span(const struct want *w, size_t start, size_t end);

/* W's text without one newline at its end, which YAML's block texts have, and
 * normalised like the output that it is compared with. In M's arena. */
struct text want_text(const struct want *w, struct want_matcher *m);

#endif
