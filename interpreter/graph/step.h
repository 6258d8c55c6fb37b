/* One step of a procedure: what is done, where, and how all that is known.
 * Made by runbook_build (graph/runbook.h) in the document's arena. */
#ifndef GRAPH_STEP_H
#define GRAPH_STEP_H

#include "doc/document.h"
#include "doc/setting.h"
#include "effect/judge.h"
#include "effect/unwrap.h"
#include "graph/want.h"
#include "shell/placeholder.h"
#include "shell/quote.h"

struct procedure; /* graph/runbook.h */

enum infer_rule {
#define INFER(symbol, name, help) INFER_##symbol,
#include "graph/rules.def"
#undef INFER
	INFER_COUNT
};

const char *infer_rule_name(enum infer_rule rule);

/* One inference about a step or a procedure, kept for `show --why`. */
struct reason {
	enum infer_rule rule;
	const char *attribute; /* "host", "io", "relation" … */
	const char *text;      /* "ssh hemma": what in the document decided */
	struct span where;
	struct reason *next;
};

enum step_kind {
	STEP_COMMAND,
	STEP_FILE,
	STEP_MANUAL
};

/* To the step before it; what matters most of what is known. */
enum step_relation {
	RELATION_NEXT,
	RELATION_ALTERNATIVE, /* it belongs to a branch of a choice */
	RELATION_CONDITIONAL  /* asked first, default no */
};

/* One way of several: the steps that name it as theirs. */
struct branch {
	struct choice *choice;
	uint32_t number;   /* from 1, in the order of the document */
	struct text label; /* the document's words, or empty */
};

/* Of its branches one is taken; the steps of the others are left out. */
struct choice {
	const char *name;            /* "A", unique in its procedure */
	struct text question;        /* the words that offer it, or empty */
	struct span where;           /* of these words, else of the steps */
	const struct branch *inside; /* it is asked only when this branch of
				      * another choice was taken, or NULL */
	struct branch **branches;
	uint32_t n_branches;
};

/* What must be the case before a step is done. Steps under the same words
 * share it, so that it is asked about once. */
struct condition {
	struct text words; /* the document's */
	struct span where;
	const struct condition *outer; /* to be judged before it, or NULL */
};

/* How a command step is handed over. */
enum step_dispatch {
	DISPATCH_LOCAL,  /* its text to the local bash */
	DISPATCH_REMOTE, /* one text to the host's login shell */
	DISPATCH_NONE    /* refused: see step->refusal */
};

/* A value that must be given before a step may run; one per name across a
 * procedure. */
struct param {
	struct text name;  /* "commit-hash" */
	struct text text;  /* as first written, "<commit-hash>" */
	struct span where; /* of the first use */
	bool secret;
	bool variable; /* a shell variable that nothing in the procedure sets */
	const struct param_definition *defined; /* by `params:`, or NULL */
	enum param_type type;  /* by its name, when it is not defined */
	const char *pattern;   /* likewise; or NULL */
	struct text form;      /* likewise, of a date: "YYYYMMDD"; or empty */
	const char *expects;   /* these in words, or NULL */
	struct text elsewhere; /* what another section of the document sets the
				* variable to, when that is certain; or empty */
	struct span set_where; /* where it does, or {0} */
};

/* A variable, or an argument such as $1, that a step reads and nothing before
 * it sets. */
struct variable_use {
	struct param *param;
	struct text name;  /* "NAMESPACE"; "1": an argument */
	uint32_t argument; /* 1 …; 0: it is none */
	struct span where;
};

/* Its default, with at NULL when it has none; its type; what `params:` says
 * about it, or "". */
struct text param_default(const struct param *p);
enum param_type param_type(const struct param *p);
struct text param_help(const struct param *p);
/* The regular expression that all of a value matches, or "". */
struct text param_pattern(const struct param *p);
/* What values it takes, in words, when its name says so; or NULL. */
const char *param_expects(const struct param *p);

/* One place where a parameter stands in a step. */
struct param_use {
	struct param *param;
	struct span where;          /* in the document */
	uint32_t start, end;        /* in step->text */
	struct quote_place *levels; /* outermost shell first */
	uint32_t n_levels;
	bool foreign;        /* the last level is no shell: sed, awk, SQL … */
	const char *refused; /* why no value can stand here, or NULL */
};

/* How often a step is tried. */
struct step_retry {
	uint32_t attempts; /* in all; 1: no retry */
	int64_t delay_ms;
	struct want *until; /* also repeat until this is met, or NULL */
};

/* KEY_CAPTURE: the first group of PATTERN in the output becomes PARAM. */
struct capture {
	struct param *param;
	struct text pattern;
	struct span where;
};

