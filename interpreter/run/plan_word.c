/* What a person is told to look at before a step destroys. */
#include "run/plan.h"

enum {
	WORD_MOST = 64 /* what anybody can be asked to type */
};

/* The finding that made ITEM a destroying one, or NULL. */
static const struct finding *
destroyer(const struct plan_item *item)
{
	const struct effect *e = item->resolved->effect;

	return e && e->worst && e->worst->level == EFFECT_DESTROYS ? e->worst
								   : NULL;
}

static bool
can_be_typed(struct text t)
{
	return t.len > 0 && t.len <= WORD_MOST && text_chr(t, '\n', 0) == t.len;
}

struct plan_word
plan_word(const struct plan *plan, const struct plan_item *item)
{
	const struct finding *f = destroyer(item);
	const char *machine = plan->options->machine;
	struct plan_word w = { .is_host = true };

	if (f && !f->open && can_be_typed(f->object)) {
		w.word = f->object;
		w.is_host = false;
		return w;
	}
	if (f && f->open)
		w.unknown = f->object;
	w.word = item->resolved->host;
	if (w.word.len == 0)
		w.word = machine ? text_of(machine) : TEXT("local");
	return w;
}

static bool
is_on_host(const struct finding *f)
{
	for (const struct hop *hop = f->hop; hop; hop = hop->outer) {
		if (strcmp(hop->name, "ssh") == 0)
			return true;
	}
	return false;
}

enum plan_folder
plan_folder(const struct plan_item *item, struct text *ret_path)
{
	const struct finding *f = destroyer(item);
	bool there = item->resolved->dispatch == DISPATCH_REMOTE;

	if (!f || item->lack || !finding_has_folder(f))
		return PLAN_FOLDER_NONE;
	if (f->folder.state != VALUE_EXACT)
		return PLAN_FOLDER_OPEN;
	*ret_path = f->folder.bytes.text;
	/* An annotated folder is entered over there. */
	if (there && item->step->cwd && item->step->ssh) {
		if (ret_path->len)
			return PLAN_FOLDER_OPEN;
		*ret_path = text_of(item->step->cwd);
	}
	if (text_starts(*ret_path, "/") || text_starts(*ret_path, "~"))
		return PLAN_FOLDER_CERTAIN;
	return there || is_on_host(f) ? PLAN_FOLDER_LOGIN : PLAN_FOLDER_HERE;
}
