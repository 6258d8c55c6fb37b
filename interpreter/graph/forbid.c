/* Sentences that forbid what stands below them, or allow it for one case. */
#include <string.h>

#include "graph/sentence.h"

/* Longer, and it tells of something: nobody forbids in so many words. */
enum {
	FORBID_MAX = 120
};

/* True when T begins with one of WORDS, the longest of those that share a
 * beginning first; *RET is what stands behind it. */
static bool
takes_any(struct text t, const char *const *words, struct text *ret)
{
	for (; *words; words++) {
		if (!begins_with_word(t, *words))
			continue;
		*ret = text_trim(text_sub(t, strlen(*words), t.len));
		return true;
	}
	return false;
}

static struct text
without_stop(struct text t)
{
	t = text_trim(t);
	while (t.len && strchr(".:!", t.at[t.len - 1]))
		t = text_trim(text_sub(t, 0, t.len - 1));
	return t;
}

static const char *const runs[] = { "run",   "do",      "use",   "execute",
				    "apply", "perform", "start", "try",
				    "issue", "copy",    "paste", "type",
				    "enter", NULL };

/* "Run this …", "do the following", "execute in production", "run": T is about
 * the commands below it, and nothing else. */
static bool
is_to_run(struct text t)
{
	static const char *const objects[] = {
		"this",        "these",        "that",     "it",
		"the command", "the commands", "the next", "the following",
		"following",   "any of",       "below",    "in",
		"on",          "against",      "only",     NULL
	};
	struct text rest;

	return takes_any(t, runs, &rest) &&
	       (rest.len == 0 || begins_with_any(rest, objects));
}

/* "Skip this …", not "skip to", "skip the next step". */
static bool
skips(struct text t)
{
	static const char *const words[] = {
		"skip this",   "skip these", "skip it",   "skip the following",
		"skip unless", "skip if",    "skip when", NULL
	};

	return begins_with_any(t, words) || text_eq_nocase(t, TEXT("skip"));
}

/* "Do not run this", "you should never do that", "skip it". */
static bool
forbids_to_run(struct text t)
{
	static const char *const nots[] = {
		"do not",     "don't",     "don\xe2\x80\x99t", "dont",
		"never ever", "never",     "must not",         "must never",
		"should not", "shouldn't", "should never",     "cannot",
		"can not",    NULL
	};
	static const char *const leads[] = { "please", "you", "we", NULL };
	struct text rest = t;

	takes_any(t, leads, &t);
	return skips(t) || (takes_any(t, nots, &rest) && is_to_run(rest));
}

/* "Only on the standby", "Only run this after the backup". */
static bool
begins_only(struct text t)
{
	static const char *const only[] = { "only", NULL };
	static const char *const cases[] = { "on",     "for",    "if",
					     "when",   "in",     "after",
					     "during", "as",     "with",
					     "from",   "before", "against",
					     "where",  "while",  NULL };
	struct text rest;

	if (!takes_any(t, only, &t))
		return false;
	if (begins_with_any(t, cases))
		return true;
	return takes_any(t, runs, &rest) && has_any(rest, cases);
}

bool
sentence_restricts(struct text t)
{
	static const char *const onlys[] = { "only if",     "only when",
					     "only on",     "only for",
					     "only in",     "only as",
					     "only after",  "only from",
					     "only with",   "only once the",
					     "only during", "only before",
					     "unless",      NULL };
	static const char *const until[] = { "unless", "until", NULL };
	static const char *const places[] = { "on", "for", "in", NULL };

	t = without_stop(t);
	if (t.len > FORBID_MAX)
		return false;
	if (begins_only(t))
		return true;
	if (forbids_to_run(t))
		return has_any(t, until);
	if (is_to_run(t) && has_any(t, onlys))
		return true;
	return ends_with_word(t, "only") &&
	       (is_to_run(t) || begins_with_any(t, places));
}

bool
sentence_forbids(struct text t)
{
	static const char *const within[] = {
		"what not to do",    "how not to",
		"must not be run",   "should not be run",
		"must never be run", "should never be run",
		"not to be run",     NULL
	};
	static const char *const heads[] = {
		"not in production", "not on production", "not for production",
		"never in",          "never on",          "bad example",
		"counterexample",    "wrong way",         NULL
	};
	static const char *const whole[] = { "wrong", "bad",    "don't",
					     "never", "do not", NULL };
	struct text rest = t;

	t = without_stop(t);
	if (t.len == 0 || t.len > FORBID_MAX)
		return false;
	if (takes_any(t, whole, &rest) && rest.len == 0)
		return true;
	if (forbids_to_run(t) || begins_with_any(t, heads))
		return !sentence_restricts(t);
	return has_any(t, within);
}
