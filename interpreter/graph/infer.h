/* Inside the graph layer: what the inference files share. One file per rule
 * family; runbook_build calls them in the order in which they stand here. */
#ifndef GRAPH_INFER_H
#define GRAPH_INFER_H

#include "graph/runbook.h"

/* A procedure in the making. */
struct builder {
	struct arena *arena;
	struct document *doc;
	struct runbook *rb;
	struct procedure *p;
	struct diag_sink *sink;
	struct effect_state state; /* after the steps judged so far */
};

/* ---- comments.c: what each comment of a script is for -------------------- */

/* What a comment says that a statement prints. */
struct noted_want {
	enum want_kind kind;
	struct text text;
	const struct map *map; /* of text; NULL: a pattern made of it */
	struct span where;     /* of its comment lines */
};

struct statement_note {
	uint32_t group;    /* statements of one comment group share it */
	struct text title; /* of the group, or empty */
	struct span title_where;
	struct text trailing; /* comment behind the statement, or empty */
	struct noted_want *wants;
	uint32_t n_wants;
};

/* One note per top-level statement of S; NULL when there is none. */
struct statement_note *comments_read(struct arena *arena,
				     const struct script *s);

/* ---- comment_want.c: comments that show output --------------------------- */

/* C without its marks. */
struct text comment_text(const struct script *s, const struct comment *c);

/* What comments [FIRST, END) of S, lines without anything between them, say
 * that a command prints, when the first of them begins to say so and it can be
 * compared with output. With TITLES a command stands on the next line, of
 * which "Prints ..." may be the title. In ARENA. */
bool comment_want(struct arena *arena, const struct script *s, uint32_t first,
		  uint32_t end, bool titles, struct noted_want *ret);

/* True when COMMENT heads output ("Expected:"), even if nothing of it can be
 * compared: then it is no title. */
bool comment_announces(const struct script *s, uint32_t comment);

/* ---- console.c: prompts and the output between them ---------------------- */

struct console_entry {
	struct excerpt command; /* without its prompt */
	struct excerpt output;  /* empty: none */
	struct text title;      /* the comment above it, or empty */
};

enum prompt {
	PROMPT_NONE,
	PROMPT_USER, /* "$ " */
	PROMPT_ROOT, /* "$ " and "# " */
	PROMPT_ANGLE /* "> " in front of every line */
};

/* Which prompts the lines of CONTENT carry; ROOT also takes "# " for one. */
enum prompt console_prompt(struct text content, bool root);

/* The commands and outputs of CONTENT. */
struct console_entry *console_split(struct arena *arena, struct excerpt content,
				    enum prompt prompt, uint32_t *ret_n);

/* ---- foreign.c: shell blocks that hold no shell -------------------------- */

/* What CONTENT is instead: "YAML"; NULL when it may be shell. */
const char *foreign_language(struct text content);

/* True when the prose above BLOCK, a script with "#!", names the file that it
 * is to be installed as. */
bool foreign_is_installed(const struct document *doc,
			  const struct block *block);

/* ---- block.c: from one block to its steps -------------------------------- */

/* Append the steps of BLOCK to b->p: text, title, script, wants in comments. */
void block_steps(struct builder *b, const struct block *block);

/* ---- the inferences, per step or per procedure --------------------------- */

/* What annotations say: name, timeout, expect … (annotated.c) */
void apply_annotation(struct builder *b, struct step *s);
void apply_procedure_annotation(struct builder *b);

/* A new parameter of b->p, with what `params:` says about it. */
struct param *add_param(struct builder *b, struct text name, struct text text,
			struct span where);
void resolve_references(struct builder *b); /* needs, verify … by name */

void infer_title(struct builder *b, struct step *s);
void infer_host(struct builder *b, struct step *s);
void infer_context(struct builder *b); /* merges steps; before effects */
void infer_effect(struct builder *b, struct step *s); /* and io */
void infer_danger(struct builder *b); /* words that raise a level */
void infer_params(struct builder *b, struct step *s);
void infer_output(struct builder *b); /* output blocks after a script */
void infer_phase(struct builder *b);
void infer_condition(struct builder *b);
void infer_menu(struct builder *b);
void infer_file_hosts(struct builder *b);
void infer_across(struct builder *b);  /* after effects and menus */
void infer_refusal(struct builder *b); /* last */

/* True when S opens a shell for a person; when it leaves one. */
bool opens_shell(const struct step *s);
bool leaves_shell(const struct step *s);

/* The paragraph directly before BLOCK in its section, or NULL. */
const struct block *paragraph_before(const struct document *doc,
				     const struct block *block);

/* True when T begins with WORD in any case and no letter follows. */
bool begins_with_word(struct text t, const char *word);
bool ends_with_word(struct text t, const char *word);
/* True when T holds WORD as a whole word, in any case. */
bool has_word(struct text t, const char *word);

#endif
