/* The real output of a run, taken into the document that it ran: as the
 * smallest patch, through the places of the parsed document. Where an output
 * fits what the document shows, nothing changes; where it does not, its lines
 * become those that came, except for lines that are patterns and hold.
 *
 * What a patch makes of a document is read again before anybody sees it: the
 * steps must be the same, and every output that was taken must now be met. */
#ifndef EDIT_ACCEPT_H
#define EDIT_ACCEPT_H

#include "edit/patch.h"
#include "edit/printed.h"

struct accept_options {
	const char *const *steps; /* only these, n of them; none: all */
	size_t n_steps;
	bool add; /* also where the document shows no output yet */
	bool all; /* also where the output fits already */
};

/* What became of one step. */
struct accept_note {
	const struct step *step;
	bool taken;         /* it is in the patch */
	bool fits;          /* the document shows it already */
	const char *reason; /* neither: why it was left, or NULL */
};

struct accept {
	struct runbook *rb;
	const struct accept_options *options;
	struct patch patch;        /* in the document's arena */
	struct accept_note *notes; /* in the order of the steps */
	uint32_t n_notes;
	uint32_t n_taken, n_left;
};

/* Work out what PRINTED changes in RB, made with RULES, whose procedures of
 * that run are understood and whose bytes are those that were run. What is
 * filled into A lives as long as the document. False with a message: a patch
 * that would make something else of the document. */
bool accept_make(struct accept *a, struct runbook *rb,
		 const struct effect_rules *rules,
		 const struct printed_list *printed,
		 const struct accept_options *options, struct buf *reterr);

#endif
