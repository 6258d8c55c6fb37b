/* From the blocks of Markdown to a document: code, containers, sections,
 * annotations. */
#ifndef DOC_BUILD_H
#define DOC_BUILD_H

#include "doc/document.h"
#include "doc/lines.h"

/* Fill the blocks and sections of DOC, whose front matter has been read, from
 * the body of L. Sets doc->refused when a limit is passed. */
void document_build(struct document *doc, const struct lines *l,
		    const struct clock *clock, struct diag_sink *sink);

#endif
