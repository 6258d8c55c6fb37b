/* Steps that are not the plain successor of the one before: "If migrations
 * are needed:", "(if needed)", a fix after its diagnosis, a manual trigger. */
#include "graph/infer.h"

static void
make_conditional(struct builder *b, struct step *s, enum infer_rule rule,
		 struct text words, struct span where)
{
	if (s->relation == RELATION_CONDITIONAL)
		return;
	s->relation = RELATION_CONDITIONAL;
	s->condition = words;
	s->condition_where = where;
	reason_add(b->arena, &s->reasons, rule, "relation", where, "%.*s",
		   TEXT_ARG(words));
}

static bool
begins_conditionally(struct text t)
{
	static const char *const words[] = {
		"if",        "when",       "only if",
		"only when", "unless",     "in case",
		"optional",  "optionally", "where necessary",
		"as needed",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with_word(t, words[i]))
			return true;
	}
	return false;
}

static bool
says_on_demand(struct text t)
{
	return begins_with_word(t, "manual") ||
	       begins_with_word(t, "manually") ||
	       begins_with_word(t, "on demand");
}

/* "(if needed)", "(optional)", "(first-time setup only)" in T, with their
 * parentheses; empty when there is none. "(e.g., after config changes)" is a
 * hint, no condition. */
static struct text
condition_in_parentheses(struct text t)
{
	for (size_t open = text_chr(t, '(', 0); open < t.len;
	     open = text_chr(t, '(', open + 1)) {
		size_t close = text_chr(t, ')', open);
		struct text in = text_sub(t, open + 1, close);

		if (begins_conditionally(in) ||
		    (text_ends(in, " only") && !has_word(in, "read")))
			return text_sub(t, open, close + 1);
	}
	return (struct text){ NULL, 0 };
}

/* The words that end at a line of their own: what stands directly above the
 * block and introduces it. */
static struct text
first_sentence(struct text t)
{
	struct text line = t;

	text_next_line(&t, &line);
	return line;
}

static void
by_paragraph(struct builder *b, struct step *s)
{
	const struct block *above = paragraph_before(b->doc, s->block);
	struct text words;

	if (!above)
		return;
	words = text_trim(above->text);
	if (begins_conditionally(words))
		make_conditional(b, s, INFER_CONDITION_PARAGRAPH,
				 first_sentence(words), above->where);
	else if (text_ends(words, ":") && says_on_demand(words))
		make_conditional(b, s, INFER_CONDITION_MANUAL, words,
				 above->where);
}

static void
by_title(struct builder *b, struct step *s)
{
	struct text inside;

	if (s->kind != STEP_COMMAND || s->title.len == 0)
		return;
	inside = condition_in_parentheses(s->title);
	if (inside.len)
		make_conditional(b, s, INFER_CONDITION_COMMENT, inside,
				 s->where);
	else if (begins_conditionally(s->title))
		make_conditional(b, s, INFER_CONDITION_COMMENT, s->title,
				 s->where);
	else if (s->ordinal > 1 && begins_with_word(s->title, "danger"))
		make_conditional(b, s, INFER_CONDITION_DANGER, s->title,
				 s->where);
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

static void
by_phase(struct builder *b, struct step *s)
{
	const struct procedure *p = s->procedure;

	if (!is_one_of(s->phase, fix_words))
		return;
	for (uint32_t i = 0; i + 1 < s->ordinal; i++) {
		if (!is_one_of(p->steps[i]->phase, diagnosis_words))
			continue;
		make_conditional(b, s, INFER_CONDITION_PHASE, s->phase,
				 s->block->where);
		return;
	}
}

void
infer_condition(struct builder *b)
{
	for (uint32_t i = 0; i < b->p->n_steps; i++) {
		struct step *s = b->p->steps[i];

		by_title(b, s);
		by_paragraph(b, s);
		by_phase(b, s);
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
	uint32_t next = 0;

	for (uint32_t i = p->section->first; i < p->section->own_end; i++) {
		const struct block *block = b->doc->blocks[i];
		struct text label;

		if (block->kind == BLOCK_PARAGRAPH) {
			label = phase_label(block);
			if (label.len)
				phase = label;
		}
		for (; next < p->n_steps && p->steps[next]->block == block;
		     next++)
			p->steps[next]->phase = phase;
	}
}
