/* Commands that change variables and functions: read, declare, eval, trap, a
 * function that is called. */
#include "base/limits.h"
#include "shell/parse.h"
#include "shell/scope_run.h"
#include "shell/value.h"

/* ---- variables ---------------------------------------------------------- */

static void
forget(struct run *run, struct text name)
{
	if (run->any_time)
		scope_distrust(run->scope, name);
	else
		scope_forget(run->scope, name);
}

void
run_set(struct run *run, struct text name, bool plain, struct value value)
{
	if (run->any_time)
		scope_distrust(run->scope, name);
	else if (run->doubt || !plain)
		scope_set(run->scope, name,
			  (struct value){ .state = VALUE_UNKNOWN });
	else
		scope_set(run->scope, name, value);
}

/* Code that nobody knows has run. */
static void
run_unknown(struct run *run)
{
	if (run->any_time)
		scope_give_up(run->scope);
	else
		scope_forget_all(run->scope);
	scope_doubt_functions(run->scope);
}

static bool
is_name_byte(char c, bool first)
{
	return c == '_' || (first ? byte_is_alpha(c) : byte_is_alnum(c));
}

void
run_forget_names(struct run *run, struct text t)
{
	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len && is_name_byte(t.at[end], end == at))
			end++;
		if (end > at)
			forget(run, text_sub(t, at, end));
		at = end > at ? end : at + 1;
	}
}

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
			if (run->any_time)
				scope_give_up(run->scope);
			else
				scope_forget_all(run->scope);
			return;
		}
		run_forget_names(run, call->argv[i].bytes.text);
		if (text_chr(call->argv[i].bytes.text, '[', 0) <
		    call->argv[i].bytes.text.len)
			run_arithmetic(run, call->argv[i].bytes.text);
	}
}

static void
run_let(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++)
		run_arithmetic(run, call->argv[i].text.text);
}

static void
run_read(struct run *run, const struct call *call)
{
	forget_arguments(run, call);
	forget(run, TEXT("REPLY"));
	forget(run, TEXT("MAPFILE"));
}

/* printf -v NAME and wait -p NAME. */
static void
run_printf(struct run *run, const struct call *call)
{
	if (call->argc > 1 && (call->argv[1].state != VALUE_EXACT ||
			       text_starts(call->argv[1].bytes.text, "-")))
		forget_arguments(run, call);
}

/* ---- the folder --------------------------------------------------------- */

static void
forget_folder(struct run *run)
{
	if (run->any_time)
		scope_give_up(run->scope);
	scope_set_folder(run->scope, (struct value){ .state = VALUE_UNKNOWN });
}

/* The folder that cd is given, or NULL when that is not known. "-", nothing,
 * and what is looked for where CDPATH says are other folders than they look
 * like. */
static const struct value *
folder_of_cd(const struct run *run, const struct call *call)
{
	const struct value *to = &call->argv[call->argc - 1];
	struct text t = to->bytes.text;

	if (call->argc != 2 &&
	    !(call->argc == 3 && text_is(call->argv[1].bytes.text, "--")))
		return NULL;
	if (!is_certain(run, to) || t.len == 0 || t.at[0] == '-' ||
	    (t.at[0] == '~' && !(to->traits & VALUE_HAS_TILDE)) ||
	    scope_is_set(run->scope, TEXT("CDPATH")))
		return NULL;
	return to;
}

/* cd can fail, and whoever does not look stays where he was. */
static void
run_cd(struct run *run, const struct call *call)
{
	const struct value *to = folder_of_cd(run, call);

	forget(run, TEXT("PWD"));
	forget(run, TEXT("OLDPWD"));
	if (to && run->ended_well && !run->doubt)
		scope_enter(run->scope, to->bytes.text);
	else
		forget_folder(run);
}

static void
run_dirs(struct run *run, const struct call *call)
{
	run_cd(run, call);
	forget_folder(run);
}

/* ---- declarations ------------------------------------------------------- */

static bool
is_option(struct text t)
{
	return t.len > 1 && (t.at[0] == '-' || t.at[0] == '+');
}

struct declaring {
	bool odd;       /* all but -x -g -r -p: never what was assigned */
	bool fixed;     /* -r */
	bool exported;  /* -x */
	bool exporting; /* it is export */
	bool functions; /* -f */
};

static void
read_option(struct run *run, struct text t, struct declaring *d)
{
	for (size_t i = 1; i < t.len; i++) {
		switch (t.at[i]) {
		case 'n': /* of export: not any more */
			if (!d->exporting)
				scope_give_up(run->scope);
			break;
		case 'x':
			d->exported = true;
			break;
		case 'r':
			d->fixed = true;
			break;
		case 'f':
		case 'F':
			d->functions = true;
			break;
		case 'g':
		case 'p':
			break;
		default:
			d->odd = true;
			break;
		}
	}
}

