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

void
want_close_step(const struct step *s)
{
	for (uint32_t i = 0; i < s->n_wants; i++)
		want_close(s->wants[i]);
	if (s->until)
		want_close(s->until);
	if (s->retry.until)
		want_close(s->retry.until);
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

/* Judge what came on STREAM. */
static void
check_stream(const struct want *w, enum want_stream stream,
	     const struct want_input *input, struct budget *budget,
	     struct want_result *ret)
{
	struct want_view view;
	enum want_verdict verdict;

	want_result_release(ret);
	ret->stream = stream;
	ret->where = w->where;
	want_view_init(&view, stream, input);
	verdict = check_view(w, &view, budget, ret);
	want_view_release(&view);
	ret->met = verdict == VERDICT_MET;
	ret->broken = verdict == VERDICT_BROKEN;
}

/* As check_stream, where RET is unmet so far and stays so otherwise. */
static void
try_stream(const struct want *w, enum want_stream stream,
	   const struct want_input *input, struct budget *budget,
	   struct want_result *ret)
{
	struct want_result other = WANT_RESULT_INIT;

	if (ret->met || budget->spent)
		return;
	check_stream(w, stream, input, budget, &other);
	if (other.met) {
		want_result_release(ret);
		*ret = other;
	} else {
		want_result_release(&other);
	}
}

static void
check_shown(const struct want *w, const struct want_input *input,
	    struct budget *budget, struct want_result *ret)
{
	const struct want_input *all = w->of_all ? input->all : NULL;
	bool err_only = input->out.len == 0 && input->err.len;

	check_stream(w, err_only ? WANT_STDERR : WANT_STDOUT, input, budget,
		     ret);
	if (input->err.len && !err_only)
		try_stream(w, WANT_BOTH, input, budget, ret);
	if (!all)
		return;
	try_stream(w, WANT_STDOUT, all, budget, ret);
	if (all->err.len)
		try_stream(w, WANT_BOTH, all, budget, ret);
}

void
want_check(const struct want *w, const struct want_input *input,
	   const struct clock *clock, struct want_result *ret)
{
	struct budget budget;

	if (!w->matcher)
		BUG("a want of kind %s is not compiled",
		    want_kind_name(w->kind));
	budget_start(&budget, clock, LIMIT_MATCH_MS);
	if (w->rule)
		check_shown(w, input, &budget, ret);
	else
		check_stream(w, w->stream, input, &budget, ret);
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
want_describe(struct want *w, struct buf *b)
{
	CLEANUP(diag_sink_release) struct diag_sink ignored = DIAG_SINK_INIT;
	const struct want_ops *ops = ops_of[w->kind];
	bool compiled = w->matcher != NULL;

	if (ops->describe && (compiled || want_compile(w, &ignored))) {
		ops->describe(w, b);
		if (!compiled)
			want_close(w);
	} else {
		buf_addt(b, w->text);
	}
}
