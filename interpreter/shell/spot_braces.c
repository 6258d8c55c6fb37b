/* {{name}}, {name}, [NAME] and "...". */
#include "base/limits.h"
#include "shell/spot.h"

/* Where letters, digits, "_" and "-" end, which begin with a letter at AT; AT
 * when there are none. With BLANKS, single blanks may stand between them. */
static size_t
name_end(struct text t, size_t at, bool blanks)
{
	size_t end = at;

	if (!byte_is_alpha(text_at(t, at)))
		return at;
	while (end - at < LIMIT_PLACEHOLDER_BYTES) {
		char c = text_at(t, end);

		bool blank = c == ' ' && blanks &&
			     byte_is_alnum(text_at(t, end + 1));

		if (!byte_is_alnum(c) && c != '_' && c != '-' && !blank)
			break;
		end++;
	}
	return end;
}

/* First words of template expressions (Go's text/template, Jinja): these are
 * for the program, not for the reader. */
static bool
is_template_word(struct text name)
{
	static const char *const words[] = {
		"json",  "range", "end",      "if",       "else",     "with",
		"index", "len",   "print",    "printf",   "println",  "define",
		"block", "or",    "and",      "not",      "template", "break",
		"eq",    "ne",    "continue", "join",     "lower",    "upper",
		"split", "title", "pad",      "truncate", "js",       "html",
	};
	struct text first = text_sub(name, 0, text_chr(name, ' ', 0));

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(first, words[i]))
			return true;
	}
	return false;
}

static enum placeholder_certainty
certain_unless_quoted(const struct spot *spot)
{
	return spot->quote ? PLACEHOLDER_LIKELY : PLACEHOLDER_CERTAIN;
}

/* {{name}} or {{ the name }}. */
static bool
look_double(const struct spot *spot, struct placeholder *ret)
{
	size_t start = spot->at + 2, end;
	struct text name;

	while (text_at(spot->t, start) == ' ')
		start++;
	end = name_end(spot->t, start, true);
	name = text_sub(spot->t, start, end);
	if (name.len == 0 || is_template_word(name))
		return false;
	while (text_at(spot->t, end) == ' ')
		end++;
	if (text_at(spot->t, end) != '}' || text_at(spot->t, end + 1) != '}')
		return false;
	return spot_found(ret, PLACEHOLDER_CURLY, certain_unless_quoted(spot),
			  spot->at, end + 2, name);
}

/* What may stand beside {name}: it fills a word, or a stretch of a path. */
static bool
bounds_brace(char c)
{
	return !c || strchr(" \t\n/.:-_}{", c);
}

/* {name}: not ${name}, @{name}, {fd}>, nor in the programs of awk and jq. */
static bool
look_single(const struct spot *spot, struct placeholder *ret)
{
	size_t end = name_end(spot->t, spot->at + 1, false);
	char before = spot_byte(spot, -1), behind = text_at(spot->t, end + 1);

	if (end == spot->at + 1 || text_at(spot->t, end) != '}' ||
	    spot->quote == '\'' || !bounds_brace(behind) ||
	    !(bounds_brace(before) || before == '='))
		return false;
	return spot_found(ret, PLACEHOLDER_BRACE, PLACEHOLDER_LIKELY, spot->at,
			  end + 1, text_sub(spot->t, spot->at + 1, end));
}

bool
spot_curly(const struct spot *spot, struct placeholder *ret)
{
	if (spot_byte(spot, 1) == '{')
		return look_double(spot, ret);
	return look_single(spot, ret);
}

/* Words in brackets that are no name: levels of a log, usage texts. */
static bool
is_shown(struct text name)
{
	static const char *const words[] = {
		"INFO",      "WARN",  "WARNING",  "ERROR",   "DEBUG",
		"FATAL",     "TRACE", "OK",       "PASS",    "FAIL",
		"FAILED",    "SKIP",  "NOTICE",   "OPTIONS", "OPTION",
		"FLAGS",     "ARGS",  "CRITICAL", "DONE",    "OPTIONAL",
		"ARGUMENTS", "none",  "not set",  "unknown",
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_eq_nocase(name, text_of(words[i])))
			return true;
	}
	return false;
}