/* One name among the arguments of declare. */
static void
declare(struct run *run, const struct declaring *d, struct text t)
{
	struct text name = text_sub(t, 0, text_chr(t, '=', 0));

	if (d->functions) {
		if (d->exported)
			scope_export(run->scope, name, true);
		return;
	}
	if (d->odd)
		scope_distrust(run->scope, name);
	else if (name.len < t.len)
		forget(run, name);
	if (d->odd && name.len < t.len)
		run_arithmetic(run, text_sub(t, name.len + 1, t.len));
	if (d->exported)
		scope_export(run->scope, name, false);
}

/* What the arguments of declare assign: all are expanded first. */
static struct value *
declared_values(struct run *run, const struct node *node)
{
	uint32_t n = node->n_assignments;
	struct value *values =
		arena_alloc(scope_arena(run->scope), (n + 1) * sizeof(*values));

	for (uint32_t i = node->n_prefix; i < n; i++)
		values[i] = run_assigned(run, node->assignments[i]);
	return values;
}

static void
run_declare(struct run *run, const struct call *call)
{
	const struct node *node = call->node;
	const struct value *values = declared_values(run, node);
	struct declaring d = { 0 };

	d.exporting = text_is(call->argv[0].bytes.text, "export");
	d.exported = d.exporting;
	d.fixed = text_is(call->argv[0].bytes.text, "readonly");
	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (call->argv[i].state == VALUE_UNKNOWN)
			scope_give_up(run->scope);
		else if (is_option(t))
			read_option(run, t, &d);
		else
			declare(run, &d, t);
	}
	for (uint32_t i = node->n_prefix; i < node->n_assignments; i++)
		run_assignment(run, node->assignments[i], !d.odd, values[i]);
	for (uint32_t i = 1; d.fixed && i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (!is_option(t))
			scope_fix(run->scope,
				  text_sub(t, 0, text_chr(t, '=', 0)));
	}
}

/* set -a: everything is exported from here on. */
static void
run_set_options(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (!is_option(t) && i > 1 &&
		    !text_starts(call->argv[i - 1].bytes.text, "-"))
			continue;
		if (call->argv[i].state != VALUE_EXACT ||
		    text_chr(t, 'a', 0) < t.len)
			scope_export_all(run->scope);
	}
}

static void
run_shopt(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++)
		if (!is_certain(run, &call->argv[i]) ||
		    text_is(call->argv[i].bytes.text, "lastpipe"))
			scope_open_pipes(run->scope);
}

/* ---- functions and aliases ---------------------------------------------- */

static void
run_alias(struct run *run, const struct call *call)
{
	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (call->argv[i].state != VALUE_EXACT)
			scope_lose_names(run->scope);
		else
			scope_define(run->scope,
				     text_sub(t, 0, text_chr(t, '=', 0)), NULL,
				     NULL);
	}
}

/* unset NAME: a variable or, when there is none of that name, a function. */
static void
run_unset(struct run *run, const struct call *call)
{
	bool functions = false, variables = false;

	for (uint32_t i = 1; i < call->argc; i++) {
		struct text t = call->argv[i].bytes.text;

		if (!is_certain(run, &call->argv[i])) {
			scope_forget_all(run->scope);
			scope_doubt_functions(run->scope);
		} else if (is_option(t)) {
			functions = functions || text_chr(t, 'f', 0) < t.len;
			variables = variables || text_chr(t, 'v', 0) < t.len;
		} else {
			if (!functions)
				run_forget_names(run, t);
			if (!variables && scope_shadows(run->scope, t))
				scope_undefine(run->scope, t,
					       functions && !run->doubt);
		}
	}
}

/* ---- code --------------------------------------------------------------- */

/* TEXT runs in this shell; what is not known in it is a NUL. */
static void
run_text(const struct run *run, struct excerpt text, bool doubt, bool any_time)
{
	struct run inside = *run;

	inside.depth++;
	inside.doubt = run->doubt || doubt;
	inside.any_time = run->any_time || any_time;
	if (inside.depth > LIMIT_EFFECT_CALLS ||
	    !scope_spend(run->scope, text.text.len)) {
		scope_lose_names(run->scope);
		return;
	}
	inside.s = shell_parse(scope_arena(run->scope), text);
	run_list(&inside, inside.s->body);
}

static void
run_eval(struct run *run, const struct call *call)
{
	uint32_t first = 1;
	struct value all;

	if (call->argc > 1 && text_is(call->argv[1].bytes.text, "--"))
		first = 2;
	if (first >= call->argc)
		return;
	all = values_join(scope_arena(run->scope), call->argv + first,
			  call->argc - first);
	run_unknown(run);
	run_text(run, all.text, all.state != VALUE_EXACT, false);
}

