/* Bringing annotations to what they speak of. */
#ifndef DOC_ATTACH_H
#define DOC_ATTACH_H

#include "doc/document.h"

/* An annotation comment that waits for the block below it. */
struct waiting {
	const struct ynode *node; /* NULL: not readable, already reported */
	struct span where;
	const struct container *in;
	struct waiting *next;
};

/* The settings of one section path in `procedures`. */
struct procedure_row {
	const struct ynode *path;
	const struct annotation *annotation;
	bool used;
};

struct attacher {
	struct document *doc;
	struct diag_sink *sink;
	bool at_head; /* only comments so far: one may be the document's */
	struct waiting *waiting, *last_waiting;
	struct procedure_row *procedures; /* by path, then by place */
	uint32_t n_procedures;
	unsigned n_hints; /* that may still be looked for */
};

/* Begins with what the front matter says. */
void attacher_init(struct attacher *a, struct document *doc,
		   struct diag_sink *sink);

/* A comment in HTML, whose inside is [START, END), stands within IN. When it
 * is an annotation it is kept for the block below it. The first one of a body
 * that begins with it is the document's, unless it has a key that a document
 * does not take and none that only a document takes. */
void attach_comment(struct attacher *a, struct excerpt html, size_t start,
		    size_t end, const struct container *in);

/* Give BLOCK what waits for it; a code block also its braces; a section also
 * what the document says of its path. */
void attach_to_block(struct attacher *a, struct block *block);
void attach_to_code(struct attacher *a, struct block *block);
void attach_to_section(struct attacher *a, struct block *heading,
		       struct section *section);

/* Nothing can be annotated here: report what waits. */
void attach_to_nothing(struct attacher *a);

/* Report annotations within the lines of BLOCK: they are not read there. */
void attach_inline(struct attacher *a, const struct block *block);

/* The document ends: report what still waits, and procedures that it does not
 * have. */
void attacher_end(struct attacher *a);

#endif
