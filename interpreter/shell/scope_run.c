/* What statements do to variables and functions. Whatever is not certain makes
 * a variable unknown; a subshell changes nothing. */
#include "shell/scope_run.h"

#include "shell/walk.h"

/* ---- side effects of expansions ----------------------------------------- */

/* ${x:=…}; a subscript and ${x:OFFSET} are arithmetic. */
static void
on_parameter(struct run *run, const struct script *s, const struct part *part)
{
	if (text_is(part->op, "=") || text_is(part->op, ":="))
		run_forget_names(run, part->name);
	for (uint32_t i = 0; i < part->n_words; i++) {
		struct text t = script_text(s, part->words[i]->start,
					    part->words[i]->end);

		if (!text_is(t, "@") && !text_is(t, "*"))
			run_arithmetic(run, t);
	}
	if (text_is(part->op, ":") && part->n_parts && !part->prefix)
		run_arithmetic(run, script_text(s, part->parts[0]->start,
						part->inner_end));
}

/* ${x:=…} and $((x = …)); what runs in $( ) stays there. */
static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	struct run *run = ctx;

	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		return false;
	case PART_PARAM:
		on_parameter(run, s, part);
		return true;
	case PART_ARITH:
		run_arithmetic(run,
			       script_text(s, part->inner, part->inner_end));
		return true;
	default:
		return true;
	}
}

static void
run_expansions(struct run *run, const struct node *node)
{
	struct shell_visitor v = { .on_part = on_part, .ctx = run };

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
			run_forget_names(run, redirect->fd_name);
	}
}

/* ---- assignments -------------------------------------------------------- */

struct value
run_assigned(struct run *run, const struct assignment *a)
{
	struct value empty = { .state = VALUE_EXACT, .one_field = true };

	return a->value ? word_value(scope_arena(run->scope), run->s, a->value,
				     run->scope)
			: empty;
}

void
run_assignment(struct run *run, const struct assignment *a, bool plain,
	       struct value value)
{
	bool number = run_assigns_number(run, a);
	bool counts = scope_is_number(run->scope, a->name) || !run->doubt;

	if (a->subscript)
		run_arithmetic(run, script_text(run->s, a->subscript->start,
						a->subscript->end));
	if (a->value && scope_is_odd(run->scope, a->name))
		run_arithmetic(run, value.text.text);
	run_set(run, a->name,
		plain && !a->subscript && !a->is_array && !a->append, value);
	if (plain && number && counts && !run->any_time)
		scope_set_number(run->scope, a->name);
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
		run_assignment(run, node->assignments[i], node->n_words == 0,
			       run_assigned(run, node->assignments[i]));
}

/* ---- compound commands -------------------------------------------------- */

/* No statement of a list but the last says whether it ended well. */
void
run_list(struct run *run, const struct list *list)
{
	struct run inner = *run;

	inner.ended_well = false;
	for (uint32_t i = 0; list && i < list->n_items; i++) {
		if (!list->items[i]->background)
			run_node(&inner, list->items[i]->node);
	}
}

/* What may be run, or not, or more than once. */
static void
run_maybe(struct run *run, const struct list *list)
{
	struct run inner = *run;

	inner.doubt = true;
	run_list(&inner, list);
}

/* Each command of a pipeline runs in a shell of its own, unless it is alone, or
 * it is the last one and lastpipe is set. */
static void
run_pipeline(struct run *run, const struct node *node)
{
	struct run inner = *run;

	if (node->n_items != 1) {
		inner.doubt = true;
		inner.ended_well = false;
		if (node->n_items && scope_has_open_pipes(run->scope))
			run_node(&inner, node->items[node->n_items - 1]);
		return;
	}
	inner.ended_well = run->ended_well && !node->negated;
	run_node(&inner, node->items[0]);
}

/* `exit` or `exit 1`: whoever goes on did not come by here. */
static bool
leaves_badly(const struct script *s, const struct node *node)
{
	struct text t;
	uint64_t status;

	if (node->kind != NODE_SIMPLE || node->n_words == 0 ||
	    node->n_words > 2 || node->n_prefix)
		return false;
	t = script_text(s, node->words[0]->start, node->words[0]->end);
	if (!text_is(t, "exit") && !text_is(t, "return"))
		return false;
	if (node->n_words == 1)
		return true;
	t = script_text(s, node->words[1]->start, node->words[1]->end);
	return text_to_uint(t, UINT8_MAX, &status) && status > 0;
}

static bool
has_or(const struct node *node)
{
	for (uint32_t i = 0; i + 1 < node->n_items; i++) {
		if (node->ops[i] == ANDOR_OR)
			return true;
	}
	return false;
}