static void
run_source(struct run *run, const struct call *call)
{
	enum scope_source found = SCOPE_SOURCE_UNREAD;
	struct excerpt text;
	uint32_t file = 1;

	if (call->argc > 1 && text_is(call->argv[1].bytes.text, "--"))
		file = 2;
	if (file >= call->argc)
		return;
	if (run->reader)
		found = run->reader->source(run->reader->ctx, run->s,
					    call->node, &call->argv[file],
					    run->scope, &text);
	run_unknown(run);
	if (found == SCOPE_SOURCE_TEXT)
		run_text(run, text, false, false);
	else if (found == SCOPE_SOURCE_LOST)
		scope_lose_names(run->scope);
}

static bool
is_exit(const struct value *v)
{
	return v->state == VALUE_EXACT &&
	       (text_is(v->bytes.text, "EXIT") || text_is(v->bytes.text, "0"));
}

/* A trap but the one at the end runs whenever it likes. */
static void
run_trap(struct run *run, const struct call *call)
{
	uint32_t first = 1;
	bool at_end = true;

	if (call->argc > 1 && text_is(call->argv[1].bytes.text, "--"))
		first = 2;
	for (uint32_t i = first + 1; i < call->argc; i++)
		at_end = at_end && is_exit(&call->argv[i]);
	if (first + 1 >= call->argc || at_end ||
	    text_is(call->argv[first].bytes.text, "-"))
		return;
	if (!is_certain(run, &call->argv[first]))
		scope_lose_names(run->scope);
	run_text(run, call->argv[first].text, true, true);
}

/* exec COMMAND: what comes afterwards is another shell. */
static void
run_exec(struct run *run, const struct call *call)
{
	if (call->argc > 1)
		run_unknown(run);
}

static bool
is_active(const struct run *run, const struct node *body)
{
	const struct active *active = run->active;

	while (active && active->body != body)
		active = active->outer;
	return active;
}

/* A function runs, or an alias of which nothing is known. One that calls
 * itself does nothing new, for all that it does is in doubt. */
static void
run_function(struct run *run, struct text name)
{
	struct run inside = *run;
	const struct node *body = scope_function(run->scope, name, &inside.s);
	struct active active = { run->active, body };

	if (body && is_active(run, body))
		return;
	inside.active = &active;
	inside.depth++;
	inside.doubt = true;
	if (!run->any_time)
		scope_forget_all(run->scope);
	if (!body)
		run_unknown(run);
	else if (inside.depth > LIMIT_EFFECT_CALLS ||
		 !scope_spend(run->scope, body->end - body->start + 64))
		scope_lose_names(run->scope);
	else
		run_node(&inside, body);
}

/* ---- the command -------------------------------------------------------- */

static const struct builtin {
	const char *name;
	void (*run)(struct run *run, const struct call *call);
} builtins[] = {
	{ "read", run_read },        { "mapfile", run_read },
	{ "readarray", run_read },   { "getopts", run_read },
	{ "unset", run_unset },      { "let", run_let },
	{ "printf", run_printf },    { "wait", run_printf },
	{ "eval", run_eval },        { "source", run_source },
	{ ".", run_source },         { "cd", run_cd },
	{ "pushd", run_dirs },       { "popd", run_dirs },
	{ "trap", run_trap },        { "alias", run_alias },
	{ "export", run_declare },   { "declare", run_declare },
	{ "typeset", run_declare },  { "local", run_declare },
	{ "readonly", run_declare }, { "set", run_set_options },
	{ "exec", run_exec },        { "shopt", run_shopt },
};

/* "command" and "builtin" run the rest, and no function. */
static bool
is_peeled(struct text name)
{
	return text_is(name, "command") || text_is(name, "builtin");
}

void
run_call(struct run *run, struct call call)
{
	struct run own = *run;
	struct text name;
	bool peeled = false;

	while (call.argc > 1 && call.argv[0].state == VALUE_EXACT &&
	       is_peeled(call.argv[0].bytes.text) &&
	       !scope_shadows(run->scope, call.argv[0].bytes.text)) {
		call.argv++;
		call.argc--;
		peeled = true;
	}
	if (call.argc == 0)
		return;
	name = call.argv[0].bytes.text;
	if (!is_certain(run, &call.argv[0]) || text_starts(name, "-")) {
		run_unknown(run);
		return;
	}
	if (!peeled && scope_shadows(run->scope, name)) {
		run_function(run, name);
		own.doubt = true; /* it may be the function that runs */
	}
	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		if (text_is(name, builtins[i].name))
			builtins[i].run(&own, &call);
	}
}
