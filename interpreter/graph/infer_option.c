/* Choices by labels above blocks: "Option A" here, "Option B" below. */
#include "base/limits.h"
#include "graph/infer.h"

/* A choice whose branches are announced by labels in one depth of lists. */
struct level {
	struct choice *choice; /* NULL: one label alone, which offers none */
	struct branch *branch; /* the last one */
	struct text first;     /* label */
	unsigned depth;
};

/* Two passes over the section: the first one counts the labels of each choice,
 * the second one makes those that have several. */
struct labels {
	struct builder *b;
	bool making;
	uint32_t *counts; /* labels of each choice, in order */
	uint32_t n_counts;
	uint32_t at;                            /* choices begun in this pass */
	uint32_t current[LIMIT_DOCUMENT_DEPTH]; /* choice of each level */
	struct level levels[LIMIT_DOCUMENT_DEPTH];
	unsigned n_levels;
};

/* End the choices whose labels stand deeper than DEPTH, or as deep when
 * ALSO_EQUAL. */
static void
leave_levels(struct labels *l, unsigned depth, bool also_equal)
{
	while (l->n_levels &&
	       (l->levels[l->n_levels - 1].depth > depth ||
		(also_equal && l->levels[l->n_levels - 1].depth == depth)))
		l->n_levels--;
}

static struct level *
begin_level(struct labels *l, struct text label, struct span where,
	    unsigned depth)
{
	const struct branch *inside =
		l->n_levels ? l->levels[l->n_levels - 1].branch : NULL;
	struct level *level = &l->levels[l->n_levels];

	*level = (struct level){ .first = label, .depth = depth };
	l->current[l->n_levels++] = l->at;
	if (!l->making)
		ARENA_PUSH(l->b->arena, l->counts, l->n_counts, 0);
	else if (l->at < l->n_counts && l->counts[l->at] > 1)
		level->choice = choice_new(l->b, (struct text){ NULL, 0 },
					   where, inside);
	l->at++;
	return level;
}

static void
see_label(struct labels *l, const struct block *block, struct text label)
{
	unsigned depth = block_depth(block);
	struct level *level;

	leave_levels(l, depth, false);
	level = l->n_levels ? &l->levels[l->n_levels - 1] : NULL;
	if (level && level->depth == depth &&
	    text_eq_nocase(level->first, label)) {
		leave_levels(l, depth, true); /* "Option 1" again */
		level = NULL;
	}
	if (!level || level->depth < depth) {
		if (l->n_levels == ARRAY_LEN(l->levels))
			return;
		level = begin_level(l, label, block->where, depth);
	}
	if (!l->making && l->counts)
		l->counts[l->current[l->n_levels - 1]]++;
	else if (level->choice)
		level->branch = choice_branch(l->b, level->choice, label);
}

/* What BLOCK, whose steps are R, is to the labels above it. */
static void
see_block(struct labels *l, const struct block *before,
	  const struct block *block, struct range r)
{
	struct text label = { NULL, 0 };
	unsigned depth = block_depth(block);

	if (block->kind == BLOCK_PARAGRAPH)
		label = option_label(block->text);
	if (label.len) {
		see_label(l, block, label);
		return;
	}
	if (block->kind == BLOCK_RULE || block_is_label(block))
		leave_levels(l, depth, true);
	else if (block->kind != BLOCK_CODE || !before ||
		 !option_label(before->text).len)
		leave_levels(l, depth, false);
	/* else: a block that should have been indented below its label */
	if (l->making && l->n_levels && r.end > r.first &&
	    l->levels[l->n_levels - 1].branch)
		branch_take(l->b, l->levels[l->n_levels - 1].branch, r,
			    INFER_MENU_WORDS, "it stands below an option");
}

static void
walk_labels(struct labels *l)
{
	const struct procedure *p = l->b->p;
	const struct block *before = NULL;
	struct range r = { 0, 0 };

	l->n_levels = 0;
	l->at = 0;
	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = l->b->doc->blocks[i];

		r.first = r.end;
		while (r.end < p->n_steps && p->steps[r.end]->block == block)
			r.end++;
		if (block->kind == BLOCK_HEADING)
			continue;
		see_block(l, before, block, r);
		before = block;
	}
}

void
infer_option(struct builder *b)
{
	struct labels labels = { .b = b };

	walk_labels(&labels);
	labels.making = true;
	walk_labels(&labels);
}
