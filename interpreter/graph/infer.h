/* Inside the graph layer: what the inference files share. One file per rule
 * family; runbook_build calls them in the order in which they stand here. */
#ifndef GRAPH_INFER_H
#define GRAPH_INFER_H

#include "graph/runbook.h"
#include "graph/sentence.h"
#include "graph/surround.h"

/* A procedure in the making. */
struct builder {
	struct arena *arena;
	struct document *doc;
	struct runbook *rb;
	struct procedure *p;
	struct diag_sink *sink;
	struct effect_state state;         /* after the steps judged so far */
	const struct surroundings *around; /* of the blocks of p->section */
	uint32_t group; /* comment groups of the block so far */
	uint32_t n_choices;
	const struct condition **conditions; /* each once */
	uint32_t n_conditions;
};

/* Steps [first, end) of a procedure. */
struct range {
	uint32_t first, end;
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
	struct span title_where;
	uint32_t group; /* entries of one comment share it */
	bool marked;    /* by a prompt */
};

enum prompt {
	PROMPT_NONE,
	PROMPT_USER, /* "$ " */
	PROMPT_ROOT, /* "$ " and "# " */
	PROMPT_ANGLE /* "> " */
};

/* Which prompts the lines of CONTENT carry; ROOT also takes "# " for one. */
enum prompt console_prompt(const struct effect_rules *rules,
			   struct text content, bool root);

/* The commands and outputs of CONTENT. */
struct console_entry *console_split(struct arena *arena, struct excerpt content,
				    enum prompt prompt, uint32_t *ret_n);

/* ---- unmarked.c: output below commands without any prompt ---------------- */

/* The commands and outputs of CONTENT, told apart by how its lines look; NULL
 * when all of it may be commands. */
struct console_entry *unmarked_split(struct builder *b, struct excerpt content,
				     uint32_t *ret_n);

/* True when CONTENT begins with what no shell could be meant to read, and no
 * line of it is a command. */
bool unmarked_is_output(const struct builder *b, struct text content);

/* True when the first line of CONTENT is plainly something to type. */
bool unmarked_is_typed(const struct builder *b, struct text content);

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

/* A step that belongs to b->p and is not in it yet. */
struct step *new_step(struct builder *b, enum step_kind kind,
		      const struct block *block, struct excerpt text);

/* Put the steps of b->p that a human does between those of its blocks. */
void manual_steps(struct builder *b); /* manual.c */

/* ---- the inferences, per step or per procedure --------------------------- */

/* What annotations say: name, timeout, expect … (annotated.c) */
void apply_annotation(struct builder *b, struct step *s);
void apply_procedure_annotation(struct builder *b);

/* A new parameter of b->p, with what `params:` says about it. */
struct param *add_param(struct builder *b, struct text name, struct text text,
			struct span where);
void resolve_references(struct builder *b); /* needs, verify … by name */

void infer_title(struct builder *b, struct step *s);
void infer_labels(struct builder *b); /* when all have their titles */
void infer_host(struct builder *b, struct step *s);
void infer_context(struct builder *b); /* merges steps; before effects */
void infer_effect(struct builder *b, struct step *s); /* and io */
void infer_danger(struct builder *b); /* words that raise a level */
void infer_params(struct builder *b, struct step *s);

/* Judge S and bring b->state forward over it, once: whoever wants to know what
 * is gone through on the way does it, else infer_effect. VISITOR may be NULL.
 */
void judge_step(struct builder *b, struct step *s,
		const struct unwrap_visitor *visitor);

/* The type of P, which S uses and which stands there as KIND, by its name. */
void infer_param_type(struct builder *b, struct step *s, struct param *p,
		      enum placeholder_kind kind);

/* The same letters in any case, "-" and "_" alike. */
bool names_are_alike(struct text a, struct text b);

/* Variables that step S reads and no step before it sets; V goes from step to
 * step. */
struct variables *variables_new(struct builder *b);
void infer_variables(struct builder *b, struct step *s, struct variables *v);

/* What the document sets P's variable to in another section (settings.c). */
void settings_find(struct runbook *rb, struct param *p);

/* Let the rules of RB know the functions that its steps define. */
void functions_find(struct runbook *rb); /* functions.c */

void infer_output(struct builder *b); /* output blocks after a script */
void infer_phase(struct builder *b);
void infer_condition(struct builder *b);
void infer_option(struct builder *b); /* "Option A" above blocks */
void infer_branch(struct builder *b); /* other choices between blocks */
void infer_menu(struct builder *b);   /* choices within a block */
/* Entries of a list within the block whose steps are R: what a service can do,
 * ways to call a script, systems. False: it is none. */
bool infer_card(struct builder *b, struct range r);
/* True when the one undoes the other, on the same object; when S stops
 * something. */
bool steps_are_opposite(const struct step *left, const struct step *right);
bool step_stops(const struct step *s);
/* "# Or …" within the block whose steps are R. */
void infer_comment_menu(struct builder *b, struct range r);
void infer_file_hosts(struct builder *b);
void infer_across(struct builder *b);  /* after effects and menus */
void infer_refusal(struct builder *b); /* last */

/* True when S opens a shell for a person; when it leaves one. */
bool opens_shell(const struct step *s);
bool leaves_shell(const struct step *s);

/* What speaks of BLOCK, which stands in the section of b->p itself. */
const struct surroundings *around(const struct builder *b,
				  const struct block *block);

/* ---- choice.c ------------------------------------------------------------ */

/* T as one line, without blanks at its ends; in ARENA. */
struct text text_as_line(struct arena *arena, struct text t);

/* A new choice of b->p, offered by the words QUESTION (empty: none) at WHERE,
 * in the branch INSIDE of another or NULL. */
struct choice *choice_new(struct builder *b, struct text question,
			  struct span where, const struct branch *inside);

/* A new branch of C, called LABEL (empty: after its first step). */
struct branch *choice_branch(struct builder *b, struct choice *c,
			     struct text label);

/* The steps of R are those of BRANCH, by RULE. */
void branch_take(struct builder *b, const struct branch *branch, struct range r,
		 enum infer_rule rule, const char *why);

/* True when the steps of R belong to the same branch, or all to none. */
bool range_is_together(const struct procedure *p, struct range r);

/* Each step of R is a branch of a new choice, unless they do not belong
 * together. */
void choose_one_of(struct builder *b, struct range r, struct text question,
		   struct span where, enum infer_rule rule, const char *why);

/* S is done only when WORDS at WHERE are the case, besides what is required
 * already. The same words at the same place are one condition. */
void condition_add(struct builder *b, struct step *s, enum infer_rule rule,
		   struct text words, struct span where);

/* step->foreseen, from all that is known (foresee.c). */
void infer_foreseen(struct builder *b);

/* What is known by now makes step->relation. */
void infer_relation(struct builder *b);

#endif
