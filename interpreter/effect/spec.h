/* Which options a program has, written as one string:
 *
 *   "+ -d,--detach -e,--env= --color? -exec; -c=!"
 *
 * Blanks separate options, commas the names of one. What follows the names:
 * "=" it takes a value, attached or as the next word; "?" only an attached
 * one; ";" all words up to ";" or "+" alone, as in find; ">" it takes a value,
 * which is a file that is written over. Then ">>" for an option with which such
 * files are only added to, and "!" for one behind which no more options come.
 * Markers stand in front:
 *
 *   +         options end at the first operand
 *   @single   "-word" is one option, never a bundle of letters
 *   @old      the first operand may be a bundle without its dash (tar xzf)
 *   @own      options hold in front of the verb only, not behind it
 *   @words    every name is an option (keywords of SQL) */
#ifndef EFFECT_SPEC_H
#define EFFECT_SPEC_H

#include "base/text.h"

enum spec_style {
	SPEC_STOPS = 1 << 0,
	SPEC_SINGLE = 1 << 1,
	SPEC_OLD = 1 << 2,
	SPEC_OWN = 1 << 3,
	SPEC_WORDS = 1 << 4
};

enum spec_value {
	SPEC_FLAG,
	SPEC_VALUE,    /* = */
	SPEC_ATTACHED, /* ? */
	SPEC_BLOCK     /* ; */
};

struct spec_option {
	struct text names; /* "-e,--env"; identifies the option */
	enum spec_value value;
	bool writes; /* > */
	bool adds;   /* >> */
	bool last;   /* ! */
};

/* The markers of SPEC, which may be NULL. */
unsigned spec_style(const char *spec);

/* The option called NAME, dashes included. */
bool spec_find(const char *spec, struct text name, struct spec_option *ret);

/* The only option with a long name that begins with NAME (getopt_long(3));
 * false also when there are two. */
bool spec_find_abbreviated(const char *spec, struct text name,
			   struct spec_option *ret);

/* True when NAME is one of the comma separated NAMES. */
bool spec_has_name(struct text names, struct text name);

/* What is wrong with SPEC, as a phrase, or NULL. */
const char *spec_check(const char *spec);

#endif
