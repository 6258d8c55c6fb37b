/* Choices by the document's words: "or" between two blocks, "one of the
 * following", "# Or" within one block. */
#include "graph/infer.h"
#include "graph/variant.h"

/* ---- within a block -------------------------------------------------------
 */

/* The steps of R from I on that stand under the same comment. */
static struct range
group_at(const struct procedure *p, struct range r, uint32_t i)
{
	struct range group = { i, i + 1 };

	while (group.end < r.end &&
	       p->steps[group.end]->comment_group == p->steps[i]->comment_group)
		group.end++;
	return group;
}

static void
take_group(struct builder *b, struct choice *c, struct range group,
	   const char *why)
{
	branch_take(b, choice_branch(b, c, b->p->steps[group.first]->title),
		    group, INFER_MENU_WORDS, why);
}

/* A comment that says "option" from I on: the groups up to the next of its
 * kind are one branch. Returns the end of the last. */
static uint32_t
by_comment_options(struct builder *b, struct range r, uint32_t i)
{
	struct procedure *p = b->p;
	struct choice *c =
		choice_new(b, (struct text){ NULL, 0 },
			   p->steps[i]->title_where, p->steps[i]->branch);

	while (i < r.end) {
		struct range branch = group_at(p, r, i);

		while (branch.end < r.end &&
		       !option_label(p->steps[branch.end]->title).len)
			branch.end = group_at(p, r, branch.end).end;
		take_group(b, c, branch, "the comments say option");
		i = branch.end;
	}
	return r.end;
}

static bool
is_titled(const struct step *s)
{
	return s->kind == STEP_COMMAND && s->title.len;
}

/* "# Or …" above a group: it and the ones before it that are joined by "or".
 */
void
infer_comment_menu(struct builder *b, struct range r)
{
	struct procedure *p = b->p;
	struct choice *c = NULL;
	struct range before = { r.first, r.first };

	if (!range_is_together(p, r))
		return;
	for (uint32_t i = r.first; i < r.end;) {
		struct range group = group_at(p, r, i);
		const struct step *s = p->steps[i];

		if (is_titled(s) && option_label(s->title).len) {
			by_comment_options(b, r, i);
			return;
		}
		if (is_titled(s) && sentence_says_or(s->title) &&
		    before.end > before.first) {
			if (!c) {
				c = choice_new(b, (struct text){ NULL, 0 },
					       s->title_where, s->branch);
				take_group(b, c, before,
					   "the comment below it says or");
			}
			take_group(b, c, group, "the comment says or");
		} else {
			c = NULL;
		}
		before = group;
		i = group.end;
	}
}

/* ---- "one of the following:" and "or" -------------------------------------
 */

/* The steps of one block, or of several with no words between them. */
struct run {
	struct range r;
	const struct block *above;    /* the words over it */
	const struct block *offer;    /* words that offer a choice, or NULL */
	const struct container *item; /* of the list that is offered, or NULL */
};

/* The item around BLOCK that stands in the list right below OFFER. */
static const struct lead *
offered_item(const struct surroundings *a)
{
	const struct lead *lead = a->lead;

	while (lead && lead->outer)
		lead = lead->outer;
	return lead;
}

static void
find_offer(const struct builder *b, struct run *run)
{
	const struct block *block = b->p->steps[run->r.first]->block;
	const struct surroundings *a = around(b, block);

	run->above = a->over;
	if (a->intro && offers_choice(a->intro->text)) {
		run->offer = a->intro;
		run->item = offered_item(a)->item;
	} else if (a->over && offers_choice(a->over->text)) {
		run->offer = a->over;
	}
}

/* The next run of steps from I on. Blocks below the same words are one run,
 * unless these offer each of them. */
static struct run
next_run(const struct builder *b, uint32_t i)
{
	const struct procedure *p = b->p;
	struct run run = { .r = { i, i + 1 } };
	const struct block *block = p->steps[i]->block;

	find_offer(b, &run);
	while (run.r.end < p->n_steps) {
		const struct block *next = p->steps[run.r.end]->block;
		bool same = next == block;

		if (!same && !run.offer && run.above &&
		    around(b, next)->over == run.above)
			same = true;
		if (!same && run.item &&
		    next->where.start < run.item->where.end)
			same = true;
		if (!same)
			break;
		run.r.end++;
	}
	return run;
}

