/* Sentences: where they end, and which are conditions and choices. */
#include "graph/sentence.h"

#include <string.h>

/* ---- words ----------------------------------------------------------------
 */

bool
begins_with_word(struct text t, const char *word)
{
	size_t n;

	if (!text_starts_nocase(t, word))
		return false;
	n = strlen(word);
	return t.len == n || !byte_is_alnum(t.at[n]);
}

bool
ends_with_word(struct text t, const char *word)
{
	size_t n = strlen(word);

	return t.len >= n &&
	       text_eq_nocase(text_sub(t, t.len - n, t.len), text_of(word)) &&
	       (t.len == n || !byte_is_alnum(t.at[t.len - n - 1]));
}

bool
has_word(struct text t, const char *word)
{
	for (size_t i = 0; i < t.len; i++) {
		bool starts = i == 0 || !byte_is_alnum(t.at[i - 1]);

		if (starts && begins_with_word(text_sub(t, i, t.len), word))
			return true;
	}
	return false;
}

bool
begins_with_any(struct text t, const char *const *words)
{
	for (; *words; words++) {
		if (begins_with_word(t, *words))
			return true;
	}
	return false;
}

bool
has_any(struct text t, const char *const *words)
{
	for (; *words; words++) {
		if (has_word(t, *words))
			return true;
	}
	return false;
}

/* ---- sentences ------------------------------------------------------------
 */

/* "e.g.", "i.e.", "etc.", "1.": a full stop that ends nothing. */
static bool
is_abbreviation(struct text t, size_t stop)
{
	static const char *const words[] = { "e.g",  "i.e",    "etc", "vs",
					     "cf",   "approx", "no",  "resp",
					     "incl", "ca",     "eg",  "ie" };
	struct text word;
	size_t start = stop;

	while (start > 0 && !byte_is_space(t.at[start - 1]) &&
	       t.at[start - 1] != '(')
		start--;
	word = text_sub(t, start, stop);
	if (word.len <= 2 && word.len && byte_is_digit(word.at[0]))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (text_eq_nocase(word, text_of(words[i])))
			return true;
	}
	return false;
}

/* Where the sentence that begins at FROM ends, its stop included. */
static size_t
sentence_end(struct text t, size_t from)
{
	for (size_t i = from; i < t.len; i++) {
		if (!strchr(".!?", t.at[i]) ||
		    (i + 1 < t.len && !byte_is_space(t.at[i + 1])))
			continue;
		if (t.at[i] != '.' || !is_abbreviation(t, i))
			return i + 1;
	}
	return t.len;
}

struct text
sentence_first(struct text t, struct text *rest)
{
	size_t end;

	t = text_trim(t);
	end = sentence_end(t, 0);
	*rest = text_trim(text_sub(t, end, t.len));
	return text_sub(t, 0, end);
}

struct text
sentence_last(struct text t, struct text *before)
{
	size_t start = 0, end;

	t = text_trim(t);
	while ((end = sentence_end(t, start)) < t.len) {
		if (text_trim(text_sub(t, end, t.len)).len == 0)
			break;
		start = end;
	}
	*before = text_trim(text_sub(t, 0, start));
	return text_trim(text_sub(t, start, t.len));
}

/* Behind "Then", "And,", "Note:", which lead from the sentence before. */
static struct text
without_lead(struct text t)
{
	static const char *const words[] = { "then", "and", "but",
					     "also", "now", "next",
					     "note", "so",  "finally" };
	bool any = true;

	while (any) {
		any = false;
		t = text_trim(t);
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (!begins_with_word(t, words[i]))
				continue;
			t = text_sub(t, strlen(words[i]), t.len);
			while (t.len && (byte_is_space(t.at[0]) ||
					 strchr(",:", t.at[0])))
				t = text_sub(t, 1, t.len);
			any = true;
		}
	}
	return t;
}

/* ---- conditions -----------------------------------------------------------
 */

bool
sentence_is_conditional(struct text t)
{
	static const char *const words[] = { "if",
					     "when",
					     "only if",
					     "only when",
					     "unless",
					     "in case",
					     "optional",
					     "optionally",
					     "where necessary",
					     "as needed",
					     "otherwise",
					     "in the case",
					     "in the event",
					     "for the case",
					     "whenever",
					     "should the",
					     "should you",
					     "else",
					     "as a last resort",
					     NULL };

	t = without_lead(t);
	return begins_with_any(t, words) &&
	       !begins_with_word(t, "when it comes to");
}

/* Longer, and it is an aside about something else. */
enum {
	REMARK_MAX = 50
};

