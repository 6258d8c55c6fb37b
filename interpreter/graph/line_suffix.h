/* What a line of expected output may end with: " (re)", " (glob)", " (esc)",
 * " (eq)", " (no-eol)", with or instead of them a quantifier: " (re+)",
 * " (*)". The words are cram's and scrut's (cram's README, "Output matching";
 * scrut's documentation, "Expectations"). */
#ifndef GRAPH_LINE_SUFFIX_H
#define GRAPH_LINE_SUFFIX_H

#include "base/text.h"

enum suffix_kind {
	SUFFIX_NONE, /* a quantifier alone */
	SUFFIX_EQUAL,
	SUFFIX_REGEX,
	SUFFIX_GLOB,
	SUFFIX_ESCAPED,
	SUFFIX_NO_EOL
};

/* What the suffixes of one line say. */
struct line_suffix {
	enum suffix_kind kind; /* NONE, EQUAL, REGEX or GLOB */
	bool escaped, no_eol;
	char quantifier; /* '\0', '?', '*', '+' */
};

/* Cut the suffixes off *LINE and say what they are. */
struct line_suffix line_suffix_cut(struct text *line);

/* True when a line of TEXT ends with one of the words, so that its author
 * wrote patterns and no example. A quantifier alone is no sign: programs print
 * " (*)", too. */
bool line_suffix_in(struct text text);

#endif
