/* Text that bash expands although it is quoted: subscripts, arithmetic that a
 * variable holds, names of variables that are given as words, prompts (bash
 * manual, 3.5.3, 6.5, 6.7). */
#include "effect/expand.h"

#include "base/limits.h"
#include "effect/environment.h"
#include "shell/parse.h"

/* Between two of these lines it is read as it would be in double quotes. */
#define MARK "\001"
static const char before[] = "cat <<" MARK "\n";
static const char behind[] = "\n" MARK "\n";

static struct spot
spot_of_text(struct walk *w, struct excerpt text)
{
	struct excerpt *e = ARENA_NEW(w->arena, struct excerpt);

	*e = text;
	return (struct spot){ e, 0, (uint32_t)text.text.len };
}

static bool
has(struct text t, char c)
{
	return text_chr(t, c, 0) < t.len;
}

static void
refuse(struct walk *w, const struct place *place, struct excerpt text,
       const char *why)
{
	walk_unread(w, place, spot_of_text(w, text), EFFECT_TAG_EXEC, why);
}

/* One text more is expanded inside of another; false, with a finding, when
 * there are too many. */
static bool
begin(struct walk *w, const struct place *place, struct excerpt text)
{
	if (!walk_spend(w, place, text.text.len))
		return false;
	if (++w->expanding <= LIMIT_WRAPPER_DEPTH)
		return true;
	w->expanding--;
	refuse(w, place, text, "too many texts are expanded in each other");
	return false;
}

static const struct heredoc *
only_heredoc(const struct script *s)
{
	const struct node *node =
		s->body->n_items ? s->body->items[0]->node : NULL;

	if (s->n_errors || s->body->n_items != 1 || node->n_redirects != 1)
		return NULL;
	return node->redirects[0]->heredoc;
}

void
walk_expanded(struct walk *w, const struct place *place, struct excerpt text)
{
	struct place inside = *place;
	const struct script *s;

	if ((!has(text.text, '$') && !has(text.text, '`')) ||
	    !begin(w, place, text))
		return;
	s = shell_parse_resolved(
		w->arena, excerpt_between(w->arena, before, text, behind));
	inside.script = s;
	inside.shells++;
	if (only_heredoc(s))
		walk_substitutions(w, &inside, s->body->items[0]->node, NULL);
	else
		refuse(w, place, text,
		       "is expanded once more, and cannot be read");
	w->expanding--;
}

/* ---- arithmetic --------------------------------------------------------- */

static bool
is_name_byte(char c, bool first)
{
	return c == '_' || (first ? byte_is_alpha(c) : byte_is_alnum(c));
}

static bool
is_number(struct text t)
{
	uint64_t n;

	return t.len == 0 || text_to_uint(text_trim(t), UINT64_MAX / 16, &n);
}

/* What NAME holds is evaluated as well. */
static void
walk_held(struct walk *w, const struct place *place, struct excerpt text,
	  struct text name)
{
	struct value value = { .state = VALUE_UNKNOWN };

	if (place->scope)
		value = scope_variable(place->scope, name);
	if (value.state == VALUE_EXACT && !is_number(value.bytes.text))
		walk_arithmetic(w, place, value.bytes);
	else if (value.state != VALUE_EXACT && scope_is_armed(place->scope))
		refuse(w, place, text,
		       "bash evaluates a value that is not known, and the "
		       "text holds one that would run a command");
}

static void
walk_names(struct walk *w, const struct place *place, struct excerpt text)
{
	struct text t = text.text;

	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len && is_name_byte(t.at[end], end == at))
			end++;
		if (end > at && (at == 0 || !byte_is_digit(t.at[at - 1])))
			walk_held(w, place, text, text_sub(t, at, end));
		at = end > at ? end : at + 1;
	}
}

void
walk_arithmetic(struct walk *w, const struct place *place, struct excerpt text)
{
	if (text.text.len == 0 || !begin(w, place, text))
		return;
	if (has(text.text, '['))
		walk_expanded(w, place, text);
	if (has(text.text, '\0') && scope_is_armed(place->scope))
		refuse(w, place, text,
		       "bash evaluates a value that is not known, and the "
		       "text holds one that would run a command");
	walk_names(w, place, text);
	w->expanding--;
}

/* ---- names -------------------------------------------------------------- */

