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

void
infer_title(struct builder *b, struct step *s)
{
	struct text t;

	if (s->name.len) {
		s->title = s->name;
		return;
	}
	if (s->title.len)
		return;
	if (s->whole) {
		s->title = s->procedure->heading;
		reason_add(b->arena, &s->reasons, INFER_TITLE_HEADING, "title",
			   s->where, "a script that nothing else names");
		return;
	}
	t = text_trim(s->inner.len ? s->inner : s->text.text);
	t = without_cd(t);
	s->title = arena_text(b->arena, first_line(t));
	reason_add(b->arena, &s->reasons, INFER_TITLE_COMMAND, "title",
		   s->where, "no comment names it");
}