struct text
condition_in_parentheses(struct text t)
{
	for (size_t open = text_chr(t, '(', 0); open < t.len;
	     open = text_chr(t, '(', open + 1)) {
		size_t close = text_chr(t, ')', open);
		struct text in = text_sub(t, open + 1, close);

		/* "bootstraps and (optionally) upgrades": one of several */
		if (in.len > REMARK_MAX ||
		    (open > 0 && text_eq_nocase(in, TEXT("optionally"))))
			continue;
		if (sentence_is_conditional(in) ||
		    (text_ends(in, " only") && !has_word(in, "read")))
			return text_sub(t, open, close + 1);
	}
	return (struct text){ NULL, 0 };
}

/* The words in front of an "if" that asks and does not require: "Check if". */
static bool
asks_whether(struct text before)
{
	static const char *const words[] = {
		"check",   "checks",    "checking", "verify",    "see",
		"seeing",  "determine", "know",     "find out",  "test",
		"tell",    "whether",   "decide",   "ask",       "show",
		"shows",   "indicate",  "as",       "even",      "what",
		"confirm", "ensure",    "inspect",  "identify",  "validate",
		"look",    "asks",      "wonder",   "indicates", NULL
	};

	return has_any(before, words);
}

/* "if needed", "if required": no question, whatever stands before it. */
static bool
is_fixed_condition(struct text t)
{
	static const char *const words[] = { "if needed",    "if required",
					     "if necessary", "if applicable",
					     "if desired",   "if you want",
					     "if you need",  "if you prefer",
					     "if wanted",    NULL };

	return begins_with_any(t, words);
}

/* ", if needed", "the pod if it is stuck": a condition within, but not within
 * a remark. */
static bool
has_inner_condition(struct text t)
{
	static const char *const heads[] = { "if", "only if", "only when",
					     "unless", NULL };

	for (size_t i = 1; i < t.len; i++) {
		struct text rest = text_sub(t, i, t.len);

		if (t.at[i] == '(')
			i = text_chr(t, ')', i);
		else if (byte_is_space(t.at[i - 1]) &&
			 begins_with_any(rest, heads))
			return is_fixed_condition(rest) ||
			       !asks_whether(text_sub(t, 0, i));
	}
	return false;
}

bool
title_is_conditional(struct text t)
{
	if (sentence_is_conditional(t))
		return true;
	for (size_t i = 1; i < t.len; i++) {
		if (byte_is_space(t.at[i - 1]) &&
		    is_fixed_condition(text_sub(t, i, t.len)))
			return true;
	}
	return false;
}

/* "Use the following command:", "Run this:", "For example:": it adds nothing
 * of its own to the sentence before it. */
static bool
only_leads_on(struct text t)
{
	static const char *const words[] = { "following", "this",    "below",
					     "these",     "example", "command",
					     "so",        NULL };

	return text_ends(t, ":") && t.len < 100 && has_any(t, words);
}

/* "Pre-failover: When …": a short label in front. */
static struct text
without_label(struct text t)
{
	enum {
		LABEL_MAX = 30
	};
	size_t colon = text_chr(t, ':', 0);

	if (colon > LABEL_MAX || colon + 1 >= t.len ||
	    !byte_is_space(t.at[colon + 1]))
		return t;
	return text_trim(text_sub(t, colon + 1, t.len));
}

/* "…:", or without any stop: it leads over to what stands below it. */
static bool
leads_over(struct text t)
{
	return t.len && !strchr(".!?)", t.at[t.len - 1]);
}

/* "If not, report it to the team.", "…, go back to step 1.": what is to be done
 * then does not stand below. */
static bool
points_elsewhere(struct text t)
{
	static const char *const heads[] = { "see",     "refer",    "report",
					     "contact", "escalate", "ask",
					     "notify",  "consult",  "go back",
					     "skip",    "stop",     "wait",
					     "read",    "then see", NULL };
	size_t comma = text_chr(t, ',', 0);
	struct text rest = text_trim(text_sub(t, comma + 1, t.len));

	if (!text_ends(t, "."))
		return false;
	return begins_with_any(rest, heads) || has_word(rest, "steps in") ||
	       has_word(rest, "in step") || has_word(rest, "to step");
}

struct text
paragraph_condition(struct text t)
{
	struct text before, last, in, none = { NULL, 0 };

	last = sentence_last(without_label(text_trim(t)), &before);
	if (sentence_is_conditional(last))
		return points_elsewhere(last) ? none : last;
	if (sentence_restricts(without_lead(last)))
		return last;
	if (sentence_forbids(without_lead(last)))
		return none;
	in = condition_in_parentheses(last);
	if (in.len)
		return in;
	if (leads_over(last) && has_inner_condition(last))
		return last;
	if (before.len && only_leads_on(last)) {
		last = sentence_last(before, &before);
		if (sentence_is_conditional(last) ||
		    sentence_restricts(without_lead(last)))
			return last;
	}
	return none;
}

/* Behind "If you are on the primary,", and any label in front. */
static struct text
main_clause(struct text t)
{
	t = without_lead(without_label(t));
	if (sentence_is_conditional(t))
		t = text_sub(t, text_chr(t, ',', 0) + 1, t.len);
	return text_trim(t);
}

