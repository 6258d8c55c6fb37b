/* Steps that are not the plain successor of the one before: "If migrations
 * are needed:", "(if needed)", a fix after its diagnosis, a manual trigger. */
#include "graph/infer.h"

static bool
says_on_demand(struct text t)
{
	return begins_with_word(t, "manual") ||
	       begins_with_word(t, "manually") ||
	       begins_with_word(t, "on demand");
}

/* ABOVE introduces step S: what it makes of it. */
static void
by_words(struct builder *b, struct step *s, const struct block *above)
{
	struct text words;

	if (!above)
		return;
	words = paragraph_condition(above->text);
	if (words.len)
		condition_add(b, s, INFER_CONDITION_PARAGRAPH, words,
			      above->where);
}

/* The paragraph above, and one that ends with a colon above that. */
static void
by_paragraph(struct builder *b, struct step *s)
{
	const struct block *above = around(b, s->block)->above, *over;
	struct text words;

	if (!above)
		return;
	over = around(b, above)->above;
	if (over && over->in == above->in &&
	    text_ends(text_trim(over->text), ":"))
		by_words(b, s, over);
	by_words(b, s, above);
	words = text_trim(above->text);
	if (text_ends(words, ":") && says_on_demand(words))
		condition_add(b, s, INFER_CONDITION_MANUAL, words,
			      above->where);
}

/* The first words of each item around a step, outermost first. */
static void
by_leads(struct builder *b, struct step *s, const struct lead *lead)
{
	if (!lead)
		return;
	by_leads(b, s, lead->outer);
	by_words(b, s, lead->words);
}

/* True when what introduces the list of S introduces all steps: then it says
 * when the procedure is for, and who names that has judged it. */
static bool
is_for_all(const struct builder *b, const struct block *intro)
{
	for (uint32_t i = 0; i < b->p->n_steps; i++) {
		if (around(b, b->p->steps[i]->block)->intro != intro)
			return false;
	}
	return true;
}

/* What introduces the list that a step stands in, and its items. */
static void
by_items(struct builder *b, struct step *s, const struct block *for_all)
{
	const struct surroundings *a = around(b, s->block);

	if (a->intro && a->intro != for_all &&
	    text_ends(text_trim(a->intro->text), ":"))
		by_words(b, s, a->intro);
	by_leads(b, s, a->lead);
}

/* "<details><summary>If it fails</summary>". */
static void
by_details(struct builder *b, struct step *s)
{
	for (const struct container *c = s->block->in; c; c = c->outer) {
		if (c->kind == CONTAINER_DETAILS &&
		    paragraph_condition(c->label).len)
			condition_add(b, s, INFER_CONDITION_PARAGRAPH, c->label,
				      c->where);
	}
}

static void
by_title(struct builder *b, struct step *s)
{
	struct span where = s->title_where.src ? s->title_where : s->where;
	struct text inside;

	if (s->kind != STEP_COMMAND)
		return;
	if (!text_eq(s->remark, s->title) && title_is_conditional(s->remark))
		condition_add(b, s, INFER_CONDITION_COMMENT, s->remark,
			      s->where);
	if (s->title.len == 0)
		return;
	inside = condition_in_parentheses(s->title);
	if (inside.len)
		condition_add(b, s, INFER_CONDITION_COMMENT, inside, where);
	else if (title_is_conditional(s->title))
		condition_add(b, s, INFER_CONDITION_COMMENT, s->title, where);
	else if (s->ordinal > 1 && begins_with_word(s->title, "danger"))
		condition_add(b, s, INFER_CONDITION_DANGER, s->title, where);
}

static bool
is_one_of(struct text phase, const char *const *words)
{
	for (; *words; words++) {
		if (text_eq_nocase(phase, text_of(*words)))
			return true;
	}
	return false;
}

static const char *const diagnosis_words[] = {
	"diagnosis", "diagnose", "investigation", "troubleshooting", "debug",
	"debugging", NULL
};

static const char *const fix_words[] = {
	"fix",         "fixes",    "mitigation", "resolution", "resolve",
	"remediation", "solution", "rollback",   NULL
};

static const char *const other_words[] = {
	"symptom",      "symptoms", "cause",         "causes",        "verify",
	"verification", "check",    "prerequisites", "preconditions", NULL
};

/* What stands over all that follows it in a section. */
struct standing {
	bool diagnosed;           /* a step of a diagnosis */
	const struct block *gate; /* "If …, continue with step 2", or NULL */
	const struct block *for_all;
};

static void
by_phase(struct builder *b, struct step *s, struct standing *st)
{
	if (st->diagnosed && is_one_of(s->phase, fix_words))
		condition_add(b, s, INFER_CONDITION_PHASE, s->phase,
			      s->phase_where);
	st->diagnosed |= is_one_of(s->phase, diagnosis_words);
}

static void
by_gate(struct builder *b, struct step *s, const struct block *gate)
{
	struct text before;

	if (gate)
		condition_add(b, s, INFER_CONDITION_PARAGRAPH,
			      sentence_last(gate->text, &before), gate->where);
}

static void
see_step(struct builder *b, struct step *s, struct standing *st)
{
	by_gate(b, s, st->gate);
	by_phase(b, s, st);
	by_words(b, s, around(b, s->block)->label);
	by_details(b, s);
	by_items(b, s, st->for_all);
	by_paragraph(b, s);
	by_title(b, s);
}

void
infer_condition(struct builder *b)
{
	const struct procedure *p = b->p;
	const struct block *intro = around(b, p->steps[0]->block)->intro;
	struct standing st = { .for_all = NULL };
	uint32_t next = 0;

	if (intro && is_for_all(b, intro))
		st.for_all = intro;
	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];

		if (block->kind == BLOCK_PARAGRAPH && !block->in &&
		    leads_to_more(block->text))
			st.gate = block;
		for (; next < p->n_steps && p->steps[next]->block == block;
		     next++)
			see_step(b, p->steps[next], &st);
	}
}

/* ---- phases ----------------------------------------------------------------
 */

/* "**Fix**:", "Diagnosis:" alone or in front of a paragraph. */
static struct text
phase_label(const struct block *block)
{
	struct text t = text_trim(block->text), label;
	size_t colon = text_chr(t, ':', 0);

	if (block->n_runs && block->runs[0].kind == INLINE_STRONG)
		label = block->runs[0].text;
	else if (colon + 1 == t.len)
		label = text_sub(t, 0, colon);
	else
		return (struct text){ NULL, 0 };
	if (text_ends(label, ":"))
		label.len--;
	if (is_one_of(label, diagnosis_words) || is_one_of(label, fix_words) ||
	    is_one_of(label, other_words))
		return label;
	return (struct text){ NULL, 0 };
}

void
infer_phase(struct builder *b)
{
	struct procedure *p = b->p;
	struct text phase = { NULL, 0 };
	struct span where = { NULL, 0, 0 };
	uint32_t next = 0;

	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];
		struct text label;

		if (block->kind == BLOCK_PARAGRAPH) {
			label = phase_label(block);
			if (label.len) {
				phase = label;
				where = block->where;
			}
		}
		for (; next < p->n_steps && p->steps[next]->block == block;
		     next++) {
			p->steps[next]->phase = phase;
			p->steps[next]->phase_where = where;
		}
	}
}
