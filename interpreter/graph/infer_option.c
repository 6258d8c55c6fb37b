/* Choices by labels above blocks: "Option A" here, "Option B" below. */
#include "base/limits.h"
#include "graph/infer.h"

/* A choice whose branches are announced by labels in one depth of lists. */
struct level {
	struct choice *choice; /* NULL: one label alone, which offers none */
	struct branch *branch; /* the last one */
	struct text first;     /* label */
	struct text last;
	const struct container *item; /* of the list that the last label leads,
				       * or NULL */
	unsigned depth;
	bool paused;    /* first pass: a rule or a label in bold stands behind
			 * the last one */
	uint32_t parts; /* of the last branch: blocks with words of their own
			 * above them */
	uint32_t most;  /* parts of a branch before the last one */
	const struct block *words; /* above the part to come, or NULL */
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
	const struct block *ended; /* by these words a menu is over; NULL when
				    * they are not right above */
	enum infer_rule ended_by;
};

static struct level *
innermost(struct labels *l)
{
	return l->n_levels ? &l->levels[l->n_levels - 1] : NULL;
}

/* End the choices whose labels stand deeper than DEPTH. */
static void
leave_levels(struct labels *l, unsigned depth)
{
	while (l->n_levels && innermost(l)->depth > depth)
		l->n_levels--;
}

/* ---- labels -----------------------------------------------------------------
 */

static void
begin_level(struct labels *l, struct text label, struct span where,
	    unsigned depth)
{
	const struct branch *inside = l->n_levels ? innermost(l)->branch : NULL;
	struct level *level = &l->levels[l->n_levels];

	*level = (struct level){ .first = label, .depth = depth };
	l->current[l->n_levels++] = l->at;
	if (!l->making)
		ARENA_PUSH(l->b->arena, l->counts, l->n_counts, 0);
	else if (l->at < l->n_counts && l->counts[l->at] > 1)
		level->choice = choice_new(l->b, (struct text){ NULL, 0 },
					   where, inside);
	l->at++;
}

/* LABEL goes on with the choice of LEVEL. "Option 1" again is another one; so
 * is, behind a rule, what is not the next of its kind. */
static bool
goes_on(const struct level *level, struct text label)
{
	uint32_t number = option_number(label);

	if (text_eq_nocase(level->first, label))
		return false;
	return !level->paused ||
	       (number && number == option_number(level->last) + 1);
}

static void
see_label(struct labels *l, const struct block *block, struct text label)
{
	unsigned depth = block_depth(block);
	struct level *level;

	leave_levels(l, depth);
	if (l->n_levels && innermost(l)->depth == depth &&
	    !goes_on(innermost(l), label))
		l->n_levels--;
	if (!l->n_levels || innermost(l)->depth < depth) {
		if (l->n_levels == ARRAY_LEN(l->levels))
			return;
		begin_level(l, label, block->where, depth);
	}
	level = innermost(l);
	level->last = label;
	level->item = depth ? block->in : NULL;
	level->paused = false;
	if (level->parts > level->most)
		level->most = level->parts;
	level->parts = 0;
	level->words = NULL;
	if (!l->making)
		l->counts[l->current[l->n_levels - 1]]++;
	else if (level->choice)
		level->branch = choice_branch(l->b, level->choice, label);
}

/* ---- where the last option ends ---------------------------------------------
 */

/* The last branch of its choice has begun. */
static bool
is_last(const struct labels *l)
{
	const struct level *level = &l->levels[l->n_levels - 1];

	return level->choice &&
	       level->branch->number == l->counts[l->current[l->n_levels - 1]];
}

/* "Note: …" in bold speaks of what is around it. */
static bool
is_remark(struct text bold)
{
	static const char *const words[] = {
		"note",       "notes",         "warning",  "important",
		"caution",    "tip",           "hint",     "attention",
		"danger",     "example",       "expected", "output",
		"result",     "reason",        "why",      "pros",
		"cons",       "when",          "if",       "use",
		"advantages", "disadvantages",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with_word(bold, words[i]))
			return true;
	}
	return false;
}

/* "**Announce**: …": bold words in front of BLOCK, or none. */
static struct text
bold_lead(const struct block *block)
{
	struct text bold, behind, none = { NULL, 0 };

	if (block->n_runs == 0 || block->runs[0].kind != INLINE_STRONG)
		return none;
	bold = text_trim(block->runs[0].text);
	behind = text_sub(text_trim(block->text), bold.len, block->text.len);
	return text_ends(bold, ":") || text_starts(text_trim(behind), ":")
		       ? bold
		       : none;
}

