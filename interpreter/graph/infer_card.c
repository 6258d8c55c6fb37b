/* Blocks that list what can be done, one entry under each comment, rather than
 * what is to be done in order: nobody runs them through. */
#include "graph/infer.h"
#include "graph/variant.h"

enum {
	CARD_GROUPS_MIN = 3
};

/* The groups of a block: steps under one comment. */
static struct range
group_at(const struct procedure *p, struct range r, uint32_t i)
{
	struct range group = { i, i + 1 };

	while (group.end < r.end &&
	       p->steps[group.end]->comment_group == p->steps[i]->comment_group)
		group.end++;
	return group;
}

static uint32_t
count_groups(const struct procedure *p, struct range r)
{
	uint32_t n = 0;

	for (uint32_t i = r.first; i < r.end; i = group_at(p, r, i).end)
		n++;
	return n;
}

/* Each group has a comment of its own, and none is numbered. */
static bool
is_titled(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first; i < r.end; i = group_at(p, r, i).end) {
		const struct step *s = p->steps[i];
		struct text t;

		if (s->kind != STEP_COMMAND || !s->title_where.src)
			return false;
		t = span_text(s->title_where);
		while (t.len && (t.at[0] == '#' || byte_is_blank(t.at[0])))
			t = text_sub(t, 1, t.len);
		if (t.len == 0 || byte_is_digit(t.at[0]) ||
		    begins_with_word(t, "step"))
			return false;
	}
	return true;
}

/* ---- start, look, stop ----------------------------------------------------
 */

static bool
only_looks(const struct step *s)
{
	return s->level == EFFECT_READS;
}

/* The first step from I + 1 on that undoes step I, when nothing is done with
 * what I has started but to look at it; r.end: none. */
static bool
is_undone(const struct procedure *p, struct range r, uint32_t i)
{
	for (uint32_t k = i + 1; k < r.end; k++) {
		if (steps_are_opposite(p->steps[i], p->steps[k]) &&
		    step_stops(p->steps[k]))
			return true;
		if (!only_looks(p->steps[k]))
			return false;
	}
	return false;
}

/* "# Start", "# View logs", "# Stop": starting only to stop again is no
 * procedure. What begins with stopping may go on with starting. */
static bool
is_card(const struct procedure *p, struct range r)
{
	if (count_groups(p, r) < CARD_GROUPS_MIN || !is_titled(p, r))
		return false;
	for (uint32_t i = r.first; i < r.end; i++) {
		if (step_stops(p->steps[i]))
			return false;
		if (is_undone(p, r, i))
			return true;
	}
	return false;
}

/* ---- one script, called in several ways -----------------------------------
 */

/* The first word of T that is the path of a script. */
static struct text
script_word(struct text t)
{
	size_t at = 0;

	while (at < t.len) {
		size_t end = at;
		struct text word;

		while (end < t.len && !byte_is_space(t.at[end]))
			end++;
		word = text_sub(t, at, end);
		if (text_starts(word, "./") || text_starts(word, "~/") ||
		    text_ends(word, ".sh") || text_ends(word, ".py"))
			return word;
		while (end < t.len && byte_is_space(t.at[end]))
			end++;
		at = end;
	}
	return (struct text){ NULL, 0 };
}

/* One of the calls is the beginning of another: "x.sh", "x.sh --full". */
static bool
has_plain_call(const struct procedure *p, struct range r, struct text script)
{
	for (uint32_t i = r.first; i < r.end; i++) {
		struct text plain = text_trim(p->steps[i]->text.text);

		if (!text_eq(text_sub(plain, 0, script.len), script))
			continue;
		for (uint32_t k = r.first; k < r.end; k++) {
			struct text t = p->steps[k]->text.text;

			if (k != i && t.len > plain.len &&
			    text_eq(text_sub(t, 0, plain.len), plain) &&
			    byte_is_blank(t.at[plain.len]))
				return true;
		}
	}
	return false;
}

static bool
all_calls(const struct procedure *p, struct range r)
{
	struct text script = script_word(p->steps[r.first]->text.text);

	if (script.len == 0 || count_groups(p, r) < CARD_GROUPS_MIN ||
	    count_groups(p, r) != r.end - r.first || !is_titled(p, r))
		return false;
	for (uint32_t i = r.first; i < r.end; i++) {
		if (!text_eq(script_word(p->steps[i]->text.text), script))
			return false;
	}
	return has_plain_call(p, r, script);
}

/* ---- by system, by environment --------------------------------------------
 */

/* The groups from I on whose comments are variants of one family. */
static struct range
variants_at(const struct procedure *p, struct range r, uint32_t i)
{
	enum variant variant = label_variant(p->steps[i]->title);
	struct range run = { i, i };

	while (run.end < r.end && variant != VARIANT_NONE &&
	       p->steps[run.end]->title_where.src &&
	       label_variant(p->steps[run.end]->title) == variant)
		run.end = group_at(p, r, run.end).end;
	return run;
}

/* "# Local", "# Remote" over steps that only look: here and there. */
static bool
only_compares(const struct procedure *p, struct range r)
{
	for (uint32_t i = r.first; i < r.end; i++) {
		if (p->steps[i]->level != EFFECT_READS ||
		    p->steps[i]->io != EFFECT_IO_BATCH ||
		    !label_is_place(p->steps[i]->title))
			return false;
	}
	return true;
}

static void
take_groups(struct builder *b, struct range r, enum infer_rule rule,
	    const char *why)
{
	struct procedure *p = b->p;
	struct choice *c = choice_new(b, (struct text){ NULL, 0 },
				      p->steps[r.first]->block->where,
				      p->steps[r.first]->branch);

	for (uint32_t i = r.first; i < r.end;) {
		struct range group = group_at(p, r, i);

		branch_take(b, choice_branch(b, c, p->steps[i]->title), group,
			    rule, why);
		i = group.end;
	}
}

static bool
take_variants(struct builder *b, struct range r)
{
	bool any = false;

	for (uint32_t i = r.first; i < r.end;) {
		struct range run = variants_at(b->p, r, i);

		if (count_groups(b->p, run) > 1 && !only_compares(b->p, run)) {
			take_groups(b, run, INFER_MENU_VARIANT,
				    "each is for another system or "
				    "environment");
			any = true;
		}
		i = run.end > i ? run.end : group_at(b->p, r, i).end;
	}
	return any;
}

bool
infer_card(struct builder *b, struct range r)
{
	if (!range_is_together(b->p, r))
		return false;
	if (is_card(b->p, r)) {
		take_groups(b, r, INFER_MENU_OPPOSITE,
			    "opposite verbs on the same object, with nothing "
			    "done between them");
		return true;
	}
	if (all_calls(b->p, r)) {
		take_groups(b, r, INFER_MENU_CALLS,
			    "the same script, called in several ways");
		return true;
	}
	return take_variants(b, r);
}
