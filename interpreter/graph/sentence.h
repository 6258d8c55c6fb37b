/* English sentences of runbooks: what they make of the commands below them. */
#ifndef GRAPH_SENTENCE_H
#define GRAPH_SENTENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The first sentence of T, and what stands behind it in *REST. "e.g." and the
 * like end none. */
struct text sentence_first(struct text t, struct text *rest);

/* The last sentence of T; *BEFORE is what stands in front of it. */
struct text sentence_last(struct text t, struct text *before);

/* True when T begins with WORD in any case and no letter follows. */
bool begins_with_word(struct text t, const char *word);
bool ends_with_word(struct text t, const char *word);
/* True when T holds WORD as a whole word, in any case. */
bool has_word(struct text t, const char *word);
/* The same with any of WORDS, which end with NULL. */
bool begins_with_any(struct text t, const char *const *words);
bool has_any(struct text t, const char *const *words);

/* "If …", "When …", "Only if …", "Otherwise". */
bool sentence_is_conditional(struct text t);

/* The condition that the paragraph T puts on what it introduces: its last
 * sentence, the one before when that only leads over to the commands, or a
 * remark in parentheses; empty when there is none. */
struct text paragraph_condition(struct text t);

/* The same of a comment, of which nothing but "if needed" counts when it stands
 * within. */
bool title_is_conditional(struct text t);

/* "Only on the standby", "Skip this unless …", "Do this only if …": T, without
 * "Then" and a label in front, allows what is below it in one case alone. */
bool sentence_restricts(struct text t);

/* "Do not run this", "Never do that in production", "What not to do": T, as
 * above, forbids what is below it, or shows it as a mistake. */
bool sentence_forbids(struct text t);

/* True when the paragraph T forbids what it introduces: one of its sentences
 * does, and none behind it says what to do instead. */
bool paragraph_forbids(struct text t);

/* "If any node is down, continue with step 2": a condition on all that
 * follows. */
bool leads_to_more(struct text t);

/* "(if needed)", "(optional)", "(first-time setup only)" in T, with their
 * parentheses; empty when there is none. "(e.g., after config changes)" is a
 * hint, no condition. */
struct text condition_in_parentheses(struct text t);

/* "Or …", "Alternatively …": what follows takes the place of what was before.
 */
bool sentence_says_or(struct text t);

/* "Option A: …", "Method 2", "Alternative 1" in front of T; the whole first
 * line, or empty. */
struct text option_label(struct text t);

/* Which of its kind the option LABEL is: 2 for "Option B" and "Method two"; 0
 * when that is no place in a row. */
uint32_t option_number(struct text label);

/* What T says of the options above it. */
enum after_options {
	AFTER_NONE,
	AFTER_LAST, /* "Then …", "Finally, …": what comes next, be it within
		     * the last option or behind all of them */
	AFTER_ALL   /* "In both cases …": behind all of them */
};

enum after_options sentence_after_options(struct text t);

/* "Choose one of the following:" at the end of T. */
bool offers_choice(struct text t);

/* True when T tells the reader to do something: "Restart the pod", "Then add
 * a record", "2) Please wait". */
bool sentence_is_imperative(struct text t);

/* True when T is certainly no instruction, whatever its verbs: a question, a
 * definition ("Primary: the node that writes"), a statement ("It is down"). */
bool sentence_is_statement(struct text t);

#endif
