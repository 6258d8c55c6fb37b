/* Whether a rule fits a command. */
#ifndef EFFECT_MATCH_H
#define EFFECT_MATCH_H

#include "effect/args.h"
#include "effect/class.h"

struct fit {
	uint32_t n_verb; /* operands that are words of the verb */
	bool open;       /* the last of them is any word: "create *" */
	uint32_t last;   /* index into v of the last word that decides */
};

/* True when RULE fits A: its verb is there and its conditions hold. What is
 * not known never makes a condition true. */
bool rule_fits(const struct effect_rule *rule, const struct args *a,
	       struct fit *ret);

/* OPERAND of ARGS, as patterns see it. */
struct subject subject_of(const struct args *args, uint32_t operand);

/* verb.c: RULE's verb may be meant by A's first operand; most rules of a large
 * program are ruled out by that. */
bool verb_may_fit(const struct effect_rule *rule, const struct args *a);

/* verb.c: A's operands begin with one of the paths of VERB (NULL: none is
 * needed); the longest counts, and of those one that names its last word. */
bool verb_fits(const char *verb, const struct args *a, struct fit *ret);

/* The class or pattern PATTERN ("@device", "pod/" "*") has S. */
bool pattern_has(struct text pattern, const struct subject *s, bool nocase);

/* True when RULE would fit if the options were there that it asks for, and
 * those were not that it rules out. */
bool rule_could_fit(const struct effect_rule *rule, const struct args *a);

/* USE, an option of A, is one that RULE asks for, value and all. */
bool rule_means(const struct effect_rule *rule, const struct args *a,
		const struct option_use *use);

/* A condition of RULE that must hold speaks of the option NAME. */
bool rule_asks_for(const struct effect_rule *rule, struct text name);

/* RULE runs a command, rather than only having its words expanded again. */
bool rule_wraps(const struct effect_rule *rule);

/* The most words that any rule's verb takes of A's operands; 0 when the
 * operands do not begin with a verb of the program. */
uint32_t verb_words(const struct args *a);

/* True when some verb of the program has more words than N, and A's first N
 * operands are its beginning: what comes next decides. */
bool verb_goes_on(const struct args *a, uint32_t n);

/* What is wrong with the argument of a condition, as a phrase, or NULL.
 * PROGRAM is the one that the rule belongs to. */
const char *condition_check(const struct effect_program *program,
			    const struct effect_condition *condition);

#endif
