/* Building a document block by block. */
#include "doc/build.h"

#include "base/limits.h"
#include "doc/attach.h"
#include "doc/fence.h"
#include "doc/html.h"
#include "doc/markdown.h"
#include "doc/section.h"

struct builder {
	struct document *doc;
	const struct lines *lines;
	struct diag_sink *sink;
	struct container *around[2 * LIMIT_DOCUMENT_DEPTH]; /* innermost last */
	unsigned n_around;
	unsigned n_details;   /* of them */
	struct container *in; /* the innermost of them, or NULL */
	struct sectioner sections;
	struct attacher annotations;
};

/* ---- containers --------------------------------------------------------- */

static void
open_container(struct builder *b, enum container_kind kind, uint32_t start)
{
	struct container *c = ARENA_NEW(b->doc->arena, struct container);
	uint32_t line = lines_at(b->lines, start);

	c->kind = kind;
	c->outer = b->in;
	c->where =
		(struct span){ b->doc->src, start, lines_end(b->lines, line) };
	b->around[b->n_around++] = c;
	b->in = c;
}

/* A container ends with the last block that it holds. */
static void
close_container(struct builder *b)
{
	struct document *doc = b->doc;
	struct container *c = b->in;
	uint32_t end =
		doc->n_blocks ? doc->blocks[doc->n_blocks - 1]->where.end : 0;

	if (end > c->where.end)
		c->where.end = end;
	b->n_around--;
	b->in = b->n_around ? b->around[b->n_around - 1] : NULL;
}

/* The number of an ordered item is not among what cmark tells. */
static uint32_t
item_number(const struct document *doc, uint32_t start)
{
	struct text rest =
		text_sub(doc->src->bytes, start, doc->src->bytes.len);
	uint64_t number = 0;
	size_t n = 0;

	while (n < rest.len && byte_is_digit(rest.at[n]))
		n++;
	text_to_uint(text_sub(rest, 0, n), UINT32_MAX, &number);
	return (uint32_t)number;
}

static void
on_enter(void *ctx, enum container_kind kind, uint32_t start)
{
	struct builder *b = ctx;

	open_container(b, kind, start);
	if (kind == CONTAINER_ORDERED)
		b->in->number = item_number(b->doc, start);
}

static void
close_details(struct builder *b)
{
	b->n_details--;
	close_container(b);
}

static void
on_leave(void *ctx)
{
	struct builder *b = ctx;

	while (b->in && b->in->kind == CONTAINER_DETAILS)
		close_details(b);
	if (!b->in)
		BUG("a container ends that never began");
	close_container(b);
}

/* ---- marks at the head of a paragraph ----------------------------------- */

/* Drop the first N bytes of BLOCK's text, which are plain. */
static void
drop_text(struct block *block, size_t n)
{
	struct inline_run *first = &block->runs[0];

	block->text = text_sub(block->text, n, block->text.len);
	first->text = text_sub(first->text, n, first->text.len);
	if (first->text.len == 0) {
		block->runs++;
		block->n_runs--;
	}
}

/* True when BLOCK begins with N bytes of plain text. */
static bool
has_plain_start(const struct block *block, size_t n)
{
	return block->n_runs > 0 && block->runs[0].kind == INLINE_TEXT &&
	       block->runs[0].text.len >= n;
}

/* True when BLOCK begins on the line on which its container C does. */
static bool
is_first_in(const struct container *c, const struct block *block)
{
	return c && block->where.start <= c->where.end;
}

/* "[ ] " and "[x] " at the head of an item (GFM, task list items). */
static void
read_task_mark(struct builder *b, struct block *block)
{
	struct text t = block->text;
	bool item = b->in && (b->in->kind == CONTAINER_BULLET ||
			      b->in->kind == CONTAINER_ORDERED);

	if (!item || !is_first_in(b->in, block) || !has_plain_start(block, 4) ||
	    t.at[0] != '[' || t.at[2] != ']' || !byte_is_blank(t.at[3]) ||
	    (t.at[1] != ' ' && t.at[1] != 'x' && t.at[1] != 'X'))
		return;
	b->in->is_task = true;
	b->in->task_done = t.at[1] != ' ';
	drop_text(block, 4);
}

