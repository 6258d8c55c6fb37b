/* <name>, and <<NAME>> of some templates. */
#include "base/limits.h"
#include "shell/spot.h"

enum {
	MARKUP_BYTES = 4096 /* how far a closing tag is looked for */
};

static bool
is_inner(char c)
{
	return byte_is_alnum(c) || (c && strchr("_-.:/|", c));
}

/* Where the name behind "<" at AT ends: a letter, then letters, digits, signs
 * and single blanks, up to ">". 0: it is none. */
static size_t
name_end(struct text t, size_t at)
{
	size_t end = at + 1;

	if (!byte_is_alpha(text_at(t, end)))
		return 0;
	while (end - at <= LIMIT_PLACEHOLDER_BYTES) {
		char c = text_at(t, end);

		if (c == '>')
			return t.at[end - 1] == ' ' ? 0 : end;
		if (!is_inner(c) && (c != ' ' || t.at[end - 1] == ' '))
			return 0;
		end++;
	}
	return 0;
}

/* Elements of HTML whose names nobody gives a placeholder. */
static bool
is_markup_name(struct text name)
{
	static const char *const names[] = {
		"a",    "b",    "i",     "p",     "u",      "s",    "br",
		"hr",   "li",   "ul",    "ol",    "dl",     "dt",   "dd",
		"td",   "tr",   "th",    "em",    "h1",     "h2",   "h3",
		"h4",   "h5",   "h6",    "br/",   "hr/",    "div",  "pre",
		"img",  "svg",  "sub",   "sup",   "kbd",    "html", "head",
		"body", "span", "tbody", "thead", "strong", "br /",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_eq_nocase(name, text_of(names[i])))
			return true;
	}
	return false;
}

/* True when "</NAME" follows, or a markup name stands there. */
static bool
is_markup(const struct spot *spot, struct text name, size_t end)
{
	struct text word = text_sub(name, 0, text_chr(name, ' ', 0));
	struct text near = text_sub(spot->t, end, end + MARKUP_BYTES);
	size_t at = 0;

	if (is_markup_name(name))
		return true;
	while ((at = text_find(near, TEXT("</"), at)) < near.len) {
		at += 2;
		if (text_eq(text_sub(near, at, at + word.len), word))
			return true;
	}
	return false;
}

static enum placeholder_certainty
certainty_of(const struct spot *spot, struct text name, size_t end)
{
	if (!byte_bounds(text_at(spot->t, end)))
		return PLACEHOLDER_POSSIBLE; /* <in.txt>out */
	if (!spot->quote && !spot->in_body)
		return PLACEHOLDER_CERTAIN;
	return is_markup(spot, name, end) ? PLACEHOLDER_POSSIBLE
					  : PLACEHOLDER_LIKELY;
}

/* What makes "<" or ">" an operator of the shell, or part of a regular
 * expression: <<x>, \<x>, (?<x>, <x>>y, <x>&1, <x>(y). */
static bool
is_excluded(const struct spot *spot, size_t end)
{
	char before = spot_byte(spot, -1), behind = text_at(spot->t, end);

	return (before && strchr("<\\?", before)) ||
	       (behind && strchr(">&(", behind));
}

bool
spot_angle(const struct spot *spot, struct placeholder *ret)
{
	size_t end = name_end(spot->t, spot->at);
	struct text name;

	if (end == 0 || is_excluded(spot, end + 1))
		return false;
	name = text_sub(spot->t, spot->at + 1, end);
	return spot_found(ret, PLACEHOLDER_ANGLE,
			  certainty_of(spot, name, end + 1), spot->at, end + 1,
			  name);
}

bool
spot_double_angle(const struct spot *spot, struct placeholder *ret)
{
	size_t end = name_end(spot->t, spot->at + 1);
	struct text name;

	if (end == 0 || text_at(spot->t, end + 1) != '>' ||
	    !byte_bounds(text_at(spot->t, end + 2)))
		return false;
	name = text_sub(spot->t, spot->at + 2, end);
	return spot_found(ret, PLACEHOLDER_ANGLE, PLACEHOLDER_CERTAIN, spot->at,
			  end + 2, name);
}
