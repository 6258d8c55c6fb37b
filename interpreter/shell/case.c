/* case … esac */
#include "shell/reader.h"

/* PATTERN | PATTERN ")" */
static bool
parse_patterns(struct reader *r, struct case_item *item, uint32_t opened)
{
	for (;;) {
		struct word *w;

		if (lex_peek(r) != TOKEN_WORD)
			return reader_unexpected(r, opened);
		w = word_read(r, WORD_PATTERN);
		if (!w)
			return false;
		ARENA_PUSH(r->arena, item->patterns, item->n_patterns, w);
		if (lex_peek(r) == TOKEN_RIGHT)
			break;
		if (lex_peek(r) != TOKEN_PIPE)
			return reader_unexpected(r, opened);
		lex_take(r);
	}
	lex_take(r);
	return true;
}

/* ";;", ";&" or ";;&"; false when none is there. */
static bool
take_end(struct reader *r, struct case_item *item)
{
	switch (lex_peek(r)) {
	case TOKEN_BREAK:
		item->ended = CASE_BREAK;
		break;
	case TOKEN_THROUGH:
		item->ended = CASE_THROUGH;
		break;
	case TOKEN_NEXT:
		item->ended = CASE_NEXT;
		break;
	default:
		return false;
	}
	lex_take(r);
	return true;
}

/* One clause; *RET_MORE when another may follow. */
static struct case_item *
parse_item(struct reader *r, uint32_t opened, bool *ret_more)
{
	struct case_item *item = ARENA_NEW(r->arena, struct case_item);

	item->start = r->pos;
	if (lex_peek(r) == TOKEN_LEFT)
		lex_take(r);
	if (!reader_count(r) || !parse_patterns(r, item, opened))
		return NULL;
	item->body = parse_list(r, true, opened);
	if (!item->body)
		return NULL;
	item->end = r->pos;
	*ret_more = take_end(r, item);
	if (*ret_more)
		item->end = r->pos;
	lex_skip_newlines(r);
	return item;
}

struct node *
parse_case(struct reader *r)
{
	struct node *node = node_new(r, NODE_CASE, r->pos);
	bool more = true;

	if (!node)
		return NULL;
	lex_take_keyword(r);
	if (lex_peek(r) != TOKEN_WORD) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	node->subject = word_read(r, WORD_PLAIN);
	if (!node->subject)
		return NULL;
	lex_skip_newlines(r);
	if (!parse_keyword(r, KEYWORD_IN, node->start))
		return NULL;
	lex_skip_newlines(r);
	while (more && !lex_is_keyword(r, KEYWORD_ESAC)) {
		struct case_item *item = parse_item(r, node->start, &more);

		if (!item)
			return NULL;
		ARENA_PUSH(r->arena, node->cases, node->n_cases, item);
	}
	if (!parse_keyword(r, KEYWORD_ESAC, node->start))
		return NULL;
	node->end = r->pos;
	return node;
}