/* "[!WARNING]" alone on the first line of a quote (GitHub's alerts). */
static void
read_alert_mark(struct builder *b, struct block *block)
{
	static const char *const labels[] = { "NOTE", "TIP", "IMPORTANT",
					      "WARNING", "CAUTION" };
	struct text t = block->text, line, label;
	size_t end = text_chr(t, '\n', 0);

	if (!is_first_in(b->in, block) || b->in->kind != CONTAINER_QUOTE)
		return;
	line = text_trim(text_sub(t, 0, end));
	if (!text_starts(line, "[!") || !text_ends(line, "]") ||
	    !has_plain_start(block, end))
		return;
	label = text_sub(line, 2, line.len - 1);
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		if (text_eq_nocase(label, text_of(labels[i]))) {
			b->in->kind = CONTAINER_ALERT;
			b->in->label = text_of(labels[i]);
			drop_text(block, end < t.len ? end + 1 : end);
		}
	}
}

/* ---- blocks ------------------------------------------------------------- */

static struct block *
new_block(struct builder *b, const struct markdown_leaf *leaf)
{
	struct block *block = ARENA_NEW(b->doc->arena, struct block);

	block->kind = leaf->kind;
	block->in = b->in;
	block->level = leaf->level;
	block->text = leaf->text;
	block->runs = leaf->runs;
	block->n_runs = leaf->n_runs;
	block->where = (struct span){ b->doc->src, leaf->start,
				      lines_end(b->lines, leaf->last_line) };
	return block;
}

static void
add_block(struct builder *b, struct block *block)
{
	struct document *doc = b->doc;

	block->ordinal = doc->n_blocks;
	block->section = b->sections.current;
	ARENA_PUSH(doc->arena, doc->blocks, doc->n_blocks, block);
}

static void
add_code(struct builder *b, struct block *block,
	 const struct markdown_leaf *leaf)
{
	struct code *code =
		fence_read(b->doc->arena, b->lines, leaf, &block->where);

	block->code = code;
	fence_check(b->lines, leaf, code, b->sink);
	attach_to_code(&b->annotations, block);
	add_block(b, block);
}

/* A quoted heading belongs to what is quoted. */
static bool
is_quoted(const struct container *c)
{
	for (; c; c = c->outer) {
		if (c->kind == CONTAINER_QUOTE || c->kind == CONTAINER_ALERT)
			return true;
	}
	return false;
}

static void
add_heading(struct builder *b, struct block *block)
{
	if (is_quoted(b->in)) {
		sectioner_skip(&b->sections, block);
		attach_to_block(&b->annotations, block);
	} else {
		sectioner_open(&b->sections, block);
		attach_to_section(&b->annotations, block, b->sections.current);
	}
	add_block(b, block);
}

/* ---- HTML --------------------------------------------------------------- */

static void
open_details(struct builder *b, uint32_t start)
{
	if (b->n_details == LIMIT_DOCUMENT_DEPTH) {
		struct span where = { b->doc->src, start, start + 1 };

		diag_report(b->sink, DIAG_DOCUMENT_LIMIT, where,
			    "<details> stand in each other more than %d deep",
			    LIMIT_DOCUMENT_DEPTH);
		b->doc->refused = true;
		return;
	}
	b->n_details++;
	open_container(b, CONTAINER_DETAILS, start);
}

static bool
is_tag(const struct html_token *t, enum html_kind kind, const char *name)
{
	return t->kind == kind && text_eq_nocase(t->name, text_of(name));
}

/* The words between <summary>, which ends at AT of HTML, and its end or that of
 * what it sums up. */
static struct text
summary(struct arena *arena, struct text html, size_t at)
{
	struct html_token token;
	size_t next = at, end = html.len;

	while (end == html.len && html_next(html, &next, &token)) {
		if (is_tag(&token, HTML_CLOSE, "summary") ||
		    (token.kind != HTML_COMMENT &&
		     text_eq_nocase(token.name, TEXT("details"))))
			end = token.start;
	}
	return html_plain(arena, text_sub(html, at, end));
}

static void
read_tag(struct builder *b, struct excerpt html, const struct html_token *token)
{
	bool inside = b->in && b->in->kind == CONTAINER_DETAILS;

	if (is_tag(token, HTML_OPEN, "details"))
		open_details(b, map_span(html.map, (uint32_t)token->start,
					 (uint32_t)token->end)
					.start);
	else if (is_tag(token, HTML_CLOSE, "details") && inside)
		close_details(b);
	else if (is_tag(token, HTML_OPEN, "summary") && inside &&
		 !b->in->label.at)
		b->in->label = summary(b->doc->arena, html.text, token->end);
}

