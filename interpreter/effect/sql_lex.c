/* Tokens of SQL: PostgreSQL 4.1 and psql, MySQL 9, SQLite. */
#include "effect/sql_lex.h"

enum {
	HEAD_TOKENS = 6 /* among which the kind of a CREATE stands */
};

void
sql_lex_init(struct sql_lexer *lx, struct text text, enum sql_dialect dialect)
{
	*lx = (struct sql_lexer){ .text = text,
				  .dialect = dialect,
				  .at_statement = true,
				  .delimiter = TEXT(";") };
}

static char
peek(const struct sql_lexer *lx, uint32_t ahead)
{
	size_t at = (size_t)lx->at + ahead;

	return at < lx->text.len ? lx->text.at[at] : '\n';
}

static bool
starts(const struct sql_lexer *lx, const char *s)
{
	return text_starts(text_sub(lx->text, lx->at, lx->text.len), s);
}

static uint32_t
size_of(const struct sql_lexer *lx)
{
	return (uint32_t)lx->text.len;
}

static uint32_t
end_of_line(const struct sql_lexer *lx)
{
	return (uint32_t)text_chr(lx->text, '\n', lx->at);
}

static bool
is_name_byte(char c)
{
	return byte_is_alnum(c) || c == '_' || c == '$' || c == '@' ||
	       (unsigned char)c >= 0x80;
}

/* ---- blanks and comments
 * --------------------------------------------------------- */

static void
skip_comment(struct sql_lexer *lx)
{
	unsigned nested = 0;

	while (lx->at < size_of(lx)) {
		if (starts(lx, "/*") &&
		    (nested == 0 || lx->dialect == SQL_POSTGRES)) {
			nested++;
			lx->at += 2;
		} else if (starts(lx, "*/")) {
			lx->at += 2;
			if (--nested == 0)
				return;
		} else {
			lx->at++;
		}
	}
}

/* MySQL executes a comment that begins with "!" and maybe a version: only its
 * two ends are left out. */
static bool
skip_executed(struct sql_lexer *lx)
{
	if (lx->dialect == SQL_MYSQL &&
	    (starts(lx, "/*!") || starts(lx, "/*M!"))) {
		lx->at += starts(lx, "/*!") ? 3 : 4;
		while (byte_is_digit(peek(lx, 0)))
			lx->at++;
		lx->in_comment = true;
		return true;
	}
	if (lx->in_comment && starts(lx, "*/")) {
		lx->at += 2;
		lx->in_comment = false;
		return true;
	}
	return false;
}

static bool
is_line_comment(const struct sql_lexer *lx)
{
	if (peek(lx, 0) == '#')
		return lx->dialect == SQL_MYSQL;
	return starts(lx, "--") &&
	       (lx->dialect != SQL_MYSQL || (unsigned char)peek(lx, 2) <= ' ');
}

static void
skip_blanks(struct sql_lexer *lx)
{
	while (lx->at < size_of(lx)) {
		if (byte_is_space(peek(lx, 0)))
			lx->at++;
		else if (skip_executed(lx))
			continue;
		else if (starts(lx, "/*"))
			skip_comment(lx);
		else if (is_line_comment(lx))
			lx->at = end_of_line(lx);
		else
			return;
	}
}

/* ---- tokens
 * ------------------------------------------------------------------------ */

static void
quoted(struct sql_lexer *lx, struct sql_token *t, enum sql_kind kind,
       char close, bool escapes)
{
	t->kind = kind;
	t->inner = ++lx->at;
	while (lx->at < size_of(lx)) {
		char c = lx->text.at[lx->at];

		if (c == '\\' && escapes)
			lx->at++;
		else if (c == close && peek(lx, 1) == close)
			lx->at++;
		else if (c == close)
			break;
		lx->at++;
	}
	if (lx->at > size_of(lx))
		lx->at = size_of(lx);
	t->inner_end = lx->at;
	if (lx->at < size_of(lx))
		lx->at++;
}

/* $tag$ … $tag$ */
static bool
dollar_quoted(struct sql_lexer *lx, struct sql_token *t)
{
	uint32_t tag = lx->at + 1, end;
	struct text mark;

	while (tag < size_of(lx) && lx->text.at[tag] != '$' &&
	       is_name_byte(lx->text.at[tag]))
		tag++;
	if (lx->dialect != SQL_POSTGRES || tag >= size_of(lx) ||
	    lx->text.at[tag] != '$' || byte_is_digit(peek(lx, 1)))
		return false;
	mark = text_sub(lx->text, lx->at, tag + 1);
	end = (uint32_t)text_find(lx->text, mark, tag + 1);
	t->kind = SQL_STRING;
	t->inner = tag + 1;
	t->inner_end = end;
	lx->at = end < size_of(lx) ? end + (uint32_t)mark.len : end;
	return true;
}

