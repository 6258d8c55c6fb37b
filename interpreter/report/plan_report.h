/* Plans, for people and for machines. */
#ifndef REPORT_PLAN_REPORT_H
#define REPORT_PLAN_REPORT_H

#include "base/json.h"
#include "report/style.h"
#include "run/plan.h"

/* Every step in order: title, host, effect with its reason (VERBOSE: also when
 * it only reads), command, values, wants, and what would stop it. */
void plan_text(struct buf *b, struct plan *plan, const struct style *style,
	       bool verbose);

/* As schema/plan.schema.json describes it. The caller frees. */
struct jval *plan_json(struct plan *plan);

/* What stands before ITEM and what would allow it, one line each, behind
 * INDENT blanks. Nothing when it would simply run. */
void plan_stop_lines(struct buf *b, struct plan *plan, struct plan_item *item,
		     unsigned indent, const struct style *style);

/* The options that would allow ITEM without a terminal, as they are typed. */
void plan_option(struct buf *b, struct plan *plan, struct plan_item *item);

/* One of the options that give values and approvals: "--set", "NAME=…". */
struct plan_approval {
	const char *option;
	const char *value;
	const struct param *missing; /* whose value it is, or NULL */
};

/* The Ith of those for ITEM, from 0, in the arena of PLAN; false: there are no
 * more. */
bool plan_approval_at(struct plan *plan, struct plan_item *item, uint32_t i,
		      struct plan_approval *ret);

/* Those of them that give values and approvals. Each is appended once, however
 * many steps want it. */
void plan_approval(struct buf *b, struct plan *plan, struct plan_item *item);

/* "in /srv/app": the folder in which ITEM destroys, when that matters; or that
 * it is not known. Else nothing. */
void plan_say_folder(struct buf *b, const struct plan *plan,
		     const struct plan_item *item);

/* "Type 'app'", "Type 'web1', the name of the host; what '$x' is is not known":
 * the beginning of a sentence. */
void plan_say_word(struct buf *b, const struct plan *plan,
		   const struct plan_item *item);

#endif
