/* Judging commands in tests. */
#ifndef LIB_JUDGE_H
#define LIB_JUDGE_H

#include "diag/source.h"
#include "effect/judge.h"

/* A command as if it were a whole document, so that spans are offsets of it. */
struct judged {
	struct arena arena;
	struct source *source;
	struct script *script;
	struct effect *effect;
	struct buf chain; /* of the worst finding */
};

/* Judge all of COMMAND at once, by RULES (NULL: the built-in ones). */
void judged_init(struct judged *j, const char *command,
		 const struct effect_rules *rules);
void judged_release(struct judged *j);

/* RULES that look at files which only tests have: a name that begins with
 * "full" is there; reads.sql, adds.sql, drops.sql, steps.sh can be read. It
 * lives in ARENA. */
struct effect_rules *rules_with_files(struct arena *arena,
				      const struct effect_rules *rules);

/* The level alone. */
enum effect_level level_of(const char *command);

/* The id of the rule of the worst finding, or "". */
const char *judged_rule(const struct judged *j);

#endif
