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

/* ---- words -------------------------------------------------------------- */

enum part_kind {
	PART_LITERAL,     /* ordinary bytes */
	PART_ESCAPE,      /* a backslash and the byte it quotes */
	PART_SINGLE,      /* '…' */
	PART_DOUBLE,      /* "…": parts */
	PART_ANSI_C,      /* $'…' */
	PART_LOCALE,      /* $"…": parts */
	PART_PARAM,       /* $x, ${x:-word} */
	PART_COMMAND,     /* $(…): list */
	PART_BACKTICK,    /* `…`: list of a script of its own */
	PART_PROCESS,     /* <(…), >(…): list */
	PART_ARITH,       /* $((…)), $[…]: parts */
	PART_TILDE,       /* ~, ~user */
	PART_GLOB,        /* *, ?, […] */
	PART_EXTGLOB,     /* !(…), @(…) …: words */
	PART_BRACE,       /* {a,b}, {1..3}: words; op is "," or ".."; without
			   * words: too many braces to be read */
	PART_PLACEHOLDER, /* <name> and the like: one unknown field */
	PART_ARRAY,       /* the (…) of `declare x=(…)`: words */
	PART_OPAQUE       /* a NUL byte: what another shell puts there, unknown
			   * (see struct value's text in shell/word.h) */
};

struct part {
	enum part_kind kind;
	uint32_t start, end;       /* with quotes and dollar */
	uint32_t inner, inner_end; /* without them */
	struct part **parts; /* DOUBLE, LOCALE, ARITH, and PARAM's word; SINGLE
			      * and ANSI_C only around placeholders */
	uint32_t n_parts;
	struct word **words; /* EXTGLOB, BRACE, ARRAY; PARAM: its subscript */
	uint32_t n_words;
	struct list *list;     /* COMMAND, BACKTICK, PROCESS */
	struct script *script; /* BACKTICK: its unescaped text */
	struct text name;      /* PARAM: the variable, empty when it cannot be
				* told; PLACEHOLDER: the name */
	struct text op; /* PARAM: ":-", "#" …, and what stands before the
			 * name: "#" of ${#x}, "!" of ${!x}; PROCESS: "<",
			 * ">"; EXTGLOB: "@" … */
	bool prefix;    /* PARAM: op stands before the name */
	const struct placeholder *placeholder; /* PLACEHOLDER */
};

/* Its parts follow each other without a gap from start to end. */
struct word {
	uint32_t start, end;
	struct part **parts;
	uint32_t n_parts;
	bool has_error;
	bool varies; /* what it becomes is not the same everywhere … */
	const struct value *constant; /* … or it is this; NULL: nobody has asked
				       * (words_expand) */
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
	bool tabs;             /* <<-: tabs before each line do not count */
	bool terminated;
	uint32_t body, body_end; /* the lines, delimiter line not included */
	uint32_t end; /* behind the delimiter, before that line's newline */
	struct part **parts; /* of an unquoted body, without a gap; a <<- body
			      * still has its tabs (heredoc_value drops them) */
	uint32_t n_parts;
	bool has_error; /* not terminated, or its text cannot be read */
};

struct redirect {
	uint32_t start, end; /* without a here-document's body */
	enum redirect_op op;
	int fd;              /* -1: the operator's own */
	struct text fd_name; /* {name}>…: the variable */
	struct word *target; /* a here-document's delimiter word */
	struct heredoc *heredoc;
};

/* ---- commands ----------------------------------------------------------- */

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

enum case_end {
	CASE_BREAK,   /* ;; or none */
	CASE_THROUGH, /* ;& */
	CASE_NEXT     /* ;;& */
};

struct case_item {
	struct word **patterns;
	uint32_t n_patterns;
	struct list *body; /* may be empty */
	enum case_end ended;
	uint32_t start, end;
};

struct node {
	enum node_kind kind;
	uint32_t start, end; /* without here-document bodies */
	bool has_error;      /* it, or something in it, is an error */

	struct redirect **redirects; /* SIMPLE and compound commands */
	uint32_t n_redirects;

	struct assignment **assignments; /* SIMPLE: the first n_prefix stand
					  * before the command; the others are
					  * those that export, declare … take,
					  * which are in words too */
	uint32_t n_assignments, n_prefix;
	struct word **words; /* SIMPLE; FOR, SELECT: after in; FOR_ARITH: its
			      * three expressions; ARITH: the expression; COND:
			      * all that stands between, operators too */
	uint32_t n_words;
	bool has_in; /* FOR, SELECT: "in" is there */

	struct node **items; /* PIPELINE (none: a bare "!"), ANDOR */
	uint32_t n_items;
	bool *both;          /* PIPELINE: item i sends stderr along (|&); NULL
			      * when none does */
	enum andor_op *ops;  /* ANDOR: n_items - 1 of them */
	bool negated, timed; /* PIPELINE; also with one item */

	struct list *cond;    /* IF, WHILE, UNTIL */
	struct list *body;    /* SUBSHELL, GROUP, IF, loops, COPROC */
	struct list *other;   /* IF: else; elif is an IF in it */
	struct text name;     /* FUNCTION, COPROC, FOR and SELECT's variable, as
			       * written */
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

/* ---- the text ----------------------------------------------------------- */

enum comment_place {
	COMMENT_LEADING,  /* own line, directly above a statement */
	COMMENT_TRAILING, /* behind a statement on its line */
	COMMENT_ORPHAN,   /* own line, no statement directly below */
	COMMENT_INSIDE /* within a statement: in a loop, a substitution … */
};

struct comment {
	uint32_t start, end; /* from "#" to the end of the line */
	enum comment_place place;
	uint32_t statement; /* index of the top-level one; not of an ORPHAN */
};

/* Something that could not be read. */
struct shell_error {
	uint32_t start, end;
	const char *message; /* "unterminated double quote" */
	uint32_t opened;     /* where the open token begins, or start */
	bool wants_more;     /* the text ended too early: more lines might mend
			      * it */
};

struct script {
	struct arena *arena;   /* that holds it */
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
