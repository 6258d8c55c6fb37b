/* The contract fields at the head of a document, and our own `runbook:`. */
#ifndef DOC_FRONTMATTER_H
#define DOC_FRONTMATTER_H

#include "doc/annotation.h"

/* Contract fields: FIELD(symbol, name, type). Types are checked in runbooks;
 * fields that are not in the table belong to other tools and are kept, not
 * judged. */
#define FRONT_MATTER_FIELDS(FIELD)                                             \
	FIELD(TYPE, "type", TEXT)                                              \
	FIELD(ID, "id", TEXT)                                                  \
	FIELD(TITLE, "title", TEXT)                                            \
	FIELD(STATUS, "status", STATUS)                                        \
	FIELD(OWNERS, "owners", LIST)                                          \
	FIELD(CREATED, "created", DATE)                                        \
	FIELD(UPDATED, "updated", DATE)                                        \
	FIELD(SYSTEM, "system", TEXT)                                          \
	FIELD(TAGS, "tags", LIST)                                              \
	FIELD(LINKS, "links", LIST)                                            \
	FIELD(ALERTS, "alerts", LIST)                                          \
	FIELD(STEPS, "steps", ANY)                                             \
	FIELD(ROLLBACK, "rollback", ANY)                                       \
	FIELD(SUMMARY, "summary", TEXT)

enum front_field {
#define FIELD(symbol, name, type) FRONT_##symbol,
	FRONT_MATTER_FIELDS(FIELD)
#undef FIELD
	FRONT_COUNT
};

/* What a contract field holds. */
enum field_type {
	FIELD_TYPE_TEXT,
	FIELD_TYPE_STATUS, /* one of frontmatter_statuses */
	FIELD_TYPE_LIST,   /* one text or a list of texts */
	FIELD_TYPE_DATE,   /* 2026-01-31 */
	FIELD_TYPE_ANY
};

struct frontmatter {
	bool present;
	struct span where;        /* with both "---" lines */
	const struct ynode *tree; /* the whole mapping, or NULL */
	const struct ynode *field[FRONT_COUNT];
	const struct annotation *runbook; /* the `runbook:` key, or NULL; ask
					   * document->annotation */
};

/* Read the front matter that begins at byte 0 of SRC ("---" alone on the first
 * line, to the next "---" or "..." line); a byte order mark may precede it. A
 * first line "---" that no mapping follows is a thematic break. Returns the
 * offset behind it: 0 when there is none. */
uint32_t frontmatter_read(struct arena *arena, const struct source *src,
			  struct frontmatter *ret, struct diag_sink *sink);

/* True when `type:` says "runbook", in any case. Only then are the contract
 * fields checked. */
bool frontmatter_is_runbook(const struct frontmatter *f);

const char *frontmatter_field_name(enum front_field field);
enum field_type frontmatter_field_type(enum front_field field);
const char *const *frontmatter_statuses(void); /* ended by NULL */

/* The field's text ("" when absent or no scalar). */
struct text frontmatter_text(const struct frontmatter *f,
			     enum front_field field);

#endif