/* TEXT stands between brackets: an index, or a key. */
static void
walk_subscript(struct walk *w, const struct place *place, struct excerpt text)
{
	if (text_is(text.text, "@") || text_is(text.text, "*"))
		return;
	walk_expanded(w, place, text);
	walk_arithmetic(w, place, text);
}

void
walk_name(struct walk *w, const struct place *place, struct excerpt text,
	  bool sets)
{
	size_t open = text_chr(text.text, '[', 0);

	if (sets && is_decisive_setting(text_sub(text.text, 0, open)))
		refuse(w, place, text,
		       "gives a variable by which programs run something else "
		       "a value that is not known");
	else if (has(text.text, '\0') && scope_is_armed(place->scope))
		refuse(w, place, text,
		       "bash expands a name that is not known, and the text "
		       "holds one that would run a command");
	if (open + 1 < text.text.len)
		walk_subscript(w, place,
			       excerpt_sub(w->arena, text, (uint32_t)open + 1,
					   (uint32_t)text.text.len -
						   text_ends(text.text, "]")));
}

/* ---- parts of words ----------------------------------------------------- */

static struct excerpt
text_of_script(struct walk *w, const struct script *s, uint32_t start,
	       uint32_t end)
{
	return excerpt_sub(w->arena, s->source, start, end);
}

static struct value
variable(const struct place *place, struct text name)
{
	if (place->scope && name.len)
		return scope_variable(place->scope, name);
	return (struct value){ .state = VALUE_UNKNOWN };
}

/* ${x@P}: the value as a prompt. */
static void
walk_prompt_of(struct walk *w, const struct place *place,
	       const struct script *s, const struct part *part)
{
	struct value value = variable(place, part->name);

	if (value.state == VALUE_EXACT)
		walk_expanded(w, place, value.bytes);
	else
		refuse(w, place, text_of_script(w, s, part->start, part->end),
		       "expands a value that is not known");
}

/* ${!x}: the value as the name of a variable. */
static void
walk_indirect(struct walk *w, const struct place *place, const struct script *s,
	      const struct part *part)
{
	struct value value = variable(place, part->name);

	if (part->n_words)
		return; /* ${!a[@]}: the keys */
	if (value.state == VALUE_EXACT && has(value.bytes.text, '['))
		walk_expanded(w, place, value.bytes);
	else if (value.state != VALUE_EXACT && scope_is_armed(place->scope))
		refuse(w, place, text_of_script(w, s, part->start, part->end),
		       "expands a name that is not known, and the text holds "
		       "one that would run a command");
}

static void
walk_parameter(struct walk *w, const struct place *place,
	       const struct script *s, const struct part *part)
{
	struct text rest = { NULL, 0 };

	for (uint32_t i = 0; i < part->n_words; i++)
		walk_subscript(
			w, place,
			word_value(w->arena, s, part->words[i], place->scope)
				.text);
	if (part->prefix && text_is(part->op, "!"))
		walk_indirect(w, place, s, part);
	if (part->n_parts == 0 || part->prefix)
		return;
	rest = script_text(s, part->parts[0]->start, part->inner_end);
	if (text_is(part->op, ":"))
		walk_arithmetic(w, place,
				text_of_script(w, s, part->parts[0]->start,
					       part->inner_end));
	else if (text_is(part->op, "@") && text_is(rest, "P"))
		walk_prompt_of(w, place, s, part);
}

void
walk_part_again(struct walk *w, const struct place *place,
		const struct script *s, const struct part *part)
{
	if (part->kind == PART_PARAM)
		walk_parameter(w, place, s, part);
	else if (part->kind == PART_ARITH)
		walk_arithmetic(
			w, place,
			text_of_script(w, s, part->inner, part->inner_end));
}

void
walk_expression(struct walk *w, const struct place *place,
		const struct word *word)
{
	walk_arithmetic(
		w, place,
		text_of_script(w, place->script, word->start, word->end));
}

/* ---- assignments -------------------------------------------------------- */

/* The "['x']=" that an element of an array may begin with. */
static void
walk_element(struct walk *w, const struct place *place,
	     const struct word *element)
{
	struct excerpt text =
		word_value(w->arena, place->script, element, place->scope).text;
	size_t close = text_find(text.text, TEXT("]="), 0);

	if (text_starts(text.text, "[") && close < text.text.len)
		walk_subscript(w, place,
			       excerpt_sub(w->arena, text, 1, (uint32_t)close));
}