static bool
is_string_prefix(const struct sql_lexer *lx)
{
	char c = peek(lx, 0);

	return c && strchr("eEbBxXnN", c) && peek(lx, 1) == '\'';
}

/* :name, :'name' and :"name" of psql; "::" is a cast. */
static bool
variable(struct sql_lexer *lx, struct sql_token *t)
{
	char next = peek(lx, 1);

	if (lx->dialect != SQL_POSTGRES || peek(lx, 0) != ':')
		return false;
	if (next == ':') {
		lx->at += 2;
		t->kind = SQL_PUNCT;
		return true;
	}
	if (next != '\'' && next != '"' && !byte_is_alpha(next) && next != '_')
		return false;
	lx->at++;
	if (next == '\'' || next == '"')
		quoted(lx, t, SQL_OPAQUE, next, false);
	else
		while (is_name_byte(peek(lx, 0)))
			lx->at++;
	t->kind = SQL_OPAQUE;
	return true;
}

static bool
is_meta(const struct sql_lexer *lx)
{
	char c = peek(lx, 0);

	if (c == '\\')
		return lx->dialect != SQL_SQLITE;
	return c == '.' && lx->dialect == SQL_SQLITE && lx->at_statement;
}

/* To the end of the line; the command's name is MARK bytes from here. */
static void
meta(struct sql_lexer *lx, struct sql_token *t, uint32_t mark)
{
	t->kind = SQL_META;
	t->inner = lx->at + mark;
	lx->at = end_of_line(lx);
	t->inner_end = lx->at;
	t->end = lx->at;
}

static void
word(struct sql_lexer *lx, struct sql_token *t)
{
	t->kind = byte_is_digit(peek(lx, 0)) ? SQL_NUMBER : SQL_WORD;
	while (lx->at < size_of(lx) && is_name_byte(peek(lx, 0)))
		lx->at++;
	if (t->kind == SQL_NUMBER && peek(lx, 0) == '.')
		while (is_name_byte(peek(lx, 0)) || peek(lx, 0) == '.')
			lx->at++;
}

static void
punctuation(struct sql_lexer *lx, struct sql_token *t)
{
	char c = lx->text.at[lx->at++];

	t->kind = c == '\0' ? SQL_OPAQUE : SQL_PUNCT;
	if (c == ')' && lx->depth > 0)
		t->depth = --lx->depth;
	else if (c == '(')
		lx->depth++;
}

static void
token(struct sql_lexer *lx, struct sql_token *t)
{
	char c = peek(lx, 0);

	*t = (struct sql_token){ .start = lx->at, .depth = lx->depth };
	t->inner = lx->at;
	if (c == '\'')
		quoted(lx, t, SQL_STRING, c, lx->dialect == SQL_MYSQL);
	else if (c == '"')
		quoted(lx, t,
		       lx->dialect == SQL_MYSQL ? SQL_STRING : SQL_QUOTED, c,
		       lx->dialect == SQL_MYSQL);
	else if (c == '`')
		quoted(lx, t, SQL_QUOTED, c, false);
	else if (c == '[' && lx->dialect == SQL_SQLITE)
		quoted(lx, t, SQL_QUOTED, ']', false);
	else if (is_string_prefix(lx)) {
		lx->at++;
		quoted(lx, t, SQL_STRING, '\'', c == 'e' || c == 'E');
	} else if (c == '$' && dollar_quoted(lx, t))
		;
	else if (is_meta(lx))
		meta(lx, t, 1);
	else if (variable(lx, t))
		;
	else if (is_name_byte(c))
		word(lx, t);
	else
		punctuation(lx, t);
	t->end = lx->at;
	if (t->inner_end == 0)
		t->inner_end = t->end;
}

/* ---- statements
 * ----------------------------------------------------------------------- */

bool
sql_is(struct text all, const struct sql_token *t, const char *name)
{
	return t->kind == SQL_WORD &&
	       text_eq_nocase(text_sub(all, t->start, t->end), text_of(name));
}

