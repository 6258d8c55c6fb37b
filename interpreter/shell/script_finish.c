/* What is known of a text only when all of it has been read: where statements
 * end, which errors are in what, what comments stand at. */
#include "shell/parse.h"
#include "shell/reader.h"

struct text
script_text(const struct script *s, uint32_t start, uint32_t end)
{
	return text_sub(s->source.text, start, end);
}

struct span
script_span(const struct script *s, uint32_t start, uint32_t end)
{
	return map_span(s->source.map, start, end);
}

/* ---- errors ------------------------------------------------------------- */

static bool mark_list(struct list *list);
static bool mark_word(struct word *w);

static bool
mark_part(struct part *part)
{
	bool bad = part->script && part->script->n_errors > 0;

	for (uint32_t i = 0; i < part->n_parts; i++)
		bad |= mark_part(part->parts[i]);
	for (uint32_t i = 0; i < part->n_words; i++)
		bad |= mark_word(part->words[i]);
	if (part->list && !part->script)
		bad |= mark_list(part->list);
	return bad;
}

static bool
mark_word(struct word *w)
{
	if (!w)
		return false;
	for (uint32_t i = 0; i < w->n_parts; i++)
		w->has_error |= mark_part(w->parts[i]);
	return w->has_error;
}

static bool
mark_words(struct word **words, uint32_t n)
{
	bool bad = false;

	for (uint32_t i = 0; i < n; i++)
		bad |= mark_word(words[i]);
	return bad;
}

static bool
mark_redirect(struct redirect *redirect)
{
	struct heredoc *heredoc = redirect->heredoc;
	bool bad = mark_word(redirect->target);

	if (!heredoc)
		return bad;
	for (uint32_t i = 0; i < heredoc->n_parts; i++)
		heredoc->has_error |= mark_part(heredoc->parts[i]);
	return bad || heredoc->has_error;
}

static bool
mark_assignment(struct assignment *a)
{
	bool bad = mark_word(a->subscript);

	bad |= mark_word(a->value);
	bad |= mark_words(a->elements, a->n_elements);
	return bad;
}

static bool
mark_node(struct node *node)
{
	bool bad = node->has_error;

	bad |= mark_words(node->words, node->n_words);
	bad |= mark_word(node->subject);
	for (uint32_t i = 0; i < node->n_redirects; i++)
		bad |= mark_redirect(node->redirects[i]);
	for (uint32_t i = 0; i < node->n_assignments; i++)
		bad |= mark_assignment(node->assignments[i]);
	for (uint32_t i = 0; i < node->n_items; i++)
		bad |= mark_node(node->items[i]);
	for (uint32_t i = 0; i < node->n_cases; i++) {
		bad |= mark_words(node->cases[i]->patterns,
				  node->cases[i]->n_patterns);
		bad |= mark_list(node->cases[i]->body);
	}
	bad |= mark_list(node->cond);
	bad |= mark_list(node->body);
	bad |= mark_list(node->other);
	if (node->function)
		bad |= mark_node(node->function);
	node->has_error = bad;
	return bad;
}

static bool
mark_list(struct list *list)
{
	bool bad = false;

	for (uint32_t i = 0; list && i < list->n_items; i++)
		bad |= mark_node(list->items[i]->node);
	return bad;
}

/* ---- statements --------------------------------------------------------- */

static void
extend_statements(struct reader *r)
{
	for (uint32_t i = 0; i < r->n_owners; i++) {
		const struct owner *owner = &r->owners[i];

		for (uint32_t k = owner->first; k < owner->last; k++) {
			if (r->heredocs[k]->end > owner->statement->end)
				owner->statement->end = r->heredocs[k]->end;
		}
	}
}

/* True when a newline separates statement I from the one before it: one that
 * is no line continuation. */
