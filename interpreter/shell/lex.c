/* Tokens of bash: operators, reserved words, comments, line continuations. */
#include "shell/reader.h"

const unsigned char byte_classes[256] = {
	[' '] = CLASS_META,   ['\t'] = CLASS_META,  ['\n'] = CLASS_META,
	[';'] = CLASS_META,   ['&'] = CLASS_META,   ['|'] = CLASS_META,
	['('] = CLASS_META,   [')'] = CLASS_META,   ['<'] = CLASS_META,
	['>'] = CLASS_META,   ['\''] = CLASS_QUOTE, ['"'] = CLASS_QUOTE,
	['\\'] = CLASS_QUOTE, ['`'] = CLASS_QUOTE,  ['$'] = CLASS_QUOTE,
	['*'] = CLASS_SHAPE,  ['?'] = CLASS_SHAPE,  ['['] = CLASS_SHAPE,
	['{'] = CLASS_SHAPE,  ['~'] = CLASS_SHAPE,
};

bool
byte_is_meta(char c)
{
	return byte_classes[(unsigned char)c] & CLASS_META;
}

bool
byte_is_name(char c, bool first)
{
	return c == '_' || (first ? byte_is_alpha(c) : byte_is_alnum(c));
}

bool
byte_is_special(char c)
{
	return c && strchr("@*#?-$!", c);
}

/* The operators of bash, longest first among those that begin alike. */
static const struct operator
{
	char text[4];
	enum token token;
	enum redirect_op op;
}
operators[] = {
	{ ";;&", TOKEN_NEXT, 0 },
	{ ";;", TOKEN_BREAK, 0 },
	{ ";&", TOKEN_THROUGH, 0 },
	{ ";", TOKEN_SEMI, 0 },
	{ "&&", TOKEN_AND, 0 },
	{ "&>>", TOKEN_REDIRECT, REDIRECT_BOTH_APPEND },
	{ "&>", TOKEN_REDIRECT, REDIRECT_BOTH },
	{ "&", TOKEN_AMP, 0 },
	{ "||", TOKEN_OR, 0 },
	{ "|&", TOKEN_PIPE_BOTH, 0 },
	{ "|", TOKEN_PIPE, 0 },
	{ "(", TOKEN_LEFT, 0 },
	{ ")", TOKEN_RIGHT, 0 },
	{ "<<<", TOKEN_REDIRECT, REDIRECT_HERESTRING },
	{ "<<-", TOKEN_REDIRECT, REDIRECT_HEREDOC_TABS },
	{ "<<", TOKEN_REDIRECT, REDIRECT_HEREDOC },
	{ "<&", TOKEN_REDIRECT, REDIRECT_DUP_IN },
	{ "<>", TOKEN_REDIRECT, REDIRECT_INOUT },
	{ "<", TOKEN_REDIRECT, REDIRECT_IN },
	{ ">>", TOKEN_REDIRECT, REDIRECT_APPEND },
	{ ">&", TOKEN_REDIRECT, REDIRECT_DUP_OUT },
	{ ">|", TOKEN_REDIRECT, REDIRECT_CLOBBER },
	{ ">", TOKEN_REDIRECT, REDIRECT_OUT },
};

/* Length in bytes of the operator TEXT at AT, line continuations between its
 * bytes included (bash drops them before it looks); 0: another. */
static uint32_t
operator_length(const struct reader *r, uint32_t at, const char *text)
{
	uint32_t end = at;

	for (const char *c = text; *c; c++) {
		uint32_t place;

		if (reader_byte(r, end, &place) != *c)
			return 0;
		end = place + 1;
	}
	return end - at;
}

/* "<(" and ">(" begin a word. */
static bool
is_process(const struct reader *r, uint32_t at)
{
	uint32_t place;

	return (r->bytes[at] == '<' || r->bytes[at] == '>') &&
	       reader_byte(r, at + 1, &place) == '(';
}

static enum token
token_at(struct reader *r)
{
	char c = r->bytes[r->pos];

	r->token_end = r->pos + 1;
	if (c == '\n')
		return TOKEN_NEWLINE;
	if (!byte_is_meta(c) || is_process(r, r->pos) || reader_hole(r, r->pos))
		return TOKEN_WORD;
	for (size_t i = 0; i < ARRAY_LEN(operators); i++) {
		uint32_t length;

		if (operators[i].text[0] != c)
			continue;
		length = operator_length(r, r->pos, operators[i].text);
		if (length == 0)
			continue;
		r->token_end = r->pos + length;
		r->token_op = operators[i].op;
		return operators[i].token;
	}
	BUG("byte %d begins no operator", c);
}

/* bash drops a continuation before it looks for comments, so that "\" at the
 * end of a comment does nothing. */
