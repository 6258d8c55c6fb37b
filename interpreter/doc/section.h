/* The sections of a document, made heading by heading. */
#ifndef DOC_SECTION_H
#define DOC_SECTION_H

#include "doc/document.h"
#include "doc/slug.h"

struct sectioner {
	struct document *doc;
	struct diag_sink *sink;
	struct slugger slugs;
	struct section *current; /* what comes next belongs to it */
	struct section *title;   /* the H1 that names the document, or NULL */
};

/* Makes the root section. */
void sectioner_init(struct sectioner *s, struct document *doc,
		    struct diag_sink *sink);
void sectioner_release(struct sectioner *s);

/* HEADING, which will be block doc->n_blocks, begins a section. */
void sectioner_open(struct sectioner *s, const struct block *heading);

/* A heading in a quote: its slug is taken, but it begins no section. */
void sectioner_skip(struct sectioner *s, const struct block *heading);

/* All blocks are there: end the sections that are open. */
void sectioner_end(struct sectioner *s);

#endif