static bool
begins_line(const struct script *s, uint32_t i)
{
	const char *bytes = s->source.text.at;
	uint32_t at, end;

	if (i == 0)
		return true;
	end = s->body->items[i]->start;
	for (at = s->body->items[i - 1]->node->end; at < end; at++) {
		if (bytes[at] == '\\')
			at++;
		else if (bytes[at] == '\n' || bytes[at] == '#')
			return true;
	}
	return false;
}

void
shell_unit(const struct script *s, uint32_t i, uint32_t *ret_first,
	   uint32_t *ret_last)
{
	const struct list *body = s->body;
	uint32_t first = i, end;

	while (!begins_line(s, first))
		first--;
	/* runs of statements that overlap, up to the one that holds I */
	for (;;) {
		uint32_t last = first;

		end = body->items[first]->end;
		while (last + 1 < body->n_items &&
		       body->items[last + 1]->start < end) {
			last++;
			if (body->items[last]->end > end)
				end = body->items[last]->end;
		}
		if (last >= i) {
			*ret_first = first;
			*ret_last = last;
			return;
		}
		first = last + 1;
	}
}

/* ---- comments ----------------------------------------------------------- */

static bool
is_own_line(const struct script *s, uint32_t at)
{
	const char *bytes = s->source.text.at;

	while (at > 0 && byte_is_blank(bytes[at - 1]))
		at--;
	return at == 0 || bytes[at - 1] == '\n';
}

/* Offset of the first byte that is no blank on the line behind AT, which is
 * the end of a line. */
static uint32_t
next_line_start(const struct script *s, uint32_t at)
{
	struct text t = s->source.text;

	if (at < t.len)
		at++;
	while (at < t.len && byte_is_blank(t.at[at]))
		at++;
	return at;
}

/* Where C stands, as far as what precedes it tells; BEFORE is the last
 * statement that begins before it, or the number of statements. */
static void
place_comment(const struct script *s, struct comment *c, uint32_t before,
	      bool in_body)
{
	const struct list *body = s->body;

	c->statement = before;
	if (in_body || (before < body->n_items &&
			c->start < body->items[before]->node->end))
		c->place = COMMENT_INSIDE;
	else if (before < body->n_items && !is_own_line(s, c->start))
		c->place = COMMENT_TRAILING;
	else
		c->place = COMMENT_ORPHAN;
}

/* An own line becomes leading when a statement, or another leading comment,
 * is on the next line. From the last to the first. */
static void
find_leading(struct script *s)
{
	uint32_t statement = s->body->n_items;

	for (uint32_t i = s->n_comments; i > 0; i--) {
		struct comment *c = &s->comments[i - 1];
		const struct comment *next = &s->comments[i];
		uint32_t at = next_line_start(s, c->end);

		while (statement > 0 &&
		       s->body->items[statement - 1]->start > c->start)
			statement--;
		if (c->place != COMMENT_ORPHAN)
			continue;
		if (statement < s->body->n_items &&
		    s->body->items[statement]->start == at) {
			c->place = COMMENT_LEADING;
			c->statement = statement;
		} else if (i < s->n_comments && next->start == at &&
			   next->place == COMMENT_LEADING) {
			c->place = COMMENT_LEADING;
			c->statement = next->statement;
		}
	}
}

static void
place_comments(struct reader *r)
{
	struct script *s = r->script;
	uint32_t statement = 0, heredoc = 0;

	for (uint32_t i = 0; i < s->n_comments; i++) {
		struct comment *c = &s->comments[i];

		while (statement < s->body->n_items &&
		       s->body->items[statement]->start < c->start)
			statement++;
		while (heredoc < r->n_heredocs &&
		       r->heredocs[heredoc]->body_end <= c->start)
			heredoc++;
		place_comment(s, c,
			      statement ? statement - 1 : s->body->n_items,
			      heredoc < r->n_heredocs &&
				      r->heredocs[heredoc]->body <= c->start);
	}
	find_leading(s);
}

void
script_finish(struct reader *r)
{
	extend_statements(r);
	if (r->soft)
		mark_list(r->script->body);
	place_comments(r);
}