static bool
is_capitals(struct text name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!(c >= 'A' && c <= 'Z') &&
		    (i == 0 || !(byte_is_digit(c) || c == '_' || c == '-')))
			return false;
	}
	return name.len > 1 && !(name.len == 3 && name.at[1] == '-');
}

/* Several words: "project name", "namespace-deletion-PR", "user|group". A set
 * of bytes for a pattern is not written so. */
static bool
is_words(struct text name)
{
	size_t run = 0;
	unsigned signs = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (strchr(" -_|", name.at[i])) {
			if (run < 2)
				return false;
			run = 0;
			signs++;
		} else {
			run++;
		}
	}
	return signs > 0 && run > 1;
}

bool
spot_bracket(const struct spot *spot, struct placeholder *ret)
{
	size_t start = spot->at + 1, end = start;
	char before = spot_byte(spot, -1), c;
	struct text name;

	while (end - start < LIMIT_PLACEHOLDER_BYTES &&
	       (c = text_at(spot->t, end)) &&
	       (byte_is_alpha(c) ||
		(end > start &&
		 (byte_is_digit(c) || strchr("_-|", c) ||
		  (c == ' ' && byte_is_alnum(text_at(spot->t, end + 1)))))))
		end++;
	name = text_sub(spot->t, start, end);
	if (text_at(spot->t, end) != ']' ||
	    !(is_capitals(name) || (!spot->quote && is_words(name))) ||
	    is_shown(name) || spot->quote == '\'' ||
	    (before && !strchr(" \t\n/=:@-.", before)) ||
	    !byte_bounds(text_at(spot->t, end + 1)))
		return false;
	return spot_found(ret, PLACEHOLDER_BRACKET, PLACEHOLDER_LIKELY,
			  spot->at, end + 1, name);
}

static bool
is_space_or_end(char c)
{
	return !c || c == ' ' || c == '\t' || c == '\n';
}

/* Of "--set auth.password=..." what the value that is left out is for, without
 * dashes; empty: there is no such name in front of the spot. */
static struct text
name_before(const struct spot *spot)
{
	size_t end = spot->at - 1, start = end;

	while (start > 0 && end - start < LIMIT_PLACEHOLDER_BYTES &&
	       (byte_is_alnum(spot->t.at[start - 1]) ||
		strchr("._-", spot->t.at[start - 1])))
		start--;
	while (start < end && spot->t.at[start] == '-')
		start++;
	return text_sub(spot->t, start, end);
}

/* "...", "…" or "[...]" as a whole word, or as the value behind "name=". In
 * quotes it ends a sentence. */
bool
spot_ellipsis(const struct spot *spot, struct placeholder *ret)
{
	static const char *const forms[] = { "...", "\xe2\x80\xa6", "[...]",
					     "[\xe2\x80\xa6]" };
	struct text rest = text_sub(spot->t, spot->at, spot->at + 8);
	struct text name = { NULL, 0 };

	if (spot_byte(spot, -1) == '=' && !spot->quote && !spot->in_body)
		name = name_before(spot);
	if (!is_space_or_end(spot_byte(spot, -1)) && name.len == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		size_t n = strlen(forms[i]);

		if (!text_starts(rest, forms[i]) ||
		    (!is_space_or_end(text_at(rest, n)) &&
		     (name.len == 0 || text_at(rest, n) != ',')))
			continue;
		return spot_found(ret, PLACEHOLDER_ELLIPSIS,
				  spot->quote ? PLACEHOLDER_POSSIBLE
					      : PLACEHOLDER_CERTAIN,
				  spot->at, spot->at + n,
				  name.len ? name : text_sub(rest, 0, n));
	}
	return false;
}
