/* Rows of line patterns, and the kind whose patterns are all literal. */
#include "want/lines.h"

#include "base/limits.h"
#include "want/matcher.h"
#include "want/pairing.h"

struct want_lines *
want_lines_new(struct arena *arena)
{
	struct want_lines *l = ARENA_NEW(arena, struct want_lines);

	l->arena = arena;
	return l;
}

void
want_lines_release(struct want_lines *l)
{
	for (uint32_t i = 0; i < l->n_patterns; i++)
		l->patterns[i]->rx = rx_free(l->patterns[i]->rx);
}

struct line_pattern *
want_lines_pattern(struct want_lines *l, enum line_kind kind, struct text shown,
		   size_t start, size_t end)
{
	struct line_pattern *p = ARENA_NEW(l->arena, struct line_pattern);

	p->kind = kind;
	p->shown = shown;
	p->start = start;
	p->end = end;
	ARENA_PUSH(l->arena, l->patterns, l->n_patterns, p);
	return p;
}

void
want_lines_add(struct want_lines *l, const struct line_pattern *p,
	       bool optional, bool repeats)
{
	struct line_node node = { p, optional, repeats };

	l->repeats |= repeats;
	if (repeats && !optional) {
		struct line_node one = { p, false, false };

		ARENA_PUSH(l->arena, l->nodes, l->n_nodes, one);
		node.optional = true;
	}
	ARENA_PUSH(l->arena, l->nodes, l->n_nodes, node);
}

bool
line_is_ellipsis(struct text line)
{
	return text_is(line, "…") || text_is(line, "...");
}

bool
want_lines_each(const struct want *w, struct want_matcher *m,
		struct diag_sink *sink,
		bool (*add)(const struct want *w, struct want_lines *l,
			    struct text line, struct diag_sink *sink))
{
	struct text rest = w->text, line;

	m->lines = want_lines_new(&m->arena);
	while (text_next_line(&rest, &line)) {
		if (m->lines->n_patterns == LIMIT_WANT_LINES) {
			diag_report(sink, DIAG_WANT_LIMIT, w->where,
				    "expected text has more than %d lines",
				    LIMIT_WANT_LINES);
			return false;
		}
		if (!add(w, m->lines, line, sink))
			return false;
	}
	return true;
}

static bool
equal_but_for_blanks(struct text a, struct text b)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		while (i < a.len && byte_is_space(a.at[i]))
			i++;
		while (j < b.len && byte_is_space(b.at[j]))
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.at[i] != b.at[j])
			return false;
	}
}

static enum want_verdict
unmet_at(const struct want *w, const struct want_view *v,
	 const struct pairing *pair, struct pairing_end end,
	 struct want_result *ret)
{
	const struct want_lines *l = pair->want;
	const struct line_pattern *p =
		end.node < l->n_nodes ? l->nodes[end.node].pattern : NULL;
	const struct text nothing = { NULL, 0 };

	if (p)
		ret->where = want_span(w, p->start, p->end);
	if (end.line == pair->n_got && p)
		return want_unmet(ret, p->shown,
				  pair->n_got ? "%s ends before"
					      : "%s is empty instead of",
				  v->name);
	want_view_got(v, pair->got[end.line], ret);
	if (!p)
		return want_unmet(ret, nothing,
				  "%s goes on after the last expected line",
				  v->name);
	if ((p->kind == LINE_EQUAL || p->kind == LINE_SHAPE) &&
	    equal_but_for_blanks(p->text, pair->got[end.line]))
		return want_unmet(ret, p->shown,
				  "%s differs only in blanks from", v->name);
	return want_unmet(ret, p->shown, "%s differs from", v->name);
}

/* Of an output whose beginning is gone, only a want that begins with "any
 * lines" can be said to be met; only one that cannot be so long, unmet. */
static enum want_verdict
judge_cut(const struct want_view *v, struct pairing *pair,
	  struct want_result *ret)
{
	const struct want_lines *l = pair->want;
	struct pairing_end end;

	if (!l->repeats && pair->n_got > l->n_nodes)
		return want_unmet(ret, (struct text){ NULL, 0 },
				  "%s has more lines than expected", v->name);
	if (l->n_nodes && l->nodes[0].pattern->kind == LINE_ANY &&
	    pairing_run(pair, &end))
		return VERDICT_MET;
	return want_cut_off(ret, v);
}

static enum want_verdict
judge(const struct want *w, const struct want_view *v, struct pairing *pair,
      struct want_result *ret)
{
	struct pairing_end end = { 0, 0 };

	if (v->cut)
		return judge_cut(v, pair, ret);
	if (pairing_run(pair, &end))
		return VERDICT_MET;
	if (pair->broken && pair->reason.len)
		return want_broken(ret, "regular expression %s",
				   buf_cstr(&pair->reason));
	if (pair->budget->spent)
		return want_too_slow(ret);
	pairing_diff(pair, end, &ret->diff);
	return unmet_at(w, v, pair, end, ret);
}

enum want_verdict
want_lines_check(const struct want *w, const struct want_view *v,
		 struct budget *b, struct want_result *ret)
{
	enum want_verdict verdict;
	struct pairing pair;

	pairing_init(&pair, w->matcher->lines, v->bytes, b);
	verdict = judge(w, v, &pair, ret);
	pairing_release(&pair);
	return verdict;
}

void
want_lines_describe(const struct want *w, struct buf *b)
{
	const struct want_lines *l = w->matcher->lines;

	for (uint32_t i = 0; i < l->n_patterns; i++) {
		buf_addt(b, l->patterns[i]->shown);
		buf_addc(b, '\n');
	}
}

static bool
add_literal(const struct want *w, struct want_lines *l, struct text line,
	    struct diag_sink *sink UNUSED)
{
	CLEANUP(buf_release) struct buf normal = BUF_INIT;
	size_t start = (size_t)(line.at - w->text.at);
	struct line_pattern *p;

	want_normalize(line, &normal);
	/* Without newline and anything to be seen it is no line of output. */
	if (normal.len == 0 && text_chr(w->text, '\n', start) == w->text.len)
		return true;
	p = want_lines_pattern(l, LINE_EQUAL, line, start, start + line.len);
	p->text = arena_text(l->arena, buf_text(&normal));
	want_lines_add(l, p, false, false);
	return true;
}

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	return want_lines_each(w, m, sink, add_literal);
}

const struct want_ops want_ops_EXACT = {
	.compile = compile,
	.check = want_lines_check,
	.describe = want_lines_describe,
	.whole = true,
};
