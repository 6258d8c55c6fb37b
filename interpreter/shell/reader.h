/* The state of reading one shell text, and what the files that read share.
 * Private to shell/: others use shell/parse.h.
 *
 * There is no list of tokens: bash's words depend on where they stand, so
 * the grammar asks for what it expects at the current byte. A function that
 * fails returns NULL or false after reader_fail; callers hand that upwards
 * to the top-level loop, which makes a NODE_ERROR of the statement. */
#ifndef SHELL_READER_H
#define SHELL_READER_H

#include "base/arena.h"
#include "base/buf.h"
#include "shell/ast.h"
#include "shell/placeholder.h"

/* A stretch that is one unknown thing, whatever its bytes are: a placeholder,
 * or (PLACEHOLDER NULL) a NUL byte. */
struct hole {
	uint32_t start, end;
	const struct placeholder *placeholder;
};

/* Here-documents whose bodies begin after the next newline. */
struct pending {
	struct redirect **items;
	uint32_t n;
};

/* A statement that reads here-documents [first, last) of the reader's list:
 * it ends where their bodies end, known only later. */
struct owner {
	struct statement *statement;
	uint32_t first, last;
};

enum token {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_REDIRECT,
	TOKEN_LEFT,  /* ( */
	TOKEN_RIGHT, /* ) */
	TOKEN_SEMI,
	TOKEN_AMP,
	TOKEN_AND,       /* && */
	TOKEN_OR,        /* || */
	TOKEN_PIPE,      /* | */
	TOKEN_PIPE_BOTH, /* |& */
	TOKEN_BREAK,     /* ;; */
	TOKEN_THROUGH,   /* ;& */
	TOKEN_NEXT       /* ;;& */
};

/* How often one reader may look at a stretch again because "((" turned out
 * to be two parentheses: this many bytes plus REREAD_FACTOR times the text. */
enum {
	REREAD_BYTES = 64 * 1024,
	REREAD_FACTOR = 4
};

struct reader {
	struct arena *arena;
	struct script *script;
	const char *bytes;
	uint32_t pos, end; /* END is nearer than the text's in a body */
	unsigned depth, base_depth; /* now, and outside all statements */
	uint32_t *n_nodes; /* shared with the scripts inside backquotes */
	uint32_t reread;   /* bytes that may still be read twice */
	bool resolved;     /* no placeholders, in backquotes neither */
	bool in_comsub;    /* some $( around: ")" may end a here-document */

	bool failed;        /* the statement at hand cannot be read … */
	uint32_t failed_at; /* how far it has been read */
	bool fatal;         /* … nor anything: a limit */
	bool soft;          /* some error that did not fail */

	enum token token; /* at pos, when token_at says so */
	uint32_t token_at, token_end;
	enum redirect_op token_op;

	const struct hole *holes;
	uint32_t n_holes, hole; /* the next one */
	struct pending pending;
	struct heredoc **heredocs; /* all, in the order of their operators */
	uint32_t n_heredocs;
	struct owner *owners;
	uint32_t n_owners;
};

/* ---- reader.c: bytes, limits, failures ---------------------------------- */

/* Where reading can go back to. */
struct reader_mark {
	uint32_t pos, hole, n_comments, n_errors, n_heredocs, n_owners;
};

struct reader_mark reader_mark(const struct reader *r);
void reader_rewind(struct reader *r, const struct reader_mark *mark);

/* Report MESSAGE at [START, END), opened at OPENED, and fail. Always false,
 * so that "return reader_fail(…)" reads well. */
bool reader_fail(struct reader *r, uint32_t start, uint32_t end,
		 uint32_t opened, const char *message);

/* The same for whatever stands at pos: "unexpected ';'", or that the text
 * ended before what was OPENED was closed. */
bool reader_unexpected(struct reader *r, uint32_t opened);

/* The text ended inside what began at OPENED. */
bool reader_unclosed(struct reader *r, uint32_t opened, const char *message);

/* The error reported last might be mended by more lines. */
void reader_wants_more(struct reader *r);

/* Report without failing: bash reads on as well. */
void reader_note(struct reader *r, uint32_t start, uint32_t end,
		 uint32_t opened, const char *message);

/* One more level of nesting; false when there are too many. Each success is
 * ended by reader_leave. */
