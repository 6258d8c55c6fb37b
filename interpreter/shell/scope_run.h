/* Going through statements for what they do to a scope. Private to shell/;
 * others use shell/word.h. */
#ifndef SHELL_SCOPE_RUN_H
#define SHELL_SCOPE_RUN_H

#include "shell/scope.h"

/* A function whose body is being gone through. */
struct active {
	const struct active *outer;
	const struct node *body;
};

struct run {
	struct scope *scope;
	const struct script *s;
	const struct scope_reader *reader; /* NULL: nobody */
	bool doubt;      /* in a branch or loop: whatever is set is unknown */
	bool ended_well; /* what it stands in goes on only if it does so */
	bool any_time;   /* a trap: it may be set again at any time */
	const struct active *active; /* NULL: no function */
	unsigned depth;              /* texts and functions that it stands in */
};

/* A command's arguments; argv[0] is its name. */
struct call {
	const struct node *node;
	const struct value *argv;
	uint32_t argc;
};

void run_list(struct run *run, const struct list *list);
void run_node(struct run *run, const struct node *node);

/* scope_call.c: what the command CALL does to the scope. */
void run_call(struct run *run, struct call call);

/* scope_call.c: NAME gets VALUE; PLAIN: exactly that one. */
void run_set(struct run *run, struct text name, bool plain, struct value value);

/* scope_call.c: any name in T may be assigned. */
void run_forget_names(struct run *run, struct text t);

/* scope_arith.c: T is evaluated as arithmetic. */
void run_arithmetic(struct run *run, struct text t);

/* scope_arith.c: the condition NODE, "[[ x -eq 7 ]]". */
void run_condition(struct run *run, const struct node *node);

/* scope_arith.c: the expressions of NODE, which is "((" or "for ((". */
void run_expressions(struct run *run, const struct node *node);

/* scope_arith.c: what A assigns is a number, whatever it is. */
bool run_assigns_number(const struct run *run, const struct assignment *a);

/* The value of assignment A. */
struct value run_assigned(struct run *run, const struct assignment *a);
void run_assignment(struct run *run, const struct assignment *a, bool plain,
		    struct value value);

#endif
