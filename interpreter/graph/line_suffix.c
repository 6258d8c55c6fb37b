/* Suffixes of expected lines. */
#include "graph/line_suffix.h"

#include <string.h>

static const struct {
	const char *word;
	enum suffix_kind kind;
} suffixes[] = {
	{ "", SUFFIX_NONE },           { "eq", SUFFIX_EQUAL },
	{ "equal", SUFFIX_EQUAL },     { "re", SUFFIX_REGEX },
	{ "regex", SUFFIX_REGEX },     { "gl", SUFFIX_GLOB },
	{ "glob", SUFFIX_GLOB },       { "esc", SUFFIX_ESCAPED },
	{ "escaped", SUFFIX_ESCAPED }, { "no-eol", SUFFIX_NO_EOL },
};

static bool
is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* The words of a suffix: WORD without its quantifier. False when it is none,
 * so that the parenthesis is just text. */
static bool
read_suffix(struct text word, enum suffix_kind *ret_kind, char *ret_quantifier)
{
	*ret_quantifier = '\0';
	if (word.len && is_one_of(word.at[word.len - 1], "?*+"))
		*ret_quantifier = word.at[--word.len];
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		*ret_kind = suffixes[i].kind;
		if (text_is(word, suffixes[i].word))
			return *ret_kind != SUFFIX_NONE || *ret_quantifier;
	}
	return false;
}

/* Take one suffix into M. False when M has its like already, or when it means
 * nothing beside what follows it: then it is text. */
static bool
take(struct line_suffix *m, enum suffix_kind kind, char quantifier)
{
	if (m->kind == SUFFIX_EQUAL || m->kind == SUFFIX_REGEX ||
	    (quantifier && m->quantifier))
		return false;
	switch (kind) {
	case SUFFIX_ESCAPED:
		if (m->escaped)
			return false;
		m->escaped = true;
		break;
	case SUFFIX_NO_EOL:
		if (m->no_eol)
			return false;
		m->no_eol = true;
		break;
	default:
		if (m->kind != SUFFIX_NONE ||
		    (kind == SUFFIX_REGEX && m->escaped))
			return false;
		m->kind = kind;
		break;
	}
	if (quantifier)
		m->quantifier = quantifier;
	return true;
}

/* Take the last " (…)" of *LINE into M and cut it off. */
static bool
cut_suffix(struct text *line, struct line_suffix *m)
{
	size_t open = line->len;
	enum suffix_kind kind;
	char quantifier;

	if (!text_ends(*line, ")"))
		return false;
	while (open > 0 && line->at[open - 1] != '(')
		open--;
	if (open < 2 || line->at[open - 2] != ' ')
		return false;
	if (!read_suffix(text_sub(*line, open, line->len - 1), &kind,
			 &quantifier) ||
	    !take(m, kind, quantifier))
		return false;
	line->len = open - 2;
	return true;
}

struct line_suffix
line_suffix_cut(struct text *line)
{
	struct line_suffix m = { SUFFIX_NONE, false, false, '\0' };

	while (cut_suffix(line, &m))
		;
	return m;
}

bool
line_suffix_in(struct text text)
{
	struct text line;

	while (text_next_line(&text, &line)) {
		struct line_suffix m = line_suffix_cut(&line);

		if (m.kind != SUFFIX_NONE || m.escaped || m.no_eol)
			return true;
	}
	return false;
}
