/* NAME=value # CHANGEME: a value that the comment behind it tells the reader to
 * change. */
#include "shell/spot.h"

enum {
	SETTING_MAX = 512 /* bytes of one that is looked at */
};

static bool
holds_any(struct text t, const char *bytes)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] && strchr(bytes, t.at[i]))
			return true;
	}
	return false;
}

/* The comment that begins at AT tells so. */
static bool
tells_to_change(struct text t, size_t at)
{
	static const char *const heads[] = {
		"changeme",     "change me",      "change this",  "change it",
		"change to",    "change as",      "change for",   "edit this",
		"edit me",      "adjust",         "replace with", "replace me",
		"replace this", "increment this", "modify this",  "modify as",
		"update this",  "customize",      "customise",    "fill in",
		"use your",     "put your",       "set to your",  "set this to",
		"your",
	};
	struct text rest;

	while (text_at(t, at) == '#' || byte_is_blank(text_at(t, at)))
		at++;
	rest = text_sub(t, at, text_chr(t, '\n', at));
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		if (text_starts_nocase(rest, heads[i]) &&
		    byte_bounds(text_at(rest, strlen(heads[i]))))
			return true;
	}
	return false;
}

/* Behind the blanks, and "export" where it stands. */
static size_t
skip_export(struct text line)
{
	size_t at = 0;

	while (byte_is_blank(text_at(line, at)))
		at++;
	if (!text_starts(text_sub(line, at, line.len), "export "))
		return at;
	at += strlen("export ");
	while (byte_is_blank(text_at(line, at)))
		at++;
	return at;
}

/* LINE, from AT, is NAME=value and nothing else: NAME, and where the value
 * begins and ends, without its quotes. */
static bool
is_setting(struct text line, size_t at, struct text *ret_name,
	   size_t *ret_start, size_t *ret_end)
{
	size_t end = at, close;
	char quote;

	while (byte_is_alnum(text_at(line, end)) || text_at(line, end) == '_')
		end++;
	*ret_name = text_sub(line, at, end);
	if (end == at || byte_is_digit(line.at[at]) ||
	    text_at(line, end) != '=')
		return false;
	quote = text_at(line, ++end);
	if (quote == '\'' || quote == '"') {
		close = text_chr(line, quote, ++end);
		*ret_start = end;
		*ret_end = close;
		return close > end && close + 1 == line.len &&
		       !holds_any(text_sub(line, end, close), "$`\\");
	}
	*ret_start = end;
	*ret_end = line.len;
	return end < line.len && !holds_any(text_sub(line, end, line.len),
					    " \t$`\\'\"();|&<>[]{}");
}

bool
spot_changed(const struct spot *spot, struct placeholder *ret)
{
	size_t first = spot->at, start, end;
	struct text line, name;

	while (first > 0 && spot->at - first < SETTING_MAX &&
	       spot->t.at[first - 1] != '\n')
		first--;
	if (first > 0 && spot->t.at[first - 1] != '\n')
		return false;
	line = text_sub(spot->t, first, spot->at);
	while (line.len && byte_is_blank(line.at[line.len - 1]))
		line.len--;
	if (!is_setting(line, skip_export(line), &name, &start, &end) ||
	    !tells_to_change(spot->t, spot->at))
		return false;
	return spot_found(ret, PLACEHOLDER_CHANGE, PLACEHOLDER_CERTAIN,
			  first + start, first + end, name);
}
