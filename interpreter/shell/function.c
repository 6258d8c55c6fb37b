/* Functions and coprocesses. */
#include "shell/reader.h"

/* A compound command with its redirections, or NULL and a failure. */
static struct node *
parse_body(struct reader *r, uint32_t opened)
{
	enum token token = lex_peek(r);

	if (token != TOKEN_LEFT && !keyword_is_compound(lex_keyword(r))) {
		reader_unexpected(r, opened);
		return NULL;
	}
	return parse_command(r);
}

static struct node *
finish_function(struct reader *r, struct node *node)
{
	if (!node || !reader_enter(r))
		return NULL;
	lex_skip_newlines(r);
	node->function = parse_body(r, node->start);
	if (!node->function)
		return NULL;
	reader_leave(r);
	node->end = node->function->end;
	return node;
}

/* "(" ")" */
static bool
take_parentheses(struct reader *r, uint32_t opened)
{
	lex_take(r);
	if (lex_peek(r) != TOKEN_RIGHT)
		return reader_unexpected(r, opened);
	lex_take(r);
	return true;
}

struct node *
parse_function_of(struct reader *r, struct word *name)
{
	struct node *node = node_new(r, NODE_FUNCTION, name->start);

	if (!node || !take_parentheses(r, name->start))
		return NULL;
	node->name = script_text(r->script, name->start, name->end);
	return finish_function(r, node);
}

struct node *
parse_function(struct reader *r)
{
	struct node *node = node_new(r, NODE_FUNCTION, r->pos);
	struct reader_mark mark;
	struct word *name;

	if (!node)
		return NULL;
	lex_take_keyword(r);
	if (lex_peek(r) != TOKEN_WORD) {
		reader_unexpected(r, node->start);
		return NULL;
	}
	name = word_read(r, WORD_PLAIN);
	if (!name)
		return NULL;
	node->name = script_text(r->script, name->start, name->end);
	if (lex_peek(r) == TOKEN_LEFT) {
		/* function f () …, but function f (…) is a subshell */
		mark = reader_mark(r);
		lex_take(r);
		if (lex_peek(r) == TOKEN_RIGHT)
			lex_take(r);
		else
			reader_rewind(r, &mark);
	}
	return finish_function(r, node);
}

/* True when T begins like an assignment. */
static bool
is_assignment(struct text t)
{
	size_t n = 0;

	while (n < t.len && byte_is_name(t.at[n], n == 0))
		n++;
	t = text_sub(t, n, t.len);
	return n > 0 && (text_starts(t, "=") || text_starts(t, "+=") ||
			 text_starts(t, "["));
}

/* True when W, the word behind coproc, is the name of one that is a compound
 * command: a reserved word counts as one behind it (parse.y:
 * reserved_word_acceptable). */
static bool
takes_name(struct reader *r, const struct word *w)
{
	enum keyword keyword = lex_keyword(r);

	if (is_assignment(script_text(r->script, w->start, w->end)))
		return false;
	return lex_peek(r) == TOKEN_LEFT ||
	       (keyword != KEYWORD_NONE && keyword != KEYWORD_TIME);
}

/* The name in front of a coprocess into *RET_NAME; nothing is read when there
 * is none. False after a failure: bash looks for a subscript in the word
 * behind the first as well. */
static bool
read_coproc_name(struct reader *r, struct text *ret_name)
{
	struct reader_mark mark = reader_mark(r);
	struct word *w = word_read(r, WORD_PLAIN), *ignored;
	struct assignment *a;

	if (!w)
		return false;
	if (takes_name(r, w)) {
		*ret_name = script_text(r->script, w->start, w->end);
		return true;
	}
	if (lex_peek(r) == TOKEN_WORD &&
	    !assignment_read(r, ASSIGNMENT_PREFIX, true, &a, &ignored))
		return false;
	reader_rewind(r, &mark);
	return true;
}

/* The command behind coproc; in *RET_NAME the name in front of it, if any. */
static struct node *
parse_coproc_command(struct reader *r, uint32_t opened, struct text *ret_name)
{
	enum keyword keyword = lex_keyword(r);

	if (keyword == KEYWORD_NONE && lex_peek(r) == TOKEN_WORD &&
	    !redirect_is_next(r)) {
		if (!read_coproc_name(r, ret_name))
			return NULL;
		if (ret_name->len)
			return parse_body(r, opened);
	}
	if (keyword == KEYWORD_COPROC || keyword == KEYWORD_FUNCTION) {
		reader_unexpected(r, opened);
		return NULL;
	}
	return parse_command(r);
}

struct node *
parse_coproc(struct reader *r)
{
	struct node *node = node_new(r, NODE_COPROC, r->pos), *command;
	struct statement *statement;

	if (!node || !reader_enter(r))
		return NULL;
	lex_take_keyword(r);
	command = parse_coproc_command(r, node->start, &node->name);
	if (!command)
		return NULL;
	reader_leave(r);
	statement = ARENA_NEW(r->arena, struct statement);
	statement->node = command;
	statement->start = command->start;
	statement->end = node->end = command->end;
	node->body = ARENA_NEW(r->arena, struct list);
	ARENA_PUSH(r->arena, node->body->items, node->body->n_items, statement);
	return node;
}
