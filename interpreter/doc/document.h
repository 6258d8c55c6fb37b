/* A Markdown file as sections and blocks, with the exact place of everything.
 *
 * Life cycle: document_load or document_parse makes it, document_free ends it
 * and all that was made from it: graph, plan and findings live in its arena. */
#ifndef DOC_DOCUMENT_H
#define DOC_DOCUMENT_H

#include "base/clock.h"
#include "diag/source.h"
#include "doc/frontmatter.h"

struct block;
struct section;

enum block_kind {
	BLOCK_HEADING,
	BLOCK_PARAGRAPH,
	BLOCK_CODE,
	BLOCK_HTML, /* comments included */
	BLOCK_RULE  /* a thematic break */
};

/* What the fence's language makes of a code block (design, section 3). */
enum code_kind {
	CODE_SCRIPT,  /* bash, sh, shell, zsh */
	CODE_CONSOLE, /* console, shell-session: prompts and output */
	CODE_OUTPUT,  /* text, output */
	CODE_FILE,    /* its first line is a comment with an absolute path */
	CODE_UNTAGGED,
	CODE_DIRECTIVE, /* {note}, {tab-set}: a container of a generator */
	CODE_OTHER      /* shown, never run */
};

enum container_kind {
	CONTAINER_QUOTE,
	CONTAINER_ALERT,   /* > [!WARNING] */
	CONTAINER_BULLET,  /* one item of a bullet list */
	CONTAINER_ORDERED, /* one item of a numbered list */
	CONTAINER_DETAILS  /* between <details> and </details> */
};

struct container {
	enum container_kind kind;
	const struct container *outer;
	struct span where;
	uint32_t number;         /* ORDERED: as written */
	bool is_task, task_done; /* items: "[ ]", "[x]" */
	struct text label;       /* ALERT: "WARNING"; DETAILS: its summary;
				  * else, and without one, empty */
};

enum inline_kind {
	INLINE_TEXT,
	INLINE_CODE,
	INLINE_LINK,   /* text = its label, target = where it leads */
	INLINE_STRONG, /* text = all of it, without markup */
	INLINE_EMPH,
	INLINE_HTML,
	INLINE_IMAGE /* text = its description, target = the file */
};

/* Runs stand in the order of the document. Those that are not nested and no
 * HTML make up the block's text; a nested one is part of the STRONG, EMPH,
 * LINK or IMAGE run before it (plain text is not listed again there). */
struct inline_run {
	enum inline_kind kind;
	bool nested;
	struct text text; /* HTML: the tag or comment as written */
	struct text target;
};

struct code {
	enum code_kind kind;
	bool fenced; /* false: by indentation */
	bool closed; /* a closing fence was found */
	char fence;  /* '`' or '~' */
	uint32_t fence_len;
	struct text info;       /* as written, braces included */
	struct text language;   /* its first word, lower case */
	struct excerpt content; /* LF lines, without container prefix */
	struct text file_path;  /* CODE_FILE: the path of the first line */
};

struct block {
	enum block_kind kind;
	uint32_t ordinal;           /* index in document->blocks */
	struct span where;          /* its lines; code: with both fences */
	struct section *section;    /* it stands in; never NULL */
	const struct container *in; /* innermost, or NULL */
	const struct annotation *annotation; /* comment and braces, or NULL */
	struct text text;        /* HEADING, PARAGRAPH: without markup,
				  * lines joined by "\n", without "[x]" and
				  * "[!NOTE]"; HTML: as is */
	const struct map *map;   /* HTML: where its text came from */
	struct inline_run *runs; /* HEADING, PARAGRAPH */
	uint32_t n_runs;
	unsigned level;    /* HEADING: 1 to 6 */
	struct code *code; /* CODE */
};

/* A heading and what stands below it, up to the next heading of its level or
 * above. The root section holds what comes before the first heading. The
 * heading's block is the first of its section.
 *
 * A first heading of level 1 is the title: it is no part of the paths below
 * it, and its own path is its slug. Further headings of level 1 are sections
 * like any other. Slugs are unique in a document, hence so are paths. */
struct section {
	struct section *parent; /* NULL for the root */
	struct section **children;
	uint32_t n_children;
	const struct block *heading; /* NULL for the root */
	unsigned level;              /* root: 0 */
	struct text title;           /* heading's text */
	struct text slug;            /* GitHub's, "-1" on repetition */
	struct text path;            /* slugs joined by "/", title excluded */
	uint32_t first, end;         /* blocks of its own and below */
	uint32_t own_end;            /* blocks before the first child */
	const struct annotation *annotation; /* of a procedure: the front
					      * matter's, then the comment's */
};

struct document {
	struct arena *arena; /* owned */
	struct source *src;  /* owned */
	struct frontmatter front;
	const struct annotation *annotation; /* front.runbook and the comment
					      * at the head of the body */
	struct block **blocks;               /* in document order */
	uint32_t n_blocks;
	struct section *root;
	struct section **sections; /* all but the root, in order */
	uint32_t n_sections;
	struct text title; /* front matter's, else the first H1,
			    * else the file's stem */
	bool refused;      /* past a limit: nothing else is set */
};

/* Read PATH. NULL with a message in RETERR when it cannot be read; what is
 * wrong inside is reported to SINK, and reading goes on where it can. */
struct document *document_load(const char *path, struct diag_sink *sink,
			       struct buf *reterr);

/* Parse LEN bytes, made by malloc and taken over; PATH names them. CLOCK
 * bounds the time (LIMIT_DOCUMENT_PARSE_MS). Never NULL. */
struct document *document_parse(const char *path, char *bytes, size_t len,
				const struct clock *clock,
				struct diag_sink *sink);

struct document *document_free(struct document *doc); /* NULL to NULL */
void document_free_ptr(struct document **doc);

/* True when the front matter says `type: runbook`. */
bool document_is_runbook(const struct document *doc);

/* The places of BLOCK's runs, into RET (as many spans as it has runs): of CODE,
 * LINK and IMAGE with their marks and target, where they can be found; else
 * the whole block's. */
void block_run_spans(const struct block *block, struct span *ret);

/* GitHub's slug of a heading's text, without a repetition suffix: lower case,
 * letters, digits, "-" and "_" kept, blanks to "-", the rest dropped. */
struct text slug_of(struct arena *arena, struct text heading);

/* The section at PATH, or NULL. */
struct section *document_section(const struct document *doc, struct text path);

#endif
