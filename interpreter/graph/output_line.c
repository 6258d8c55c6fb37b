/* Commands and output, told apart by how a line looks. */
#include "graph/output_line.h"

#include <string.h>

#include "effect/table.h"

enum {
	WORDS_MAX = 64 /* of a line, that are looked at */
};

struct line {
	struct text text; /* trimmed */
	struct text words[WORDS_MAX];
	unsigned n_words;
	unsigned n_gaps; /* of two blanks or more, or a tab, between words */
};

/* Split at blanks, up to a comment behind the words; quotes hold words
 * together as they do for a shell. */
static void
split(struct text t, struct line *ret)
{
	size_t at = 0;

	ret->text = t = text_trim(t);
	ret->n_words = ret->n_gaps = 0;
	while (at < t.len && ret->n_words < WORDS_MAX) {
		if (at > 0 && t.at[at] == '#') {
			ret->text = text_trim(text_sub(t, 0, at));
			return;
		}
		size_t start = at;
		char quote = '\0';

		for (; at < t.len && (quote || !byte_is_blank(t.at[at]));
		     at++) {
			if (quote && t.at[at] == quote)
				quote = '\0';
			else if (!quote && strchr("\"'`", t.at[at]) &&
				 text_chr(t, t.at[at], at + 1) < t.len)
				quote = t.at[at];
		}
		ret->words[ret->n_words++] = text_sub(t, start, at);
		start = at;
		while (at < t.len && byte_is_blank(t.at[at]))
			at++;
		if (at < t.len && (at - start > 1 || t.at[start] == '\t') &&
		    t.at[at] != '#' && t.at[at] != '\\')
			ret->n_gaps++;
	}
}

static struct text
word(const struct line *l, unsigned i)
{
	return i < l->n_words ? l->words[i] : (struct text){ NULL, 0 };
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* ---- commands -------------------------------------------------------------
 */

/* Those that can begin a command; what ends one is behind it already. */
static bool
is_keyword(struct text t)
{
	static const char *const words[] = {
		"if", "for", "while", "until",    "case", "{",      "!",
		"[[", "((",  "time",  "function", "(",    "select", "coproc",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(t, words[i]))
			return true;
	}
	return false;
}

/* NAME=value, NAME+=value, name(). */
static bool
is_definition(struct text t)
{
	size_t n = 0;

	while (n < t.len && (byte_is_alnum(t.at[n]) || t.at[n] == '_'))
		n++;
	if (n == 0 || byte_is_digit(t.at[0]))
		return false;
	t = text_sub(t, n, t.len);
	return text_starts(t, "=") || text_starts(t, "+=") ||
	       text_starts(t, "()") || text_starts(t, "[");
}

/* "./x", "~/bin/x", "/usr/bin/x", "install/x.sh", "x.sh", "<program>". */
static bool
is_path(struct text t)
{
	return text_starts(t, "./") || text_starts(t, "../") ||
	       text_starts(t, "~/") || text_starts(t, "/") ||
	       text_starts(t, "$") || text_starts(t, "<") ||
	       text_starts(t, "\"$") || text_ends(t, ".sh") ||
	       text_ends(t, ".py") || text_ends(t, ".rb") ||
	       text_ends(t, ".pl");
}

static bool
begins_command(const struct effect_rules *rules, const struct line *l)
{
	struct text first = word(l, 0);
	struct known known;

	while (text_starts(first, "("))
		first = text_sub(first, 1, first.len);
	return is_keyword(word(l, 0)) || is_definition(first) ||
	       is_path(first) || table_find_command(rules, first, &known);
}

bool
line_calls_program(const struct effect_rules *rules, struct text line)
{
	struct known known;
	struct line l;

	split(line, &l);
	return l.n_words > 0 && table_find_command(rules, word(&l, 0), &known);
}

/* "some-tool --option x": no sentence is written so. */
bool
line_has_option(struct text line)
{
	struct line l;
	struct text first;

	split(line, &l);
	first = word(&l, 0);
	for (size_t i = 0; i < first.len; i++) {
		if (!is_lower(first.at[i]) && !byte_is_digit(first.at[i]) &&
		    (i == 0 || !strchr("-_.", first.at[i])))
			return false;
	}
	for (unsigned i = 1; i < l.n_words; i++) {
		if (l.words[i].len > 1 && l.words[i].at[0] == '-')
			return true;
	}
	return false;
}

/* ---- output ---------------------------------------------------------------
 */

/* {"a": 1}, "a": 1, }, ], [ … of JSON. */
static bool
is_json(const struct line *l)
{
	struct text t = l->text;

	if (text_starts(t, "{\"") || text_starts(t, "[{") || text_is(t, "{") ||
	    text_is(t, "[") || text_is(t, "],") || text_is(t, "}") ||
	    text_is(t, "},") || text_is(t, "]") || text_is(t, "{}") ||
	    text_is(t, "[]") || text_is(t, "}],"))
		return true;
	return text_starts(t, "\"") &&
	       text_find(word(l, 0), TEXT("\":"), 0) < word(l, 0).len;
}

/* +-----+, |, ----, ===. */
static bool
is_ruling(const struct line *l)
{
	struct text t = l->text;

	return text_starts(t, "|") || text_starts(t, "+-") ||
	       text_starts(t, "---") || text_starts(t, "===") ||
	       text_starts(t, "***");
}

/* "Name: x", "pgs:  3", "default_runtime = x". A program is never called so,
 * and ":" alone is one. */
