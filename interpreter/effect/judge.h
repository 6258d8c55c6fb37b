/* What a command would do, found on its syntax tree, through every wrapper
 * that can be read: ssh, sudo, xargs, sh -c, docker exec, SQL given to psql.
 *
 * Nothing is executed or asked (design, section 6); files are looked at only
 * where a command names them (effect/files.h). To add a rule,
 * write it into schema/effects.yaml with two examples; code is needed only
 * for a new kind of wrapper (wrap.c) or language (sql.c). */
#ifndef EFFECT_JUDGE_H
#define EFFECT_JUDGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "effect/files.h"
#include "effect/level.h"
#include "effect/rule.h"
#include "shell/ast.h"
#include "shell/word.h"

/* One thing a command runs through on its way: "ssh" to "web1". Chains are
 * shared; the outermost hop has no outer. A substitution is a hop too, "$()".
 */
struct hop {
	const struct hop *outer;
	const char *name;    /* "ssh", "sudo", "docker", "psql", "sh" … */
	struct text program; /* as it is called: "podman"; may be empty */
	struct text target;  /* host, container, database; may be empty */
	struct text user;    /* "postgres"; may be empty */
	bool tty;            /* this hop asks for a terminal (-t, -it) */
	bool stdin_open;     /* docker exec -i and the like */
	bool ends;           /* it ends what it runs (timeout) */
	bool elsewhere;      /* its files are not those around it */
	bool stays;          /* in the folder in which it is called */
	unsigned tags;       /* of everything inside: privileged, remote … */
	unsigned depth;      /* hops around it, substitutions not counted */
};

struct finding {
	enum effect_level level;
	unsigned tags;
	enum effect_io io;
	const char *rule;      /* its id in the table, or "syntax", "unread",
				* "unlisted", "suspect", "forks", "redirect.…" */
	struct span said;      /* where that rule stands; no source: built in */
	const struct hop *hop; /* the innermost; NULL: run as it stands */
	const struct hop *not_in; /* the command runs in there, this does not:
				   * the file of "ssh h cmd > f"; or NULL */
	struct span where;        /* the words that decide; may lack a source */
	struct text matched; /* their text as the innermost program sees it */
	struct text verb;    /* "DROP DATABASE", "docker system prune" */
	struct text object;  /* "app"; may be empty */
	struct text into;    /* of a restore: the database, as -d names it;
			      * of a copy: its target;
			      * may be empty */
	bool open;           /* what the object will be is not all known */
	bool relative;       /* it may be a path that is counted from … */
	struct value folder; /* … this folder: as scope_folder has it, of the
			      * machine on which it happens */
	const char *why;     /* one sentence without a full stop */
	const char *undo;    /* NULL: nothing known */
	const char *check;   /* NULL: nothing to look at first */
};

struct effect {
	enum effect_level
		level; /* the highest of the findings; READS if none */
	unsigned tags; /* of all findings */
	enum effect_io io;
	bool partly_unknown; /* an UNKNOWN among higher findings */
	bool mounts; /* what lies below /tmp may be kept elsewhere then */
	struct finding *findings; /* in source order, also those that read */
	uint32_t n_findings;
	const struct finding
		*worst; /* the first of the highest level, or NULL */
	struct effect_input
		*inputs; /* files that were read in order to judge */
	uint32_t n_inputs;
};

/* The built-in rules, and rows that the operator or the document added. */
struct effect_rules;
const struct effect_rules *effect_rules_builtin(void);

/* Who wrote a row: .runbook.yaml or the command line, or the document. */
enum effect_origin {
	EFFECT_OPERATOR,
	EFFECT_DOCUMENT
};

/* The rules of BASE (borrowed; NULL: the built-in ones), to be extended;
 * everything lives in ARENA. */
struct effect_rules *effect_rules_new(struct arena *arena,
				      const struct effect_rules *base);

/* Let FILES (borrowed; NULL: none) be looked at wherever RULES are used. */
void effect_rules_set_files(struct effect_rules *rules,
			    const struct effect_files *files);

/* A function that the document defines somewhere. */
struct effect_function {
	struct text name;
	const char *where; /* "section 'Prepare' (line 8)" */
	uint32_t line;
};

/* Let names of FUNCTIONS (borrowed, sorted by name) never stand for programs
 * of the table: where nothing before it has defined one, what a call of it does
 * is not known. A program that destroys stays what it is: without a definition
 * it is what runs. */
void effect_rules_set_functions(struct effect_rules *rules,
				const struct effect_function *functions,
				uint32_t n);

/* Add PROGRAM (effect/rule.h, borrowed), whose rows stand at WHERE; for a
 * second name call it again. A row of the operator may add, raise and (with
 * settles) lower; one of the document only raises, also above unknown. Where
 * the operator's rows settle by words alone, what the table says of options
 * still counts ("down -v"), and what is run inside. Returns 0, or -1 with a
 * message in RETERR: a row of a shell, an interpreter or a wrapper, one that
 * would lower, a malformed one. */
int effect_rules_add(struct effect_rules *rules,
		     const struct effect_program *program,
		     enum effect_origin origin, struct span where,
		     struct buf *reterr);

/* What earlier statements of the same procedure have established: constants,
 * functions. SCOPE may be NULL: nothing is known, and nothing kept. */
struct effect_state {
	struct scope *scope;
	const struct effect_rules *rules; /* NULL: the built-in ones */
	bool elsewhere; /* it runs on another machine, or in a folder that is
			 * not known: no file is looked at */
};

/* Judge one top-level statement of S. STATE is brought forward to what holds
 * once it has ended well. The result lives in ARENA, and points into S. */
struct effect *effect_judge(struct arena *arena, const struct script *s,
			    const struct statement *statement,
			    struct effect_state *state);

/* The statements FIRST to LAST of S's top level as one. ONE_BY_ONE: each is run
 * once the one before it has ended well; else all are run, whatever becomes of
 * those before. */
struct effect *effect_judge_range(struct arena *arena, const struct script *s,
				  uint32_t first, uint32_t last,
				  bool one_by_one, struct effect_state *state);

/* All statements of S, whatever becomes of those before. */
struct effect *effect_judge_script(struct arena *arena, const struct script *s,
				   struct effect_state *state);

/* "VERB OBJECT — inside A inside B on HOST (via C). Why. Undo. Check." */
void effect_explain(struct buf *b, const struct finding *f);

/* The same, with REMARK (NULL: none) behind what is said of undoing it:
 * "Undo: only from a dump; no earlier step makes one." */
void effect_explain_with(struct buf *b, const struct finding *f,
			 const char *remark);

/* Where that is: "inside container db on web1 (via ssh, sudo)". */
void effect_place(struct buf *b, const struct hop *innermost);

/* True when the folder in which it happens matters to F: it may name a file
 * by a relative path, and is no matter of a container or of a database. */
bool finding_has_folder(const struct finding *f);

/* "ssh>docker>psql": the names of F's hops, outermost first. */
void effect_chain(struct buf *b, const struct hop *innermost);

#endif
