/* Variables in front of a command that make it run something else. */
#include "effect/walk.h"

/* Whatever runs afterwards loads or runs what these name. */
static bool
loads(struct text name)
{
	static const char *const names[] = { "LD_PRELOAD", "LD_AUDIT",
					     "BASH_ENV", "PROMPT_COMMAND" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(name, names[i]))
			return true;
	return false;
}

/* The command runs the value of these with a shell, when it needs one. */
static bool
holds_command(struct text name)
{
	static const char *const names[] = {
		"GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF",
		"GIT_PAGER",       "GIT_EDITOR",
		"GIT_ASKPASS",     "GIT_SEQUENCE_EDITOR",
		"PAGER",           "MANPAGER",
		"PSQL_PAGER",      "SYSTEMD_PAGER",
		"EDITOR",          "VISUAL",
		"SUDO_EDITOR",     "KUBE_EDITOR",
		"RSYNC_RSH",       "LESSOPEN",
		"BROWSER",         "SSH_ASKPASS",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_is(name, names[i]))
			return true;
	return false;
}

void
walk_environment(struct walk *w, const struct place *place,
		 const struct node *node)
{
	for (uint32_t i = 0; i < node->n_assignments; i++) {
		const struct assignment *a = node->assignments[i];
		struct spot spot = { &place->script->source, a->start, a->end };
		struct value value;

		if (!a->value)
			continue;
		if (loads(a->name)) {
			walk_unread(
				w, place, spot, EFFECT_TAG_EXEC,
				"makes programs run something else besides");
		} else if (i < node->n_prefix && node->n_words &&
			   holds_command(a->name)) {
			value = word_value(w->arena, place->script, a->value,
					   place->scope);
			walk_text(w, place, value.text, false);
		}
	}
}
