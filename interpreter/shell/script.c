/* Whole texts: statement after statement, whatever is wrong with one. */
#include "base/limits.h"
#include "shell/parse.h"
#include "shell/placeholder.h"
#include "shell/reader.h"

static struct statement *
error_statement(struct reader *r, uint32_t start, uint32_t end)
{
	struct statement *statement = ARENA_NEW(r->arena, struct statement);
	struct node *node = ARENA_NEW(r->arena, struct node);

	node->kind = NODE_ERROR;
	node->start = statement->start = start;
	node->end = statement->end = end;
	node->has_error = true;
	statement->node = node;
	return statement;
}

static void
add_statement(struct reader *r, struct statement *statement)
{
	struct list *body = r->script->body;

	ARENA_PUSH(r->arena, body->items, body->n_items, statement);
}

/* The first newline outside quotes at or behind FROM, when reading begins at
 * START outside quotes; the end when there is none. */
static uint32_t
line_end(const struct reader *r, uint32_t start, uint32_t from)
{
	char quote = '\0';

	for (uint32_t at = start; at < r->end; at++) {
		char c = r->bytes[at];

		if (c == '\\' && quote != '\'')
			at++;
		else if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '\'' || c == '"' || c == '`'))
			quote = c;
		else if (!quote && c == '\n' && at >= from)
			return at;
	}
	return r->end;
}

/* Behind the last here-document that was read before byte AT, beginning with
 * number FIRST; START when there is none. */
static uint32_t
behind_bodies(const struct reader *r, uint32_t first, uint32_t start,
	      uint32_t at)
{
	for (uint32_t i = first; i < r->n_heredocs; i++) {
		uint32_t end = r->heredocs[i]->end;

		if (end > start && end <= at)
			start = end;
	}
	return start;
}

/* Go behind the statement that began at START and cannot be read: to the next
 * line outside quotes and here-documents. */
static void
recover(struct reader *r, uint32_t start, uint32_t first_heredoc)
{
	uint32_t from = behind_bodies(r, first_heredoc, start, r->failed_at);
	uint32_t end = line_end(r, from, r->failed_at);

	r->failed = false;
	r->depth = r->base_depth;
	r->token_at = UINT32_MAX;
	r->pos = end < r->end ? end + 1 : end;
	add_statement(r, error_statement(r, start, end));
	heredoc_read_pending(r);
}

static void
read_statements(struct reader *r)
{
	while (!r->fatal && lex_skip_newlines(r) != TOKEN_END) {
		uint32_t start = r->pos, first = r->n_heredocs;
		struct statement *statement = parse_statement(r);

		if (statement && !parse_separator(r, statement) &&
		    lex_peek(r) != TOKEN_END)
			reader_unexpected(r, r->pos);
		if (!r->failed)
			add_statement(r, statement);
		else if (!r->fatal)
			recover(r, start, first);
	}
	if (!r->fatal)
		heredoc_read_pending(r);
}

static void
add_hole(struct reader *r, struct hole **holes, struct hole hole)
{
	ARENA_PUSH(r->arena, *holes, r->n_holes, hole);
}

/* The NUL bytes of [START, END). */
static void
add_nuls(struct reader *r, struct hole **holes, size_t start, size_t end)
{
	struct text t = text_sub(r->script->source.text, 0, end);
	size_t at = start;

	while ((at = text_chr(t, '\0', at)) < t.len) {
		uint32_t nul = (uint32_t)at++;

		add_hole(r, holes, (struct hole){ nul, nul + 1, NULL });
	}
}

/* Placeholders and NUL bytes by offset. Possible placeholders are no holes:
 * they are what they say. */
static void
find_holes(struct reader *r)
{
	const struct script *s = r->script;
	struct hole *holes = NULL;
	size_t at = 0;

	for (uint32_t i = 0; i < s->n_placeholders; i++) {
		const struct placeholder *p = &s->placeholders[i];

		if (p->certainty == PLACEHOLDER_POSSIBLE)
			continue;
		add_nuls(r, &holes, at, p->start);
		add_hole(r, &holes, (struct hole){ p->start, p->end, p });
		at = p->end;
	}
	add_nuls(r, &holes, at, s->source.text.len);
	r->holes = holes;
}

/* The whole text as one error. */
static void
refuse(struct reader *r)
{
	struct script *s = r->script;

	s->body = ARENA_NEW(r->arena, struct list);
	s->n_comments = 0;
	s->errors[0] = s->errors[s->n_errors - 1];
	s->n_errors = 1;
	add_statement(r, error_statement(r, 0, (uint32_t)s->source.text.len));
}

static struct script *
read_script(struct reader *r, struct excerpt source)
{
	struct script *s = ARENA_NEW(r->arena, struct script);
	uint64_t reread;

	s->source = source;
	s->body = ARENA_NEW(r->arena, struct list);
	s->arena = r->arena;
	r->script = s;
	r->bytes = source.text.at;
	r->token_at = UINT32_MAX;
	if (source.text.len > LIMIT_SHELL_BYTES) {
		reader_note(r, 0, 0, 0, "too long");
		refuse(r);
		return s;
	}
	r->end = (uint32_t)source.text.len;
	reread = (uint64_t)REREAD_FACTOR * r->end + REREAD_BYTES;
	r->reread = (uint32_t)reread;
	if (!r->resolved)
		s->placeholders = placeholder_scan(r->arena, source.text,
						   &s->n_placeholders);
	find_holes(r);
	read_statements(r);
	if (r->fatal)
		refuse(r);
	script_finish(r);
	return s;
}

static struct script *
parse(struct arena *arena, struct excerpt source, bool resolved)
{
	uint32_t n_nodes = 0;
	struct reader r = { .arena = arena,
			    .n_nodes = &n_nodes,
			    .resolved = resolved };

	return read_script(&r, source);
}

struct script *
shell_parse(struct arena *arena, struct excerpt source)
{
	return parse(arena, source, false);
}

struct script *
shell_parse_resolved(struct arena *arena, struct excerpt source)
{
	return parse(arena, source, true);
}

struct script *
script_read(struct reader *outer, struct excerpt source)
{
	struct reader r = { .arena = outer->arena,
			    .n_nodes = outer->n_nodes,
			    .depth = outer->depth,
			    .base_depth = outer->depth,
			    .resolved = outer->resolved };
	struct script *s = read_script(&r, source);

	if (r.fatal) {
		outer->fatal = true;
		outer->failed = true;
	}
	return s;
}
