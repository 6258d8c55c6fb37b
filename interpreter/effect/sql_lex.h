/* Tokens of SQL as clients read it: enough to see where statements end, what
 * is text and what is not. Not a grammar. */
#ifndef EFFECT_SQL_LEX_H
#define EFFECT_SQL_LEX_H

#include "base/arena.h"

enum sql_dialect {
	SQL_POSTGRES,
	SQL_MYSQL,
	SQL_SQLITE
};

enum sql_kind {
	SQL_WORD,   /* a name or keyword without quotes */
	SQL_QUOTED, /* "name", `name`, [name] */
	SQL_STRING, /* 'text', $tag$text$tag$ */
	SQL_NUMBER,
	SQL_PUNCT,  /* one byte of anything else */
	SQL_META,   /* a command of the client, to the end of its line */
	SQL_OPAQUE, /* not known: a variable of a shell or of psql */
	SQL_END     /* ";" or what DELIMITER made of it */
};

struct sql_token {
	enum sql_kind kind;
	uint32_t start, end;
	uint32_t inner, inner_end; /* without quotes */
	uint32_t depth;            /* parentheses around it */
};

struct sql_lexer {
	struct text text;
	enum sql_dialect dialect;
	uint32_t at;
	uint32_t depth;
	bool at_statement; /* nothing of a statement has been read */
	bool in_comment;   /* of MySQL, whose text is executed */
	struct text delimiter;
	bool unclosed; /* the last statement has a BEGIN without END */
};

void sql_lex_init(struct sql_lexer *lx, struct text text,
		  enum sql_dialect dialect);

/* The tokens of the next statement, without its end, in ARENA; a META token is
 * a statement of its own. False at the end of the text. */
bool sql_lex_statement(struct sql_lexer *lx, struct arena *arena,
		       struct sql_token **ret_tokens, uint32_t *ret_n);

/* Pass over the data of COPY … FROM stdin, up to a line "\." */
void sql_lex_skip_data(struct sql_lexer *lx);

/* True when T is the keyword NAME, given in lower case. */
bool sql_is(struct text all, const struct sql_token *t, const char *name);

#endif
