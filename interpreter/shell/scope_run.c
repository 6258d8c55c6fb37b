/* What statements do to variables and functions. Whatever is not certain makes
 * a variable unknown; a subshell changes nothing. */
#include "shell/scope.h"
#include "shell/walk.h"

struct run {
	struct scope *scope;
	const struct script *s;
	bool doubt; /* in a branch or loop: whatever is assigned is unknown */
};

static void run_list(struct run *run, const struct list *list);

/* ---- side effects of expansions ----------------------------------------- */

static bool
is_name_byte(char c, bool first)
{
	return c == '_' || (first ? byte_is_alpha(c) : byte_is_alnum(c));
}

/* Every name in the arithmetic T may be assigned. */
static void
forget_names(struct scope *scope, struct text t)
{
	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len && is_name_byte(t.at[end], end == at))
			end++;
		if (end > at)
			scope_forget(scope, text_sub(t, at, end));
		at = end > at ? end : at + 1;
	}
}

/* ${x:=…} and $((x = …)); what runs in $( ) stays there. */
static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	struct scope *scope = ctx;

	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		return false;
	case PART_PARAM:
		if (text_is(part->op, "=") || text_is(part->op, ":="))
			scope_forget(scope, part->name);
		return true;
	case PART_ARITH:
		forget_names(scope, script_text(s, part->start, part->end));
		return true;
	default:
		return true;
	}
}

static void
run_expansions(struct run *run, const struct node *node)
{
	struct shell_visitor v = { .on_part = on_part, .ctx = run->scope };

	for (uint32_t i = 0; i < node->n_prefix; i++) {
		if (node->assignments[i]->value)
			shell_walk_word(run->s, node->assignments[i]->value,
					&v);
	}
	for (uint32_t i = 0; i < node->n_words; i++)
		shell_walk_word(run->s, node->words[i], &v);
	if (node->subject)
		shell_walk_word(run->s, node->subject, &v);
	for (uint32_t i = 0; i < node->n_redirects; i++) {
		const struct redirect *redirect = node->redirects[i];

		shell_walk_word(run->s, redirect->target, &v);
		if (redirect->fd_name.len)
			forget_names(run->scope, redirect->fd_name);
	}
}

/* ---- assignments -------------------------------------------------------- */

static struct value
assigned_value(struct run *run, const struct assignment *a)
{
	struct value empty = { .state = VALUE_EXACT, .one_field = true };

	return a->value ? word_value(scope_arena(run->scope), run->s, a->value,
				     run->scope)
			: empty;
}

static void
set_assigned(struct run *run, const struct assignment *a, bool plain,
	     struct value value)
{
	if (run->doubt || !plain || a->subscript || a->is_array || a->append)
		scope_forget(run->scope, a->name);
	else
		scope_set(run->scope, a->name, value);
}

static void
run_assignment(struct run *run, const struct assignment *a, bool plain)
{
	set_assigned(run, a, plain, assigned_value(run, a));
}

/* ---- commands that change variables ------------------------------------- */

/* A command's arguments; argv[0] is its name. */
struct call {
	const struct node *node;
	const struct value *argv;
	uint32_t argc;
};

/* True when VALUE is what it says, whenever the command runs: in a loop, a
 * constant may be another the second time. */
static bool
is_certain(const struct run *run, const struct value *value)
{
	return value->state == VALUE_EXACT &&
	       !(run->doubt && (value->traits & VALUE_FROM_CONSTANT));
}

/* Each argument may be the name of a variable that gets a value. */
static void
forget_arguments(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++) {
		if (!is_certain(run, &call->argv[i])) {
			scope_forget_all(run->scope);
			return;
		}
		forget_names(run->scope, call->argv[i].bytes.text);
	}
}

static void
run_read(struct run *run, const struct call *call)
{
	forget_arguments(run, call);
	scope_forget(run->scope, TEXT("REPLY"));
	scope_forget(run->scope, TEXT("MAPFILE"));
}

