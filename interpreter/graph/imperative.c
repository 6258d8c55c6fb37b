/* Does a sentence tell the reader to do something? */
#include <string.h>

#include "base/compiler.h"
#include "graph/sentence.h"

/* A verb in its base form; LOOSE: as often a noun ("access tokens"), so that
 * what follows must be what follows a verb. */
static const struct verb {
	const char *word;
	bool loose;
} verbs[] = {
#define VERB(word) { word, false },
#define NOUN(word) { word, true },
#include "graph/verbs.def"
#undef VERB
#undef NOUN
};

static struct text
next_word(struct text *rest)
{
	struct text word;
	size_t end = 0;

	*rest = text_trim(*rest);
	while (end < rest->len && !byte_is_space(rest->at[end]))
		end++;
	word = text_sub(*rest, 0, end);
	*rest = text_trim(text_sub(*rest, end, rest->len));
	while (word.len && strchr(",:;.!", word.at[word.len - 1]))
		word.len--;
	return word;
}

static int
compare_nocase(struct text a, const char *b)
{
	size_t i = 0;

	while (i < a.len && b[i] && byte_lower(a.at[i]) == b[i])
		i++;
	if (i == a.len)
		return b[i] ? -1 : 0;
	return (unsigned char)byte_lower(a.at[i]) - (unsigned char)b[i];
}

static const struct verb *
find_verb(struct text word)
{
	size_t low = 0, high = ARRAY_LEN(verbs);

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_nocase(word, verbs[middle].word);

		if (order == 0)
			return &verbs[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* What stands behind a verb and not behind a noun. */
static bool
follows_verb(struct text word)
{
	static const char *const words[] = {
		"the",   "a",     "an",      "all",   "any",   "each",
		"every", "both",  "your",    "our",   "its",   "their",
		"this",  "that",  "these",   "those", "it",    "them",
		"into",  "in",    "on",      "out",   "up",    "down",
		"off",   "with",  "from",    "if",    "which", "whether",
		"what",  "how",   "where",   "when",  "back",  "again",
		"as",    "at",    "new",     "one",   "some",  "through",
		"over",  "under", "another", "only",  "both",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(word, text_of(words[i])))
			return true;
	}
	/* a name, a path, a command: what is no English word */
	for (size_t i = 0; i < word.len; i++) {
		if (!byte_is_alpha(word.at[i]) && word.at[i] != '-' &&
		    word.at[i] != '\'')
			return true;
	}
	return false;
}

/* "Log is", "Check has": it was a noun after all. */
static bool
follows_noun(struct text word)
{
	static const char *const words[] = { "is",   "are",  "was",  "were",
					     "has",  "have", "can",  "may",
					     "will", "does", "must", "should",
					     "of",   "s" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(word, text_of(words[i])))
			return true;
	}
	return false;
}

static bool
begins_with_verb(struct text t)
{
	struct text word = next_word(&t), behind = next_word(&t);
	const struct verb *verb = find_verb(word);

	if (!verb || follows_noun(behind))
		return false;
	return !verb->loose || follows_verb(behind);
}

/* "1)", "2.", "a)", "Step 3:" in front. */
static struct text
without_number(struct text t)
{
	size_t i = 0;

	if (text_starts_nocase(t, "step "))
		i = 5;
	while (i < t.len && byte_is_alnum(t.at[i]) && i < 8)
		i++;
	if (i == 0 || i >= t.len || !strchr(").:", t.at[i]))
		return t;
	if (i > 3 && !text_starts_nocase(t, "step "))
		return t;
	return text_trim(text_sub(t, i + 1, t.len));
}

/* Words that lead to the verb. */
static const char *const lead_words[] = {
	"then",
	"and",
	"next",
	"now",
	"finally",
	"lastly",
	"first",
	"firstly",
	"second",
	"secondly",
	"third",
	"please",
	"also",
	"again",
	"afterwards",
	"manually",
	"just",
	"simply",
	"optionally",
	"optional",
	"you can",
	"you should",
	"you must",
	"you need to",
	"need to",
	"you will need to",
	"you have to",
	"you'll need to",
	"you may",
	"we need to",
	"let's",
	"carefully",
	"immediately",
	"once done",
	"after that",
	"always",
	"do not forget to",
	"don't forget to",
	"be sure to",
	"make sure to",
	"you will",
	"temporarily",
	"quickly",
	"safely",
	"gracefully",
	"to begin",
};

/* Take a remark in parentheses off the front of T. */
static bool
skip_remark(struct text *t)
{
	size_t close = text_chr(*t, ')', 0);
	bool closed = close < t->len;

	if (!text_starts(*t, "("))
		return false;
	*t = text_trim(text_sub(*t, close + 1, t->len));
	return closed;
}

/* Take WORDS off the front of T, with the comma or blank behind them. */
static bool
skip_words(struct text *t, const char *words)
{
	if (!begins_with_word(*t, words))
		return false;
	*t = text_sub(*t, strlen(words), t->len);
	while (t->len && (byte_is_space(t->at[0]) || strchr(",:-", t->at[0])))
		*t = text_sub(*t, 1, t->len);
	return true;
}

