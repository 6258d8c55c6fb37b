/* Going through the tree: which commands a statement runs, and where. */
#include "effect/walk.h"

#include "base/limits.h"
#include "effect/expand.h"
#include "shell/walk.h"

static struct spot
spot_of(const struct script *s, uint32_t start, uint32_t end)
{
	return (struct spot){ &s->source, start, end };
}

enum {
	NODE_WORK = 64 /* what a node costs besides its text */
};

bool
walk_spend(struct walk *w, const struct place *place, size_t n)
{
	w->work += n;
	if (place->replayed)
		w->replayed += n;
	if (w->work <= LIMIT_EFFECT_WORK &&
	    w->replayed <= LIMIT_EFFECT_REPLAYED_WORK)
		return true;
	if (!w->weary)
		walk_unread(w, place, (struct spot){ NULL, 0, 0 }, 0,
			    "more is run than can be looked at");
	w->weary = true;
	return false;
}

/* ---- substitutions ------------------------------------------------------- */

struct substitution {
	struct walk *w;
	const struct place *place;
};

static void
walk_substitution(struct walk *w, const struct place *place,
		  const struct script *s, const struct part *part)
{
	static const struct input output = { .kind = INPUT_UNREAD };
	struct hop hop = { .name = "$()", .outer = place->hop, .stays = true };
	struct place inside = *place;

	if (place->hop)
		hop.depth = place->hop->depth;
	inside.hop = (void *)arena_memdup0(w->arena, &hop, sizeof(hop));
	inside.script = s;
	inside.shell = true;
	if (part->kind == PART_BACKTICK)
		inside.script = part->script;
	if (part->kind == PART_PROCESS && text_is(part->op, ">"))
		inside.input = &output;
	if (part->list)
		walk_list(w, &inside, part->list);
}

static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	struct substitution *sub = ctx;

	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		walk_substitution(sub->w, sub->place, s, part);
		return false;
	default:
		walk_part_again(sub->w, sub->place, s, part);
		return true;
	}
}

void
walk_substitutions(struct walk *w, const struct place *place,
		   const struct node *node, const struct word *word)
{
	struct substitution sub = { w, place };
	struct shell_visitor v = { .on_part = on_part, .ctx = &sub };

	if (node)
		shell_walk_node(place->script, node, &v);
	if (word)
		shell_walk_word(place->script, word, &v);
}

static void
walk_words_of(struct walk *w, const struct place *place,
	      struct word *const *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		walk_substitutions(w, place, NULL, words[i]);
}

/* ---- scopes -------------------------------------------------------------- */

/* PLACE with constants of its own: what happens there is not seen outside. */
static struct place
aside(struct walk *w, const struct place *place)
{
	struct place inside = *place;

	inside.scope = place->scope ? scope_copy(w->scratch, place->scope)
				    : scope_new(w->scratch);
	return inside;
}

/* The same for a list, which changes nothing when it is one statement. */
static struct place
aside_for(struct walk *w, const struct place *place, const struct list *list)
{
	return list && list->n_items > 1 ? aside(w, place) : *place;
}

/* The word of NODE that is a process substitution alone, or NULL. */
static const struct part *
process_among(const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++) {
		const struct word *word = node->words[i];

		if (word->n_parts == 1 &&
		    word->parts[0]->kind == PART_PROCESS &&
		    word->parts[0]->list)
			return word->parts[0];
	}
	return NULL;
}

struct reading {
	struct walk *w;
	const struct place *place;
};

/* What a "." reads, as walk_source found it. */
static enum scope_source
source_text(void *ctx, const struct script *s, const struct node *node,
	    const struct value *file, struct scope *scope, struct excerpt *ret)
{
	const struct reading *r = ctx;
	const struct part *part = process_among(node);
	struct place here = *r->place;
	const struct input *input;

	here.script = s;
	here.node = node;
	here.scope = scope;
	here.input = NULL;
	if (part) {
		input = input_of_list(r->w, &here, part->list);
	} else if (is_standard_input(file->text.text)) {
		input = input_of_redirects(r->w, &here, node->redirects,
					   node->n_redirects);
		if (!input)
			return SCOPE_SOURCE_LOST;
	} else {
		return file->state == VALUE_EXACT ? SCOPE_SOURCE_UNREAD
						  : SCOPE_SOURCE_LOST;
	}
	if (input->kind != INPUT_TEXT)
		return SCOPE_SOURCE_UNREAD;
	*ret = input->text.text;
	return SCOPE_SOURCE_TEXT;
}