static bool
is_in_item(const struct block *block, const struct container *item)
{
	const struct container *c = block->in;

	while (c && c != item)
		c = c->outer;
	return c != NULL;
}

/* The words of BLOCK, as deep as the labels of the last level, are about more
 * than the option above them. */
static bool
ends_options(const struct labels *l, const struct block *block)
{
	const struct level *level = &l->levels[l->n_levels - 1];
	enum after_options after = sentence_after_options(block->text);

	if (after == AFTER_ALL)
		return true;
	/* the next item of the list whose items are the options */
	if (level->item && !is_in_item(block, level->item))
		return true;
	if (level->parts == 0 && text_ends(text_trim(level->last), ":"))
		return false;
	if (bold_lead(block).len && !is_remark(bold_lead(block)))
		return true;
	/* where the other options go on with "then", so may this one */
	return after == AFTER_LAST &&
	       (level->parts ? level->parts : 1) + 1 > level->most;
}

static bool
is_marked(const struct block *block, bool after)
{
	return annotation_get(block->annotation, KEY_AFTER_MENU) &&
	       setting_bool(block->annotation, KEY_AFTER_MENU, false) == after;
}

/* End the menus that BLOCK, as deep as DEPTH, does not belong to. */
static void
end_options(struct labels *l, const struct block *block, unsigned depth)
{
	bool breaks = block->kind == BLOCK_RULE || block_is_label(block);
	struct level *level = innermost(l);

	if (is_marked(block, true)) {
		l->n_levels = 0;
		l->ended_by = INFER_ANNOTATED;
	} else if (!level || level->depth != depth) {
		return;
	} else if (breaks && !l->making) {
		level->paused = true;
		return;
	} else if (breaks && (!level->choice || is_last(l))) {
		l->n_levels--;
		l->ended_by = INFER_MENU_END;
	} else if (block->kind == BLOCK_PARAGRAPH && l->making && is_last(l) &&
		   !is_marked(block, false) && ends_options(l, block)) {
		l->n_levels--;
		l->ended_by = INFER_MENU_END;
	} else {
		return;
	}
	l->ended = block;
}

/* ---- blocks -----------------------------------------------------------------
 */

/* The steps of R, behind the words that ended a menu. */
static void
note_end(struct labels *l, struct range r)
{
	if (!l->ended || r.end == r.first)
		return;
	for (uint32_t i = r.first; l->making && i < r.end; i++)
		reason_add(l->b->arena, &l->b->p->steps[i]->reasons,
			   l->ended_by, "relation", l->ended->where,
			   "the menu above is over here");
	l->ended = NULL;
}

/* The steps of R, of BLOCK, are a part of the last option. One part more than
 * the others have, and without a mark, may be meant for all of them. */
static void
take_part(struct labels *l, const struct block *block, struct range r)
{
	struct level *level = innermost(l);
	const struct block *words = level->words;
	uint32_t least = level->most ? level->most : 1;
	bool doubtful;

	if (level->parts == 0 || words)
		level->parts++;
	level->words = NULL;
	if (!l->making || !level->branch)
		return;
	doubtful = words && level->parts > least && is_last(l) &&
		   !is_marked(words, false) && !is_marked(block, false);
	branch_take(l->b, level->branch, r, INFER_MENU_WORDS,
		    doubtful ? "it stands below the last option, though it may "
			       "be for all of them"
			     : "it stands below an option");
	if (doubtful)
		l->b->p->steps[r.first]->perhaps_after = words;
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
		l->ended = NULL;
		see_label(l, block, label);
		return;
	}
	/* a block may stand there that should have been indented */
	if (block->kind != BLOCK_CODE || !before ||
	    !option_label(before->text).len)
		leave_levels(l, depth);
	end_options(l, block, depth);
	note_end(l, r);
	if (!l->n_levels)
		return;
	if (block->kind == BLOCK_PARAGRAPH && depth == innermost(l)->depth &&
	    !is_remark(bold_lead(block)))
		innermost(l)->words = block;
	if (r.end > r.first)
		take_part(l, block, r);
}

static void
walk_labels(struct labels *l)
{
	const struct procedure *p = l->b->p;
	const struct block *before = NULL;
	struct range r = { 0, 0 };

	l->n_levels = 0;
	l->at = 0;
	l->ended = NULL;
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