static void
skip_comment(struct reader *r)
{
	struct text rest = { r->bytes, r->end };
	uint32_t end = (uint32_t)text_chr(rest, '\n', r->pos);
	struct comment comment = { r->pos, end, COMMENT_ORPHAN, 0 };

	ARENA_PUSH(r->arena, r->script->comments, r->script->n_comments,
		   comment);
	r->pos = end;
}

static void
skip_blanks(struct reader *r)
{
	while (r->pos < r->end) {
		char c = r->bytes[r->pos];
		uint32_t place;

		if (c == ' ' || c == '\t') {
			r->pos++;
		} else if (c == '\\') {
			reader_byte(r, r->pos, &place);
			if (place == r->pos)
				return;
			r->pos = place;
		} else if (c == '#' && !reader_hole(r, r->pos)) {
			skip_comment(r);
		} else {
			return;
		}
	}
}

enum token
lex_peek(struct reader *r)
{
	if (r->token_at == r->pos)
		return r->token;
	skip_blanks(r);
	r->token_at = r->pos;
	r->token_end = r->pos;
	r->token = r->pos < r->end ? token_at(r) : TOKEN_END;
	return r->token;
}

void
lex_take(struct reader *r)
{
	enum token token = lex_peek(r);

	r->pos = r->token_end;
	r->token_at = UINT32_MAX;
	if (token == TOKEN_NEWLINE)
		heredoc_read_pending(r);
}

bool
lex_take_word(struct reader *r, const char *word)
{
	struct text rest;
	uint32_t end;

	if (lex_peek(r) != TOKEN_WORD)
		return false;
	rest = (struct text){ r->bytes + r->pos, r->end - r->pos };
	end = r->pos + (uint32_t)strlen(word);
	if (!text_starts(rest, word) ||
	    (end < r->end && !byte_is_meta(r->bytes[end])))
		return false;
	r->pos = end;
	r->token_at = UINT32_MAX;
	return true;
}

enum token
lex_skip_newlines(struct reader *r)
{
	while (!r->failed && lex_peek(r) == TOKEN_NEWLINE)
		lex_take(r);
	return lex_peek(r);
}

static const struct text keywords[] = {
	[KEYWORD_NONE] = { "", 0 },
#define KEYWORD(text, name) [KEYWORD_##name] = { text, sizeof(text) - 1 },
#include "shell/keywords.def"
#undef KEYWORD
};

enum {
	KEYWORD_BYTES = 8 /* "function" */
};

/* Copy the bare word at pos, if it is no longer than a reserved word; 0 when
 * it is something else. */
static size_t
bare_word(struct reader *r, char *word, uint32_t *ret_end)
{
	size_t n = 0;
	uint32_t at = r->pos, place;

	for (;; at = place + 1) {
		char c = reader_byte(r, at, &place);

		if (place >= r->end || byte_is_meta(c))
			break;
		if (n == KEYWORD_BYTES)
			return 0;
		word[n++] = c;
	}
	if (place < r->end && is_process(r, place))
		return 0;
	*ret_end = at;
	return n;
}

static bool
may_be_keyword(char c)
{
	return (c >= 'c' && c <= 'w') || c == '!' || c == '[' || c == ']' ||
	       c == '{' || c == '}' || c == '\\';
}

/* The reserved word at pos and in *RET_END where it ends. */
static enum keyword
keyword_at(struct reader *r, uint32_t *ret_end)
{
	char word[KEYWORD_BYTES];
	struct text t = { word, 0 };
	uint32_t hole;

	if (lex_peek(r) != TOKEN_WORD || !may_be_keyword(r->bytes[r->pos]))
		return KEYWORD_NONE;
	t.len = bare_word(r, word, ret_end);
	hole = reader_hole_start(r, r->pos);
	if (t.len == 0 || (hole < r->end && hole <= *ret_end))
		return KEYWORD_NONE;
	for (size_t i = 1; i < ARRAY_LEN(keywords); i++) {
		if (text_eq(t, keywords[i]))
			return (enum keyword)i;
	}
	return KEYWORD_NONE;
}

enum keyword
lex_keyword(struct reader *r)
{
	uint32_t end;
	enum keyword keyword = keyword_at(r, &end);

	/* extglob is on: !( is a pattern */
	if (keyword == KEYWORD_BANG && end < r->end && r->bytes[end] == '(')
		return KEYWORD_NONE;
	return keyword;
}

bool
lex_is_keyword(struct reader *r, enum keyword keyword)
{
	return lex_keyword(r) == keyword;
}

void
lex_take_keyword(struct reader *r)
{
	uint32_t end;

	if (keyword_at(r, &end) == KEYWORD_NONE)
		BUG("no reserved word at byte %u", r->pos);
	r->pos = end;
	r->token_at = UINT32_MAX;
}