void
walk_run(struct walk *w, const struct place *place,
	 const struct statement *statement, bool ended_well)
{
	struct reading r = { w, place };
	struct scope_reader reader = { source_text, &r };

	if (ended_well)
		scope_succeed(place->scope, place->script, statement, &reader);
	else
		scope_run(place->scope, place->script, statement, &reader);
}

enum certainty {
	NODE_MAYBE,    /* it was run, or not, or more than once */
	NODE_RUN,      /* it was run */
	NODE_SUCCEEDED /* and ended well */
};

static void
run_node(struct walk *w, const struct place *place, const struct node *node,
	 enum certainty certainty)
{
	struct statement statement = { .node = (struct node *)node };
	struct statement *items[] = { &statement };
	struct list list = { items, 1 };

	if (!place->scope)
		return;
	if (certainty == NODE_MAYBE)
		scope_forget_list(place->scope, place->script, &list);
	else
		walk_run(w, place, &statement, certainty == NODE_SUCCEEDED);
}

/* ---- compound commands -----------------------------------------------------
 */

/* NODE is walked, and runs beside others: does it call the function that it is
 * in? */
static bool
calls_itself(struct walk *w, const struct place *place, const struct node *node)
{
	struct call *call = place->call;
	bool before = call && call->again, now;

	if (call)
		call->again = false;
	walk_node(w, place, node);
	now = call && call->again;
	if (before)
		call->again = true;
	return now;
}

/* ":(){ :|:& };:" */
static void
report_forks(struct walk *w, const struct place *place, const struct node *node)
{
	struct finding f = { .level = EFFECT_DISRUPTS,
			     .tags = EFFECT_TAG_CATASTROPHIC,
			     .rule = "forks" };

	f.verb = TEXT("fork bomb");
	f.why = "a function that calls itself more than once at a time, until "
		"the machine has no room for another process";
	f.undo = "restart the machine";
	walk_find(w, place, spot_of(place->script, node->start, node->end), f);
}

static void
walk_pipeline(struct walk *w, const struct place *place,
	      const struct node *node)
{
	struct place here = *place;
	unsigned forks = 0;

	if (node->timed) {
		struct hop hop = { .name = "time", .stays = true };

		if (!walk_enter(w, place,
				spot_of(place->script, node->start, node->end),
				&hop, &here))
			return;
	}
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (i)
			here.input =
				input_of_pipe(w, &here, node->items[i - 1]);
		forks += calls_itself(w, &here, node->items[i]);
	}
	if (forks > 1)
		report_forks(w, place, node);
}

/* a && b || c: what stands behind the first || may have run, or not. */
static void
walk_andor(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = aside(w, place);
	bool certain = true;

	for (uint32_t i = 0; i < node->n_items; i++) {
		walk_node(w, &here, node->items[i]);
		if (i + 1 == node->n_items)
			break;
		certain = certain && node->ops[i] == ANDOR_AND;
		run_node(w, &here, node->items[i],
			 certain ? NODE_SUCCEEDED : NODE_MAYBE);
	}
}

static void
walk_branch(struct walk *w, const struct place *place, const struct list *list)
{
	struct place inside = aside_for(w, place, list);

	if (list)
		walk_list(w, &inside, list);
}

static void
walk_if(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = aside(w, place);

	walk_list(w, &here, node->cond);
	if (node->cond->n_items)
		run_node(w, &here,
			 node->cond->items[node->cond->n_items - 1]->node,
			 NODE_RUN);
	walk_branch(w, &here, node->body);
	walk_branch(w, &here, node->other);
}

