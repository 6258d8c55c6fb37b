/* What a step is called where no comment names it: its own command, without
 * the noise that all commands of a runbook begin with. */
#include <stdlib.h>

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
	s->title = s->label = arena_text(b->arena, first_line(t));
	reason_add(b->arena, &s->reasons, INFER_TITLE_COMMAND, "title",
		   s->where, "no comment names it");
}

/* ---- which of those that are called so ------------------------------------
 */

static int
compare_titles(const void *left, const void *right)
{
	const struct step *a = *(struct step *const *)left;
	const struct step *b = *(struct step *const *)right;
	size_t n = a->title.len < b->title.len ? a->title.len : b->title.len;

	for (size_t i = 0; i < n; i++) {
		char x = byte_lower(a->title.at[i]);
		char y = byte_lower(b->title.at[i]);

		if (x != y)
			return (unsigned char)x < (unsigned char)y ? -1 : 1;
	}
	if (a->title.len != b->title.len)
		return a->title.len < b->title.len ? -1 : 1;
	return a->ordinal < b->ordinal ? -1 : 1;
}

/* What is called as its command is has a label: its title says what it does. */
void
infer_labels(struct builder *b)
{
	struct procedure *p = b->p;
	struct step **list =
		arena_alloc(b->arena, (p->n_steps + 1) * sizeof(*list));
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (!p->steps[i]->label.at)
			list[n++] = p->steps[i];
	}
	qsort(list, n, sizeof(*list), compare_titles);
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && text_eq_nocase(list[end]->title,
							    list[i]->title);)
			end++;
		for (uint32_t k = i; k < end; k++) {
			struct step *s = list[k];

			s->label = s->title;
			if (end - i > 1)
				s->label = text_of(arena_printf(
					b->arena, "%.*s (%u of %u)",
					TEXT_ARG(s->title), k - i + 1,
					end - i));
		}
	}
}
