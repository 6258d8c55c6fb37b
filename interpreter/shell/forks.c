/* Looking for what is more than a few builtins in the shell itself. */
#include "shell/forks.h"

#include "shell/walk.h"

/* Builtins that only look or print (bash(1), SHELL BUILTIN COMMANDS). */
static const char *const builtins[] = { ":",      "[",   "echo", "false",
					"printf", "pwd", "test", "true" };

static bool
is_builtin(const struct script *s, const struct word *w)
{
	struct text name = script_text(s, w->start, w->end);

	if (w->n_parts != 1 || w->parts[0]->kind != PART_LITERAL)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		if (text_is(name, builtins[i]))
			return true;
	}
	return false;
}

static bool
on_node(void *ctx, const struct script *s, const struct node *node)
{
	bool *forks = ctx;

	switch (node->kind) {
	case NODE_SIMPLE:
		*forks |= node->n_words && !is_builtin(s, node->words[0]);
		break;
	case NODE_PIPELINE:
		*forks |= node->n_items > 1;
		break;
	case NODE_ANDOR:
		break;
	default:
		*forks = true;
		break;
	}
	return !*forks;
}

static bool
on_part(void *ctx, const struct script *s UNUSED, const struct part *part)
{
	bool *forks = ctx;

	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		*forks = true;
		break;
	default:
		break;
	}
	return !*forks;
}

bool
shell_forks(const struct script *s, uint32_t first, uint32_t last)
{
	bool forks = s->n_errors > 0;
	const struct shell_visitor v = { .on_node = on_node,
					 .on_part = on_part,
					 .ctx = &forks };

	for (uint32_t i = first; i <= last && i < s->body->n_items; i++) {
		const struct statement *one = s->body->items[i];

		forks |= one->background || one->node->has_error;
		shell_walk_node(s, one->node, &v);
	}
	return forks;
}
