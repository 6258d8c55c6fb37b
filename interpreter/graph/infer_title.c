/* What a step is called where no comment names it: its own command, without
 * the noise that all commands of a runbook begin with. */
#include "graph/infer.h"

/* The text of a remote call without "ssh HOST" and quotes around it. */
static struct text
inner_text(const struct step *s)
{
	if (s->ssh)
		return s->ssh->command.text;
	return s->text.text;
}

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
	t = without_cd(text_trim(inner_text(s)));
	s->title = arena_text(b->arena, text_sub(t, 0, text_chr(t, '\n', 0)));
	reason_add(b->arena, &s->reasons, INFER_TITLE_COMMAND, "title",
		   s->where, "no comment names it");
}
