/* Markdown through cmark: the blocks of a document in order, and the
 * containers around them. */
#ifndef DOC_MARKDOWN_H
#define DOC_MARKDOWN_H

#include "base/clock.h"
#include "doc/document.h"
#include "doc/lines.h"

/* A block that holds no other. TEXT, RUNS and their texts lie in the arena or
 * the source; LITERAL is cmark's and dies with the call that brings it. */
struct markdown_leaf {
	enum block_kind kind;
	unsigned level;      /* HEADING */
	uint32_t first_line; /* index into the lines */
	uint32_t last_line;  /* CODE, HTML: not known here */
	uint32_t start;      /* offset of its first byte behind the prefixes */
	uint32_t next_line;  /* on which the next node begins, or UINT32_MAX */
	struct text literal; /* CODE, HTML */
	bool has_info;       /* CODE: it is fenced for certain */
	struct text text;    /* HEADING, PARAGRAPH */
	struct inline_run *runs;
	uint32_t n_runs;
};

struct markdown_events {
	/* A quote or an item begins at START. */
	void (*enter)(void *ctx, enum container_kind kind, uint32_t start);
	void (*leave)(void *ctx);
	void (*leaf)(void *ctx, const struct markdown_leaf *leaf);
	void *ctx;
};

enum markdown_result {
	MARKDOWN_DONE,
	MARKDOWN_TOO_SLOW,  /* LIMIT_DOCUMENT_PARSE_MS */
	MARKDOWN_TOO_LARGE, /* LIMIT_MARKDOWN_BYTES */
	MARKDOWN_TOO_DEEP   /* LIMIT_DOCUMENT_DEPTH, LIMIT_LINE_PREFIX */
};

/* Parse the body of L. Texts go to ARENA, events to ON. On anything but
 * MARKDOWN_DONE the events that came so far are worth nothing; *RET_AT is then
 * the offset that was reached.
 *
 * What is longer than PART bytes (at least 1) is parsed in parts, so that
 * memory stays bounded. The blocks are the same as without parts; only a link
 * that is defined in another part remains text. */
enum markdown_result markdown_parse(struct arena *arena, const struct lines *l,
				    size_t part, const struct clock *clock,
				    const struct markdown_events *on,
				    uint32_t *ret_at);

#endif
