/* The last statement of a text. */
#include "shell/pipeline.h"

/* Its output goes elsewhere from there on, and what is said of it. */
static bool
redirects_all(const struct statement *s, struct text text)
{
	const struct node *n = s->node;

	return n->kind == NODE_SIMPLE && n->n_words == 1 &&
	       text_is(text_sub(text, n->words[0]->start, n->words[0]->end),
		       "exec");
}

bool
shell_tells_pipeline(const struct script *s, struct text text)
{
	uint32_t n = s->body->n_items;
	const struct statement *last = n ? s->body->items[n - 1] : NULL;

	for (uint32_t i = 0; i < n; i++) {
		if (redirects_all(s->body->items[i], text))
			return false;
	}
	return last && !s->n_errors && !last->background &&
	       !text_ends(text, "\\") && last->node->kind == NODE_PIPELINE &&
	       last->node->n_items > 1;
}
