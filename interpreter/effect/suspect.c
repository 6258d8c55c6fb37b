/* Guessing from names: "clear-all-sessions" sounds as if something were gone
 * afterwards. Only ever raises what is unknown. */
#include "effect/walk.h"

static const char *const destroying[] = {
	"delete",   "destroy",   "drop",   "purge",     "wipe",   "erase",
	"truncate", "flush",     "reset",  "clear",     "clean",  "prune",
	"remove",   "uninstall", "nuke",   "shred",     "revoke", "terminate",
	"expunge",  "forget",    "format", "overwrite", "rm",     "unlink",
};

static const char *const disrupting[] = {
	"stop",  "restart", "kill",     "down",     "shutdown", "disable",
	"scale", "drain",   "rollback", "failover", "promote",  "maintenance",
};

enum {
	WORDS_MAX = 4 /* operands that may be verbs */
};

/* Cut *REST at the next "-", "_", ":", "." or upper-case letter. */
static bool
next_part(struct text *rest, struct text *ret)
{
	size_t end = 0;

	while (rest->len && strchr("-_:.", rest->at[0]))
		*rest = text_sub(*rest, 1, rest->len);
	while (end < rest->len && !strchr("-_:.", rest->at[end])) {
		bool upper = rest->at[end] >= 'A' && rest->at[end] <= 'Z';
		bool lower = end > 0 && rest->at[end - 1] >= 'a' &&
			     rest->at[end - 1] <= 'z';

		if (upper && lower)
			break;
		end++;
	}
	*ret = text_sub(*rest, 0, end);
	*rest = text_sub(*rest, end, rest->len);
	return end > 0;
}

static bool
is_one_of(struct text part, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_eq_nocase(part, text_of(list[i])))
			return true;
	return false;
}

static enum effect_level
level_of(struct text word)
{
	enum effect_level level = EFFECT_UNKNOWN;
	struct text part;

	while (next_part(&word, &part)) {
		if (is_one_of(part, destroying, ARRAY_LEN(destroying)))
			return EFFECT_DESTROYS;
		if (is_one_of(part, disrupting, ARRAY_LEN(disrupting)))
			level = EFFECT_DISRUPTS;
	}
	return level;
}

/* A word that could be a verb: letters and what joins them. */
static bool
is_verb(const struct arg *a)
{
	if (!a->exact || a->text.len == 0 || !byte_is_alpha(a->text.at[0]))
		return false;
	for (size_t i = 0; i < a->text.len; i++) {
		char c = a->text.at[i];

		if (!byte_is_alnum(c) && !strchr("-_:", c))
			return false;
	}
	return true;
}

static struct text
name_of(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

static void
consider(struct text word, enum effect_level *level, struct text *ret_word)
{
	enum effect_level one = level_of(word);

	if (one <= *level)
		return;
	*level = one;
	*ret_word = word;
}

enum effect_level
suspect(const struct arg *v, uint32_t n, bool with_name, struct text *ret_word)
{
	enum effect_level level = EFFECT_UNKNOWN;
	unsigned words = 0;

	*ret_word = (struct text){ NULL, 0 };
	if (with_name && v[0].exact)
		consider(name_of(v[0].text), &level, ret_word);
	for (uint32_t i = 1; i < n && words < WORDS_MAX; i++) {
		if (v[i].text.len && v[i].text.at[0] == '-')
			continue;
		words++;
		if (is_verb(&v[i]))
			consider(v[i].text, &level, ret_word);
	}
	return level;
}