bool reader_enter(struct reader *r);
void reader_leave(struct reader *r);

/* One more node, word or part; false (and failed) past the limit. */
bool reader_count(struct reader *r);

/* The byte at AT after line continuations, or NUL past the end; *RET_AT is
 * its offset. */
char reader_byte(const struct reader *r, uint32_t at, uint32_t *ret_at);

/* [START, END), a name, without the line continuations in it. */
struct text reader_name(struct reader *r, uint32_t start, uint32_t end);

/* The hole that begins at AT, or NULL; AT only grows between rewinds. */
const struct hole *reader_hole(struct reader *r, uint32_t at);

/* Where the next hole begins at or after AT, or the end. */
uint32_t reader_hole_start(struct reader *r, uint32_t at);

/* ---- lex.c: tokens ------------------------------------------------------ */

/* Skip blanks, comments and line continuations and say what comes; nothing
 * else is consumed. */
enum token lex_peek(struct reader *r);

/* Consume the bare word WORD at pos; false when another stands there. */
bool lex_take_word(struct reader *r, const char *word);

/* Consume what lex_peek saw; behind a newline, the here-documents too. Not
 * for TOKEN_WORD. */
void lex_take(struct reader *r);

/* Consume any number of newlines; the token behind them. */
enum token lex_skip_newlines(struct reader *r);

enum keyword {
	KEYWORD_NONE,
#define KEYWORD(text, name) KEYWORD_##name,
#include "shell/keywords.def"
#undef KEYWORD
};

/* The reserved word that stands at pos as a word of its own. The caller knows
 * that one may stand there. */
enum keyword lex_keyword(struct reader *r);
bool lex_is_keyword(struct reader *r, enum keyword keyword);
void lex_take_keyword(struct reader *r);

enum {
	CLASS_META = 1 << 0,  /* ends a bare word */
	CLASS_QUOTE = 1 << 1, /* begins a part of another kind */
	CLASS_SHAPE = 1 << 2  /* may mean something to word_shape */
};

extern const unsigned char byte_classes[256];

bool byte_is_meta(char c);
bool byte_is_name(char c, bool first);
bool byte_is_special(char c); /* a parameter of one sign: $@, $? … */

/* ---- part.c: quotes and expansions -------------------------------------- */

struct parts {
	struct part **items;
	uint32_t n;
};

enum quoting {
	QUOTING_NONE,
	QUOTING_DOUBLE,
	QUOTING_HEREDOC
};

/* How read_matched finds its end. */
struct matched {
	char open, close;
	char until;       /* also stop before this byte at depth 0; or NUL */
	bool first_close; /* OPEN does not nest: ${ } */
	bool process;     /* <( ) counts */
};

struct part *part_new(struct reader *r, enum part_kind kind, uint32_t start);
void parts_add(struct reader *r, struct parts *parts, struct part *part);

/* Add a part of KIND over [START, END), with nothing inside. */
void parts_mark(struct reader *r, struct parts *parts, enum part_kind kind,
		uint32_t start, uint32_t end);

/* Add [START, END) as literal, joined to a literal right before it. */
void parts_literal(struct reader *r, struct parts *parts, uint32_t start,
		   uint32_t end);

/* Add PART, which ends at pos and has [INNER, INNER_END) between its marks. */
void part_close(struct reader *r, struct parts *parts, struct part *part,
		uint32_t inner, uint32_t inner_end);

/* Each reads one part at pos into PARTS. */
bool part_hole(struct reader *r, struct parts *parts, const struct hole *hole);
bool part_single(struct reader *r, struct parts *parts);
bool part_ansi_c(struct reader *r, struct parts *parts, uint32_t quote);
bool part_double(struct reader *r, struct parts *parts, enum part_kind kind);
bool part_backtick(struct reader *r, struct parts *parts, enum quoting quoting);
bool part_escape(struct reader *r, struct parts *parts);
bool part_dollar(struct reader *r, struct parts *parts, enum quoting quoting);
bool part_process(struct reader *r, struct parts *parts);
bool part_extglob(struct reader *r, struct parts *parts);

/* Parts up to the closing byte of HOW, which is not consumed; false at the
 * end of the text. */
bool read_matched(struct reader *r, struct parts *parts,
		  const struct matched *how);

