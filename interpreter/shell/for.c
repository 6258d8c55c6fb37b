/* for, select, and arithmetic in double parentheses. */
#include "shell/reader.h"

/* "do" LIST "done", or "{" LIST "}". */
static bool
parse_do(struct reader *r, struct node *node)
{
	bool braces = lex_is_keyword(r, KEYWORD_OPEN);

	if (!parse_keyword(r, braces ? KEYWORD_OPEN : KEYWORD_DO, node->start))
		return false;
	node->body = parse_list(r, false, node->start);
	if (!node->body ||
	    !parse_keyword(r, braces ? KEYWORD_CLOSE : KEYWORD_DONE,
			   node->start))
		return false;
	node->end = r->pos;
	return true;
}

/* The words behind "in", and the ";" or newline that ends them. */
static bool
parse_in(struct reader *r, struct node *node)
{
	node->has_in = true;
	lex_take_keyword(r);
	while (lex_peek(r) == TOKEN_WORD) {
		struct word *w = word_read(r, WORD_ARGUMENT);

		if (!w)
			return false;
		ARENA_PUSH(r->arena, node->words, node->n_words, w);
	}
	if (lex_peek(r) != TOKEN_SEMI && lex_peek(r) != TOKEN_NEWLINE)
		return reader_unexpected(r, node->start);
	lex_take(r);
	lex_skip_newlines(r);
	return true;
}

/* Behind the variable's name: "in" WORDS, ";" or nothing, then the body. Only
 * behind a separator may the body be in braces (parse.y). */
static struct node *
parse_for_words(struct reader *r, struct node *node)
{
	bool separated = false;

	if (lex_peek(r) == TOKEN_SEMI) {
		lex_take(r);
		lex_skip_newlines(r);
		separated = true;
	} else {
		separated = lex_peek(r) == TOKEN_NEWLINE;
		lex_skip_newlines(r);
		if (lex_is_keyword(r, KEYWORD_IN)) {
			if (!parse_in(r, node))
				return NULL;
			separated = true;
		}
	}
	if (!separated && !lex_is_keyword(r, KEYWORD_DO)) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	return parse_do(r, node) ? node : NULL;
}

/* ---- arithmetic --------------------------------------------------------- */

struct word *
parse_arithmetic(struct reader *r)
{
	static const struct matched how = { .open = '(', .close = ')' };
	struct reader_mark mark = reader_mark(r);
	struct parts parts = { NULL, 0 };
	uint32_t start, end, place;

	if (r->reread == 0) {
		reader_fail(r, r->pos, r->pos + 1, r->pos,
			    "too many '((' that are no arithmetic");
		return NULL;
	}
	reader_byte(r, r->pos + 1, &start);
	start++;
	r->pos = start;
	if (!read_matched(r, &parts, &how)) {
		reader_unclosed(r, mark.pos, "unterminated ((");
		return NULL;
	}
	end = r->pos;
	if (reader_byte(r, end + 1, &place) != ')') {
		reader_rewind(r, &mark);
		return NULL;
	}
	r->pos = place + 1;
	return word_new(r, start, end, &parts);
}

/* The parts [FIRST, LAST) as an expression from START to END. */
static bool
add_expression(struct reader *r, struct node *node, const struct parts *parts,
	       uint32_t start, uint32_t end)
{
	struct word *w = word_new(r, start, end, parts);

	if (!w)
		return false;
	ARENA_PUSH(r->arena, node->words, node->n_words, w);
	return true;
}

/* Cut W at the ";" of its literals into the three expressions of a for. */
static bool
split_expressions(struct reader *r, struct node *node, const struct word *w)
{
	struct parts now = { NULL, 0 };
	uint32_t from = w->start;

	for (uint32_t i = 0; i < w->n_parts; i++) {
		const struct part *part = w->parts[i];
		uint32_t at = part->start;

		if (part->kind != PART_LITERAL) {
			parts_add(r, &now, w->parts[i]);
			continue;
		}
		for (uint32_t k = part->start; k < part->end; k++) {
			if (r->bytes[k] != ';')
				continue;
			parts_literal(r, &now, at, k);
			if (!add_expression(r, node, &now, from, k))
				return false;
			now = (struct parts){ NULL, 0 };
			from = at = k + 1;
		}
		parts_literal(r, &now, at, part->end);
	}
	if (!add_expression(r, node, &now, from, w->end))
		return false;
	return node->n_words == 3 ||
	       reader_fail(r, w->start, w->end, node->start,
			   "(( )) of a for wants three expressions");
}

/* for (( ; ; )) */
static struct node *
parse_for_arithmetic(struct reader *r, struct node *node)
{
	struct word *w = parse_arithmetic(r);

	node->kind = NODE_FOR_ARITH;
	if (!w) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	if (!split_expressions(r, node, w))
		return NULL;
	if (lex_peek(r) == TOKEN_SEMI)
		lex_take(r);
	lex_skip_newlines(r);
	return parse_do(r, node) ? node : NULL;
}

struct node *
parse_for(struct reader *r, enum keyword keyword)
{
	bool is_for = keyword == KEYWORD_FOR;
	struct node *node =
		node_new(r, is_for ? NODE_FOR : NODE_SELECT, r->pos);
	struct word *w;
	uint32_t second;

	if (!node)
		return NULL;
	lex_take_keyword(r);
	if (is_for && lex_peek(r) == TOKEN_LEFT &&
	    reader_byte(r, r->pos + 1, &second) == '(')
		return parse_for_arithmetic(r, node);
	if (lex_peek(r) != TOKEN_WORD) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	w = word_read(r, WORD_PLAIN);
	if (!w)
		return NULL;
	node->name = script_text(r->script, w->start, w->end);
	return parse_for_words(r, node);
}
