/* Markdown through cmark. */
#define CMARK_NO_SHORT_NAMES
#include "doc/markdown.h"

#include <cmark.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "doc/pool.h"

enum {
	FEED_BYTES = 4096 /* between two looks at the clock */
};

/* A run in the making: its text is [start, end) of the block's. */
struct draft {
	enum inline_kind kind;
	bool nested;
	uint32_t start, end;
	struct text html, target; /* in the arena */
};

struct parse {
	struct arena *arena;
	const struct lines *lines;
	const struct markdown_events *on;
	struct pool pool;
	uint32_t first;  /* line with which the part begins */
	uint32_t at;     /* offset that was reached */
	unsigned depth;  /* of quotes and items */
	struct buf text; /* of one block */
	struct draft *drafts;
	uint32_t n_drafts, cap_drafts;
	uint32_t *open; /* numbers of drafts that enclose what comes */
	uint32_t n_open, cap_open;
	uint32_t behind; /* the line of the next part; UINT32_MAX: none */
	enum markdown_result result;
};

/* cmark hands no context to its allocator; parses do not nest. */
static _Thread_local struct pool *current;

static void *
cmark_calloc(size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		longjmp(current->out, POOL_TOO_LARGE);
	return pool_alloc(current, n * size);
}

static void *
cmark_realloc(void *ptr, size_t size)
{
	return pool_realloc(current, ptr, size);
}

static void
cmark_free(void *ptr)
{
	pool_free(current, ptr);
}

static cmark_mem memory = { cmark_calloc, cmark_realloc, cmark_free };

/* ---- inlines ------------------------------------------------------------ */

static uint32_t
add_draft(struct parse *p, enum inline_kind kind, bool nested)
{
	struct draft d = { .kind = kind, .nested = nested };

	d.start = d.end = (uint32_t)p->text.len;
	if (p->n_drafts == p->cap_drafts) {
		p->cap_drafts = p->cap_drafts ? p->cap_drafts * 2 : 16;
		p->drafts = xreallocarray(p->drafts, p->cap_drafts,
					  sizeof(*p->drafts));
	}
	p->drafts[p->n_drafts] = d;
	return p->n_drafts++;
}

static void
push_open(struct parse *p, uint32_t draft)
{
	if (p->n_open == p->cap_open) {
		p->cap_open = p->cap_open ? p->cap_open * 2 : 16;
		p->open = xreallocarray(p->open, p->cap_open, sizeof(*p->open));
	}
	p->open[p->n_open++] = draft;
}

/* Plain text joins the plain text before it. */
static void
add_plain(struct parse *p, const char *s, bool nested)
{
	struct draft *last = p->n_drafts ? &p->drafts[p->n_drafts - 1] : NULL;

	if (!nested && (!last || last->kind != INLINE_TEXT)) {
		add_draft(p, INLINE_TEXT, false);
		last = &p->drafts[p->n_drafts - 1];
	}
	buf_adds(&p->text, s);
	if (!nested)
		last->end = (uint32_t)p->text.len;
}

static struct text
keep(struct parse *p, const char *s)
{
	return arena_text(p->arena, text_of(s));
}

/* Add what NODE itself says. A run that encloses others is open until close_run
 * when all of them are in. */
static void
open_run(struct parse *p, cmark_node *node, bool nested)
{
	enum inline_kind kind = INLINE_EMPH;
	uint32_t i;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		add_plain(p, cmark_node_get_literal(node), nested);
		return;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		add_plain(p, "\n", nested);
		return;
	case CMARK_NODE_CODE:
		i = add_draft(p, INLINE_CODE, nested);
		buf_adds(&p->text, cmark_node_get_literal(node));
		p->drafts[i].end = (uint32_t)p->text.len;
		return;
	case CMARK_NODE_HTML_INLINE:
		i = add_draft(p, INLINE_HTML, nested);
		p->drafts[i].html = keep(p, cmark_node_get_literal(node));
		return;
	case CMARK_NODE_LINK:
		kind = INLINE_LINK;
		break;
	case CMARK_NODE_IMAGE:
		kind = INLINE_IMAGE;
		break;
	case CMARK_NODE_STRONG:
		kind = INLINE_STRONG;
		break;
	default:
		break;
	}
	i = add_draft(p, kind, nested);
	if (kind == INLINE_LINK || kind == INLINE_IMAGE)
		p->drafts[i].target = keep(p, cmark_node_get_url(node));
	push_open(p, i);
}

