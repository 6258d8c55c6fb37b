/* What a human does: numbered items and sentences that tell the reader to do
 * something, between the blocks of a procedure. */
#include "graph/infer.h"

static const struct block *
block_at(const struct builder *b, uint32_t ordinal)
{
	return ordinal < b->p->section->own_end ? b->doc->blocks[ordinal]
						: NULL;
}

/* ---- items ----------------------------------------------------------------
 */

/* The first block of a numbered item. */
static bool
is_lead(const struct builder *b, const struct block *block)
{
	const struct container *item = block->in;
	const struct block *before;

	if (block->kind != BLOCK_PARAGRAPH || !item ||
	    item->kind != CONTAINER_ORDERED || item->is_task)
		return false;
	before = block->ordinal > 0 ? b->doc->blocks[block->ordinal - 1] : NULL;
	return !before || before->where.start < item->where.start ||
	       before->section != block->section;
}

/* The ordinal behind the last block of the item that begins with LEAD. */
static uint32_t
item_end(const struct builder *b, const struct block *lead)
{
	uint32_t i = lead->ordinal + 1;
	const struct block *next;

	while ((next = block_at(b, i)) &&
	       next->where.start < lead->in->where.end)
		i++;
	return i;
}

/* A block in the item, or one right behind it that should have been indented.
 */
static bool
holds_code(const struct builder *b, const struct block *lead, uint32_t end)
{
	const struct block *behind = block_at(b, end);

	for (uint32_t i = lead->ordinal + 1; i < end; i++) {
		if (b->doc->blocks[i]->kind == BLOCK_CODE)
			return true;
	}
	return behind && behind->kind == BLOCK_CODE &&
	       !text_ends(text_trim(lead->text), ".");
}

/* Lead and paragraphs of an item, each on lines of its own. */
static struct text
item_text(const struct builder *b, const struct block *lead, uint32_t end)
{
	CLEANUP(buf_release) struct buf t = BUF_INIT;

	buf_addt(&t, text_trim(lead->text));
	for (uint32_t i = lead->ordinal + 1; i < end; i++) {
		const struct block *block = b->doc->blocks[i];

		if (block->kind != BLOCK_PARAGRAPH)
			continue;
		buf_adds(&t, block->in == lead->in ? "\n" : "\n- ");
		buf_addt(&t, text_trim(block->text));
	}
	return arena_text(b->arena, buf_text(&t));
}

/* ---- sentences ------------------------------------------------------------
 */

/* "See …", "Note …" tell the reader something, and are nothing to do. */
static bool
only_refers(struct text t)
{
	static const char *const words[] = {
		"see",       "note",    "remember", "refer",    "consider",
		"read",      "keep in", "recall",   "be aware", "bear in mind",
		"feel free", "let us",  "imagine",  "suppose",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with_word(t, words[i]))
			return true;
	}
	return false;
}

/* "You can also …", "Let's …", "Use the following": it offers, or leads over.
 */
static bool
only_offers(struct text t)
{
	static const char *const words[] = { "you can", "you may", "you could",
					     "let's",   "we",      "also" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (has_word(t, words[i]))
			return true;
	}
	return has_word(t, "following") ||
	       !(t.len && t.at[0] >= 'A' && t.at[0] <= 'Z');
}

/* A paragraph on its own that tells the reader to do something, and leads over
 * to nothing. */
static bool
is_instruction(const struct builder *b, const struct block *block)
{
	enum {
		SENTENCE_MAX = 300
	};
	const struct block *next = block_at(b, block->ordinal + 1);
	struct text t = text_trim(block->text), rest;

	if (block->kind != BLOCK_PARAGRAPH || block->in ||
	    block_is_label(block) || t.len > SENTENCE_MAX ||
	    text_ends(t, ":") || only_refers(t) || leads_to_more(t))
		return false;
	if (next && next->kind == BLOCK_CODE)
		return false;
	t = sentence_first(t, &rest);
	return !only_offers(t) && sentence_is_imperative(t);
}

/* ---- steps ----------------------------------------------------------------
 */

/* What stands in bold on its first line, else its first sentence, on one line.
 */
static struct text
manual_title(const struct builder *b, const struct block *block)
{
	CLEANUP(buf_release) struct buf t = BUF_INIT;
	const struct inline_run *first = block->n_runs ? block->runs : NULL;
	struct text rest, sentence = sentence_first(block->text, &rest);

	if (first && first->kind == INLINE_STRONG &&
	    text_starts(text_sub(block->text, first->text.len, block->text.len),
			"\n"))
		return first->text;
	for (size_t i = 0; i < sentence.len; i++)
		buf_addc(&t, sentence.at[i] == '\n' ? ' ' : sentence.at[i]);
	return arena_text(b->arena, buf_text(&t));
}

static struct step *
add_manual(struct builder *b, const struct block *block, struct text text,
	   uint32_t end, enum infer_rule rule, const char *why)
{
	struct map *m = map_new(b->arena, b->doc->src);
	struct step *s;

	map_add(b->arena, m, (uint32_t)text.len, block->where.start,
		block->where.end - block->where.start, MAP_DECODED);
	s = new_step(b, STEP_MANUAL, block, (struct excerpt){ text, m });
	s->line = span_line(block->where);
	s->block_end = end;
	s->title = manual_title(b, block);
	reason_add(b->arena, &s->reasons, rule, "kind", block->where, "%s",
		   why);
	return s;
}

/* The step that BLOCK is for a human, or NULL. BETWEEN: steps stand before and
 * behind it. */
static struct step *
manual_step(struct builder *b, const struct block *block, bool between)
{
	if (is_lead(b, block)) {
		uint32_t end = item_end(b, block);

		if (holds_code(b, block, end) || only_refers(block->text) ||
		    leads_to_more(block->text) ||
		    !sentence_is_imperative(block->text))
			return NULL;
		return add_manual(b, block, item_text(b, block, end), end,
				  INFER_MANUAL_ITEM, "a numbered instruction");
	}
	if (!between || !is_instruction(b, block))
		return NULL;
	return add_manual(b, block, text_trim(block->text), block->ordinal + 1,
			  INFER_MANUAL_SENTENCE,
			  "a sentence in the imperative between the blocks");
}

/* True when every numbered item outside of other lists is an instruction, and
 * there are several. */
static bool
is_checklist(const struct builder *b)
{
	uint32_t n = 0;

	for (uint32_t i = b->p->section->first; i < b->p->section->own_end;
	     i++) {
		const struct block *block = b->doc->blocks[i];

		if (!is_lead(b, block) || block_depth(block) > 1)
			continue;
		if (only_refers(block->text) ||
		    !sentence_is_imperative(block->text))
			return false;
		n++;
	}
	return n > 1;
}

void
manual_steps(struct builder *b)
{
	struct procedure *p = b->p;
	struct step **steps = NULL;
	uint32_t n = 0, next = 0;

	if (p->n_steps == 0 && !is_checklist(b))
		return;
	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];
		struct step *s = NULL;

		if (next == p->n_steps || p->steps[next]->block != block)
			s = manual_step(b, block,
					next > 0 && next < p->n_steps);
		if (s)
			ARENA_PUSH(b->arena, steps, n, s);
		while (next < p->n_steps && p->steps[next]->block == block) {
			ARENA_PUSH(b->arena, steps, n, p->steps[next]);
			next++;
		}
	}
	p->steps = steps;
	p->n_steps = n;
	for (uint32_t i = 0; i < n; i++)
		steps[i]->ordinal = i + 1;
}
