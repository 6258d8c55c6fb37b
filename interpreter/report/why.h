/* Why a step has its level, for people: at a stop, in a plan. */
#ifndef REPORT_WHY_H
#define REPORT_WHY_H

#include "report/style.h"
#include "run/plan.h"

/* The command of ITEM, or the path of its file, behind INDENT blanks, with the
 * words that decide underlined. */
void why_command(struct buf *b, const struct plan_item *item, unsigned indent,
		 const struct style *style);

/* What ITEM of PLAN would do, worst first, one line for each finding that
 * stops, or one for the worst; what the document says of it beside; and whether
 * a part could not be read. LABEL stands in front of the first, its level when
 * NULL. */
void why_lines(struct buf *b, const struct plan *plan,
	       const struct plan_item *item, unsigned indent, const char *label,
	       const struct style *style);

/* The worst that ITEM does, or nothing. */
void why_worst(struct buf *b, const struct plan *plan,
	       const struct plan_item *item);

/* What the document says of ITEM's level, where that is something else than was
 * found; what the level may come to with the values that are missing. Nothing
 * where there is nothing to say. */
void why_document(struct buf *b, const struct plan_item *item);
void why_reach(struct buf *b, const struct plan_item *item);

#endif
