/* Going through everything that a shell text holds. Depth is bounded by the
 * parser (LIMIT_SHELL_DEPTH). */
#include "shell/walk.h"

static void
walk_part(const struct script *s, const struct part *part,
	  const struct shell_visitor *v)
{
	if (v->on_part && !v->on_part(v->ctx, s, part))
		return;
	for (uint32_t i = 0; i < part->n_words; i++)
		shell_walk_word(s, part->words[i], v);
	for (uint32_t i = 0; i < part->n_parts; i++)
		walk_part(s, part->parts[i], v);
	if (part->list)
		shell_walk_list(part->script ? part->script : s, part->list, v);
}

void
shell_walk_word(const struct script *s, const struct word *word,
		const struct shell_visitor *v)
{
	if (v->on_word && !v->on_word(v->ctx, s, word))
		return;
	for (uint32_t i = 0; i < word->n_parts; i++)
		walk_part(s, word->parts[i], v);
}

static void
walk_words(const struct script *s, struct word *const *words, uint32_t n,
	   const struct shell_visitor *v)
{
	for (uint32_t i = 0; i < n; i++)
		shell_walk_word(s, words[i], v);
}

static void
walk_redirect(const struct script *s, const struct redirect *redirect,
	      const struct shell_visitor *v)
{
	const struct heredoc *heredoc = redirect->heredoc;

	if (v->on_redirect && !v->on_redirect(v->ctx, s, redirect))
		return;
	shell_walk_word(s, redirect->target, v);
	for (uint32_t i = 0; heredoc && i < heredoc->n_parts; i++)
		walk_part(s, heredoc->parts[i], v);
}

static void
walk_assignment(const struct script *s, const struct assignment *a,
		const struct shell_visitor *v)
{
	if (v->on_assignment && !v->on_assignment(v->ctx, s, a))
		return;
	if (a->subscript)
		shell_walk_word(s, a->subscript, v);
	if (a->value)
		shell_walk_word(s, a->value, v);
	walk_words(s, a->elements, a->n_elements, v);
}

/* Redirections and prefix assignments may stand anywhere before and among the
 * words; who needs their order compares offsets. */
static void
walk_simple(const struct script *s, const struct node *node,
	    const struct shell_visitor *v)
{
	for (uint32_t i = 0; i < node->n_prefix; i++)
		walk_assignment(s, node->assignments[i], v);
	walk_words(s, node->words, node->n_words, v);
}

static void
walk_case(const struct script *s, const struct node *node,
	  const struct shell_visitor *v)
{
	shell_walk_word(s, node->subject, v);
	for (uint32_t i = 0; i < node->n_cases; i++) {
		walk_words(s, node->cases[i]->patterns,
			   node->cases[i]->n_patterns, v);
		shell_walk_list(s, node->cases[i]->body, v);
	}
}

void
shell_walk_node(const struct script *s, const struct node *node,
		const struct shell_visitor *v)
{
	if (v->on_node && !v->on_node(v->ctx, s, node))
		return;
	if (node->kind == NODE_CASE)
		walk_case(s, node, v);
	else
		walk_simple(s, node, v);
	for (uint32_t i = 0; i < node->n_items; i++)
		shell_walk_node(s, node->items[i], v);
	if (node->cond)
		shell_walk_list(s, node->cond, v);
	if (node->body)
		shell_walk_list(s, node->body, v);
	if (node->other)
		shell_walk_list(s, node->other, v);
	if (node->function)
		shell_walk_node(s, node->function, v);
	for (uint32_t i = 0; i < node->n_redirects; i++)
		walk_redirect(s, node->redirects[i], v);
}

void
shell_walk_list(const struct script *s, const struct list *list,
		const struct shell_visitor *v)
{
	for (uint32_t i = 0; i < list->n_items; i++)
		shell_walk_node(s, list->items[i]->node, v);
}
