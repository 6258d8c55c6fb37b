/* Tokens of programming languages. */
#include "effect/code_lex.h"

static char
peek(const struct code_lexer *lx, uint32_t ahead)
{
	size_t at = (size_t)lx->at + ahead;

	return at < lx->text.len ? lx->text.at[at] : '\n';
}

static bool
starts(const struct code_lexer *lx, const char *s)
{
	return text_starts(text_sub(lx->text, lx->at, lx->text.len), s);
}

static bool
is_name_byte(char c)
{
	return byte_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

static uint32_t
behind(const struct code_lexer *lx, const char *mark, uint32_t from)
{
	size_t n = strlen(mark);
	size_t at = text_find(lx->text, (struct text){ mark, n }, from);

	return (uint32_t)(at < lx->text.len ? at + n : at);
}

static void
skip_blanks(struct code_lexer *lx)
{
	while (lx->at < lx->text.len) {
		if (byte_is_space(peek(lx, 0)))
			lx->at++;
		else if ((lx->styles & CODE_HASH) && peek(lx, 0) == '#')
			lx->at = behind(lx, "\n", lx->at);
		else if ((lx->styles & CODE_SLASHES) && starts(lx, "//"))
			lx->at = behind(lx, "\n", lx->at);
		else if ((lx->styles & CODE_SLASHES) && starts(lx, "/*"))
			lx->at = behind(lx, "*/", lx->at + 2);
		else
			return;
	}
}

static void
string(struct code_lexer *lx, struct code_token *t, char close)
{
	t->kind = CODE_STRING;
	t->inner = ++lx->at;
	while (lx->at < lx->text.len && lx->text.at[lx->at] != close)
		lx->at += lx->text.at[lx->at] == '\\' ? 2 : 1;
	if (lx->at > lx->text.len)
		lx->at = (uint32_t)lx->text.len;
	t->inner_end = lx->at;
	if (lx->at < lx->text.len)
		lx->at++;
}

static bool
triple(struct code_lexer *lx, struct code_token *t)
{
	const char *mark = starts(lx, "'''")      ? "'''"
			   : starts(lx, "\"\"\"") ? "\"\"\""
						  : NULL;
	uint32_t end;

	if (!mark || !(lx->styles & CODE_TRIPLE))
		return false;
	t->kind = CODE_STRING;
	t->inner = lx->at + 3;
	end = (uint32_t)text_find(lx->text, (struct text){ mark, 3 }, t->inner);
	t->inner_end = end;
	lx->at = end < lx->text.len ? end + 3 : end;
	return true;
}

bool
code_next(struct code_lexer *lx, struct code_token *ret)
{
	char c;
	bool value = false;

	skip_blanks(lx);
	if (lx->at >= lx->text.len)
		return false;
	c = peek(lx, 0);
	*ret = (struct code_token){ CODE_PUNCT, lx->at, 0, lx->at, 0 };
	if (triple(lx, ret)) {
		value = true;
	} else if (c == '\'' || c == '"' || c == '`') {
		string(lx, ret, c);
		if (c == '`' && (lx->styles & CODE_BACKTICK))
			ret->kind = CODE_COMMAND;
		value = true;
	} else if (c == '/' && (lx->styles & CODE_REGEX) && !lx->after_value) {
		string(lx, ret, '/');
		value = true;
	} else if (is_name_byte(c)) {
		ret->kind = CODE_NAME;
		while (lx->at < lx->text.len && is_name_byte(peek(lx, 0)))
			lx->at++;
		value = true;
	} else {
		ret->kind = c == '\0' ? CODE_OPAQUE : CODE_PUNCT;
		value = c == ')' || c == ']' || c == '$' || c == '\0';
		lx->at++;
	}
	lx->after_value = value;
	ret->end = lx->at;
	if (ret->inner_end == 0)
		ret->inner_end = ret->end;
	return true;
}

bool
code_is(struct text all, const struct code_token *t, const char *s)
{
	return (t->kind == CODE_NAME || t->kind == CODE_PUNCT) &&
	       text_is(text_sub(all, t->start, t->end), s);
}
