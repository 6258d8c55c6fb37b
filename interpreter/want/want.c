/* Wants as their users see them: compiled, judged, described. */
#include "want/want.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "want/matcher.h"

static const struct want_ops *const ops_of[] = {
#define WANT_KIND(symbol, name, help) &want_ops_##symbol,
#include "graph/want_kinds.def"
#undef WANT_KIND
};

struct span
want_span(const struct want *w, size_t start, size_t end)
{
	if (!w->map)
		return w->where;
	return map_span(w->map, (uint32_t)start, (uint32_t)end);
}

struct text
want_text(const struct want *w, struct want_matcher *m)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text t = w->text;

	if (text_ends(t, "\n"))
		t.len--;
	want_normalize(t, &b);
	return arena_text(&m->arena, buf_text(&b));
}

bool
want_compile(struct want *w, struct diag_sink *sink)
{
	if (w->text.len > LIMIT_MATCH_BYTES) {
		diag_report(sink, DIAG_WANT_LIMIT, w->where,
			    "expected text has more than %d bytes",
			    LIMIT_MATCH_BYTES);
		return false;
	}
	w->matcher = xcalloc(1, sizeof(*w->matcher));
	arena_init(&w->matcher->arena);
	if (ops_of[w->kind]->compile(w, w->matcher, sink))
		return true;
	want_close(w);
	return false;
}

void
want_close(struct want *w)
{
	if (!w->matcher)
		return;
	if (w->matcher->lines)
		want_lines_release(w->matcher->lines);
	rx_free(w->matcher->rx);
	jval_free(w->matcher->json);
	arena_release(&w->matcher->arena);
	free(w->matcher);
	w->matcher = NULL;
}

static enum want_verdict
check_view(const struct want *w, const struct want_view *v, struct budget *b,
	   struct want_result *ret)
{
	const struct want_ops *ops = ops_of[w->kind];

	if (ops->whole && v->gap)
		return want_cut_off(ret, v);
	return ops->check(w, v, b, ret);
}

void
want_check(const struct want *w, const struct want_input *input,
	   const struct clock *clock, struct want_result *ret)
{
	struct want_view view;
	struct budget budget;
	enum want_verdict verdict;

	if (!w->matcher)
		BUG("a want of kind %s is not compiled",
		    want_kind_name(w->kind));
	want_result_release(ret);
	ret->stream = w->stream;
	ret->where = w->where;
	budget_start(&budget, clock, LIMIT_MATCH_MS);
	want_view_init(&view, w->stream, input);
	verdict = check_view(w, &view, &budget, ret);
	want_view_release(&view);
	ret->met = verdict == VERDICT_MET;
	ret->broken = verdict == VERDICT_BROKEN;
}

bool
want_check_all(struct want *const *wants, uint32_t n,
	       const struct want_input *input, const struct clock *clock,
	       struct want_result *ret)
{
	int64_t end = clock_mono_ms(clock) + LIMIT_MATCH_STEP_MS;
	bool met = true;

	for (uint32_t i = 0; i < n; i++) {
		if (clock_mono_ms(clock) < end) {
			want_check(wants[i], input, clock, &ret[i]);
		} else {
			want_result_release(&ret[i]);
			ret[i].where = wants[i]->where;
			ret[i].broken = true;
			want_broken(&ret[i],
				    "output of one step took more than %d ms "
				    "to judge",
				    LIMIT_MATCH_STEP_MS);
		}
		met &= ret[i].met;
	}
	return met;
}

void
want_describe(const struct want *w, struct buf *b)
{
	const struct want_ops *ops = ops_of[w->kind];

	if (ops->describe)
		ops->describe(w, b);
	else
		buf_addt(b, w->text);
}
