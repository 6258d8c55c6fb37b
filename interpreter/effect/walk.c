/* Going through the tree: which commands a statement runs, and where. */
#include "effect/walk.h"

#include "base/limits.h"
#include "effect/environment.h"
#include "effect/expand.h"
#include "shell/parse.h"
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

/* ---- simple commands ------------------------------------------------------
 */

/* The word begins with $HOME, which is somebody's home whatever its value. */
static bool
begins_with_home(const struct word *word)
{
	const struct part *first = word->n_parts ? word->parts[0] : NULL;

	if (first && first->kind == PART_DOUBLE && first->n_parts)
		first = first->parts[0];
	return first && first->kind == PART_PARAM &&
	       text_is(first->name, "HOME") && first->op.len == 0 &&
	       first->n_words == 0;
}

static struct arg
arg_of(struct walk *w, const struct place *place, const struct word *word,
       struct value value)
{
	struct arg a = { .raw = value,
			 .text = value.text.text,
			 .source = &place->script->source,
			 .start = word->start,
			 .end = word->end,
			 .word = word,
			 .script = place->script };

	a.exact = value.state == VALUE_EXACT;
	if (!a.exact && a.text.len && a.text.at[0] == '\0' &&
	    begins_with_home(word)) {
		char *text = arena_memdup0(w->arena, a.text.at, a.text.len);

		text[0] = '~';
		a.text.at = text;
		a.exact = value.traits == VALUE_HAS_PARAM ||
			  value.traits == (VALUE_HAS_PARAM | VALUE_QUOTED);
	}
	a.opaque = text_chr(a.text, '\0', 0) < a.text.len ||
		   (value.traits & VALUE_HAS_PLACEHOLDER);
	a.exact = a.exact && !a.opaque;
	return a;
}

struct arg *
walk_expand(struct walk *w, const struct place *place,
	    struct word *const *words, uint32_t n_words, uint32_t *ret_n)
{
	struct arg *v = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < n_words; i++) {
		uint32_t n_values;
		struct value *values =
			words_expand(w->arena, place->script, &words[i], 1,
				     place->scope, &n_values);

		for (uint32_t k = 0; k < n_values; k++) {
			if (!walk_spend(w, place, values[k].text.text.len))
				break;
			ARENA_PUSH(w->arena, v, n,
				   arg_of(w, place, words[i], values[k]));
		}
	}
	*ret_n = n;
	return v;
}

static enum printed
printed_by(const struct arg *v, uint32_t n)
{
	if (n == 0)
		return PRINTED_NOTHING;
	if (!v[0].exact)
		return PRINTED_SOMETHING;
	if (text_is(v[0].text, ":") || text_is(v[0].text, "true"))
		return PRINTED_NOTHING;
	if (text_is(v[0].text, "cat"))
		return n == 2 && text_is(v[1].text, "/dev/null")
			       ? PRINTED_NOTHING
			       : PRINTED_SOMETHING;
	if (!text_is(v[0].text, "echo") && !text_is(v[0].text, "printf"))
		return PRINTED_SOMETHING;
	if (n == 1)
		return PRINTED_LINE;
	if (text_is(v[1].text, "-n"))
		return n == 2 || (n == 3 && v[2].exact && v[2].text.len == 0)
			       ? PRINTED_NOTHING
			       : PRINTED_SOMETHING;
	return n == 2 && v[1].exact && v[1].text.len == 0 ? PRINTED_NOTHING
							  : PRINTED_SOMETHING;
}

/* Where the command beside findings [FIRST, MIDDLE) runs, when that is another
 * machine or a container: they are what the shell does here. */
static void
tell_beside(struct walk *w, const struct place *place, uint32_t first,
	    uint32_t middle)
{
	const struct hop *there = NULL;

	for (uint32_t i = middle; i < w->n_findings && !there; i++) {
		const struct hop *hop = w->findings[i].hop;

		for (; hop && hop != place->hop; hop = hop->outer)
			if (hop->elsewhere)
				there = hop;
	}
	for (uint32_t i = first; there && i < middle; i++)
		w->findings[i].not_in = there;
}