/* printf -v NAME and wait -p NAME. */
static void
run_printf(struct run *run, const struct call *call)
{
	if (call->argc > 1 && (call->argv[1].state != VALUE_EXACT ||
			       text_starts(call->argv[1].bytes.text, "-")))
		forget_arguments(run, call);
}

static void
run_source(struct run *run, const struct call *call)
{
	(void)call;
	scope_forget_all(run->scope);
}

static void
run_cd(struct run *run, const struct call *call)
{
	(void)call;
	scope_move(run->scope);
	scope_forget(run->scope, TEXT("PWD"));
	scope_forget(run->scope, TEXT("OLDPWD"));
}

/* A trap that runs between commands may change anything. */
static void
run_trap(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (text_eq_nocase(t, TEXT("DEBUG")) ||
		    text_eq_nocase(t, TEXT("ERR")) ||
		    text_eq_nocase(t, TEXT("RETURN")))
			scope_give_up(run->scope);
	}
}

static void
run_alias(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		scope_define(run->scope, text_sub(t, 0, text_chr(t, '=', 0)),
			     NULL, NULL);
	}
}

/* Options of declare that make a variable something else than what is
 * assigned: all but -x -g -r -p and their opposites. */
static bool
is_odd_option(struct text t)
{
	for (size_t i = 1; i < t.len; i++) {
		if (!strchr("xgrp", t.at[i]))
			return true;
	}
	return false;
}

static bool
is_option(struct text t)
{
	return t.len > 1 && (t.at[0] == '-' || t.at[0] == '+');
}

/* What the arguments of declare assign: all are expanded first. */
static struct value *
declared_values(struct run *run, const struct node *node)
{
	uint32_t n = node->n_assignments;
	struct value *values =
		arena_alloc(scope_arena(run->scope), (n + 1) * sizeof(*values));

	for (uint32_t i = node->n_prefix; i < n; i++)
		values[i] = assigned_value(run, node->assignments[i]);
	return values;
}

static void
run_declare(struct run *run, const struct call *call)
{
	const struct node *node = call->node;
	const struct value *values = declared_values(run, node);
	bool odd = false;

	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;
		struct text name = text_sub(t, 0, text_chr(t, '=', 0));

		if (call->argv[i].state == VALUE_UNKNOWN) {
			scope_give_up(run->scope);
		} else if (is_option(t)) {
			odd |= is_odd_option(t);
			if (text_chr(t, 'n', 0) < t.len)
				scope_give_up(run->scope);
		} else if (odd) {
			scope_distrust(run->scope, name);
		} else if (name.len < t.len) {
			scope_forget(run->scope, name);
		}
	}
	for (uint32_t i = node->n_prefix; i < node->n_assignments; i++)
		set_assigned(run, node->assignments[i], !odd, values[i]);
}

static const struct builtin {
	const char *name;
	void (*run)(struct run *run, const struct call *call);
} builtins[] = {
	{ "read", run_read },          { "mapfile", run_read },
	{ "readarray", run_read },     { "getopts", run_read },
	{ "unset", forget_arguments }, { "let", forget_arguments },
	{ "printf", run_printf },      { "wait", run_printf },
	{ "eval", run_source },        { "source", run_source },
	{ ".", run_source },           { "cd", run_cd },
	{ "pushd", run_cd },           { "popd", run_cd },
	{ "trap", run_trap },          { "alias", run_alias },
	{ "export", run_declare },     { "declare", run_declare },
	{ "typeset", run_declare },    { "local", run_declare },
	{ "readonly", run_declare },
};

/* "command" and "builtin" run the rest. */
static bool
is_peeled(struct text name)
{
	return text_is(name, "command") || text_is(name, "builtin");
}

static void
run_call(struct run *run, struct call call)
{
	struct text name;

	while (call.argc > 1 && call.argv[0].state == VALUE_EXACT &&
	       is_peeled(call.argv[0].bytes.text)) {
		call.argv++;
		call.argc--;
	}
	if (call.argc == 0)
		return;
	name = call.argv[0].bytes.text;
	if (!is_certain(run, &call.argv[0]) ||
	    scope_shadows(run->scope, name) || text_starts(name, "-")) {
		scope_forget_all(run->scope);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		if (text_is(name, builtins[i].name))
			builtins[i].run(run, &call);
	}
}