/* The block itself counts to what is around it. */
static void
add_html(struct builder *b, struct block *block,
	 const struct markdown_leaf *leaf)
{
	struct excerpt html = lines_lift(b->doc->arena, b->lines,
					 leaf->first_line, leaf->literal);
	uint32_t last = leaf->first_line + lines_count(leaf->literal) - 1;
	struct html_token token;
	size_t at = 0;

	/* the blanks before it are a part of it */
	block->where.start = map_span(html.map, 0, 0).start;
	block->where.end = lines_end(b->lines, last);
	block->text = html.text;
	block->map = html.map;
	add_block(b, block);
	while (!b->doc->refused && html_next(html.text, &at, &token)) {
		if (token.kind == HTML_COMMENT)
			attach_comment(&b->annotations, html, token.inner_start,
				       token.inner_end, b->in);
		else
			read_tag(b, html, &token);
	}
}

/* "</details>" ends them at the end of a line too. */
static void
read_inline_tags(struct builder *b, const struct block *block)
{
	for (uint32_t i = 0; i < block->n_runs; i++) {
		struct html_token token;
		size_t at = 0;

		if (block->runs[i].kind == INLINE_HTML && b->in &&
		    b->in->kind == CONTAINER_DETAILS &&
		    html_next(block->runs[i].text, &at, &token) &&
		    is_tag(&token, HTML_CLOSE, "details"))
			close_details(b);
	}
}

/* An alert's mark may be all that its first paragraph holds. */
static void
add_paragraph(struct builder *b, struct block *block,
	      const struct markdown_leaf *leaf)
{
	read_task_mark(b, block);
	read_alert_mark(b, block);
	fence_check_paragraph(b->lines, leaf, b->sink);
	attach_inline(&b->annotations, block);
	if (block->n_runs == 0)
		return;
	attach_to_block(&b->annotations, block);
	add_block(b, block);
	read_inline_tags(b, block);
}

static void
on_leaf(void *ctx, const struct markdown_leaf *leaf)
{
	struct builder *b = ctx;
	struct block *block;

	if (b->doc->refused)
		return;
	block = new_block(b, leaf);
	switch (leaf->kind) {
	case BLOCK_HTML:
		add_html(b, block, leaf);
		break;
	case BLOCK_CODE:
		add_code(b, block, leaf);
		break;
	case BLOCK_HEADING:
		add_heading(b, block);
		break;
	case BLOCK_PARAGRAPH:
		add_paragraph(b, block, leaf);
		break;
	case BLOCK_RULE:
		attach_to_nothing(&b->annotations);
		add_block(b, block);
		break;
	}
	if (b->doc->arena->total > LIMIT_DOCUMENT_TREE_BYTES) {
		diag_report(b->sink, DIAG_DOCUMENT_LIMIT, block->where,
			    "the document needs more than %d MiB of memory",
			    LIMIT_DOCUMENT_TREE_BYTES / 1024 / 1024);
		b->doc->refused = true;
	}
}

/* ---- the whole ---------------------------------------------------------- */

static void
refuse(struct builder *b, enum markdown_result why, uint32_t at)
{
	struct span where = { b->doc->src, at, at + 1 };

	b->doc->refused = true;
	if (why == MARKDOWN_TOO_DEEP)
		diag_report(b->sink, DIAG_DOCUMENT_LIMIT, where,
			    "quotes and lists stand in each other more than "
			    "%d deep",
			    LIMIT_DOCUMENT_DEPTH);
	else if (why == MARKDOWN_TOO_SLOW)
		diag_report(b->sink, DIAG_DOCUMENT_LIMIT, where,
			    "the document takes more than %d s to parse",
			    LIMIT_DOCUMENT_PARSE_MS / 1000);
	else
		diag_report(b->sink, DIAG_DOCUMENT_LIMIT, where,
			    "the document takes more than %d MiB to parse",
			    LIMIT_MARKDOWN_BYTES / 1024 / 1024);
}

void
document_build(struct document *doc, const struct lines *l,
	       const struct clock *clock, struct diag_sink *sink)
{
	struct builder b = { .doc = doc, .lines = l, .sink = sink };
	struct markdown_events on = { on_enter, on_leave, on_leaf, &b };
	size_t part = doc->src->bytes.len > LIMIT_MARKDOWN_WHOLE
			      ? LIMIT_MARKDOWN_PART
			      : LIMIT_MARKDOWN_WHOLE;
	enum markdown_result result;
	uint32_t at;

	sectioner_init(&b.sections, doc, sink);
	attacher_init(&b.annotations, doc, sink);
	result = markdown_parse(doc->arena, l, part, clock, &on, &at);
	if (result != MARKDOWN_DONE)
		refuse(&b, result, at);
	while (b.in)
		close_container(&b);
	sectioner_end(&b.sections);
	if (!doc->refused)
		attacher_end(&b.annotations);
	sectioner_release(&b.sections);
}
