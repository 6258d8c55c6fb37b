/* Output that was given as an example: its shape counts, not its values. */
#include "want/matcher.h"

bool
line_leaves_out(struct text line)
{
	return line_is_ellipsis(line) || text_is(line, "[...]") ||
	       text_is(line, "[…]") || text_is(line, "(...)") ||
	       text_is(line, "(…)");
}

/* True when S is the shape of the line before, too: then that one stands for
 * one or more of them, since nobody counts the rows of an example. */
static bool
joins_previous(struct want_lines *l, const struct shape *s, size_t end)
{
	struct line_pattern *last;

	if (l->n_patterns == 0 || !shape_varies(s))
		return false;
	last = l->patterns[l->n_patterns - 1];
	if (last->kind != LINE_SHAPE || !shape_same(&last->shape, s))
		return false;
	if (!l->nodes[l->n_nodes - 1].repeats)
		want_lines_add(l, last, true, true);
	last->end = end;
	return true;
}

static void
add_any(struct want_lines *l, size_t start, size_t end)
{
	want_lines_add(l,
		       want_lines_pattern(l, LINE_ANY, TEXT("…"), start, end),
		       true, true);
}

static void
add_shape(struct want_lines *l, struct text line, size_t start, size_t end)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct line_pattern *p;
	struct shape shape;
	struct text text;

	want_normalize(line, &b);
	text = arena_text(l->arena, buf_text(&b));
	shape_init(&shape, l->arena, text, true);
	if (joins_previous(l, &shape, end))
		return;
	buf_clear(&b);
	shape_describe(&shape, &b);
	p = want_lines_pattern(l, LINE_SHAPE,
			       arena_text(l->arena, buf_text(&b)), start, end);
	p->text = text;
	p->shape = shape;
	want_lines_add(l, p, false, false);
}

static bool
add(const struct want *w, struct want_lines *l, struct text line,
    struct diag_sink *sink UNUSED)
{
	size_t start = (size_t)(line.at - w->text.at);

	if (line_leaves_out(text_trim(line)))
		add_any(l, start, start + line.len);
	else
		add_shape(l, line, start, start + line.len);
	return true;
}

static bool
is_blank(const struct line_node *node)
{
	return node->pattern->kind == LINE_SHAPE && node->pattern->shape.n == 0;
}

/* Blank lines at the ends of an example frame it. Blank shapes never vary, so
 * that each is one pattern and one node. */
static void
trim(struct want_lines *l)
{
	uint32_t blank = 0;

	while (l->n_nodes > 0 && is_blank(&l->nodes[l->n_nodes - 1])) {
		l->n_nodes--;
		l->n_patterns--;
	}
	while (blank < l->n_nodes && is_blank(&l->nodes[blank]))
		blank++;
	if (blank == 0)
		return;
	l->nodes += blank;
	l->n_nodes -= blank;
	l->patterns += blank;
	l->n_patterns -= blank;
}

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	if (!want_lines_each(w, m, sink, add))
		return false;
	trim(m->lines);
	m->lines->trims = true;
	return true;
}

static void
describe(const struct want *w, struct buf *b)
{
	const struct want_lines *l = w->matcher->lines;

	for (uint32_t i = 0; i < l->n_nodes; i++) {
		bool again = i + 1 < l->n_nodes &&
			     l->nodes[i + 1].pattern == l->nodes[i].pattern;

		buf_addt(b, l->nodes[i].pattern->shown);
		buf_adds(b, again ? " (one or more)\n" : "\n");
		i += again;
	}
}

const struct want_ops want_ops_EXAMPLE = {
	.compile = compile,
	.check = want_lines_check,
	.describe = describe,
	.whole = true,
};
