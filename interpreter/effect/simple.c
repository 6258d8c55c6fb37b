/* Simple commands: the words that they become, and where their output goes. */
#include "effect/environment.h"
#include "effect/walk.h"

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
		const struct value *values =
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

void
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
			    (struct spot){ &here.script->source, node->start,
					   node->end },
			    0, "the command may be empty or anything");
	tell_beside(w, &here, redirects, commands);
}