/* DELIMITER // of the mysql client. */
static bool
take_delimiter(struct sql_lexer *lx)
{
	uint32_t end = end_of_line(lx);
	struct text line = text_sub(lx->text, lx->at, end), mark;

	if (lx->dialect != SQL_MYSQL || !text_starts_nocase(line, "delimiter "))
		return false;
	mark = text_trim(text_sub(line, 10, line.len));
	if (mark.len)
		lx->delimiter = mark;
	lx->at = end;
	return true;
}

/* Commands of the mysql client that are words at the beginning of a line. */
static bool
is_client_word(const struct sql_lexer *lx)
{
	static const char *const names[] = { "source", "system", "tee",
					     "notee",  "pager",  "nopager",
					     "edit",   "status" };
	struct text line = text_sub(lx->text, lx->at, end_of_line(lx));
	size_t n = 0;

	while (n < line.len && byte_is_alpha(line.at[n]))
		n++;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (text_eq_nocase(text_sub(line, 0, n), text_of(names[i])))
			return lx->dialect == SQL_MYSQL;
	return false;
}

static bool
ends_here(const struct sql_lexer *lx)
{
	struct text rest = text_sub(lx->text, lx->at, lx->text.len);

	return rest.len >= lx->delimiter.len &&
	       text_eq(text_sub(rest, 0, lx->delimiter.len), lx->delimiter);
}

/* CREATE TRIGGER, PROCEDURE …: their bodies hold statements. */
static bool
has_body(struct text all, const struct sql_token *tokens, uint32_t n)
{
	static const char *const names[] = { "trigger", "procedure", "function",
					     "event" };

	if (n == 0 || !sql_is(all, &tokens[0], "create"))
		return false;
	for (uint32_t i = 1; i < n && i < HEAD_TOKENS; i++)
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (sql_is(all, &tokens[i], names[k]))
				return true;
	return false;
}

/* How many BEGIN and CASE are open behind the token T, whose neighbour to the
 * left is BEFORE: "END IF" and the like end something that is not counted. */
static unsigned
nesting(struct text all, const struct sql_token *before,
	const struct sql_token *t, unsigned nested)
{
	static const char *const others[] = { "if", "loop", "while", "repeat" };

	if (before && sql_is(all, before, "end")) {
		for (size_t i = 0; i < ARRAY_LEN(others); i++)
			if (sql_is(all, t, others[i]))
				return nested + 1;
		if (sql_is(all, t, "case"))
			return nested;
	}
	if (sql_is(all, t, "begin") || sql_is(all, t, "case"))
		return nested + 1;
	return sql_is(all, t, "end") && nested > 0 ? nested - 1 : nested;
}

/* One token, or a command of the client at the beginning. */
static void
next_token(struct sql_lexer *lx, struct sql_token *t)
{
	if (lx->at_statement && is_client_word(lx)) {
		*t = (struct sql_token){ .start = lx->at };
		meta(lx, t, 0);
	} else {
		token(lx, t);
	}
	lx->at_statement = false;
}

/* At the end of a statement: pass over its mark. */
static bool
take_end(struct sql_lexer *lx)
{
	if (!ends_here(lx))
		return false;
	lx->at += (uint32_t)lx->delimiter.len;
	return true;
}

bool
sql_lex_statement(struct sql_lexer *lx, struct arena *arena,
		  struct sql_token **ret_tokens, uint32_t *ret_n)
{
	struct sql_token *tokens = NULL, t;
	uint32_t n = 0;
	unsigned nested = 0;
	bool body = false;

	lx->depth = 0;
	lx->at_statement = true;
	for (;;) {
		skip_blanks(lx);
		if (lx->at >= size_of(lx) || (n && is_meta(lx)))
			break;
		if (n == 0 && (take_delimiter(lx) || take_end(lx)))
			continue;
		if (nested == 0 && take_end(lx))
			break;
		next_token(lx, &t);
		ARENA_PUSH(arena, tokens, n, t);
		if (t.kind == SQL_META)
			break;
		if (n <= HEAD_TOKENS)
			body = has_body(lx->text, tokens, n);
		if (body)
			nested =
				nesting(lx->text, n > 1 ? &tokens[n - 2] : NULL,
					&t, nested);
	}
	lx->unclosed = nested > 0;
	*ret_tokens = tokens;
	*ret_n = n;
	return n > 0;
}

void
sql_lex_skip_data(struct sql_lexer *lx)
{
	while (lx->at < size_of(lx)) {
		uint32_t end = end_of_line(lx);
		struct text line = text_trim(text_sub(lx->text, lx->at, end));

		lx->at = end < size_of(lx) ? end + 1 : end;
		if (text_is(line, "\\."))
			return;
	}
}
