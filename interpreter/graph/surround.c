/* The prose that speaks of each block: one pass over a section, so that the
 * cost is linear however long its lists are. */
#include "graph/surround.h"

#include <string.h>

#include "base/arena.h"

struct pass {
	struct arena *arena;
	const struct block *before; /* the block before this one */
	const struct block *paragraph;
	const struct container *beneath; /* of the blocks since then */
	bool broken;                     /* they stand in several containers */
	bool any;                        /* there was one */
	bool code;                       /* it was no comment */
	struct surroundings now;
};

static bool
is_item(const struct container *c)
{
	return c->kind == CONTAINER_BULLET || c->kind == CONTAINER_ORDERED;
}

static bool
is_within(const struct block *block, const struct container *container)
{
	const struct container *c = block->in;

	while (c && c != container)
		c = c->outer;
	return c != NULL;
}

unsigned
block_depth(const struct block *block)
{
	unsigned depth = 0;

	for (const struct container *c = block->in; c; c = c->outer)
		depth += is_item(c);
	return depth;
}

bool
block_is_label(const struct block *block)
{
	struct text t, bold;

	if (block->kind != BLOCK_PARAGRAPH || block->n_runs == 0 ||
	    block->runs[0].kind != INLINE_STRONG)
		return false;
	t = text_trim(block->text);
	bold = text_trim(block->runs[0].text);
	while (t.len > bold.len && strchr(":.", t.at[t.len - 1]))
		t.len--;
	return t.len <= bold.len;
}

/* ---- items ----------------------------------------------------------------
 */

/* Begin the items from the outermost that is new to the innermost. */
static void
enter_items(struct pass *pass, const struct block *block,
	    const struct container *c)
{
	const struct lead *known = pass->now.lead;
	struct lead *lead;

	if (!c || (known && known->item == c))
		return;
	enter_items(pass, block, c->outer);
	if (!is_item(c))
		return;
	for (known = pass->now.lead; known; known = known->outer) {
		if (known->item == c)
			return;
	}
	if (!pass->now.lead)
		pass->now.intro =
			pass->before && pass->before->kind == BLOCK_PARAGRAPH
				? pass->before
				: NULL;
	lead = ARENA_NEW(pass->arena, struct lead);
	lead->item = c;
	lead->outer = pass->now.lead;
	if (block->kind == BLOCK_PARAGRAPH && block->in == c)
		lead->words = block;
	pass->now.lead = lead;
}

static void
follow_items(struct pass *pass, const struct block *block)
{
	const struct lead *left = NULL;

	while (pass->now.lead && !is_within(block, pass->now.lead->item)) {
		left = pass->now.lead;
		pass->now.lead = left->outer;
	}
	/* the next item of the same list keeps what introduced it */
	if (!pass->now.lead && (!left || !block->in))
		pass->now.intro = NULL;
	if (left && !pass->now.lead && block->in) {
		const struct block *intro = pass->now.intro;

		enter_items(pass, block, block->in);
		pass->now.intro = intro;
	} else {
		enter_items(pass, block, block->in);
	}
}

/* ---- paragraphs -----------------------------------------------------------
 */

static void
follow_paragraphs(struct pass *pass, const struct block *block)
{
	pass->now.above = pass->now.over = NULL;
	switch (block->kind) {
	case BLOCK_PARAGRAPH:
		if (!pass->code)
			pass->now.above = pass->now.over = pass->paragraph;
		pass->paragraph = block;
		pass->any = pass->broken = pass->code = false;
		if (!block->in && block_is_label(block))
			pass->now.label = block;
		break;
	case BLOCK_HEADING:
	case BLOCK_RULE:
		pass->paragraph = NULL;
		break;
	case BLOCK_CODE:
	case BLOCK_HTML:
		if (!pass->code)
			pass->now.above = pass->paragraph;
		if (pass->any && pass->beneath != block->in)
			pass->broken = true;
		if (!pass->broken)
			pass->now.over = pass->paragraph;
		pass->any = true;
		pass->code |= block->kind == BLOCK_CODE;
		pass->beneath = block->in;
		break;
	}
}

const struct surroundings *
surroundings_of(struct arena *arena, const struct document *doc,
		const struct section *section)
{
	uint32_t n = section->own_end - section->first;
	struct surroundings *all = arena_alloc(arena, (n + 1) * sizeof(*all));
	struct pass pass = { .arena = arena };

	for (uint32_t i = 0; i < n; i++) {
		const struct block *block = doc->blocks[section->first + i];

		follow_items(&pass, block);
		follow_paragraphs(&pass, block);
		all[i] = pass.now;
		pass.before = block;
	}
	return all;
}