static void
run_simple(struct run *run, const struct node *node)
{
	struct call call = { .node = node };

	run_expansions(run, node);
	call.argv = words_expand(scope_arena(run->scope), run->s, node->words,
				 node->n_words, run->scope, &call.argc);
	if (call.argc > 0) {
		run_call(run, call);
		return;
	}
	for (uint32_t i = 0; i < node->n_prefix; i++)
		run_assignment(run, node->assignments[i], node->n_words == 0);
}

/* ---- compound commands -------------------------------------------------- */

static void run_node(struct run *run, const struct node *node);

static void
run_list(struct run *run, const struct list *list)
{
	for (uint32_t i = 0; list && i < list->n_items; i++) {
		if (!list->items[i]->background)
			run_node(run, list->items[i]->node);
	}
}

/* What may be run, or not, or more than once. */
static void
run_maybe(struct run *run, const struct list *list)
{
	struct run inner = { run->scope, run->s, true };

	run_list(&inner, list);
}

static void
run_items(struct run *run, const struct node *node)
{
	struct run inner = { run->scope, run->s, true };

	if (node->kind == NODE_PIPELINE && node->n_items > 1)
		return; /* each runs in a subshell */
	for (uint32_t i = 0; i < node->n_items; i++)
		run_node(i ? &inner : run, node->items[i]);
}

static void
run_function(struct run *run, const struct node *node)
{
	scope_define(run->scope, node->name, run->doubt ? NULL : node->function,
		     run->s);
}

static void
run_case(struct run *run, const struct node *node)
{
	for (uint32_t i = 0; i < node->n_cases; i++)
		run_maybe(run, node->cases[i]->body);
}

/* A loop's body runs after itself, so that it is forgotten before its
 * condition is looked at. */
static void
run_loop(struct run *run, const struct node *node)
{
	if (node->name.len)
		scope_forget(run->scope, node->name);
	run_maybe(run, node->body);
	run_maybe(run, node->cond);
}

static void
run_compound(struct run *run, const struct node *node)
{
	run_expansions(run, node);
	switch (node->kind) {
	case NODE_GROUP:
		run_list(run, node->body);
		break;
	case NODE_IF:
		run_list(run, node->cond);
		run_maybe(run, node->body);
		run_maybe(run, node->other);
		break;
	case NODE_CASE:
		run_case(run, node);
		break;
	case NODE_ARITH:
	case NODE_FOR_ARITH:
		for (uint32_t i = 0; i < node->n_words; i++)
			forget_names(run->scope,
				     script_text(run->s, node->words[i]->start,
						 node->words[i]->end));
		run_maybe(run, node->body);
		break;
	case NODE_FOR:
	case NODE_SELECT:
	case NODE_WHILE:
	case NODE_UNTIL:
		run_loop(run, node);
		break;
	case NODE_COPROC:
		scope_forget(run->scope,
			     node->name.len ? node->name : TEXT("COPROC"));
		break;
	default: /* a subshell; a condition */
		break;
	}
}

static void
run_node(struct run *run, const struct node *node)
{
	if (node->has_error) {
		scope_give_up(run->scope);
		return;
	}
	switch (node->kind) {
	case NODE_SIMPLE:
		run_simple(run, node);
		break;
	case NODE_PIPELINE:
	case NODE_ANDOR:
		run_items(run, node);
		break;
	case NODE_FUNCTION:
		run_function(run, node);
		break;
	default:
		run_compound(run, node);
		break;
	}
}

void
scope_run(struct scope *scope, const struct script *s,
	  const struct statement *statement)
{
	struct run run = { scope, s, false };

	if (!statement->background)
		run_node(&run, statement->node);
}

void
scope_forget_list(struct scope *scope, const struct script *s,
		  const struct list *list)
{
	struct run run = { scope, s, true };

	run_list(&run, list);
}
