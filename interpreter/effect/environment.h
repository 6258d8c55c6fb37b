/* Variables by which programs run, load or read something else: LD_PRELOAD,
 * GIT_SSH_COMMAND, PS4, PATH. To add one: a row in environment.c and a line in
 * tests/unit/bypass.def. */
#ifndef EFFECT_ENVIRONMENT_H
#define EFFECT_ENVIRONMENT_H

#include "effect/walk.h"

struct setting {
	struct text name;
	struct excerpt value;    /* a NUL where not known */
	const struct word *word; /* the value as it is written, or NULL */
	bool used; /* it stands in front of a command, or with env */
};

/* NAME is such a variable, and decides even when nobody looks. */
bool is_decisive_setting(struct text name);

/* Judge that SETTING holds from here on. */
void walk_setting(struct walk *w, const struct place *place, struct spot spot,
		  const struct setting *setting);

/* Judge the assignments of the simple command NODE. */
void walk_environment(struct walk *w, const struct place *place,
		      const struct node *node);

/* C keeps an operand, "git config core.pager COMMAND", that another program
 * runs when somebody looks. */
void walk_kept_command(struct walk *w, const struct wrapped *c);

/* Judge ARG when it is "NAME=VALUE" of env or sudo. */
void walk_given_setting(struct walk *w, const struct place *place,
			const struct arg *arg);

#endif