static struct text
from_alnum(struct text t)
{
	size_t i = 0;

	while (i < t.len && !byte_is_alnum(t.at[i]))
		i++;
	return text_sub(t, i, t.len);
}

/* What is left of T without "Or", "Either run:" and the like says what the
 * branch is. */
static bool
says_something(struct text t)
{
	static const char *const words[] = {
		"or",    "either",    "alternatively", "run",      "execute",
		"use",   "do",        "issue",         "the",      "this",
		"these", "following", "command",       "commands", "with",
	};
	size_t i = 0;

	t = from_alnum(t);
	while (t.len && i < ARRAY_LEN(words)) {
		if (begins_with_word(t, words[i])) {
			t = from_alnum(text_sub(t, strlen(words[i]), t.len));
			i = 0;
		} else {
			i++;
		}
	}
	return t.len > 0;
}

/* The words for a branch: of its item, else the sentence right over it. */
static struct text
label_of(const struct builder *b, const struct run *run)
{
	enum {
		LABEL_MAX = 120
	};
	const struct surroundings *a =
		around(b, b->p->steps[run->r.first]->block);
	const struct block *words = a->above;
	struct text label, before;

	if (run->item && offered_item(a)->words)
		words = offered_item(a)->words;
	if (!words)
		return (struct text){ NULL, 0 };
	label = sentence_last(words->text, &before);
	return says_something(label) && label.len <= LABEL_MAX
		       ? label
		       : (struct text){ NULL, 0 };
}

struct joiner {
	struct builder *b;
	struct run last;
	bool together;               /* the steps of LAST are */
	const struct branch *inside; /* what they belonged to */
	struct choice *choice;       /* that LAST is the last branch of */
};

/* Why a run takes the place of the one before it. */
struct why {
	enum infer_rule rule;
	const char *text;
	const struct block *words; /* that say so, or NULL */
};

static void
take_run(struct joiner *j, const struct run *run, const struct why *why)
{
	branch_take(j->b, choice_branch(j->b, j->choice, label_of(j->b, run)),
		    run->r, why->rule, why->text);
}

static void
join(struct joiner *j, const struct run *run, const struct why *why)
{
	struct text question = { NULL, 0 };
	struct span where = j->b->p->steps[j->last.r.first]->block->where;

	if (why->words)
		where = why->words->where;
	if (why->words && why->words == j->last.offer)
		question = why->words->text;
	if (!j->choice) {
		j->choice = choice_new(j->b, question, where, j->inside);
		take_run(j, &j->last, why);
	}
	take_run(j, run, why);
}

/* The sentence of ABOVE, the first or the last, that begins with "or"; empty:
 * none does. */
static struct text
or_sentence(const struct block *above)
{
	struct text other;
	struct text first = sentence_first(above->text, &other);
	struct text last = sentence_last(above->text, &other);

	if (sentence_says_or(first))
		return first;
	return sentence_says_or(last) ? last : (struct text){ NULL, 0 };
}

/* True when the block right before the words over RUN, outputs aside, is the
 * last one of LEFT. */
static bool
is_next_block(const struct builder *b, const struct run *left,
	      const struct run *run)
{
	const struct block *last = b->p->steps[left->r.end - 1]->block;
	const struct block *block = b->p->steps[run->r.first]->block;

	for (uint32_t i = block->ordinal; i > last->ordinal + 1; i--) {
		const struct block *between = b->doc->blocks[i - 1];

		if (between->kind == BLOCK_RULE ||
		    (between->kind == BLOCK_CODE &&
		     between->code->kind != CODE_OUTPUT &&
		     between->code->kind != CODE_UNTAGGED))
			return false;
	}
	return true;
}

/* The words over RUN begin with "or", and what they are the alternative to are
 * the steps before it: not those of another item, nor a block between. */
static bool
joined_by_or(const struct joiner *j, const struct run *run)
{
	const struct procedure *p = j->b->p;
	const struct block *block = p->steps[run->r.first]->block;
	const struct block *last = p->steps[j->last.r.end - 1]->block;
	const struct lead *lead = around(j->b, block)->lead;

	if (!run->above || run->above == j->last.above ||
	    !or_sentence(run->above).len || !is_next_block(j->b, &j->last, run))
		return false;
	return block->in == last->in || !lead || lead->words == run->above ||
	       !lead->words;
}

static bool
all_of(const struct procedure *p, struct range r,
       bool (*holds)(const struct step *s))
{
	for (uint32_t i = r.first; i < r.end; i++) {
		if (!holds(p->steps[i]))
			return false;
	}
	return true;
}

