/* The words of a value that is several: split by our own reading of the shell,
 * and literal; nothing in it is expanded. */
#include "graph/resolve.h"
#include "shell/parse.h"
#include "shell/word.h"

struct text *
value_words(struct arena *arena, struct text value, uint32_t *ret_n)
{
	enum {
		DOES_MORE = VALUE_HAS_PARAM | VALUE_HAS_COMMAND |
			    VALUE_HAS_GLOB | VALUE_HAS_TILDE | VALUE_HAS_ARITH |
			    VALUE_HAS_PLACEHOLDER
	};
	/* behind a command's name no word is a keyword or an assignment */
	struct text text =
		text_of(arena_printf(arena, "x %.*s", TEXT_ARG(value)));
	const struct script *s =
		shell_parse_resolved(arena, (struct excerpt){ text, NULL });
	const struct node *node;
	struct text *words;

	*ret_n = 0;
	if (s->n_errors || s->body->n_items != 1 || s->n_comments ||
	    s->body->items[0]->background)
		return NULL;
	node = s->body->items[0]->node;
	if (node->kind != NODE_SIMPLE || node->n_redirects ||
	    node->n_words < 2 || text_chr(value, '\n', 0) < value.len)
		return NULL;
	words = arena_alloc(arena, node->n_words * sizeof(*words));
	for (uint32_t i = 1; i < node->n_words; i++) {
		struct value v = word_value(arena, s, node->words[i], NULL);

		if (v.state != VALUE_EXACT || (v.traits & DOES_MORE))
			return NULL;
		words[i - 1] = v.bytes.text;
	}
	*ret_n = node->n_words - 1;
	return words;
}
