/* Wants that are judged line by line: exact, lines and example. Each becomes a
 * row of nodes, of which every one takes one line of output, or may be left
 * out, or repeats. The walk keeps all nodes that are still possible, so that
 * it finds a way whenever there is one, in nodes times lines steps. */
#ifndef WANT_LINES_H
#define WANT_LINES_H

#include "want/regex.h"
#include "want/shape.h"

enum line_kind {
	LINE_EQUAL,
	LINE_GLOB,
	LINE_REGEX,
	LINE_SHAPE,
	LINE_ANY
};

struct line_pattern {
	enum line_kind kind;
	struct text text;   /* EQUAL: the line; GLOB: the pattern */
	struct rx *rx;      /* REGEX: owned */
	struct shape shape; /* SHAPE */
	bool no_eol;        /* the last line, without a newline */
	struct text shown;  /* for people */
	size_t start, end;  /* of its line in the want's text */
};

/* "x?" is optional, "x*" optional and repeats, "x+" an x and an "x*". */
struct line_node {
	const struct line_pattern *pattern;
	bool optional, repeats;
};

struct want_lines {
	struct arena *arena; /* the matcher's; the texts live there, too */
	struct line_pattern **patterns;
	uint32_t n_patterns;
	struct line_node *nodes;
	uint32_t n_nodes;
	uint32_t n_caseless_ranges; /* of all regexes */
	bool repeats;               /* one of the nodes does */
	bool trims; /* blank lines at both ends of the output are nothing */
};

struct want_lines *want_lines_new(struct arena *arena);
void want_lines_release(struct want_lines *l); /* what is not in the arena */

/* A pattern of KIND for the bytes [START, END) of the want's text, which SHOWN
 * stands for. */
struct line_pattern *want_lines_pattern(struct want_lines *l,
					enum line_kind kind, struct text shown,
					size_t start, size_t end);

void want_lines_add(struct want_lines *l, const struct line_pattern *p,
		    bool optional, bool repeats);

/* "…" and "..." alone on a line; of an example also in brackets. */
bool line_is_ellipsis(struct text line);
bool line_leaves_out(struct text line);

#endif
