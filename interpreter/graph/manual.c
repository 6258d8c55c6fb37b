/* What a human does: numbered items and sentences that tell the reader to do
 * something, between the blocks of a procedure. */
#include "base/limits.h"
#include "graph/infer.h"

static const struct block *
block_at(const struct builder *b, uint32_t ordinal)
{
	return ordinal < b->p->section->own_end ? b->doc->blocks[ordinal]
						: NULL;
}

/* ---- items ----------------------------------------------------------------
 */

/* What a block is as the first one of a numbered item. */
enum item {
	ITEM_NONE, /* it is not */
	ITEM_CODE, /* the item holds a block */
	ITEM_INSTRUCTION,
	ITEM_UNCLEAR,
	ITEM_AMONG, /* an unclear one among steps */
	ITEM_OTHER  /* a link, a definition, a question */
};

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
		"feel free", "let us",  "imagine",  "suppose",  "for more",
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
 * behind it; ITEM: what it is when it leads a numbered item. */
static struct step *
manual_step(struct builder *b, const struct block *block, bool between,
	    enum item item)
{
	if (item != ITEM_NONE) {
		uint32_t end = item_end(b, block);

		if (item != ITEM_INSTRUCTION && item != ITEM_AMONG)
			return NULL;
		return add_manual(b, block, item_text(b, block, end), end,
				  INFER_MANUAL_ITEM,
				  item == ITEM_AMONG
					  ? "a numbered item among steps"
					  : "a numbered instruction");
	}
	if (!between || !is_instruction(b, block))
		return NULL;
	return add_manual(b, block, text_trim(block->text), block->ordinal + 1,
			  INFER_MANUAL_SENTENCE,
			  "a sentence in the imperative between the blocks");
}

/* ---- items among each other
 * --------------------------------------------------
 */

/* Numbered items in a row, of one list or of one that blocks without indent
 * have cut. */
struct row {
	const struct container *outer;
	uint32_t number; /* of the last one */
	bool has_code;
	uint32_t n_instructions, n_unclear;
};

struct rows {
	struct row *items; /* room for as many as there are blocks */
	uint32_t n;
	uint32_t at[LIMIT_DOCUMENT_DEPTH]; /* behind the row of each depth */
};

/* What the first block of a numbered item is, by itself. */
static enum item
item_of(const struct builder *b, const struct block *lead)
{
	struct text t = lead->text;

	if (holds_code(b, lead, item_end(b, lead)))
		return ITEM_CODE;
	if (only_refers(t) || leads_to_more(t))
		return ITEM_OTHER;
	if (sentence_is_imperative(t))
		return ITEM_INSTRUCTION;
	/* nothing but a link, or a word */
	if (lead->n_runs == 1 && lead->runs[0].kind != INLINE_TEXT)
		return ITEM_OTHER;
	return sentence_is_statement(t) || text_chr(t, ' ', 0) == t.len
		       ? ITEM_OTHER
		       : ITEM_UNCLEAR;
}

/* The row to which LEAD belongs. */
static uint32_t
row_of(struct rows *rows, const struct block *lead)
{
	unsigned depth = block_depth(lead);
	const struct container *item = lead->in;
	uint32_t *at = &rows->at[depth < LIMIT_DOCUMENT_DEPTH ? depth : 0];
	struct row *row = *at ? &rows->items[*at - 1] : NULL;

	if (!row || row->outer != item->outer || item->number <= row->number) {
		row = &rows->items[rows->n++];
		row->outer = item->outer;
		*at = rows->n;
	}
	row->number = item->number;
	return *at - 1;
}

static void
count_item(struct row *row, enum item item)
{
	row->has_code |= item == ITEM_CODE;
	row->n_instructions += item == ITEM_INSTRUCTION;
	row->n_unclear += item == ITEM_UNCLEAR;
}

/* Commands among the items make all of them steps: to ask once too often does
 * less harm than to leave out what is to be done. */
static bool
is_of_steps(const struct row *row)
{
	return row->has_code ||
	       (row->n_instructions && row->n_instructions >= row->n_unclear);
}

/* What the blocks of the section are as numbered items, in ARENA. An item that
 * says neither is a step where its row is one of steps. */
static enum item *
read_items(struct builder *b)
{
	const struct section *section = b->p->section;
	uint32_t n = section->own_end - section->first;
	enum item *items = arena_alloc(b->arena, (n + 1) * sizeof(*items));
	uint32_t *row = arena_alloc(b->arena, (n + 1) * sizeof(*row));
	struct rows rows = { .n = 0 };

	rows.items = arena_alloc(b->arena, (n + 1) * sizeof(*rows.items));
	for (uint32_t i = 0; i < n; i++) {
		const struct block *block = b->doc->blocks[section->first + i];

		if (!is_lead(b, block))
			continue;
		items[i] = item_of(b, block);
		row[i] = row_of(&rows, block);
		count_item(&rows.items[row[i]], items[i]);
	}
	for (uint32_t i = 0; i < n; i++) {
		if (items[i] == ITEM_UNCLEAR &&
		    is_of_steps(&rows.items[row[i]]))
			items[i] = ITEM_AMONG;
	}
	return items;
}

/* True when the numbered items outside of other lists are instructions, and
 * there are several. Remarks may stand among them. */
static bool
is_checklist(const struct builder *b, const enum item *items)
{
	const struct section *section = b->p->section;
	uint32_t n_steps = 0, n_others = 0;

	for (uint32_t i = section->first; i < section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];
		enum item item = items[i - section->first];

		if (item == ITEM_NONE || block_depth(block) > 1)
			continue;
		if (item == ITEM_OTHER || item == ITEM_UNCLEAR)
			n_others++;
		else
			n_steps++;
	}
	return n_steps > 1 && n_steps > 3 * n_others;
}

void
manual_steps(struct builder *b)
{
	struct procedure *p = b->p;
	struct step **steps = NULL;
	uint32_t n = 0, next = 0;
	const enum item *items = read_items(b);

	if (p->n_steps == 0 && !is_checklist(b, items))
		return;
	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];
		struct step *s = NULL;

		if (next == p->n_steps || p->steps[next]->block != block)
			s = manual_step(b, block, next > 0 && next < p->n_steps,
					items[i - p->section->first]);
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
