/* Lists, pipelines and simple commands (bash manual, 3.2). */
#include "shell/parse.h"

#include "shell/reader.h"

struct node *
node_new(struct reader *r, enum node_kind kind, uint32_t start)
{
	struct node *node;

	if (r->failed || !reader_count(r))
		return NULL;
	node = ARENA_NEW(r->arena, struct node);
	node->kind = kind;
	node->start = start;
	node->end = start;
	return node;
}

/* ---- simple commands ---------------------------------------------------- */

/* Those whose arguments may be array literals: bash's ASSIGNMENT_BUILTIN, and
 * eval and let (parse.y). */
static bool
is_declaration(const struct reader *r, const struct word *w)
{
	static const char *const names[] = { "declare", "export",  "local",
					     "typeset", "alias",   "eval",
					     "let",     "readonly" };
	struct text t = { r->bytes + w->start, w->end - w->start };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(t, names[i]))
			return true;
	}
	return false;
}

static void
add_assignment(struct reader *r, struct node *node, struct assignment *a,
	       bool prefix)
{
	ARENA_PUSH(r->arena, node->assignments, node->n_assignments, a);
	node->n_prefix += prefix;
	node->end = a->end;
}

static void
add_word(struct reader *r, struct node *node, struct word *w)
{
	ARENA_PUSH(r->arena, node->words, node->n_words, w);
	node->end = w->end;
}

/* Where a simple command has got to. */
struct progress {
	bool declares; /* its command is declare or the like */
	bool any;      /* array literals may stand here: no redirection has come
			* between this and the command's beginning, or, with
			* DECLARES, its name (parse.y: PST_ASSIGNOK) */
};

/* One assignment or argument of NODE. */
static bool
read_element(struct reader *r, struct node *node, struct progress *progress)
{
	bool prefix = node->n_words == 0;
	struct assignment *a = NULL;
	struct word *w = NULL;

	if (prefix || progress->declares) {
		if (!assignment_read(
			    r, prefix ? ASSIGNMENT_PREFIX : ASSIGNMENT_DECLARE,
			    progress->any, &a, &w))
			return false;
		if (a)
			add_assignment(r, node, a, prefix);
	}
	if (!a && !w)
		w = word_read(r, WORD_ARGUMENT);
	if (w)
		add_word(r, node, w);
	if (w && prefix)
		progress->declares = is_declaration(r, w);
	return !r->failed;
}

static bool
read_redirect(struct reader *r, struct node *node)
{
	struct redirect *redirect = redirect_read(r);

	if (!redirect)
		return false;
	ARENA_PUSH(r->arena, node->redirects, node->n_redirects, redirect);
	node->end = redirect->end;
	return true;
}

static struct node *
parse_simple(struct reader *r)
{
	struct node *node = node_new(r, NODE_SIMPLE, r->pos);
	struct progress progress = { .any = true };

	while (node) {
		if (redirect_is_next(r)) {
			if (!read_redirect(r, node))
				return NULL;
			if (node->n_prefix || node->n_words)
				progress.any = false;
		} else if (lex_peek(r) == TOKEN_WORD) {
			if (!read_element(r, node, &progress))
				return NULL;
		} else {
			break;
		}
	}
	if (node && lex_peek(r) == TOKEN_LEFT && node->n_words == 1 &&
	    node->n_assignments == 0 && node->n_redirects == 0)
		return parse_function_of(r, node->words[0]);
	return node;
}

bool
parse_redirects(struct reader *r, struct node *node)
{
	while (redirect_is_next(r)) {
		if (!read_redirect(r, node))
			return false;
	}
	return true;
}

/* ---- pipelines and lists ------------------------------------------------ */

/* A compound command with its redirections. */
static struct node *
parse_with_redirects(struct reader *r, struct node *node)
{
	if (!node || !parse_redirects(r, node))
		return NULL;
	return node;
}

struct node *
parse_command(struct reader *r)
{
	enum keyword keyword;

	switch (lex_peek(r)) {
	case TOKEN_LEFT:
		return parse_with_redirects(r, parse_parenthesis(r));
	case TOKEN_REDIRECT:
		return parse_simple(r);
	case TOKEN_WORD:
		break;
	default:
		reader_unexpected(r, r->pos);
		return NULL;
	}
	keyword = lex_keyword(r);
	if (keyword_is_compound(keyword))
		return parse_with_redirects(r, parse_compound(r, keyword));
	if (keyword == KEYWORD_FUNCTION)
		return parse_function(r);
	if (keyword == KEYWORD_COPROC)
		return parse_coproc(r);
	/* "time" is one only in front of a pipeline */
	if (keyword == KEYWORD_NONE || keyword == KEYWORD_TIME)
		return parse_simple(r);
	reader_unexpected(r, r->pos);
	return NULL;
}

/* "!", "time", "time -p" and "time --" in front of a pipeline, any number. */
static void
read_prefixes(struct reader *r, struct node *node)
{
	for (;;) {
		enum keyword keyword = lex_keyword(r);

		if (keyword != KEYWORD_BANG && keyword != KEYWORD_TIME)
			return;
		lex_take_keyword(r);
		node->end = r->pos;
		if (keyword == KEYWORD_BANG) {
			node->negated = !node->negated;
			continue;
		}
		node->timed = true;
		if (lex_take_word(r, "-p"))
			node->end = r->pos;
		if (lex_take_word(r, "--"))
			node->end = r->pos;
	}
}

