/* The steps of a procedure as the way through them: what is asked, what is
 * chosen, what follows. For pictures and outlines. */
#ifndef REPORT_FLOW_H
#define REPORT_FLOW_H

#include "graph/runbook.h"

enum flow_kind {
	FLOW_STEP,
	FLOW_CONDITION, /* one way: what is done when it holds */
	FLOW_CHOICE     /* as many ways as it has branches */
};

struct flow {
	enum flow_kind kind;
	const struct step *step;
	const struct condition *condition;
	const struct choice *choice;
	struct flow **ways; /* each the first of a list, or NULL: nothing */
	uint32_t n_ways;
	struct flow *next; /* in the same list */
};

/* The way through P, which has been understood, in ARENA. NULL when P has no
 * steps. */
struct flow *flow_of(struct arena *arena, const struct procedure *p);

/* What tells S from its neighbours: its title, or its command when the step
 * before it has the same title. */
struct text flow_title(const struct step *s);

/* What BRANCH, whose way is F, is called besides its steps: empty when it has
 * no words, or when those are the title of its only step. */
struct text flow_label(const struct branch *branch, const struct flow *f);

#endif