static bool
follows(const struct step *s)
{
	return s->io == EFFECT_IO_FOLLOW;
}

static bool
reads(const struct step *s)
{
	return s->level == EFFECT_READS && s->io == EFFECT_IO_BATCH;
}

static bool
commands(const struct step *s)
{
	return s->kind == STEP_COMMAND;
}

/* Endless steps side by side: no other block between, and no condition. */
static bool
are_endless(const struct joiner *j, const struct run *run)
{
	const struct procedure *p = j->b->p;

	return all_of(p, j->last.r, follows) && all_of(p, run->r, follows) &&
	       !p->steps[run->r.first]->condition &&
	       is_next_block(j->b, &j->last, run);
}

/* Something that LEFT starts is stopped by RIGHT, with nothing between. */
static bool
is_undone(const struct procedure *p, struct range left, struct range right)
{
	for (uint32_t i = left.first; i < left.end; i++) {
		if (step_stops(p->steps[i]))
			return false;
		for (uint32_t k = right.first; k < right.end; k++) {
			if (steps_are_opposite(p->steps[i], p->steps[k]) &&
			    step_stops(p->steps[k]))
				return true;
		}
	}
	return false;
}

/* The words over both runs name variants of one family. To look here and there
 * is no choice. */
static bool
is_variant(const struct joiner *j, const struct run *run)
{
	struct text left = label_of(j->b, &j->last);
	struct text right = label_of(j->b, run);
	enum variant variant = label_variant(left);

	if (variant == VARIANT_NONE || variant != label_variant(right) ||
	    text_eq_nocase(left, right) ||
	    !all_of(j->b->p, j->last.r, commands) ||
	    !all_of(j->b->p, run->r, commands))
		return false;
	return variant != VARIANT_ENVIRONMENT || !label_is_place(left) ||
	       !label_is_place(right) || !all_of(j->b->p, j->last.r, reads) ||
	       !all_of(j->b->p, run->r, reads);
}

static bool
excludes(const struct joiner *j, const struct run *run, struct why *ret)
{
	const struct procedure *p = j->b->p;

	*ret = (struct why){ .rule = INFER_MENU_WORDS,
			     .text = "the words around it offer a choice" };
	if (setting_bool(p->steps[run->r.first]->annotation, KEY_AFTER_MENU,
			 false))
		return false;
	if (run->offer && run->offer == j->last.offer) {
		ret->words = run->offer;
		return true;
	}
	if (joined_by_or(j, run)) {
		ret->words = run->above;
		return true;
	}
	if (is_variant(j, run)) {
		ret->rule = INFER_MENU_VARIANT;
		ret->text = "each is for another system or environment";
		return true;
	}
	if (are_endless(j, run)) {
		ret->rule = INFER_MENU_FOLLOW;
		ret->text = "none of them ends by itself";
		return true;
	}
	ret->rule = INFER_MENU_OPPOSITE;
	ret->text = "opposite verbs on the same object";
	return is_undone(p, j->last.r, run->r);
}

/* "Or …" as the alternative to something that is no step: whether it is done
 * is for the operator to say. */
static void
instead_of_nothing(struct joiner *j, const struct run *run)
{
	struct text words;

	if (!run->above || run->above == j->last.above)
		return;
	words = or_sentence(run->above);
	for (uint32_t i = run->r.first; words.len && i < run->r.end; i++)
		condition_add(j->b, j->b->p->steps[i],
			      INFER_CONDITION_PARAGRAPH, words,
			      run->above->where);
}

static void
see_run(struct joiner *j, const struct run *run)
{
	const struct procedure *p = j->b->p;
	const struct branch *inside = p->steps[run->r.first]->branch;
	bool together = range_is_together(p, run->r);
	struct why why;

	if (j->together && together && inside == j->inside &&
	    excludes(j, run, &why)) {
		join(j, run, &why);
	} else {
		j->choice = NULL;
		instead_of_nothing(j, run);
	}
	j->inside = inside;
	j->together = together;
	j->last = *run;
}

void
infer_branch(struct builder *b)
{
	struct joiner joiner = { .b = b };

	for (uint32_t i = 0; i < b->p->n_steps;) {
		struct run run = next_run(b, i);

		see_run(&joiner, &run);
		i = run.r.end;
	}
}