struct place
walk_in_turn(struct walk *w, const struct place *place, const struct node *body)
{
	struct statement statement = { .node = (struct node *)body };
	struct statement *items[] = { &statement };
	struct list list = { items, 1 };
	struct place here = aside(w, place);

	scope_forget_list(here.scope, here.script, &list);
	return here;
}

/* PLACE as it is at the beginning of any turn of the loop. */
static struct place
in_loop(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = aside(w, place);

	here.turns = true;
	if (node->cond)
		scope_forget_list(here.scope, here.script, node->cond);
	if (node->body)
		scope_forget_list(here.scope, here.script, node->body);
	return here;
}

/* The values that a for loop goes through, when all are known and few. */
static const struct value *
loop_values(struct walk *w, const struct place *place, const struct node *node,
	    uint32_t *ret_n)
{
	const struct value *values;

	*ret_n = 0;
	if (node->kind != NODE_FOR || !node->has_in)
		return NULL;
	values = words_expand(w->arena, place->script, node->words,
			      node->n_words, place->scope, ret_n);
	if (*ret_n > LIMIT_EFFECT_TURNS)
		*ret_n = 0;
	for (uint32_t i = 0; i < *ret_n; i++)
		if (values[i].state != VALUE_EXACT)
			*ret_n = 0;
	return values;
}

static void
walk_expressions(struct walk *w, const struct place *place,
		 const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++)
		walk_expression(w, place, node->words[i]);
}

static void
walk_for(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = in_loop(w, place, node);
	struct value unknown = { .state = VALUE_UNKNOWN };
	uint32_t n;
	const struct value *values = loop_values(w, place, node, &n);

	walk_words_of(w, place, node->words, node->n_words);
	if (node->kind == NODE_FOR_ARITH)
		walk_expressions(w, place, node);
	else
		walk_name(w, place, (struct excerpt){ node->name, NULL }, true);
	if (n == 0) {
		if (node->name.len)
			scope_set(here.scope, node->name, unknown);
		walk_branch(w, &here, node->body);
	}
	for (uint32_t i = 0; i < n; i++) {
		here.replayed = here.replayed || i > 0;
		scope_set(here.scope, node->name, values[i]);
		walk_branch(w, &here, node->body);
	}
}

static void
walk_while(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = in_loop(w, place, node);

	walk_branch(w, &here, node->cond);
	walk_branch(w, &here, node->body);
}

static void
walk_case(struct walk *w, const struct place *place, const struct node *node)
{
	if (node->subject)
		walk_substitutions(w, place, NULL, node->subject);
	for (uint32_t i = 0; i < node->n_cases; i++) {
		const struct case_item *item = node->cases[i];

		walk_words_of(w, place, item->patterns, item->n_patterns);
		walk_branch(w, place, item->body);
	}
}

static void
walk_select(struct walk *w, const struct place *place, const struct node *node)
{
	struct finding finding = { .level = EFFECT_READS,
				   .io = EFFECT_IO_INTERACTIVE,
				   .rule = "select",
				   .why = "somebody chooses from a list" };

	if (!place->input)
		walk_find(w, place,
			  spot_of(place->script, node->start, node->end),
			  finding);
	walk_for(w, place, node);
}

static void
walk_body(struct walk *w, const struct place *place, const struct node *node)
{
	switch (node->kind) {
	case NODE_IF:
		walk_if(w, place, node);
		break;
	case NODE_FOR:
	case NODE_FOR_ARITH:
		walk_for(w, place, node);
		break;
	case NODE_WHILE:
	case NODE_UNTIL:
		walk_while(w, place, node);
		break;
	case NODE_SELECT:
		walk_select(w, place, node);
		break;
	case NODE_CASE:
		walk_case(w, place, node);
		break;
	case NODE_ARITH:
		walk_words_of(w, place, node->words, node->n_words);
		walk_expressions(w, place, node);
		break;
	case NODE_COND:
		walk_words_of(w, place, node->words, node->n_words);
		walk_condition(w, place, node);
		break;
	default: /* SUBSHELL, GROUP, COPROC */
		walk_branch(w, place, node->body);
		break;
	}
}

