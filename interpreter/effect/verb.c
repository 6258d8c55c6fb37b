/* Verbs of rules: the words that the operands of a command begin with. */
#include "effect/match.h"

static bool
verb_word_is(const struct args *a, uint32_t i, struct text pattern)
{
	struct subject s = subject_of(a, i);

	return pattern_has(pattern, &s, a->program->nocase);
}

/* "** delete": the word may stand behind any others. */
static uint32_t
find_word(const struct args *a, uint32_t from, struct text pattern)
{
	while (from < a->n_operands && !verb_word_is(a, from, pattern))
		from++;
	return from;
}

static bool
path_fits(struct text path, const struct args *a, struct fit *ret)
{
	struct text word = { NULL, 0 };
	uint32_t n = 0;

	path = text_trim(path);
	while (text_next_field(&path, ' ', &word)) {
		if (text_is(word, "**")) {
			if (!text_next_field(&path, ' ', &word))
				return false;
			n = find_word(a, n, word);
		}
		if (n >= a->n_operands || !verb_word_is(a, n, word))
			return false;
		n++;
	}
	ret->n_verb = n;
	ret->open = text_is(word, "*");
	return true;
}

/* How the word at WORD, of a path, goes with OPERAND. */
enum agreement {
	AGREES,
	DIFFERS,
	IS_PATTERN
};

static enum agreement
compare_word(const char *word, struct text operand, bool nocase,
	     const char **ret_end)
{
	for (size_t i = 0;; i++) {
		char c = word[i], other;

		if (c == '*' || c == '?' || c == '@')
			return IS_PATTERN;
		*ret_end = word + i;
		if (!c || c == ' ' || c == '|')
			return i == operand.len ? AGREES : DIFFERS;
		other = i < operand.len ? operand.at[i] : '\0';
		if (c != other &&
		    !(nocase && byte_lower(c) == byte_lower(other)))
			return DIFFERS;
	}
}

/* The path at WORD may be meant by A's operands: up to a word that is a
 * pattern, its words are theirs. */
static bool
may_fit(const char *word, const struct args *a)
{
	for (uint32_t i = 0; i < a->n_operands; i++) {
		switch (compare_word(word, args_operand(a, i),
				     a->program->nocase, &word)) {
		case AGREES:
			break;
		case DIFFERS:
			return false;
		case IS_PATTERN:
			return true;
		}
		while (*word == ' ')
			word++;
		if (!*word || *word == '|')
			return true;
	}
	return false;
}

bool
verb_may_fit(const struct effect_rule *rule, const struct args *a)
{
	struct text first;

	if (rule->verb_begins == 0 || a->n_operands == 0)
		return true;
	first = args_operand(a, 0);
	return rule->verb_begins == UINT32_MAX ||
	       (first.len && rule->verb_begins & (1u << (first.at[0] & 31)));
}

/* Alternatives are looked at where they stand: there are hundreds for a program
 * such as docker, and nearly all differ in the first byte. */
bool
verb_fits(const char *verb, const struct args *a, struct fit *ret)
{
	bool fits = false;
	struct fit one = { 0 };

	ret->n_verb = 0;
	ret->open = false;
	if (!verb || a->n_operands == 0)
		return !verb;
	while (verb) {
		const char *end;

		while (*verb == ' ' || *verb == '|')
			verb++;
		end = strchr(verb, '|');
		if (may_fit(verb, a) &&
		    path_fits((struct text){ verb, end ? (size_t)(end - verb)
						       : strlen(verb) },
			      a, &one)) {
			fits = true;
			if (one.n_verb > ret->n_verb ||
			    (one.n_verb == ret->n_verb && !one.open))
				*ret = one;
		}
		verb = end;
	}
	return fits;
}

uint32_t
verb_words(const struct args *a)
{
	struct fit fit = { 0 };
	uint32_t most = 0;

	for (unsigned i = 0; i < a->program->n_rules; i++) {
		const struct effect_rule *rule = &a->program->rules[i];

		if (rule->verb && verb_may_fit(rule, a) &&
		    verb_fits(rule->verb, a, &fit) && fit.n_verb > most)
			most = fit.n_verb;
	}
	return most;
}

static bool
path_goes_on(struct text path, const struct args *a, uint32_t n)
{
	struct text word;
	uint32_t i = 0;

	path = text_trim(path);
	while (text_next_field(&path, ' ', &word)) {
		if (i == n)
			return true;
		if (!text_eq(args_operand(a, i), word))
			return false;
		i++;
	}
	return false;
}

bool
verb_goes_on(const struct args *a, uint32_t n)
{
	for (unsigned i = 0; i < a->program->n_rules; i++) {
		const struct effect_rule *rule = &a->program->rules[i];
		struct text rest, one;

		if (n > 0 && !verb_may_fit(rule, a))
			continue;
		rest = text_of(rule->verb);
		while (text_next_field(&rest, '|', &one))
			if (path_goes_on(one, a, n))
				return true;
	}
	return false;
}
