/* What a shell text says: statements, commands, words and their parts.
 *
 * Made by shell_parse (shell/parse.h), in an arena, never changed afterwards.
 * Offsets count bytes of the text that was parsed; script_span leads to the
 * document. Names follow the bash manual and POSIX 2.9. */
#ifndef SHELL_AST_H
#define SHELL_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "diag/map.h"

struct list;
struct node;
struct word;

/* ---- words ------------------------------------------------------------- */

enum part_kind {
	PART_LITERAL,    /* ordinary bytes */
	PART_ESCAPE,     /* a backslash and the byte it quotes */
	PART_SINGLE,     /* '…' */
	PART_DOUBLE,     /* "…": parts */
	PART_ANSI_C,     /* $'…' */
	PART_LOCALE,     /* $"…": parts */
	PART_PARAM,      /* $x, ${x:-word} */
	PART_COMMAND,    /* $(…): list */
	PART_BACKTICK,   /* `…`: list of a script of its own */
	PART_PROCESS,    /* <(…), >(…): list */
	PART_ARITH,      /* $((…)), $[…]: parts */
	PART_TILDE,      /* ~, ~user */
	PART_GLOB,       /* *, ?, […] */
	PART_EXTGLOB,    /* !(…), @(…) …: words */
	PART_BRACE,      /* {a,b}, {1..3}: words */
	PART_PLACEHOLDER /* <name> and the like: one unknown field */
};

struct part {
	enum part_kind kind;
	uint32_t start, end;       /* with quotes and dollar */
	uint32_t inner, inner_end; /* without them */
	struct part **parts;       /* DOUBLE, LOCALE, ARITH, and PARAM's word */
	uint32_t n_parts;
	struct word **words; /* EXTGLOB, BRACE */
	uint32_t n_words;
	struct list *list;     /* COMMAND, BACKTICK, PROCESS */
	struct script *script; /* BACKTICK: its unescaped text */
	struct text name;      /* PARAM: the variable; PLACEHOLDER: the name */
	struct text op;        /* PARAM: ":-", "#", "!"…; PROCESS: "<", ">" */
	const struct placeholder *placeholder; /* PLACEHOLDER */
};

struct word {
	uint32_t start, end;
	struct part **parts;
	uint32_t n_parts;
	bool has_error;
};

/* NAME=word, NAME+=word, NAME[i]=word, NAME=(words). */
struct assignment {
	uint32_t start, end;
	struct text name;
	struct word *subscript; /* NULL: none */
	bool append;
	bool is_array;
	struct word *value;     /* NULL: empty, or an array */
	struct word **elements; /* of an array */
	uint32_t n_elements;
};

enum redirect_op {
	REDIRECT_IN,           /* <   */
	REDIRECT_OUT,          /* >   */
	REDIRECT_APPEND,       /* >>  */
	REDIRECT_CLOBBER,      /* >|  */
	REDIRECT_INOUT,        /* <>  */
	REDIRECT_DUP_IN,       /* <&  */
	REDIRECT_DUP_OUT,      /* >&  */
	REDIRECT_BOTH,         /* &>  */
	REDIRECT_BOTH_APPEND,  /* &>> */
	REDIRECT_HEREDOC,      /* <<  */
	REDIRECT_HEREDOC_TABS, /* <<- */
	REDIRECT_HERESTRING    /* <<< */
};

struct heredoc {
	struct text delimiter; /* after quote removal */
	bool quoted;           /* any quoting: the body is inert */
	bool terminated;
	uint32_t body, body_end; /* the lines, delimiter line not included */
	uint32_t end;            /* behind the delimiter line */
	struct part **parts;     /* of an unquoted body */
	uint32_t n_parts;
};

struct redirect {
	uint32_t start, end; /* without a here-document's body */
	enum redirect_op op;
	int fd;              /* -1: the operator's own */
	struct text fd_name; /* {name}>…: the variable */
	struct word *target; /* a here-document's delimiter word */
	struct heredoc *heredoc;
};

/* ---- commands ---------------------------------------------------------- */

enum node_kind {
	NODE_SIMPLE,
	NODE_PIPELINE,
	NODE_ANDOR, /* two or more pipelines */
	NODE_SUBSHELL,
	NODE_GROUP,
	NODE_IF,
	NODE_FOR,
	NODE_FOR_ARITH,
	NODE_WHILE,
	NODE_UNTIL,
	NODE_SELECT,
	NODE_CASE,
	NODE_FUNCTION,
	NODE_COPROC,
	NODE_ARITH, /* (( … )) */
	NODE_COND,  /* [[ … ]] */
	NODE_ERROR  /* could not be read: nothing is known about it */
};

enum andor_op {
	ANDOR_AND,
	ANDOR_OR
};

struct case_item {
	struct word **patterns;
	uint32_t n_patterns;
	struct list *body; /* may be empty */
	uint32_t start, end;
};

struct node {
	enum node_kind kind;
	uint32_t start, end; /* without here-document bodies */
	bool has_error;      /* it, or something in it, is an error */

	struct redirect **redirects; /* SIMPLE and compound commands */
	uint32_t n_redirects;

	struct assignment **assignments; /* SIMPLE; also those that export,
					  * declare … take as words */
	uint32_t n_assignments;
	struct word **words; /* SIMPLE; FOR, SELECT: after in; ARITH,
			      * COND: what stands between */
	uint32_t n_words;
	bool has_in; /* FOR, SELECT: "in" is there */

	struct node **items; /* PIPELINE, ANDOR */
	uint32_t n_items;
	enum andor_op *ops;  /* ANDOR: n_items - 1 of them */
	bool negated, timed; /* PIPELINE; also with one item */

	struct list *cond;    /* IF, WHILE, UNTIL */
	struct list *body;    /* SUBSHELL, GROUP, IF, loops, COPROC */
	struct list *other;   /* IF: else; elif is an IF in it */
	struct text name;     /* FUNCTION, COPROC, FOR and SELECT's variable */
	struct word *subject; /* CASE */
	struct case_item **cases;
	uint32_t n_cases;
	struct node *function; /* FUNCTION: its body */
};

/* One element of a list. */
struct statement {
	struct node *node;
	bool background;     /* ended by & */
	uint32_t start, end; /* from the first word to the last byte of its
			      * here-document bodies, without the separator */
};

struct list {
	struct statement **items;
	uint32_t n_items;
};

/* ---- the text ---------------------------------------------------------- */

enum comment_place {
	COMMENT_LEADING,  /* own line, directly above a statement */
	COMMENT_TRAILING, /* behind a statement on its line */
	COMMENT_ORPHAN    /* own line, no statement directly below */
};

struct comment {
	uint32_t start, end; /* from "#" to the end of the line */
	enum comment_place place;
	uint32_t statement; /* LEADING, TRAILING: index of the top-level one */
};

/* Something that could not be read. */
struct shell_error {
	uint32_t start, end;
	const char *message; /* "unterminated double quote" */
	uint32_t opened;     /* where the open token begins, or start */
};

struct script {
	struct excerpt source; /* the text parsed; borrowed */
	struct list *body;     /* never NULL */
	struct comment *comments;
	uint32_t n_comments;
	struct shell_error *errors;
	uint32_t n_errors;
	const struct placeholder *placeholders; /* by offset */
	uint32_t n_placeholders;
};

/* The bytes [START, END) of the parsed text, and their place in the document
 * (a span without a source when the text has none). */
struct text script_text(const struct script *s, uint32_t start, uint32_t end);
struct span script_span(const struct script *s, uint32_t start, uint32_t end);

#endif
