/* Outputs in annotations: `exact`, `example` and `lines` of an `expect`. */
#include "diag/source.h"
#include "doc/ytree.h"
#include "edit/outcome.h"

/* Append T as a double-quoted scalar (YAML 1.1, 5.7) that can stand in braces
 * behind a language and in an HTML comment as well: no backtick, no "-->". */
static void
add_quoted(struct buf *b, struct text t)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c == '\n')
			buf_adds(b, "\\n");
		else if (c == '\t')
			buf_adds(b, "\\t");
		else if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else if ((unsigned char)c < 0x20 || c == 0x7f || c == '`' ||
			 (c == '>' && i > 0 && t.at[i - 1] == '-'))
			buf_addf(b, "\\x%02x", (unsigned char)c);
		else
			buf_addc(b, c);
	}
	buf_addc(b, '"');
}

static bool
put_span(struct patch *p, struct span where, const struct buf *b)
{
	return patch_replace(p, where.start, where.end, buf_text(b));
}

/* How line LINE ends. */
static const char *
line_end(const struct source *src, uint32_t line)
{
	uint32_t next = source_line_start(src, line + 1);

	return next > 1 && src->bytes.at[next - 2] == '\r' ? "\r\n" : "\n";
}

/* ---- block texts: "|" ------------------------------------------------------
 */

/* True when every line can stand in a block text as it is. */
static bool
fits_block(const struct outcome *o)
{
	for (uint32_t i = 0; i < o->n_lines; i++) {
		struct text t = o->lines[i].text;

		if (t.len && (byte_is_space(t.at[t.len - 1]) ||
			      (i == 0 && byte_is_blank(t.at[0]))))
			return false;
		if (text_find(t, TEXT("-->"), 0) < t.len ||
		    text_chr(t, '\t', 0) < t.len)
			return false;
	}
	return o->n_lines > 0 && o->lines[0].text.len > 0;
}

static bool
put_block(struct patch *p, const struct outcome *o)
{
	const struct want *w = o->want;
	const struct source *src = o->doc->src;
	struct text rest = w->text, line;
	struct region r = { .src = src };
	uint32_t start, at;

	while (text_next_line(&rest, &line)) {
		if (line.len)
			break;
	}
	at = (uint32_t)(line.at - w->text.at);
	start = map_span(w->map, at, at + 1).start;
	r.line = source_line(src, map_span(w->map, 0, 1).start);
	for (rest = w->text; text_next_line(&rest, &line);)
		r.n_lines++;
	r.prefix = text_sub(src->bytes,
			    source_line_start(src, source_line(src, start)),
			    start);
	r.blank = text_sub(r.prefix, 0, 0);
	if (text_chr(r.prefix, '>', 0) < r.prefix.len)
		r.blank = text_sub(r.prefix, 0, text_chr(r.prefix, '>', 0) + 1);
	r.eol = line_end(src, r.line);
	return region_put(p, &r, o->lines, o->n_lines);
}

/* ---- lists -----------------------------------------------------------------
 */

/* Every item keeps its place. */
static bool
is_one_to_one(const struct outcome *o)
{
	if (o->n_lines != o->want->node->n_items)
		return false;
	for (uint32_t i = 0; i < o->n_lines; i++) {
		if (o->lines[i].old != UINT32_MAX && o->lines[i].old != i)
			return false;
	}
	return true;
}

static bool
put_items(struct patch *p, const struct outcome *o)
{
	bool ok = true;

	for (uint32_t i = 0; i < o->n_lines; i++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;

		if (o->lines[i].old != UINT32_MAX)
			continue;
		add_quoted(&b, o->lines[i].text);
		ok &= put_span(p, o->want->node->items[i]->where, &b);
	}
	return ok;
}

/* [a, "b"], with the items that stay as they are written. */
static bool
put_flow_list(struct patch *p, const struct outcome *o)
{
	const struct ynode *node = o->want->node;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addc(&b, '[');
	for (uint32_t i = 0; i < o->n_lines; i++) {
		if (i)
			buf_adds(&b, ", ");
		if (o->lines[i].old != UINT32_MAX)
			buf_addt(
				&b,
				span_text(node->items[o->lines[i].old]->where));
		else
			add_quoted(&b, o->lines[i].text);
	}
	buf_addc(&b, ']');
	return put_span(p, node->where, &b);
}

/* "- a" on lines of their own. */
static bool
put_block_list(struct patch *p, const struct outcome *o, struct buf *reterr)
{
	const struct ynode *node = o->want->node;
	const struct source *src = o->doc->src;
	struct want_line *lines =
		arena_alloc(o->arena, (o->n_lines + 1) * sizeof(*lines));
	uint32_t first = source_line(src, node->items[0]->where.start);
	struct region r = { .src = src,
			    .line = first,
			    .n_lines = node->n_items,
			    .eol = line_end(src, first) };

	r.prefix = text_sub(src->bytes, source_line_start(src, first),
			    node->items[0]->where.start);
	for (uint32_t i = 0; i < node->n_items; i++) {
		struct span where = node->items[i]->where;

		if (source_line(src, where.start) != first + i ||
		    source_line(src, where.end) != first + i) {
			buf_adds(reterr, "its items are not on lines of their "
					 "own; write them by hand");
			return false;
		}
	}
	for (uint32_t i = 0; i < o->n_lines; i++) {
		CLEANUP(buf_release) struct buf b = BUF_INIT;

		add_quoted(&b, o->lines[i].text);
		lines[i] =
			(struct want_line){ arena_text(o->arena, buf_text(&b)),
					    o->lines[i].old };
	}
	return region_put(p, &r, lines, o->n_lines);
}

static bool
put_list(struct patch *p, const struct outcome *o, struct buf *reterr)
{
	if (is_one_to_one(o))
		return put_items(p, o);
	if (span_text(o->want->node->where).at[0] == '[')
		return put_flow_list(p, o);
	if (o->n_lines > 0)
		return put_block_list(p, o, reterr);
	buf_adds(reterr, "it printed nothing; take the list out by hand");
	return false;
}

/* ---- other texts -----------------------------------------------------------
 */

static bool
put_scalar(struct patch *p, const struct outcome *o)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (uint32_t i = 0; i < o->n_lines; i++) {
		buf_addt(&text, o->lines[i].text);
		if (i + 1 < o->n_lines || text_ends(o->want->text, "\n"))
			buf_addc(&text, '\n');
	}
	add_quoted(&b, buf_text(&text));
	return put_span(p, o->want->node->where, &b);
}

bool
outcome_in_annotation(struct patch *p, const struct outcome *o,
		      struct buf *reterr)
{
	const struct ynode *node = o->want->node;
	bool block = node->kind == Y_SCALAR && !node->plain &&
		     span_text(node->where).len &&
		     strchr("|>", span_text(node->where).at[0]);
	bool ok;

	if (node->kind == Y_SEQUENCE) {
		ok = put_list(p, o, reterr);
	} else if (!block) {
		ok = put_scalar(p, o);
	} else if (o->want->map && fits_block(o)) {
		ok = put_block(p, o);
	} else {
		buf_adds(reterr, "its block text cannot hold this output; "
				 "write it by hand");
		return false;
	}
	if (!ok && reterr->len == 0)
		buf_adds(reterr, "another output stands in the same place");
	return ok;
}
