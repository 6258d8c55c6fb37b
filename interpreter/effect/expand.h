/* Text that bash expands although it is quoted, because it expands it a second
 * time: 'a[$(date)]' as a subscript, in arithmetic or as the name of a
 * variable; prompts; the value of a variable in $((x)). What nothing is known
 * of counts only where the text itself holds one that would do something
 * (scope_is_armed): everybody writes $((n + 1)). */
#ifndef EFFECT_EXPAND_H
#define EFFECT_EXPAND_H

#include "effect/walk.h"

/* Judge what expanding TEXT, as in double quotes, runs at PLACE. */
void walk_expanded(struct walk *w, const struct place *place,
		   struct excerpt text);

/* Judge what evaluating TEXT as arithmetic runs, and what the variables in it
 * hold. */
void walk_arithmetic(struct walk *w, const struct place *place,
		     struct excerpt text);

/* TEXT is given as the name of a variable, which (SETS) gets a value. */
void walk_name(struct walk *w, const struct place *place, struct excerpt text,
	       bool sets);

/* What PART of S is expanded once more. */
void walk_part_again(struct walk *w, const struct place *place,
		     const struct script *s, const struct part *part);

/* WORD is an expression of (( )) or for (( )). */
void walk_expression(struct walk *w, const struct place *place,
		     const struct word *word);

/* The words of [[ ]]. */
void walk_condition(struct walk *w, const struct place *place,
		    const struct node *node);

/* Subscripts of assignment A, and its value where that is evaluated. */
void walk_assigned(struct walk *w, const struct place *place,
		   const struct assignment *a);

/* A command of the shell whose words are expanded again, as its row says. */
void walk_again(struct walk *w, const struct wrapped *c);

#endif
