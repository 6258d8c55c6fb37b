/* Judging one output by one want, for the tests of want/. */
#ifndef LIB_WANTED_H
#define LIB_WANTED_H

#include "want/want.h"

/* A want with its document: TEXT is all of it, so that places can be seen. */
struct judge {
	struct arena arena;
	struct source *src;
	struct want *want;
	struct diag_sink sink;
	struct want_result result;
};

/* Compile a want of KIND with TEXT; false when it is malformed, reported to
 * the sink. judge_end ends it either way. */
bool judge_begin(struct judge *j, enum want_kind kind, const char *text);
void judge_end(struct judge *j);

/* Judge OUTPUT, which came on stdout. */
const struct want_result *judge_output(struct judge *j, struct text output);

/* All of it at once: 'm' met, 'u' unmet, 'b' broken, 'x' malformed. */
char judge(enum want_kind kind, const char *text, const char *output);

/* As judge, with the message in MESSAGE. */
char judge_message(enum want_kind kind, const char *text, const char *output,
		   struct buf *message);

/* A clock that moves on by STEP_NS each time it is read. */
struct fake_clock {
	struct clock clock;
	int64_t now_ns, step_ns;
};

void fake_clock_init(struct fake_clock *c, int64_t step_ns);

#endif
