/* Going through everything that a shell text holds. */
#ifndef SHELL_WALK_H
#define SHELL_WALK_H

#include "shell/ast.h"

/* Called outermost first, in source order but for here-documents, which come
 * with their redirection. S is the script that the offsets belong to: inside
 * backquotes it is their own. Return false to pass over what is inside. NULL
 * callbacks count as true. */
struct shell_visitor {
	bool (*on_node)(void *ctx, const struct script *s,
			const struct node *node);
	bool (*on_redirect)(void *ctx, const struct script *s,
			    const struct redirect *redirect);
	bool (*on_assignment)(void *ctx, const struct script *s,
			      const struct assignment *assignment);
	bool (*on_word)(void *ctx, const struct script *s,
			const struct word *word);
	bool (*on_part)(void *ctx, const struct script *s,
			const struct part *part);
	void *ctx;
};

void shell_walk_list(const struct script *s, const struct list *list,
		     const struct shell_visitor *v);
void shell_walk_node(const struct script *s, const struct node *node,
		     const struct shell_visitor *v);
void shell_walk_word(const struct script *s, const struct word *word,
		     const struct shell_visitor *v);

#endif
