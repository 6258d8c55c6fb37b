/* [[ … ]]: its words, operators included, in the grammar of bash (parse.y,
 * cond_expr). */
#include "shell/reader.h"

/* The token at pos, of one or two bytes, as a word of NODE. */
static bool
take_token(struct reader *r, struct node *node)
{
	struct parts parts = { NULL, 0 };
	uint32_t start = r->pos;
	struct word *w;

	lex_take(r);
	parts_literal(r, &parts, start, r->pos);
	w = word_new(r, start, r->pos, &parts);
	if (!w)
		return false;
	ARENA_PUSH(r->arena, node->words, node->n_words, w);
	return true;
}

static bool
take_word(struct reader *r, struct node *node, enum word_use use)
{
	enum token token = lex_peek(r);
	struct word *w;

	/* "(" and "|" begin a regular expression as well */
	if (use == WORD_REGEX && (token == TOKEN_LEFT || token == TOKEN_PIPE))
		r->token_at = UINT32_MAX;
	else if (token != TOKEN_WORD || lex_is_keyword(r, KEYWORD_COND_END) ||
		 redirect_is_next(r))
		return reader_unexpected(r, node->start);
	w = word_read(r, use);
	if (!w)
		return false;
	ARENA_PUSH(r->arena, node->words, node->n_words, w);
	return true;
}

/* The bare text of NODE's last word. */
static struct text
last_text(const struct reader *r, const struct node *node)
{
	const struct word *w = node->words[node->n_words - 1];

	return script_text(r->script, w->start, w->end);
}

static bool
is_unary(struct text t)
{
	return t.len == 2 && t.at[0] == '-' && t.at[1] &&
	       strchr("abcdefghknoprstuvwxzGLNOSR", t.at[1]);
}

/* How the word behind the binary operator T is read; false: it is none. */
static bool
is_binary(struct text t, enum word_use *ret_use)
{
	static const char *const plain[] = { "<",   ">",   "-nt", "-ot",
					     "-ef", "-eq", "-ne", "-lt",
					     "-le", "-gt", "-ge" };

	*ret_use = WORD_PATTERN;
	if (text_is(t, "=") || text_is(t, "==") || text_is(t, "!="))
		return true;
	*ret_use = WORD_REGEX;
	if (text_is(t, "=~"))
		return true;
	*ret_use = WORD_PLAIN;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (text_is(t, plain[i]))
			return true;
	}
	return false;
}

/* True when a word stands alone: [[ x ]] is [[ -n x ]]. */
static bool
ends_term(struct reader *r)
{
	enum token token = lex_peek(r);

	return token == TOKEN_AND || token == TOKEN_OR ||
	       token == TOKEN_RIGHT || lex_is_keyword(r, KEYWORD_COND_END);
}

/* The operator behind the left word, as a word of NODE. */
static bool
take_operator(struct reader *r, struct node *node, enum word_use *ret_use)
{
	bool taken;

	if (lex_peek(r) == TOKEN_REDIRECT &&
	    (r->token_op == REDIRECT_IN || r->token_op == REDIRECT_OUT))
		taken = take_token(r, node);
	else
		taken = take_word(r, node, WORD_PLAIN);
	if (!taken)
		return false;
	if (is_binary(last_text(r, node), ret_use))
		return true;
	node->n_words--;
	r->pos = node->words[node->n_words]->start;
	r->token_at = UINT32_MAX;
	return reader_unexpected(r, node->start);
}

static bool parse_or(struct reader *r, struct node *node);

static bool
parse_words(struct reader *r, struct node *node)
{
	enum word_use use;

	if (!take_word(r, node, WORD_PLAIN))
		return false;
	if (is_unary(last_text(r, node))) {
		if (!take_word(r, node, WORD_PLAIN))
			return false;
	} else {
		if (ends_term(r))
			return true;
		if (!take_operator(r, node, &use) || !take_word(r, node, use))
			return false;
	}
	lex_skip_newlines(r);
	return true;
}

static bool
parse_term(struct reader *r, struct node *node)
{
	while (lex_skip_newlines(r) == TOKEN_WORD &&
	       lex_is_keyword(r, KEYWORD_BANG)) {
		if (!take_word(r, node, WORD_PLAIN))
			return false;
	}
	if (lex_peek(r) != TOKEN_LEFT)
		return parse_words(r, node);
	if (!reader_enter(r) || !take_token(r, node) || !parse_or(r, node))
		return false;
	reader_leave(r);
	if (lex_peek(r) != TOKEN_RIGHT)
		return reader_unexpected(r, node->start);
	if (!take_token(r, node))
		return false;
	lex_skip_newlines(r);
	return true;
}

/* TERM && TERM || TERM: what binds tighter does not matter here. */
static bool
parse_or(struct reader *r, struct node *node)
{
	for (;;) {
		enum token token;

		if (!parse_term(r, node))
			return false;
		token = lex_peek(r);
		if (token != TOKEN_AND && token != TOKEN_OR)
			return true;
		if (!take_token(r, node))
			return false;
	}
}

struct node *
parse_cond(struct reader *r)
{
	struct node *node = node_new(r, NODE_COND, r->pos);

	if (!node)
		return NULL;
	lex_take_keyword(r);
	if (!parse_or(r, node) ||
	    !parse_keyword(r, KEYWORD_COND_END, node->start))
		return NULL;
	node->end = r->pos;
	return node;
}
