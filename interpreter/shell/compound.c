/* Compound commands (bash manual, 3.2.5): groups, if, loops. */
#include "shell/reader.h"

bool
keyword_is_compound(enum keyword keyword)
{
	switch (keyword) {
	case KEYWORD_OPEN:
	case KEYWORD_IF:
	case KEYWORD_WHILE:
	case KEYWORD_UNTIL:
	case KEYWORD_FOR:
	case KEYWORD_SELECT:
	case KEYWORD_CASE:
	case KEYWORD_COND:
		return true;
	default:
		return false;
	}
}

bool
parse_keyword(struct reader *r, enum keyword keyword, uint32_t opened)
{
	if (r->failed)
		return false;
	if (!lex_is_keyword(r, keyword))
		return reader_unexpected(r, opened);
	lex_take_keyword(r);
	return true;
}

/* ( list ) */
static struct node *
parse_subshell(struct reader *r)
{
	struct node *node = node_new(r, NODE_SUBSHELL, r->pos);

	if (!node)
		return NULL;
	lex_take(r);
	node->body = parse_list(r, false, node->start);
	if (!node->body)
		return NULL;
	if (lex_peek(r) != TOKEN_RIGHT) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	lex_take(r);
	node->end = r->pos;
	return node;
}

struct node *
parse_parenthesis(struct reader *r)
{
	uint32_t second, start = r->pos;
	struct node *node = NULL;
	struct word *w = NULL;

	if (!reader_enter(r))
		return NULL;
	if (reader_byte(r, r->pos + 1, &second) == '(')
		w = parse_arithmetic(r);
	if (w) {
		node = node_new(r, NODE_ARITH, start);
		if (node) {
			ARENA_PUSH(r->arena, node->words, node->n_words, w);
			node->end = r->pos;
		}
	} else if (!r->failed) {
		node = parse_subshell(r);
	}
	if (node)
		reader_leave(r);
	return node;
}

static struct node *
parse_group(struct reader *r)
{
	struct node *node = node_new(r, NODE_GROUP, r->pos);

	if (!node)
		return NULL;
	lex_take_keyword(r);
	node->body = parse_list(r, false, node->start);
	if (!node->body || !parse_keyword(r, KEYWORD_CLOSE, node->start))
		return NULL;
	node->end = r->pos;
	return node;
}

static struct node *parse_if(struct reader *r, uint32_t opened);

/* The list behind else; or, with elif, an if that "fi" ends as well. */
static struct list *
parse_else(struct reader *r, uint32_t opened)
{
	struct list *list = ARENA_NEW(r->arena, struct list);
	struct statement *statement = ARENA_NEW(r->arena, struct statement);

	if (lex_is_keyword(r, KEYWORD_ELSE)) {
		lex_take_keyword(r);
		list = parse_list(r, false, opened);
		return list && parse_keyword(r, KEYWORD_FI, opened) ? list
								    : NULL;
	}
	if (!reader_enter(r))
		return NULL;
	statement->node = parse_if(r, opened);
	if (!statement->node)
		return NULL;
	reader_leave(r);
	statement->start = statement->node->start;
	statement->end = statement->node->end;
	ARENA_PUSH(r->arena, list->items, list->n_items, statement);
	return list;
}

/* if, or the elif of an if that was OPENED. */
static struct node *
parse_if(struct reader *r, uint32_t opened)
{
	struct node *node = node_new(r, NODE_IF, r->pos);

	if (!node)
		return NULL;
	lex_take_keyword(r);
	node->cond = parse_list(r, false, opened);
	if (!node->cond || !parse_keyword(r, KEYWORD_THEN, opened))
		return NULL;
	node->body = parse_list(r, false, opened);
	if (!node->body)
		return NULL;
	if (lex_is_keyword(r, KEYWORD_ELIF) ||
	    lex_is_keyword(r, KEYWORD_ELSE)) {
		node->other = parse_else(r, opened);
		if (!node->other)
			return NULL;
	} else if (!parse_keyword(r, KEYWORD_FI, opened)) {
		return NULL;
	}
	node->end = r->pos;
	return node;
}

static struct node *
parse_while(struct reader *r, enum node_kind kind)
{
	struct node *node = node_new(r, kind, r->pos);

	if (!node)
		return NULL;
	lex_take_keyword(r);
	node->cond = parse_list(r, false, node->start);
	if (!node->cond || !parse_keyword(r, KEYWORD_DO, node->start))
		return NULL;
	node->body = parse_list(r, false, node->start);
	if (!node->body || !parse_keyword(r, KEYWORD_DONE, node->start))
		return NULL;
	node->end = r->pos;
	return node;
}

static struct node *
parse_kind(struct reader *r, enum keyword keyword)
{
	switch (keyword) {
	case KEYWORD_OPEN:
		return parse_group(r);
	case KEYWORD_IF:
		return parse_if(r, r->pos);
	case KEYWORD_WHILE:
		return parse_while(r, NODE_WHILE);
	case KEYWORD_UNTIL:
		return parse_while(r, NODE_UNTIL);
	case KEYWORD_CASE:
		return parse_case(r);
	case KEYWORD_COND:
		return parse_cond(r);
	default:
		return parse_for(r, keyword);
	}
}

struct node *
parse_compound(struct reader *r, enum keyword keyword)
{
	struct node *node;

	if (!reader_enter(r))
		return NULL;
	node = parse_kind(r, keyword);
	if (node)
		reader_leave(r);
	return node;
}
