/* Outputs that stand as lines of a block of code. */
#include "edit/outcome.h"

static const struct block *
block_of(const struct outcome *o)
{
	struct text text = o->want->text;

	for (uint32_t i = 0; i < o->doc->n_blocks; i++) {
		const struct block *b = o->doc->blocks[i];
		struct text content;

		if (b->kind != BLOCK_CODE)
			continue;
		content = b->code->content.text;
		if (content.at && text.at >= content.at &&
		    text.at + text.len <= content.at + content.len)
			return b;
	}
	return NULL;
}

/* Nothing at all in a block of output is no output that a reader sees. */
static bool
has_text(const struct outcome *o)
{
	for (uint32_t i = 0; i < o->n_lines; i++) {
		if (text_trim(o->lines[i].text).len)
			return true;
	}
	return false;
}

bool
outcome_in_block(struct patch *p, const struct outcome *o,
		 const struct block **ret_block, struct buf *reterr)
{
	const struct block *block = block_of(o);
	struct region r;

	*ret_block = block;
	if (!block || !block->code->fenced) {
		buf_adds(reterr, "its place in the document is not known");
		return false;
	}
	if (block != o->step->block && !has_text(o)) {
		buf_adds(reterr, "it printed nothing; take the block of "
				 "output out by hand");
		return false;
	}
	r = region_of_text(o->arena, block, o->want->text);
	if (region_put(p, &r, o->lines, o->n_lines))
		return true;
	buf_adds(reterr, "another output stands in the same place");
	return false;
}