void
walk_assigned(struct walk *w, const struct place *place,
	      const struct assignment *a)
{
	if (a->subscript)
		walk_subscript(w, place,
			       word_value(w->arena, place->script, a->subscript,
					  place->scope)
				       .text);
	for (uint32_t i = 0; i < a->n_elements; i++)
		walk_element(w, place, a->elements[i]);
	if (a->value && place->scope && scope_is_odd(place->scope, a->name))
		walk_arithmetic(w, place,
				word_value(w->arena, place->script, a->value,
					   place->scope)
					.text);
}

/* ---- tests -------------------------------------------------------------- */

static bool
compares_numbers(struct text t)
{
	static const char *const names[] = { "-eq", "-ne", "-lt",
					     "-le", "-gt", "-ge" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(t, names[i]))
			return true;
	return false;
}

static bool
asks_for_variable(struct text t)
{
	return text_is(t, "-v") || text_is(t, "-R");
}

void
walk_condition(struct walk *w, const struct place *place,
	       const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++) {
		struct text op =
			script_text(place->script, node->words[i]->start,
				    node->words[i]->end);
		bool numbers = compares_numbers(op);

		if (i + 1 == node->n_words)
			break;
		if (asks_for_variable(op))
			walk_name(w, place,
				  word_value(w->arena, place->script,
					     node->words[i + 1], place->scope)
					  .text,
				  false);
		for (uint32_t k = 0; numbers && i > 0 && k < 2; k++)
			walk_arithmetic(w, place,
					word_value(w->arena, place->script,
						   node->words[i - 1 + 2 * k],
						   place->scope)
						.text);
	}
}

/* ---- commands ----------------------------------------------------------- */

static void
walk_names_given(struct walk *w, const struct wrapped *c, bool sets)
{
	const struct effect_runs *runs = c->rule->runs;
	const struct args *a = c->args;

	for (uint32_t i = 0; runs->option && i < a->n_options; i++) {
		const struct option_use *use = &a->options[i];

		if (use->has_value && option_is_named(use, runs->option))
			walk_name(w, c->place, option_text(w, a, use), sets);
	}
	for (uint32_t i = runs->from; i > 0 && i <= a->n_operands; i++)
		walk_name(w, c->place, a->v[a->operands[i - 1]].raw.text, sets);
}

/* "NAME=VALUE" that is quoted is no assignment for the parser, but one for
 * export and declare. */
static void
walk_declared(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_operands; i++) {
		const struct arg *arg = &a->v[a->operands[i]];
		struct excerpt text = arg->raw.text;
		uint32_t n = (uint32_t)text.text.len;
		uint32_t equals = (uint32_t)text_chr(text.text, '=', 0);

		walk_name(w, c->place, excerpt_sub(w->arena, text, 0, equals),
			  false);
		if (equals < n)
			walk_setting(
				w, c->place,
				spot_of_args(a->v + a->operands[i], 0),
				&(struct setting){
					.name = text_sub(text.text, 0, equals),
					.value = excerpt_sub(w->arena, text,
							     equals + 1, n) });
	}
}

/* What bash evaluates: let, declare -i. */
static void
walk_evaluated(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_operands; i++)
		walk_arithmetic(w, c->place, a->v[a->operands[i]].raw.text);
}

/* test and "[": the word behind -v. */
static void
walk_test(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 1; i + 1 < a->n; i++)
		if (a->v[i].exact && asks_for_variable(a->v[i].text))
			walk_name(w, c->place, a->v[i + 1].raw.text, false);
}

/* compgen -W: a list of words, which are expanded. */
static void
walk_word_list(struct walk *w, const struct wrapped *c)
{
	const struct args *a = c->args;

	for (uint32_t i = 0; i < a->n_options; i++)
		if (a->options[i].has_value &&
		    option_is_named(&a->options[i], c->rule->runs->option))
			walk_expanded(w, c->place,
				      option_text(w, a, &a->options[i]));
}

void
walk_again(struct walk *w, const struct wrapped *c)
{
	switch (c->rule->runs->how) {
	case EFFECT_RUNS_NAMES:
		walk_names_given(w, c, false);
		return;
	case EFFECT_RUNS_SETS:
		walk_names_given(w, c, true);
		return;
	case EFFECT_RUNS_DECLARES:
		walk_declared(w, c);
		return;
	case EFFECT_RUNS_EVALUATES:
		walk_evaluated(w, c);
		return;
	case EFFECT_RUNS_TESTS:
		walk_test(w, c);
		return;
	default: /* EXPANDS */
		walk_word_list(w, c);
		return;
	}
}
