/* Text that stands in the output, or does not. */
#include "want/matcher.h"

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	m->literal = want_text(w, m);
	if (m->literal.len)
		return true;
	diag_report(sink, DIAG_WANT_PATTERN, w->where,
		    "every output holds an empty text");
	return false;
}

enum {
	NEAREST_BYTES = 200 /* of what is missed are looked for */
};

/* How many words of TEXT stand in LINE. */
static uint32_t
common_words(struct text text, struct text line)
{
	uint32_t n = 0;

	for (size_t i = 0, end; i < text.len; i = end) {
		size_t length = shape_word(text, i);

		end = i + (length ? length : 1);
		if (length &&
		    text_find(line, text_sub(text, i, end), 0) < line.len)
			n++;
	}
	return n;
}

/* The line that has most in common with what is missed: what the reader would
 * look for. The last one of several, and of none. */
static struct text
nearest_line(const struct want_view *v, struct text missed, struct budget *b)
{
	struct text rest = v->bytes, line, nearest = want_view_last_line(v);
	uint32_t most = 1;

	missed = text_sub(missed, 0, text_chr(missed, '\n', 0));
	missed = text_sub(missed, 0, NEAREST_BYTES);
	while (text_next_line(&rest, &line) && !budget_spent(b)) {
		uint32_t n = common_words(missed, line);

		if (n >= most) {
			most = n;
			nearest = line;
		}
	}
	return nearest;
}

static enum want_verdict
check_contains(const struct want *w, const struct want_view *v,
	       struct budget *b, struct want_result *ret)
{
	struct text missed = w->matcher->literal;

	if (text_find(v->bytes, missed, 0) < v->bytes.len)
		return VERDICT_MET;
	if (v->cut)
		return want_cut_off(ret, v);
	want_view_got(v, nearest_line(v, missed, b), ret);
	return want_unmet(ret, missed, "%s does not contain", v->name);
}

static enum want_verdict
check_absent(const struct want *w, const struct want_view *v,
	     struct budget *b UNUSED, struct want_result *ret)
{
	struct text unwanted = w->matcher->literal;
	size_t at = text_find(v->bytes, unwanted, 0);

	if (at < v->bytes.len) {
		want_view_got(v, want_view_line(v, at), ret);
		return want_unmet(ret, unwanted, "%s contains", v->name);
	}
	return v->cut ? want_cut_off(ret, v) : VERDICT_MET;
}

const struct want_ops want_ops_CONTAINS = {
	.compile = compile,
	.check = check_contains,
};

const struct want_ops want_ops_ABSENT = {
	.compile = compile,
	.check = check_absent,
};