static void
walk_simple(struct walk *w, const struct place *place, const struct node *node)
{
	struct place here = *place;
	uint32_t n, redirects, commands;
	struct arg *v;

	here.node = node;
	walk_substitutions(w, &here, node, NULL);
	v = walk_expand(w, &here, node->words, node->n_words, &n);
	here.input = input_of_redirects(w, &here, node->redirects,
					node->n_redirects);
	redirects = w->n_findings;
	walk_redirects(w, &here, node->redirects, node->n_redirects,
		       node->n_prefix ? PRINTED_SOMETHING : printed_by(v, n));
	commands = w->n_findings;
	here.shell = true;
	walk_environment(w, &here, node);
	if (n)
		walk_command(w, &here, v, n);
	else if (node->n_words)
		walk_unread(w, &here,
			    spot_of(here.script, node->start, node->end), 0,
			    "the command may be empty or anything");
	tell_beside(w, &here, redirects, commands);
}

/* ---- compound commands -----------------------------------------------------
 */

static void
walk_pipeline(struct walk *w, const struct place *place,
	      const struct node *node)
{
	struct place here = *place;

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
		walk_node(w, &here, node->items[i]);
	}
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

	if (node->cond)
		scope_forget_list(here.scope, here.script, node->cond);
	if (node->body)
		scope_forget_list(here.scope, here.script, node->body);
	return here;
}

/* The values that a for loop goes through, when all are known and few. */
static struct value *
loop_values(struct walk *w, const struct place *place, const struct node *node,
	    uint32_t *ret_n)
{
	struct value *values;

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
	struct value *values = loop_values(w, place, node, &n);

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

void
walk_list(struct walk *w, const struct place *place, const struct list *list)
{
	struct place here = aside_for(w, place, list);

	for (uint32_t i = 0; i < list->n_items; i++) {
		const struct statement *statement = list->items[i];
		uint32_t before = w->n_findings;

		walk_node(w, &here, statement->node);
		if (statement->node->has_error && !has_syntax(w, before))
			walk_error(w, &here, statement->start, statement->end);
		if (i + 1 < list->n_items)
			walk_run(w, &here, statement, false);
	}
}

/* ---- shells inside ----------------------------------------------------------
 */

bool
walk_enter(struct walk *w, const struct place *place, struct spot spot,
	   const struct hop *hop, struct place *ret)
{
	struct hop *copy = (void *)arena_memdup0(w->arena, hop, sizeof(*hop));

	copy->outer = place->hop;
	copy->depth = place->hop ? place->hop->depth + 1 : 1;
	if (copy->depth > LIMIT_WRAPPER_DEPTH) {
		walk_unread(w, place, spot, EFFECT_TAG_EXEC,
			    "too many commands run each other");
		return false;
	}
	*ret = *place;
	ret->hop = copy;
	ret->shell = false;
	return true;
}

/* The scope of another shell at PLACE: functions that are exported reach it
 * through all that runs on this machine, constants only a plain "sh", the
 * folder what hands it on. ssh begins in the one of a login. */
static struct scope *
scope_of_child(struct walk *w, const struct place *place)
{
	const struct hop *hop = place->hop;
	bool plain = hop && hop->outer == place->home &&
		     strcmp(hop->name, "sh") == 0 &&
		     !(place->node && place->node->n_prefix);
	struct value folder = { .state = VALUE_UNKNOWN };
	struct scope *scope = NULL;
	bool here = place->scope;

	for (; here && hop && hop != place->home; hop = hop->outer)
		here = hop->target.len == 0 && !(hop->tags & EFFECT_TAG_REMOTE);
	scope = here ? scope_inherited(w->scratch, place->scope, plain)
		     : scope_new(w->scratch);
	if (place->hop && strcmp(place->hop->name, "ssh") == 0)
		return scope;
	if (place->scope && (!place->hop || place->hop->stays))
		folder = scope_folder(place->scope);
	scope_set_folder(scope, folder);
	return scope;
}

void
walk_text(struct walk *w, const struct place *place, struct excerpt text,
	  bool same)
{
	struct script *script;
	struct place inside = *place;

	if (!walk_spend(w, place, text.text.len))
		return;
	script = shell_parse(w->arena, text);
	inside.script = script;
	inside.shells++;
	inside.shell = true;
	inside.scope = same && place->scope
			       ? scope_copy(w->scratch, place->scope)
			       : scope_of_child(w, place);
	inside.home = inside.hop;
	for (uint32_t i = 0; i < script->body->n_items; i++)
		scope_look(inside.scope, script, script->body->items[i]);
	if (w->visitor && w->visitor->on_script)
		w->visitor->on_script(w->visitor->ctx, script, inside.hop,
				      inside.shells);
	walk_list(w, &inside, script->body);
}