static void
add_item(struct reader *r, struct node *node, struct node *item)
{
	ARENA_PUSH(r->arena, node->items, node->n_items, item);
	node->end = item->end;
}

/* True when nothing is left of a pipeline that has only prefixes. */
static bool
ends_bare(struct reader *r)
{
	enum token token = lex_peek(r);

	return token == TOKEN_SEMI || token == TOKEN_NEWLINE ||
	       token == TOKEN_END;
}

/* The command behind "|". Behind a newline "time" is a reserved word again,
 * which cannot stand there. */
static struct node *
parse_next_item(struct reader *r)
{
	if (lex_peek(r) == TOKEN_NEWLINE) {
		lex_skip_newlines(r);
		if (lex_is_keyword(r, KEYWORD_TIME)) {
			reader_unexpected(r, r->pos);
			return NULL;
		}
	}
	return parse_command(r);
}

static struct node *
parse_pipeline(struct reader *r)
{
	struct node *node, *item;
	uint32_t start, n = 0;
	enum token token;

	lex_peek(r);
	start = r->pos;
	if (lex_keyword(r) != KEYWORD_BANG && lex_keyword(r) != KEYWORD_TIME) {
		item = parse_command(r);
		token = lex_peek(r);
		if (!item || (token != TOKEN_PIPE && token != TOKEN_PIPE_BOTH))
			return item;
		node = node_new(r, NODE_PIPELINE, start);
	} else {
		node = node_new(r, NODE_PIPELINE, start);
		if (!node)
			return NULL;
		read_prefixes(r, node);
		if (ends_bare(r))
			return node;
		item = parse_command(r);
	}
	for (;;) {
		if (!node || !item)
			return NULL;
		add_item(r, node, item);
		token = lex_peek(r);
		if (token != TOKEN_PIPE && token != TOKEN_PIPE_BOTH)
			return node;
		ARENA_PUSH(r->arena, node->both, n, token == TOKEN_PIPE_BOTH);
		lex_take(r);
		item = parse_next_item(r);
	}
}

static struct node *
parse_andor(struct reader *r)
{
	struct node *item = parse_pipeline(r), *node;
	enum token token = item ? lex_peek(r) : TOKEN_END;
	uint32_t n = 0;

	if (!item || (token != TOKEN_AND && token != TOKEN_OR))
		return item;
	node = node_new(r, NODE_ANDOR, item->start);
	while (node && item) {
		add_item(r, node, item);
		token = lex_peek(r);
		if (token != TOKEN_AND && token != TOKEN_OR)
			return node;
		ARENA_PUSH(r->arena, node->ops, n,
			   token == TOKEN_AND ? ANDOR_AND : ANDOR_OR);
		lex_take(r);
		lex_skip_newlines(r);
		item = parse_pipeline(r);
	}
	return NULL;
}

struct statement *
parse_statement(struct reader *r)
{
	struct owner owner = { NULL, r->n_heredocs, 0 };
	struct statement *statement;
	struct node *node = parse_andor(r);

	if (!node)
		return NULL;
	statement = ARENA_NEW(r->arena, struct statement);
	statement->node = node;
	statement->start = node->start;
	statement->end = node->end;
	if (r->n_heredocs > owner.first) {
		owner.statement = statement;
		owner.last = r->n_heredocs;
		ARENA_PUSH(r->arena, r->owners, r->n_owners, owner);
	}
	return statement;
}

/* True when what comes may begin a statement, or is wrong there. */
static bool
may_go_on(struct reader *r)
{
	enum token token = lex_skip_newlines(r);

	if (token == TOKEN_END || token == TOKEN_RIGHT ||
	    token == TOKEN_BREAK || token == TOKEN_THROUGH ||
	    token == TOKEN_NEXT)
		return false;
	switch (lex_keyword(r)) {
	case KEYWORD_CLOSE:
	case KEYWORD_COND_END:
	case KEYWORD_DO:
	case KEYWORD_DONE:
	case KEYWORD_ELIF:
	case KEYWORD_ELSE:
	case KEYWORD_ESAC:
	case KEYWORD_FI:
	case KEYWORD_IN:
	case KEYWORD_THEN:
		return false;
	default:
		return true;
	}
}

bool
parse_separator(struct reader *r, struct statement *statement)
{
	enum token token = lex_peek(r);

	statement->background = token == TOKEN_AMP;
	if (token == TOKEN_SEMI || token == TOKEN_AMP)
		lex_take(r);
	return token == TOKEN_SEMI || token == TOKEN_AMP ||
	       token == TOKEN_NEWLINE;
}

struct list *
parse_list(struct reader *r, bool empty_ok, uint32_t opened)
{
	struct list *list = ARENA_NEW(r->arena, struct list);

	while (may_go_on(r)) {
		struct statement *statement = parse_statement(r);

		if (!statement)
			return NULL;
		ARENA_PUSH(r->arena, list->items, list->n_items, statement);
		if (!parse_separator(r, statement))
			break;
	}
	if (list->n_items == 0 && !empty_ok && !r->failed)
		reader_unexpected(r, opened);
	return r->failed ? NULL : list;
}