/* The parts of [pos, end) as in the body of a here-document. */
bool read_body(struct reader *r, struct parts *parts);

/* param.c: at "${". */
bool part_param(struct reader *r, struct parts *parts, uint32_t dollar);

/* ---- words -------------------------------------------------------------- */

enum word_use {
	WORD_ARGUMENT, /* braces, globs, tilde */
	WORD_VALUE,    /* of an assignment: tilde, also behind ":" */
	WORD_PATTERN,  /* case, [[ == ]]: globs, tilde */
	WORD_PLAIN,    /* tilde only: case subject, here-string */
	WORD_REGEX,    /* [[ =~ ]]: ( and | are ordinary */
	WORD_DELIMITER /* of a here-document: nothing is expanded */
};

/* The word at pos; lex_peek said TOKEN_WORD. */
struct word *word_read(struct reader *r, enum word_use use);

/* The same when PARTS of it, from START on, are read already. */
struct word *word_continue(struct reader *r, uint32_t start,
			   struct parts *parts, enum word_use use);

/* A word of parts that are there. */
struct word *word_new(struct reader *r, uint32_t start, uint32_t end,
		      const struct parts *parts);

/* braces.c: put the brace expansions of W together. */
bool word_braces(struct reader *r, struct word *w);

/* shape.c: find braces, globs and tildes among W's unquoted literal bytes. */
void word_shape(struct reader *r, struct word *w, enum word_use use);

/* ---- assignment.c, redirect.c, heredoc.c -------------------------------- */

enum assignment_place {
	ASSIGNMENT_PREFIX, /* before the command */
	ASSIGNMENT_DECLARE /* argument of declare … */
};

/* The assignment at pos into *RET, NULL when there is none; in *RET_WORD the
 * word that it is (PLACE DECLARE), or that only began like one. ANY: array
 * literals, and before a command subscripts with blanks and quotes, may stand
 * there. False after a failure. */
bool assignment_read(struct reader *r, enum assignment_place place, bool any,
		     struct assignment **ret, struct word **ret_word);

/* True when a redirection begins at pos, perhaps with a descriptor. */
bool redirect_is_next(struct reader *r);
struct redirect *redirect_read(struct reader *r);

/* REDIRECT's body begins after the next newline. */
void heredoc_expect(struct reader *r, struct redirect *redirect);

/* Read the bodies of all pending here-documents; pos is behind a newline. */
void heredoc_read_pending(struct reader *r);

/* Those still pending have no body: their $( ) ended. */
void heredoc_drop_pending(struct reader *r);

/* ---- commands ----------------------------------------------------------- */

struct node *node_new(struct reader *r, enum node_kind kind, uint32_t start);

/* parse.c: statements until something that cannot begin one. NULL after a
 * failure; empty only if EMPTY_OK. */
struct list *parse_list(struct reader *r, bool empty_ok, uint32_t opened);
struct statement *parse_statement(struct reader *r);

/* Take ";" or "&" behind STATEMENT; false when no separator is there at all.
 * A newline is one, and is left to lex_skip_newlines. */
bool parse_separator(struct reader *r, struct statement *statement);

struct node *parse_command(struct reader *r);
bool parse_redirects(struct reader *r, struct node *node);

/* compound.c: the compound command that KEYWORD or "(" at pos begins. */
struct node *parse_compound(struct reader *r, enum keyword keyword);
struct node *parse_parenthesis(struct reader *r);
bool keyword_is_compound(enum keyword keyword);
bool parse_keyword(struct reader *r, enum keyword keyword, uint32_t opened);

/* for.c, case.c, function.c, cond.c */
struct node *parse_for(struct reader *r, enum keyword keyword);
struct node *parse_case(struct reader *r);
struct node *parse_function(struct reader *r);
/* NAME is read, pos is at "(". */
struct node *parse_function_of(struct reader *r, struct word *name);
struct node *parse_coproc(struct reader *r);
struct node *parse_cond(struct reader *r);

/* for.c: "((" at pos up to "))", or NULL and back where it was: two "(". */
struct word *parse_arithmetic(struct reader *r);

/* script.c: parse SOURCE, which stands in backquotes of what OUTER reads. */
struct script *script_read(struct reader *outer, struct excerpt source);

/* script_finish.c: what is known only when all has been read. */
void script_finish(struct reader *r);

#endif
