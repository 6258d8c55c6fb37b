/* Statuses that say no, from the manual of each program. */
#include "effect/answer.h"

#include "base/compiler.h"

struct answer {
	const char *program;
	const char *verb; /* its first operand, or NULL: any */
	int status;
	const char *says;
};

static const struct answer answers[] = {
	{ "grep", NULL, 1, "it found nothing" },
	{ "egrep", NULL, 1, "it found nothing" },
	{ "fgrep", NULL, 1, "it found nothing" },
	{ "zgrep", NULL, 1, "it found nothing" },
	{ "rg", NULL, 1, "it found nothing" },
	{ "lsof", NULL, 1, "nothing has it open" },
	{ "pgrep", NULL, 1, "there is no such process" },
	{ "pidof", NULL, 1, "there is no such process" },
	{ "diff", NULL, 1, "they differ" },
	{ "cmp", NULL, 1, "they differ" },
	{ "test", NULL, 1, "it is not the case" },
	{ "[", NULL, 1, "it is not the case" },
	{ "[[", NULL, 1, "it is not the case" },
	{ "which", NULL, 1, "there is no such program" },
	{ "getent", NULL, 2, "there is no such entry" },
	{ "mountpoint", NULL, 1, "nothing is mounted there" },
	{ "mountpoint", NULL, 32, "nothing is mounted there" },
	{ "systemctl", "is-active", 3, "it is not active" },
	{ "systemctl", "is-active", 4, "there is no such unit" },
	{ "systemctl", "status", 3, "it is not running" },
	{ "systemctl", "status", 4, "there is no such unit" },
	{ "systemctl", "is-enabled", 1, "it is not enabled" },
	{ "systemctl", "is-failed", 1, "it has not failed" },
};

static struct text
base_name(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

static bool
has_verb(const struct text *words, uint32_t n, const char *verb)
{
	for (uint32_t i = 1; i < n; i++) {
		if (text_starts(words[i], "-"))
			continue;
		return text_is(words[i], verb);
	}
	return false;
}

const char *
effect_answer(const struct text *words, uint32_t n, int status)
{
	if (n && text_is(base_name(words[0]), "sudo"))
		return effect_answer(words + 1, n - 1, status);
	for (size_t i = 0; n && i < ARRAY_LEN(answers); i++) {
		const struct answer *a = &answers[i];

		if ((status == 0 || a->status == status) &&
		    text_is(base_name(words[0]), a->program) &&
		    (!a->verb || has_verb(words, n, a->verb)))
			return a->says;
	}
	return NULL;
}
