/* The document's own words of warning. They can raise a level, never lower
 * it; that they are missing says nothing (in 54 repositories nine in ten
 * destructive blocks have no such word near them). */
#include "graph/infer.h"

struct warning {
	const char *word;
	enum effect_level level;
};

/* Strong words speak of loss, weak ones of care. */
static const struct warning warnings[] = {
	{ "danger", EFFECT_DESTROYS },
	{ "dangerous", EFFECT_DESTROYS },
	{ "data loss", EFFECT_DESTROYS },
	{ "delete all", EFFECT_DESTROYS },
	{ "deletes all", EFFECT_DESTROYS },
	{ "delete everything", EFFECT_DESTROYS },
	{ "deletes everything", EFFECT_DESTROYS },
	{ "destroys", EFFECT_DESTROYS },
	{ "destructive", EFFECT_DESTROYS },
	{ "drops all", EFFECT_DESTROYS },
	{ "cannot be undone", EFFECT_DESTROYS },
	{ "erases", EFFECT_DESTROYS },
	{ "erase all", EFFECT_DESTROYS },
	{ "irreversible", EFFECT_DESTROYS },
	{ "irreversibly", EFFECT_DESTROYS },
	{ "may lose data", EFFECT_DESTROYS },
	{ "no way back", EFFECT_DESTROYS },
	{ "permanently delete", EFFECT_DESTROYS },
	{ "permanently deletes", EFFECT_DESTROYS },
	{ "removes everything", EFFECT_DESTROYS },
	{ "will destroy", EFFECT_DESTROYS },
	{ "will erase", EFFECT_DESTROYS },
	{ "will lose all", EFFECT_DESTROYS },
	{ "will lose any", EFFECT_DESTROYS },
	{ "will lose data", EFFECT_DESTROYS },
	{ "will lose the data", EFFECT_DESTROYS },
	{ "will lose your data", EFFECT_DESTROYS },
	{ "will wipe", EFFECT_DESTROYS },
	{ "you'll lose all", EFFECT_DESTROYS },
	{ "wipes", EFFECT_DESTROYS },
	{ "careful", EFFECT_DISRUPTS },
	{ "caution", EFFECT_DISRUPTS },
	{ "downtime", EFFECT_DISRUPTS },
	{ "take care", EFFECT_DISRUPTS },
	{ "warning", EFFECT_DISRUPTS },
};

/* "no data loss", "without downtime", "non-destructive" do not warn. */
static bool
is_negated(struct text before)
{
	static const char *const words[] = { "no",    "not",   "without",
					     "non",   "avoid", "avoids",
					     "never", "would" };

	before = text_trim(before);
	if (text_ends(before, "-"))
		before.len--;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (ends_with_word(before, words[i]))
			return true;
	}
	return false;
}

/* "This overwrites the live database": one sentence, and its object is what
 * somebody would miss. */
static bool
says_overwrites(struct text t)
{
	enum {
		NEAR = 40 /* bytes from the verb */
	};
	static const char *const objects[] = { "live", "production", "existing",
					       "all data", "current data" };
	struct text rest = t;

	while (rest.len) {
		struct text one = sentence_first(rest, &rest);
		size_t at = 0;

		while (at < one.len &&
		       !text_starts_nocase(text_sub(one, at, one.len),
					   "overwrit"))
			at++;
		if (at == one.len || is_negated(text_sub(one, 0, at)))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
			if (has_word(text_sub(one, at, at + NEAR), objects[i]))
				return true;
		}
	}
	return false;
}

/* The level of the strongest word of warning in T. */
static enum effect_level
words_level(struct text t)
{
	enum effect_level level =
		says_overwrites(t) ? EFFECT_DESTROYS : EFFECT_READS;

	for (size_t i = 0; i < t.len; i++) {
		struct text rest = text_sub(t, i, t.len);

		if ((i > 0 && byte_is_alnum(t.at[i - 1])) ||
		    !strchr("cdeimnprtwy", byte_lower(t.at[i])))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(warnings); k++) {
			if (warnings[k].level > level &&
			    begins_with_word(rest, warnings[k].word) &&
			    !is_negated(text_sub(t, 0, i)))
				level = warnings[k].level;
		}
	}
	return level;
}

static void
set_level(struct builder *b, struct step *s, enum effect_level level,
	  struct span where, struct text words)
{
	if (s->kind == STEP_MANUAL || s->level >= level)
		return;
	s->level = level;
	s->raised = true;
	words = text_as_line(b->arena, words);
	reason_add(b->arena, &s->reasons, INFER_EFFECT_WORDS, "effect", where,
		   "%.*s", TEXT_ARG(words));
}

/* What only reads does not do what the words warn of. */
static void
raise_step(struct builder *b, struct step *s, enum effect_level level,
	   struct span where, struct text words)
{
	if (s->level != EFFECT_READS)
		set_level(b, s, level, where, words);
}