struct step {
	enum step_kind kind;
	struct procedure *procedure;
	uint32_t ordinal; /* 1-based in its procedure */
	const char *id;   /* "data/backup-database.1" */
	struct text name; /* annotated, or empty */
	struct text title;
	struct text label;       /* for people: the title, and which of those
				  * that are called so: "Copy (2 of 5)" */
	struct span title_where; /* of the comment that is its title, or {0} */
	struct text remark;      /* the comment behind it, or empty */
	struct span where;       /* of its text */
	uint32_t line;           /* first line of its text */
	const struct block *block;
	uint32_t block_end; /* behind the last block that it is made of */
	uint32_t prose;     /* first block of the prose before it … */
	uint32_t prose_end; /* … and behind the last */

	struct excerpt text;         /* command, file content, or sentence */
	const struct script *script; /* COMMAND: of the block … */
	uint32_t first, last;        /* … and its top-level statements */
	bool prompted;               /* a prompt stood in front of it */
	bool whole;                  /* a script with "#!": run on its own, so
				      * that it leaves the session as it is */
	uint32_t comment_group;      /* within the block */
	struct text path;            /* FILE */
	struct excerpt context;      /* the lines for the shell that the first
				      * one opens; empty: none */
	uint32_t context_line;       /* of what opens the shell that it, or its
				      * context, belongs to; 0: none */
	const char *context_program; /* that opens it: "docker" */

	struct text host; /* empty: this machine; as it is written while it is
			   * not known: "<host>", "$WEB" */
	bool host_open;   /* it is not known */
	const struct step *host_of; /* FILE: the step whose host it shares */
	enum step_dispatch dispatch;
	const struct ssh_call *ssh; /* the step is one call of ssh, or NULL */
	struct text inner;          /* what ssh hands on, for a title; empty
				     * when it is no call of ssh */
	const char *refusal;        /* why it cannot be run as it stands */

	enum effect_io io;
	bool tty;                    /* a hop asks for a terminal */
	enum effect_level level;     /* after raising */
	enum effect_level declared;  /* `effect:`; READS when not declared */
	bool raised;                 /* words or declaration raised it */
	const struct effect *effect; /* as judged; NULL for FILE, MANUAL */
	enum effect_level foreseen;  /* the level that a plan of the whole
				      * procedure begins with: to be shown */
	const struct effect *foreseen_effect; /* where that was judged again */

	struct param_use *uses;
	uint32_t n_uses;
	struct variable_use *variables; /* each once; only of local steps */
	uint32_t n_variables;
	struct want *until; /* follow: over when this is printed, or NULL */
	struct want **wants;
	uint32_t n_wants;
	/* The first of the steps that the document shows one output for: those
	 * of a block, or of one prompt. */
	const struct step *shown_with;
	struct step_retry retry;
	struct capture *captures;
	uint32_t n_captures;

	enum step_relation relation;
	const struct branch *branch;       /* innermost, or NULL */
	const struct block *perhaps_after; /* words above it, in the last option
					    * of a menu, that may be for all
					    * options; or NULL */
	const struct condition *condition; /* innermost, or NULL */
	struct text phase;                 /* "Fix"; empty: none */
	struct span phase_where;           /* of the words that say so */

	int64_t timeout_ms;    /* 0: the limit of limits.h */
	const int *exit_codes; /* accepted; NULL: 0 only */
	uint32_t n_exit_codes;
	const char *cwd;        /* NULL: the session's */
	const char *const *env; /* "NAME=value", NULL at the end, or NULL */
	struct text confirm;    /* ask with these words first, or empty */
	struct text undo;
	bool idempotent, sensitive;

	const struct annotation *annotation;
	struct reason *reasons; /* in the order found */
};

/* The outermost choice that S depends on, or NULL. */
const struct choice *step_choice(const struct step *s);

/* True when S belongs to BRANCH, or to one inside it. */
bool step_is_in(const struct step *s, const struct branch *branch);

/* True when S is done only if CONDITION holds. */
bool step_depends_on(const struct step *s, const struct condition *condition);

/* True when a value of PARAM is put into the text of S. */
bool step_uses(const struct step *s, const struct param *param);

/* Add a reason at the end of *LIST. */
void reason_add(struct arena *arena, struct reason **list, enum infer_rule rule,
		const char *attribute, struct span where, const char *fmt, ...)
	PRINTF_LIKE(6, 7);

/* S runs on a host, or in a folder, that its text does not say: the files that
 * it names are not those here. */
bool step_is_elsewhere(const struct step *s);

const char *step_kind_name(enum step_kind kind);
const char *step_relation_name(enum step_relation relation);
const char *step_io_name(enum effect_io io);
const char *step_host_name(const struct step *step, struct buf *scratch);

#endif