static void
walk_compound(struct walk *w, const struct place *place,
	      const struct node *node)
{
	struct place here = *place;
	struct substitution sub = { w, place };
	struct shell_visitor v = { .on_part = on_part, .ctx = &sub };

	for (uint32_t i = 0; i < node->n_redirects; i++)
		if (node->redirects[i]->target)
			shell_walk_word(place->script,
					node->redirects[i]->target, &v);
	here.input = input_of_redirects(w, place, node->redirects,
					node->n_redirects);
	walk_redirects(w, &here, node->redirects, node->n_redirects,
		       PRINTED_SOMETHING);
	walk_body(w, &here, node);
}

/* ---- nodes and lists -------------------------------------------------------
 */

static void
walk_error(struct walk *w, const struct place *place, uint32_t start,
	   uint32_t end)
{
	const struct script *s = place->script;
	struct finding finding = { .level = EFFECT_UNKNOWN,
				   .rule = "syntax",
				   .why = "it cannot be read as bash" };

	for (uint32_t i = 0; i < s->n_errors; i++) {
		if (s->errors[i].start <= end && s->errors[i].end >= start) {
			finding.why = s->errors[i].message;
			break;
		}
	}
	walk_find(w, place, spot_of(s, start, end), finding);
}

/* Names that the shell in which steps run calls between them. */
static bool
is_used_between_steps(struct text name)
{
	static const char *const names[] = {
		"builtin", ".",     "read",    "printf", "trap",  "return",
		"export",  "unset", "cd",      "set",    "shopt", "eval",
		"exec",    "exit",  "declare", "source"
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(name, names[i]))
			return true;
	return text_starts(name, "__rb");
}

/* What a function does counts where it is called. */
static void
walk_definition(struct walk *w, const struct place *place,
		const struct node *node)
{
	struct spot spot = spot_of(place->script, node->start, node->end);

	if (text_chr(node->name, '\0', 0) < node->name.len)
		walk_unread(w, place, spot, EFFECT_TAG_EXEC,
			    "which function it defines is not known");
	else if (is_used_between_steps(node->name))
		walk_unread(w, place, spot, EFFECT_TAG_EXEC,
			    "gives another meaning to a command that the "
			    "shell's own work between steps needs");
}

void
walk_node(struct walk *w, const struct place *place, const struct node *node)
{
	if (!walk_spend(w, place, NODE_WORK))
		return;
	switch (node->kind) {
	case NODE_SIMPLE:
		walk_simple(w, place, node);
		break;
	case NODE_PIPELINE:
		walk_pipeline(w, place, node);
		break;
	case NODE_ANDOR:
		walk_andor(w, place, node);
		break;
	case NODE_FUNCTION:
		walk_definition(w, place, node);
		break;
	case NODE_ERROR:
		walk_error(w, place, node->start, node->end);
		break;
	default:
		walk_compound(w, place, node);
		break;
	}
}

static bool
has_syntax(const struct walk *w, uint32_t from)
{
	for (uint32_t i = from; i < w->n_findings; i++)
		if (strcmp(w->findings[i].rule, "syntax") == 0)
			return true;
	return false;
}

/* What was found from FIRST on runs in the background: nobody waits until it
 * ends. */
static void
let_go_on(struct walk *w, uint32_t first)
{
	for (uint32_t i = first; i < w->n_findings; i++) {
		if (w->findings[i].io == EFFECT_IO_FOLLOW)
			w->findings[i].io = EFFECT_IO_BATCH;
	}
}

void
walk_list(struct walk *w, const struct place *place, const struct list *list)
{
	struct place here = aside_for(w, place, list);

	for (uint32_t i = 0; i < list->n_items; i++) {
		const struct statement *statement = list->items[i];
		uint32_t before = w->n_findings;

		walk_node(w, &here, statement->node);
		if (statement->background)
			let_go_on(w, before);
		if (statement->node->has_error && !has_syntax(w, before))
			walk_error(w, &here, statement->start, statement->end);
		if (i + 1 < list->n_items)
			walk_run(w, &here, statement, false);
	}
}