/* The comment above a step, the one behind it, the alert it stands in. */
static void
raise_by_own_words(struct builder *b, struct step *s)
{
	const struct container *c = s->block->in;

	if (s->kind == STEP_COMMAND && s->title.len &&
	    words_level(s->title) > EFFECT_READS)
		raise_step(b, s, words_level(s->title), s->where, s->title);
	for (; c; c = c->outer) {
		if (c->kind != CONTAINER_ALERT)
			continue;
		raise_step(b, s,
			   text_eq_nocase(c->label, TEXT("caution"))
				   ? EFFECT_DESTROYS
				   : EFFECT_DISRUPTS,
			   c->where, c->label);
	}
}

/* An alert or a paragraph of warning right above the block of S. */
static void
raise_by_alert_above(struct builder *b, struct step *s)
{
	const struct block *above = around(b, s->block)->above;

	if (!above || !above->in || above->in->kind != CONTAINER_ALERT)
		return;
	if (text_eq_nocase(above->in->label, TEXT("caution")))
		raise_step(b, s, EFFECT_DESTROYS, above->where,
			   above->in->label);
	else if (text_eq_nocase(above->in->label, TEXT("warning")))
		raise_step(b, s, EFFECT_DISRUPTS, above->where,
			   above->in->label);
}

/* The heading, or a paragraph before the first step. */
static void
find_procedure_words(struct builder *b)
{
	struct procedure *p = b->p;
	const struct section *section = p->section;
	uint32_t end = p->n_steps ? p->steps[0]->block->ordinal : 0;

	if (section->heading &&
	    words_level(section->title) == EFFECT_DESTROYS) {
		p->danger = section->title;
		p->danger_where = section->heading->where;
	}
	for (uint32_t i = section->first; i < end; i++) {
		const struct block *block = b->doc->blocks[i];

		if (block->kind != BLOCK_PARAGRAPH ||
		    words_level(block->text) != EFFECT_DESTROYS)
			continue;
		p->danger = block->text;
		p->danger_where = block->where;
		return;
	}
}

/* Nobody is asked before S runs, whatever its author declares. */
static bool
runs_unasked(const struct step *s)
{
	enum effect_level declared;

	return s->level == EFFECT_CHANGES &&
	       !(setting_level(s->annotation, &declared) &&
		 effect_level_stops(declared));
}

/* WORDS speak of the loss that some of the N steps S bring. Where none is
 * known to destroy, every one that does more than read may be the one that is
 * meant. Where one is, what removes something is meant, too, and whatever else
 * changes anything is asked about: nobody knows that it is not. */
static void
raise_steps(struct builder *b, struct step *const *s, uint32_t n,
	    struct span where, struct text words)
{
	bool known = false;

	for (uint32_t i = 0; i < n; i++)
		known |= s[i]->level == EFFECT_DESTROYS;
	for (uint32_t i = 0; i < n; i++) {
		if (!known || runs_unasked(s[i]))
			raise_step(b, s[i], EFFECT_DESTROYS, where, words);
	}
}

static void
raise_by_procedure_words(struct builder *b)
{
	struct procedure *p = b->p;

	find_procedure_words(b);
	if (p->danger.len)
		raise_steps(b, p->steps, p->n_steps, p->danger_where,
			    p->danger);
}

/* WORDS forbid the N steps S: nobody knows which of them is meant, nor whether
 * what only reads is harmless there, so that each is asked about. */
static void
forbid_steps(struct builder *b, struct step *const *s, uint32_t n,
	     struct span where, struct text words)
{
	for (uint32_t i = 0; i < n; i++)
		set_level(b, s[i], EFFECT_DISRUPTS, where, words);
}

/* What the paragraph ABOVE says right above the block of the N steps S. */
static void
raise_by_words_above(struct builder *b, struct step *const *s, uint32_t n,
		     const struct block *above)
{
	if (words_level(above->text) == EFFECT_DESTROYS)
		raise_steps(b, s, n, above->where, above->text);
	if (paragraph_forbids(above->text))
		forbid_steps(b, s, n, above->where, above->text);
}

static void
raise_by_paragraph_above(struct builder *b)
{
	struct procedure *p = b->p;
	uint32_t end;

	for (uint32_t i = 0; i < p->n_steps; i = end) {
		const struct block *block = p->steps[i]->block;
		const struct block *above = around(b, block)->above;

		for (end = i + 1;
		     end < p->n_steps && p->steps[end]->block == block;)
			end++;
		if (above && above->kind == BLOCK_PARAGRAPH)
			raise_by_words_above(b, p->steps + i, end - i, above);
	}
}

void
infer_danger(struct builder *b)
{
	struct procedure *p = b->p;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		raise_by_own_words(b, p->steps[i]);
		raise_by_alert_above(b, p->steps[i]);
	}
	raise_by_procedure_words(b);
	raise_by_paragraph_above(b);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->level > p->level)
			p->level = p->steps[i]->level;
	}
}
