/* What a step is called where no comment names it: its own command, without
 * the noise that all commands of a runbook begin with. */
#include "graph/infer.h"

/* Behind "cd … &&" and the like; those say where, not what. */
static struct text
without_cd(struct text t)
{
	while (text_starts(t, "cd ")) {
		size_t and = text_find(t, TEXT("&& "), 0);

		if (and == t.len)
			return t;
		t = text_trim(text_sub(t, and+3, t.len));
	}
	return t;
}

/* Without the backslash that continues it. */
static struct text
first_line(struct text t)
{
	t = text_sub(t, 0, text_chr(t, '\n', 0));
	if (text_ends(t, "\\"))
		t.len--;
	return text_trim(t);
}

/* Its words name the only step of a numbered item. */
static const struct block *
naming_item(const struct builder *b, const struct step *s)
{
	const struct procedure *p = b->p;
	const struct lead *lead = around(b, s->block)->lead;
	uint32_t i = s->ordinal - 1;

	if (!lead || !lead->words || lead->item->kind != CONTAINER_ORDERED)
		return NULL;
	if (i > 0 && p->steps[i - 1]->where.start >= lead->item->where.start)
		return NULL;
	if (i + 1 < p->n_steps &&
	    p->steps[i + 1]->where.start < lead->item->where.end)
		return NULL;
	return lead->words;
}

void
infer_title(struct builder *b, struct step *s)
{
	const struct block *item;
	struct text t, rest;

	if (s->title.len)
		return;
	if (s->name.len) {
		s->title = s->name;
		return;
	}
	if (s->whole) {
		s->title = s->procedure->heading;
		reason_add(b->arena, &s->reasons, INFER_TITLE_HEADING, "title",
			   s->where, "a script that nothing else names");
		return;
	}
	item = naming_item(b, s);
	if (item) {
		t = sentence_first(item->text, &rest);
		s->title = text_ends(t, ":") ? text_sub(t, 0, t.len - 1) : t;
		reason_add(b->arena, &s->reasons, INFER_TITLE_ITEM, "title",
			   item->where, "%.*s", TEXT_ARG(s->title));
		return;
	}
	t = text_trim(s->inner.len ? s->inner : s->text.text);
	t = without_cd(t);
	s->title = arena_text(b->arena, first_line(t));
	reason_add(b->arena, &s->reasons, INFER_TITLE_COMMAND, "title",
		   s->where, "no comment names it");
}