/* NODE and all in it has been read. */
static void
close_run(struct parse *p, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
	case CMARK_NODE_CODE:
	case CMARK_NODE_HTML_INLINE:
		break;
	default:
		p->drafts[p->open[--p->n_open]].end = (uint32_t)p->text.len;
		break;
	}
}

/* The node behind NODE in document order and below BLOCK, closing the runs
 * that end before it. */
static cmark_node *
next_inline(struct parse *p, cmark_node *node, const cmark_node *block,
	    unsigned *depth)
{
	cmark_node *child = cmark_node_first_child(node);

	if (child) {
		++*depth;
		return child;
	}
	while (node != block) {
		cmark_node *next = cmark_node_next(node);

		close_run(p, node);
		if (next)
			return next;
		node = cmark_node_parent(node);
		--*depth;
	}
	return NULL;
}

/* The text in p->text: in the source when it stands there as it is. */
static struct text
place_text(struct parse *p, uint32_t start)
{
	struct text made = buf_text(&p->text);
	struct text there =
		text_sub(p->lines->src->bytes, start, start + made.len);

	return text_eq(made, there) ? there : arena_text(p->arena, made);
}

static void
read_inlines(struct parse *p, cmark_node *block, struct markdown_leaf *leaf)
{
	cmark_node *node = cmark_node_first_child(block);
	unsigned depth = 0;

	buf_clear(&p->text);
	p->n_drafts = p->n_open = 0;
	while (node) {
		open_run(p, node, depth > 0);
		node = next_inline(p, node, block, &depth);
	}
	leaf->text = place_text(p, leaf->start);
	leaf->n_runs = p->n_drafts;
	if (p->n_drafts == 0)
		return;
	leaf->runs =
		arena_alloc(p->arena, p->n_drafts * sizeof(struct inline_run));
	for (uint32_t i = 0; i < p->n_drafts; i++) {
		const struct draft *d = &p->drafts[i];
		struct inline_run run = { d->kind, d->nested, d->html,
					  d->target };

		if (d->kind != INLINE_HTML)
			run.text = text_sub(leaf->text, d->start, d->end);
		leaf->runs[i] = run;
	}
}

/* ---- blocks ------------------------------------------------------------- */

static uint32_t
line_of(const struct parse *p, int line)
{
	return p->first + (uint32_t)(line > 0 ? line - 1 : 0);
}

static uint32_t
start_of(const struct parse *p, cmark_node *node)
{
	uint32_t line = line_of(p, cmark_node_get_start_line(node));
	int column = cmark_node_get_start_column(node);
	uint32_t at = lines_start(p->lines, line) +
		      (uint32_t)(column > 0 ? column - 1 : 0);
	uint32_t end = lines_end(p->lines, line);

	return at < end ? at : end;
}

/* The line on which the first node behind NODE begins, children apart; at the
 * end of a part that is where the next one begins. */
static uint32_t
line_of_next(const struct parse *p, cmark_node *node)
{
	while (node) {
		cmark_node *next = cmark_node_next(node);

		if (next)
			return line_of(p, cmark_node_get_start_line(next));
		node = cmark_node_parent(node);
	}
	return p->behind;
}

static bool
is_underline(struct text line)
{
	size_t end = line.len, start;

	while (end && byte_is_blank(line.at[end - 1]))
		end--;
	start = end;
	while (start && line.at[start - 1] == line.at[end - 1] &&
	       (line.at[end - 1] == '=' || line.at[end - 1] == '-'))
		start--;
	return start < end;
}

/* The last line of a heading. cmark ends one with an underline on the line
 * behind it, unless the document ends there [0.30.2]. */
static uint32_t
heading_end(const struct parse *p, cmark_node *node)
{
	uint32_t first = line_of(p, cmark_node_get_start_line(node));
	uint32_t last = line_of(p, cmark_node_get_end_line(node));
	uint32_t next = line_of_next(p, node);

	if (last >= next && next > first)
		last = next - 1;
	while (last > first && !is_underline(lines_text(p->lines, last)))
		last--;
	return last;
}