bool
paragraph_forbids(struct text t)
{
	struct text rest = t, one;
	bool forbids = false;

	while (rest.len) {
		one = main_clause(sentence_first(rest, &rest));
		if (sentence_forbids(one))
			forbids = true;
		else if (has_word(one, "instead"))
			forbids = false;
	}
	return forbids;
}

bool
leads_to_more(struct text t)
{
	static const char *const words[] = { "continue", "proceed",
					     "go on",    "move on",
					     "carry on", "go to step",
					     NULL };
	struct text before;

	t = sentence_last(t, &before);
	return sentence_is_conditional(t) && has_any(t, words);
}

/* ---- choices --------------------------------------------------------------
 */

bool
sentence_says_or(struct text t)
{
	static const char *const words[] = {
		"or",          "alternatively",  "as an alternative",
		"another way", "another option", NULL
	};

	return begins_with_any(text_trim(t), words);
}

/* "1", "A", "one", "#2", with what ends it. */
static bool
is_label_number(struct text t)
{
	static const char *const words[] = { "one",  "two",  "three",
					     "four", "five", NULL };
	size_t i = 0;

	if (begins_with_any(t, words))
		return true;
	if (t.len && t.at[0] == '#')
		i++;
	if (i >= t.len || !byte_is_alnum(t.at[i]))
		return false;
	if (byte_is_digit(t.at[i])) {
		while (i < t.len && byte_is_digit(t.at[i]))
			i++;
	} else if (t.at[i] < 'A' || t.at[i] > 'Z') {
		return false;
	} else {
		i++;
	}
	return i == t.len || !byte_is_alnum(t.at[i]);
}

struct text
option_label(struct text t)
{
	static const char *const words[] = { "option", "alternative", "method",
					     "variant", "approach" };
	struct text none = { NULL, 0 };

	t = text_trim(t);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (begins_with_word(t, words[i]) && t.len > n + 1 &&
		    t.at[n] == ' ' &&
		    is_label_number(text_sub(t, n + 1, t.len)))
			return text_sub(t, 0, text_chr(t, '\n', 0));
	}
	return none;
}

uint32_t
option_number(struct text label)
{
	static const char *const words[] = { "one", "two", "three", "four",
					     "five" };
	size_t i = text_chr(label, ' ', 0);
	uint32_t number = 0;

	label = text_trim(text_sub(label, i, label.len));
	if (text_starts(label, "#"))
		label = text_sub(label, 1, label.len);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (begins_with_word(label, words[i]))
			return (uint32_t)i + 1;
	}
	if (label.len && label.at[0] >= 'A' && label.at[0] <= 'Z')
		return (uint32_t)(label.at[0] - 'A') + 1;
	for (i = 0; i < label.len && i < 3 && byte_is_digit(label.at[i]); i++)
		number = 10 * number + (uint32_t)(label.at[i] - '0');
	return number;
}

static enum after_options
begins_after_options(struct text t)
{
	static const char *const all[] = { "after either",
					   "after any of",
					   "after one of",
					   "after both",
					   "in both cases",
					   "in either case",
					   "in any case",
					   "in all cases",
					   "either way",
					   "whichever",
					   "regardless of",
					   "for both",
					   "whatever option",
					   "with either",
					   "once either",
					   "once one of",
					   "independent of",
					   "independently of",
					   NULL };
	static const char *const last[] = { "then",
					    "afterwards",
					    "afterward",
					    "after that",
					    "after this",
					    "finally",
					    "lastly",
					    "next",
					    "once done",
					    "once this is",
					    "once that is",
					    "once finished",
					    "once complete",
					    "once completed",
					    "when done",
					    "when finished",
					    "when this is done",
					    "when that is done",
					    "at the end",
					    "in the end",
					    NULL };

	if (begins_with_any(t, all))
		return AFTER_ALL;
	return begins_with_any(t, last) ? AFTER_LAST : AFTER_NONE;
}

enum after_options
sentence_after_options(struct text t)
{
	struct text rest;
	enum after_options after =
		begins_after_options(sentence_first(t, &rest));

	if (after == AFTER_NONE)
		after = begins_after_options(sentence_last(t, &rest));
	return after;
}

bool
offers_choice(struct text t)
{
	static const char *const words[] = { "one of the following",
					     "one of these",
					     "one of them",
					     "either of",
					     "any of the following",
					     "choose one",
					     "pick one",
					     "choose between",
					     "one of two ways",
					     "two ways",
					     "two options",
					     "several ways",
					     "several options",
					     "multiple ways",
					     "different ways",
					     "three ways",
					     "three options",
					     "two methods",
					     "two alternatives",
					     "following ways",
					     "following options",
					     "following alternatives",
					     "you can either",
					     NULL };
	struct text before;

	return text_ends(text_trim(t), ":") &&
	       has_any(sentence_last(t, &before), words);
}
