/* Changing a scope; for the code that runs statements over it. Private to
 * shell/; others use shell/word.h. */
#ifndef SHELL_SCOPE_H
#define SHELL_SCOPE_H

#include "shell/word.h"

/* NAME may have any value from here on. */
void scope_forget(struct scope *scope, struct text name);

/* Every variable may, and the folder be another. Functions stay. */
void scope_forget_all(struct scope *scope);

/* Every variable may, and the folder stays. */
void scope_forget_variables(struct scope *scope);

/* The last command of a pipe may run in this shell from here on: shopt -s
 * lastpipe. */
void scope_open_pipes(struct scope *scope);
bool scope_has_open_pipes(const struct scope *scope);

/* NAME has some value, and that is a number. */
void scope_set_number(struct scope *scope, struct text name);

/* True when whatever NAME holds is certainly a number, or this text and what it
 * ran never set it. */
bool scope_is_number(const struct scope *scope, struct text name);

/* NAME is never what is assigned to it: declare -u and the like. */
void scope_distrust(struct scope *scope, struct text name);

/* From here on nothing is known: declare -n. */
void scope_give_up(struct scope *scope);

/* True when NAME may have been given a value here. */
bool scope_is_set(const struct scope *scope, struct text name);

struct arena *scope_arena(const struct scope *scope);

/* NAME is never anything but what it is now: readonly. What is assigned to it
 * later is refused, which is not followed. */
void scope_fix(struct scope *scope, struct text name);

/* NAME is a function with BODY, or (BODY NULL) may be one or an alias. A
 * second definition makes the body unknown. */
void scope_define(struct scope *scope, struct text name,
		  const struct node *body, const struct script *script);

/* NAME is no function any more (unset -f), or maybe not. */
void scope_undefine(struct scope *scope, struct text name, bool certain);

/* Whatever is a function may be another, or none. */
void scope_doubt_functions(struct scope *scope);

/* Nothing is known, and any name may be that of a function. */
void scope_lose_names(struct scope *scope);

/* Processes that are started from here on have the variable NAME, or the
 * function. ALL: whatever is set from here on (set -a). */
void scope_export(struct scope *scope, struct text name, bool function);
void scope_export_all(struct scope *scope);

/* scope_is_armed holds from here on. */
void scope_arm(struct scope *scope);

#endif