static bool
is_entry(const struct line *l)
{
	struct text first = word(l, 0);

	if (text_is(word(l, 1), "=") || text_is(word(l, 1), ":="))
		return byte_is_alpha(first.at[0]) || first.at[0] == '_';
	/* PATH=/opt/bin: */
	if (first.len > 1 && text_ends(first, ":") &&
	    !(is_definition(first) && text_chr(first, '=', 0) < first.len))
		return true;
	if (is_definition(first))
		return false;
	/* "API URL: x", "Signature PIN ....: x" */
	for (unsigned i = 1; i < l->n_words && i < 4; i++) {
		if (text_ends(l->words[i], ":") && l->words[i].len > 1)
			return is_upper(first.at[0]);
	}
	return false;
}

/* "pod/web created", "x.example.com patched", "secret "x" deleted". */
static bool
is_result(const struct line *l)
{
	static const char *const words[] = {
		"created",
		"configured",
		"unchanged",
		"patched",
		"deleted",
		"annotated",
		"labeled",
		"scaled",
		"restarted",
		"edited",
		"evicted",
		"cordoned",
		"drained",
		"replaced",
		"uncordoned",
		"exposed",
		"started",
		"stopped",
		"serverside-applied",
		"updated",
		"approved",
	};
	struct text last = l->words[l->n_words - 1];

	if (l->n_words < 2 || l->n_words > 3)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(last, words[i]))
			return text_chr(word(l, 0), '/', 0) < word(l, 0).len ||
			       text_starts(word(l, 1), "\"") ||
			       text_chr(word(l, 0), '.', 0) < word(l, 0).len;
	}
	return false;
}

/* "2021-09-24T…", "level=error ts=…", "I0923 12:00", "[INFO]", "[2021-…". */
static bool
is_log(const struct line *l)
{
	struct text t = word(l, 0);

	if ((text_starts(t, "level=") || text_starts(t, "ts=") ||
	     text_starts(t, "time=")) &&
	    l->n_words > 2)
		return true;
	if (t.len == 5 && strchr("IWEF", t.at[0]) && byte_is_digit(t.at[1]) &&
	    byte_is_digit(t.at[2]) && byte_is_digit(t.at[3]) &&
	    byte_is_digit(t.at[4]))
		return true;
	return t.len > 2 && t.at[0] == '[' &&
	       (byte_is_digit(t.at[1]) || is_upper(t.at[1])) &&
	       (text_ends(t, "]") || byte_is_digit(t.at[1]));
}

/* "NAME   READY", "%CPU %MEM": nothing but capitals. */
static bool
is_header(const struct line *l)
{
	bool letter = false;

	for (size_t i = 0; i < l->text.len; i++) {
		char c = l->text.at[i];

		if (!is_upper(c) && !byte_is_digit(c) &&
		    !strchr(" \t-_()/%#.", c))
			return false;
		letter |= is_upper(c);
	}
	return letter && l->n_words > 1 && l->n_words < 30;
}

/* "57m  Normal", "3 - change", "(2 rows)", "12,": figures first. */
static bool
begins_with_figure(const struct line *l)
{
	struct text t = word(l, 0);
	size_t at = text_starts(t, "(") ? 1 : 0;

	return at < t.len && byte_is_digit(t.at[at]);
}

/* "Please type at least", "Error reconciling x: y", "Archive is empty.": a
 * sentence, with its capital. */
static bool
is_sentence(const struct line *l)
{
	struct text first = word(l, 0);
	struct text next = word(l, 1), last = l->words[l->n_words - 1];
	unsigned plain = 0;

	if (first.len == 0 || !is_upper(first.at[0]) || l->n_words < 2)
		return false;
	for (size_t i = 1; i < first.len; i++) {
		if (!is_lower(first.at[i]) &&
		    !(i + 1 == first.len && strchr(",!:'", first.at[i])))
			return false;
	}
	for (unsigned i = 1; i < l->n_words; i++) {
		struct text w = l->words[i];
		size_t n = 0;

		while (n < w.len && byte_is_alpha(w.at[n]))
			n++;
		plain += n == w.len ||
			 (n + 1 == w.len && n && strchr(".,:;!?'", w.at[n]));
		if (w.len && w.at[0] == '-')
			return false;
	}
	return (plain >= 2 && is_lower(next.at[0])) ||
	       (plain >= 1 && strchr(".!?", last.at[last.len - 1]));
}

/* Lines of curl -v: "< HTTP/1.1 200", "< Server: x", "* Connected"; but
 * "< file xargs rm" is a command. */
static bool
is_curl(const struct line *l)
{
	return text_is(word(l, 0), "*") ||
	       (text_is(word(l, 0), "<") && l->n_words > 1 &&
		(text_starts(word(l, 1), "HTTP/") ||
		 text_ends(word(l, 1), ":")));
}

static enum line_nature
nature_of(const struct effect_rules *rules, const struct line *l)
{
	if (is_json(l) || is_ruling(l) || is_log(l) || is_result(l) ||
	    is_curl(l))
		return LINE_OUTPUT;
	if (is_entry(l) && !is_keyword(word(l, 0)))
		return LINE_OUTPUT;
	if (begins_command(rules, l))
		return LINE_COMMAND;
	if (is_header(l) || l->n_gaps > 1)
		return LINE_TABLE;
	if (begins_with_figure(l) || is_sentence(l))
		return LINE_OUTPUT;
	return LINE_UNKNOWN;
}

enum line_nature
line_nature(const struct effect_rules *rules, struct text line)
{
	struct line l;

	split(line, &l);
	if (l.n_words == 0)
		return LINE_BLANK;
	if (l.text.at[0] == '#')
		return LINE_COMMENT;
	return nature_of(rules, &l);
}