static struct text
without_lead(struct text t)
{
	bool any = true;

	while (any) {
		t = text_trim(t);
		any = skip_remark(&t);
		for (size_t i = 0; i < ARRAY_LEN(lead_words); i++)
			any |= skip_words(&t, lead_words[i]);
	}
	return t;
}

/* "If it is down, restart it", "In the console, click": the verb stands behind
 * the clause. */
static bool
begins_with_clause(struct text t)
{
	static const char *const words[] = {
		"if",        "when",      "once",    "after",   "before",
		"in",        "on",        "from",    "under",   "at",
		"with",      "for",       "using",   "by",      "to",
		"as",        "unless",    "while",   "in case", "until",
		"otherwise", "depending", "only if", "through", "via",
		"within",    "during",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with_word(t, words[i]))
			return true;
	}
	return false;
}

/* "Have another engineer review …", "Someone else should check …": it is done
 * by somebody, and waited for. Leaves T at the verb. */
static bool
skip_person(struct text *t)
{
	enum {
		WORDS_MOST = 5 /* of who it is */
	};
	static const char *const asking[] = { "have", "get", "let", "ask" };
	static const char *const persons[] = { "someone",  "somebody",
					       "a second", "another",
					       "a peer",   "a colleague" };
	struct text rest = *t, behind;
	bool asked = false, person = false;

	for (size_t i = 0; i < ARRAY_LEN(asking) && !asked; i++)
		asked = skip_words(&rest, asking[i]);
	for (size_t i = 0; i < ARRAY_LEN(persons) && !person; i++)
		person = skip_words(&rest, persons[i]);
	for (int n = 0; person && n < WORDS_MOST; n++) {
		struct text word;

		behind = rest;
		word = next_word(&behind);
		asked |= text_is(word, "should") || text_is(word, "must") ||
			 text_is(word, "has");
		if (asked && (find_verb(word) || text_is(word, "look"))) {
			*t = rest;
			return true;
		}
		rest = behind;
	}
	return false;
}

bool
sentence_is_imperative(struct text t)
{
	enum {
		CLAUSES_MAX = 4
	};
	size_t comma;

	t = without_lead(without_number(text_trim(t)));
	if (skip_person(&t) || begins_with_verb(t))
		return true;
	if (!begins_with_clause(t))
		return false;
	for (unsigned n = 0; n < CLAUSES_MAX; n++) {
		comma = text_chr(t, ',', 0);
		if (comma == t.len)
			return false;
		t = without_lead(text_sub(t, comma + 1, t.len));
		if (begins_with_verb(t))
			return true;
	}
	return false;
}

/* ---- what is none ----------------------------------------------------------
 */

static bool
is_one_of(struct text word, const char *const *words)
{
	for (; *words; words++) {
		if (text_eq_nocase(word, text_of(*words)))
			return true;
	}
	return false;
}

/* "The first thing", "It is down", "Who is asked": no instruction begins so. */
static bool
begins_statement(struct text word)
{
	static const char *const words[] = {
		"the",   "a",   "an",     "this",   "that",  "these", "those",
		"it",    "its", "there",  "they",   "their", "you",   "your",
		"we",    "our", "he",     "she",    "i",     "my",    "each",
		"every", "all", "no",     "some",   "any",   "here",  "what",
		"why",   "who", "which",  "how",    "where", "none",  "both",
		"yes",   "not", "you'll", "you're", "we'll", "it's",  NULL
	};

	return is_one_of(word, words);
}

/* "Memory is low", "Failover will start": a verb that says how things are,
 * among the first words. */
static bool
states_something(struct text t)
{
	static const char *const verbs_of_state[] = {
		"is",    "are",    "was",    "were",     "has",      "have",
		"can",   "cannot", "may",    "might",    "will",     "would",
		"does",  "did",    "should", "must",     "means",    "contains",
		"needs", "shows",  "fails",  "provides", "requires", NULL
	};
	enum {
		WORDS = 4 /* "The old primary node is" */
	};
	struct text rest;

	t = sentence_first(t, &rest);
	for (unsigned i = 0; i < WORDS && t.len; i++) {
		if (is_one_of(next_word(&t), verbs_of_state))
			return true;
	}
	return false;
}

/* Behind "Term: …" and "Term - …"; all of T when it has no such term. */
static struct text
behind_term(struct text t)
{
	enum {
		TERM_MAX = 80
	};
	struct text line = text_sub(t, 0, text_chr(t, '\n', 0));

	for (size_t i = 1; i < line.len && i < TERM_MAX; i++) {
		struct text rest = text_sub(line, i, line.len);

		if (text_starts(rest, ": ") || text_starts(rest, " - ") ||
		    text_starts(rest, " \342\200\223 ") ||
		    text_starts(rest, " \342\200\224 "))
			return text_trim(text_sub(
				rest,
				text_chr(text_sub(rest, 1, rest.len), ' ', 0) +
					2,
				rest.len));
	}
	return t;
}

bool
sentence_is_statement(struct text t)
{
	struct text words, first, definition;

	words = t = without_number(text_trim(t));
	first = next_word(&words);
	if (text_ends(t, "?") || begins_statement(first))
		return true;
	t = without_lead(t);
	if (states_something(t))
		return true;
	definition = behind_term(t);
	return definition.len < t.len && !sentence_is_imperative(definition);
}