static void
read_leaf(struct parse *p, cmark_node *node)
{
	struct markdown_leaf leaf = { .kind = BLOCK_PARAGRAPH };
	cmark_node_type type = cmark_node_get_type(node);

	leaf.first_line = line_of(p, cmark_node_get_start_line(node));
	leaf.last_line = line_of(p, cmark_node_get_end_line(node));
	leaf.start = start_of(p, node);
	leaf.next_line = UINT32_MAX;
	switch (type) {
	case CMARK_NODE_CODE_BLOCK:
		leaf.kind = BLOCK_CODE;
		leaf.literal = text_of(cmark_node_get_literal(node));
		leaf.has_info = *cmark_node_get_fence_info(node) != '\0';
		leaf.next_line = line_of_next(p, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		leaf.kind = BLOCK_HTML;
		leaf.literal = text_of(cmark_node_get_literal(node));
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		leaf.kind = BLOCK_RULE;
		leaf.last_line = leaf.first_line;
		break;
	case CMARK_NODE_HEADING:
		leaf.kind = BLOCK_HEADING;
		leaf.level = (unsigned)cmark_node_get_heading_level(node);
		leaf.last_line = heading_end(p, node);
		read_inlines(p, node, &leaf);
		break;
	default:
		read_inlines(p, node, &leaf);
		break;
	}
	p->on->leaf(p->on->ctx, &leaf);
}

static bool
is_container(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM;
}

static bool
is_leaf(cmark_node *node)
{
	return !is_container(node) &&
	       cmark_node_get_type(node) != CMARK_NODE_LIST;
}

/* False when that is one container too many. */
static bool
enter(struct parse *p, cmark_node *node)
{
	enum container_kind kind = CONTAINER_QUOTE;

	if (cmark_node_get_type(node) == CMARK_NODE_ITEM)
		kind = cmark_node_get_list_type(cmark_node_parent(node)) ==
				       CMARK_ORDERED_LIST
			       ? CONTAINER_ORDERED
			       : CONTAINER_BULLET;
	p->at = start_of(p, node);
	if (p->depth == LIMIT_DOCUMENT_DEPTH) {
		p->result = MARKDOWN_TOO_DEEP;
		return false;
	}
	p->depth++;
	p->on->enter(p->on->ctx, kind, p->at);
	return true;
}

static void
leave(struct parse *p, cmark_node *node)
{
	if (is_container(node)) {
		p->depth--;
		p->on->leave(p->on->ctx);
	}
}

/* The node behind NODE, in which all has been read, and below ROOT. */
static cmark_node *
next_block(struct parse *p, cmark_node *node, const cmark_node *root)
{
	while (node != root) {
		cmark_node *next = cmark_node_next(node);

		leave(p, node);
		if (next)
			return next;
		node = cmark_node_parent(node);
	}
	return NULL;
}

static void
walk(struct parse *p, cmark_node *root)
{
	cmark_node *node = cmark_node_first_child(root);

	while (node) {
		cmark_node *child = NULL;

		if (is_leaf(node))
			read_leaf(p, node);
		else if (is_container(node) && !enter(p, node))
			return;
		else
			child = cmark_node_first_child(node);
		node = child ? child : next_block(p, node, root);
	}
}

/* ---- parts -------------------------------------------------------------- */

/* Feed the bytes of [START, END), a little at a time: a document that nests
 * deeply and goes on with empty lines costs cmark the product of the two, and
 * no allocation gives the pool a chance to stop it. */
static void
feed(struct parse *p, cmark_parser *parser, uint32_t start, uint32_t end)
{
	while (start < end) {
		uint32_t n =
			end - start < FEED_BYTES ? end - start : FEED_BYTES;

		p->at = start;
		pool_check_time(&p->pool);
		cmark_parser_feed(parser, p->lines->src->bytes.at + start, n);
		start += n;
	}
}

/* Take the last block off ROOT, unless the part begins with it, and return the
 * line on which it begins; else the number of lines. What is before it is
 * finished, and from its first line on cmark reads the same without what was
 * before: nothing that began earlier goes on there. A byte order mark would not
 * be the same, for cmark drops it where it begins. */
static uint32_t
cut_last(const struct parse *p, cmark_node *root)
{
	cmark_node *last = cmark_node_last_child(root);
	uint32_t line;

	if (!last)
		return p->lines->n;
	line = line_of(p, cmark_node_get_start_line(last));
	if (line <= p->first ||
	    text_starts(lines_text(p->lines, line), "\xef\xbb\xbf"))
		return p->lines->n;
	cmark_node_unlink(last);
	return line;
}

/* Parse the lines from p->first to END, and leave p->behind where the next part
 * begins. Where there is no place to cut nothing comes of it, and p->behind is
 * p->first. */
static void
parse_part(struct parse *p, uint32_t end)
{
	cmark_parser *parser =
		cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
	cmark_node *root;

	feed(p, parser, lines_start(p->lines, p->first),
	     lines_start(p->lines, end));
	root = cmark_parser_finish(parser);
	p->behind = UINT32_MAX;
	if (end < p->lines->n) {
		p->behind = cut_last(p, root);
		if (p->behind == p->lines->n) {
			p->behind = p->first;
			return;
		}
	}
	walk(p, root);
}

/* parse_part within the limits of the pool. */
static void
try_part(struct parse *p, uint32_t end)
{
	current = &p->pool;
	switch (setjmp(p->pool.out)) {
	case POOL_RUNNING:
		parse_part(p, end);
		break;
	case POOL_TOO_SLOW:
		p->result = MARKDOWN_TOO_SLOW;
		break;
	default:
		p->result = MARKDOWN_TOO_LARGE;
		break;
	}
	current = NULL;
	pool_reset(&p->pool);
}

/* Parse part after part. One that cannot be cut is tried again with twice the
 * bytes; all tries together cost a few times the document at most. */
static void
parse_parts(struct parse *p, size_t part)
{
	size_t bytes = part;

	while (p->result == MARKDOWN_DONE && p->first < p->lines->n) {
		uint32_t start = lines_start(p->lines, p->first);
		size_t rest = p->lines->src->bytes.len - start;

		try_part(p, bytes < rest ? lines_at(p->lines,
						    start + (uint32_t)bytes) +
						   1
					 : p->lines->n);
		bytes = p->behind == p->first ? bytes * 2 : part;
		p->first = p->behind;
	}
}

/* True when a list item may begin with the marker whose last byte is at I. */
static bool
ends_item_marker(struct text line, size_t i)
{
	char c = line.at[i];

	return (c == '-' || c == '+' || c == '*' || c == '.' || c == ')') &&
	       (i + 1 == line.len || byte_is_blank(line.at[i + 1]));
}

/* Columns up to the last list or quote marker at the head of LINE. */
static size_t
marker_columns(struct text line)
{
	size_t column = 0, last = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (c == '>' || ends_item_marker(line, i))
			last = column + 1;
		else if (!byte_is_blank(c) && !byte_is_digit(c))
			break;
		column += c == '\t' ? 4 : 1;
	}
	return last;
}

/* False when a line may nest so deeply that cmark, which closes containers in
 * the square of their number, would not come back. */
static bool
check_prefixes(struct parse *p)
{
	for (uint32_t i = 0; i < p->lines->n; i++) {
		if (marker_columns(lines_text(p->lines, i)) >
		    LIMIT_LINE_PREFIX) {
			p->at = lines_start(p->lines, i);
			p->result = MARKDOWN_TOO_DEEP;
			return false;
		}
	}
	return true;
}

enum markdown_result
markdown_parse(struct arena *arena, const struct lines *l, size_t part,
	       const struct clock *clock, const struct markdown_events *on,
	       uint32_t *ret_at)
{
	struct parse p = { .arena = arena, .lines = l, .on = on };

	p.pool.max = LIMIT_MARKDOWN_BYTES;
	p.pool.clock = clock;
	p.pool.deadline_ns = clock_mono_ns(clock) +
			     (int64_t)LIMIT_DOCUMENT_PARSE_MS * 1000000;
	p.first = lines_at(l, l->body);
	if (check_prefixes(&p))
		parse_parts(&p, part);
	*ret_at = p.at;
	buf_release(&p.text);
	free(p.drafts);
	free(p.open);
	return p.result;
}
