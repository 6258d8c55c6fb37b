/* Procedures as pictures: steps in the colours of their effects, hosts as
 * clusters, choices, conditions and what procedures have to do with each
 * other.
 *
 * To add a format: a row in report/graph_formats.def, a file that writes a
 * struct picture, runbook.1, a golden. */
#ifndef REPORT_GRAPH_H
#define REPORT_GRAPH_H

#include "graph/runbook.h"

enum picture_shape {
	PICTURE_STEP,
	PICTURE_FILE,
	PICTURE_HUMAN, /* done by hand */
	PICTURE_CONDITION,
	PICTURE_CHOICE,
	PICTURE_START, /* of a procedure that is drawn */
	PICTURE_OTHER  /* a procedure that is not drawn itself */
};

/* No cluster. */
#define PICTURE_NOWHERE UINT32_MAX

struct picture_node {
	enum picture_shape shape;
	uint32_t number;         /* among its kind, from 1 */
	struct text label;       /* lines; safe for a terminal */
	enum effect_level level; /* STEP, FILE */
	uint32_t cluster;        /* or NOWHERE */
};

struct picture_edge {
	uint32_t from, to; /* nodes */
	struct text label; /* or empty */
	bool dotted;       /* not a part of the way itself */
};

struct picture_cluster {
	struct text label;
	uint32_t outer; /* or NOWHERE */
};

struct picture {
	struct arena *arena;
	struct text title;
	struct picture_node *nodes;
	struct picture_edge *edges;
	struct picture_cluster *clusters; /* outer ones before inner ones */
	uint32_t n_nodes, n_edges, n_clusters;
};

/* All procedures of RB, or only ONE, which have been understood; in ARENA. */
struct picture *picture_of(struct arena *arena, const struct runbook *rb,
			   const struct procedure *one);

/* "s1", "q2": the name of node I, the same in every format. */
void picture_add_name(struct buf *b, const struct picture *p, uint32_t i);

/* How a node looks, besides its shape; never the only way to tell. */
struct picture_style {
	const char *name; /* "reads" */
	const char *fill, *line;
	bool dashed;
};

const struct picture_style *picture_style(const struct picture_node *node);

/* All of them, N. */
const struct picture_style *picture_styles(size_t *ret_n);

/* Each appends P in its format. 0, or -1 with a message, which may have a
 * second line "help: …". */
typedef int picture_write_fn(const struct picture *p, struct buf *b,
			     struct buf *reterr);

picture_write_fn picture_mermaid, picture_dot, picture_svg;

struct graph_format {
	const char *name;
	picture_write_fn *write;
};

/* The format NAME, or NULL. */
const struct graph_format *graph_format_find(const char *name);

#endif
