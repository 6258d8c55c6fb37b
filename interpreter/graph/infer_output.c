/* Output blocks after a script: what the last command above is to print. */
#include "graph/infer.h"

/* Words of a sentence that introduces an output. */
static bool
introduces_output(struct text t)
{
	static const char *const words[] = {
		"output",       "expected", "should see", "you will see",
		"prints",       "returns",  "looks like", "something like",
		"similar to",   "response", "result",     "should show",
		"should print",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (has_word(t, words[i]))
			return true;
	}
	return false;
}

static bool
may_be_output(const struct block *block)
{
	return block->kind == BLOCK_CODE && block->code->closed &&
	       (block->code->kind == CODE_OUTPUT ||
		(block->code->kind == CODE_UNTAGGED && block->code->fenced));
}

/* The next block of the section of BLOCK that a reader sees, or NULL. */
static const struct block *
visible_after(const struct document *doc, const struct block *block)
{
	const struct block *next;

	for (uint32_t i = block->ordinal + 1; i < doc->n_blocks; i++) {
		next = doc->blocks[i];
		if (next->section != block->section)
			return NULL;
		if (next->kind != BLOCK_HTML ||
		    !text_starts(next->text, "<!--"))
			return next;
	}
	return NULL;
}

/* The output block that belongs to script block SCRIPT, or NULL: right behind
 * it, or behind one paragraph that introduces it. With other prose between
 * them nothing can be said. */
static const struct block *
output_after(const struct document *doc, const struct block *script)
{
	const struct block *next = visible_after(doc, script);

	if (!next || may_be_output(next))
		return next;
	if (next->kind != BLOCK_PARAGRAPH || !introduces_output(next->text))
		return NULL;
	next = visible_after(doc, next);
	return next && may_be_output(next) ? next : NULL;
}

void
infer_output(struct builder *b)
{
	struct procedure *p = b->p;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];
		const struct block *output;
		struct excerpt content;
		struct want *w;

		if (s->kind != STEP_COMMAND || s->n_wants ||
		    (i + 1 < p->n_steps && p->steps[i + 1]->block == s->block))
			continue;
		output = output_after(b->doc, s->block);
		if (!output || text_trim(output->code->content.text).len == 0 ||
		    !want_fits(output->code->content.text))
			continue;
		content = output->code->content;
		w = want_shown(
			b->arena, content,
			map_span(content.map, 0, (uint32_t)content.text.len),
			infer_rule_name(INFER_WANT_BLOCK));
		w->of_all = s->shown_with != s;
		ARENA_PUSH(b->arena, s->wants, s->n_wants, w);
		reason_add(b->arena, &s->reasons, INFER_WANT_BLOCK, "want",
			   output->where, "the output block after the command");
	}
}