/* a && b: when it ended well, both did. a || exit: a did. */
static void
run_andor(struct run *run, const struct node *node)
{
	struct run first = *run, rest = *run;

	rest.doubt = true;
	rest.ended_well = false;
	if (has_or(node))
		first.ended_well = run->ended_well && node->n_items == 2 &&
				   leaves_badly(run->s, node->items[1]);
	else if (run->ended_well)
		rest = *run;
	for (uint32_t i = 0; i < node->n_items; i++)
		run_node(i ? &rest : &first, node->items[i]);
}

static void
run_function(struct run *run, const struct node *node)
{
	if (text_chr(node->name, '\0', 0) < node->name.len)
		scope_lose_names(run->scope);
	else
		scope_define(run->scope, node->name,
			     run->doubt ? NULL : node->function, run->s);
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
		run_forget_names(run, node->name);
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
		run_expressions(run, node);
		run_maybe(run, node->body);
		break;
	case NODE_FOR:
	case NODE_SELECT:
	case NODE_WHILE:
	case NODE_UNTIL:
		run_loop(run, node);
		break;
	case NODE_COPROC:
		run_forget_names(run,
				 node->name.len ? node->name : TEXT("COPROC"));
		break;
	case NODE_COND:
		run_condition(run, node);
		break;
	default: /* a subshell */
		break;
	}
}

void
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
		run_pipeline(run, node);
		break;
	case NODE_ANDOR:
		run_andor(run, node);
		break;
	case NODE_FUNCTION:
		run_function(run, node);
		break;
	default:
		run_compound(run, node);
		break;
	}
}

/* ---- texts that do something when they are expanded again ---------------- */

/* 'a[$(date)]': a name, "[", and a substitution before any "]". */
static bool
holds_subscript(struct text t)
{
	size_t at = 0;

	while ((at = text_chr(t, '[', at)) < t.len) {
		size_t end = text_chr(t, ']', at);
		struct text inside = text_sub(t, at, end);
		bool named = at > 0 && (byte_is_alnum(t.at[at - 1]) ||
					t.at[at - 1] == '_');

		if (named && (text_find(inside, TEXT("$("), 0) < inside.len ||
			      text_chr(inside, '`', 0) < inside.len))
			return true;
		at++;
	}
	return false;
}

/* Quoting takes away the meaning of what is in WORD. */
static bool
on_quoted(void *ctx, const struct script *s UNUSED, const struct part *part)
{
	bool *quoted = ctx;

	if (part->kind == PART_SINGLE || part->kind == PART_ANSI_C ||
	    part->kind == PART_ESCAPE)
		*quoted = true;
	return !*quoted;
}

static bool
on_armed_word(void *ctx, const struct script *s, const struct word *word)
{
	struct run *run = ctx;
	struct text raw = script_text(s, word->start, word->end);
	bool quoted = false;
	struct shell_visitor v = { .on_part = on_quoted, .ctx = &quoted };
	struct value value;

	if (text_chr(raw, '[', 0) == raw.len &&
	    text_chr(raw, '$', 0) == raw.len)
		return true;
	shell_walk_word(s, word, &v);
	if (!quoted)
		return true;
	value = word_value(scope_arena(run->scope), s, word, NULL);
	if (holds_subscript(value.text.text))
		scope_arm(run->scope);
	return true;
}

static bool
on_armed_redirect(void *ctx, const struct script *s,
		  const struct redirect *redirect)
{
	struct run *run = ctx;

	if (redirect->heredoc &&
	    holds_subscript(heredoc_value(scope_arena(run->scope), s,
					  redirect->heredoc, NULL)
				    .text.text))
		scope_arm(run->scope);
	return true;
}

/* ---- statements --------------------------------------------------------- */

void
scope_look(struct scope *scope, const struct script *s,
	   const struct statement *statement)
{
	struct run run = { .scope = scope, .s = s };
	struct shell_visitor v = { .on_word = on_armed_word,
				   .on_redirect = on_armed_redirect,
				   .ctx = &run };
	struct text raw = script_text(s, statement->start, statement->end);

	if (!scope_is_armed(scope) && (text_chr(raw, '`', 0) < raw.len ||
				       text_chr(raw, '$', 0) < raw.len))
		shell_walk_node(s, statement->node, &v);
}

static void
run_statement(struct run run, const struct statement *statement)
{
	if (!statement->background)
		run_node(&run, statement->node);
}

void
scope_run(struct scope *scope, const struct script *s,
	  const struct statement *statement, const struct scope_reader *reader)
{
	run_statement((struct run){ .scope = scope, .s = s, .reader = reader },
		      statement);
}

void
scope_succeed(struct scope *scope, const struct script *s,
	      const struct statement *statement,
	      const struct scope_reader *reader)
{
	run_statement((struct run){ .scope = scope,
				    .s = s,
				    .reader = reader,
				    .ended_well = true },
		      statement);
}

void
scope_forget_list(struct scope *scope, const struct script *s,
		  const struct list *list)
{
	struct run run = { .scope = scope, .s = s, .doubt = true };

	run_list(&run, list);
}
