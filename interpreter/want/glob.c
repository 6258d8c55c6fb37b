/* Matching with "*" and "?" by going back to the last "*" only, which is
 * enough: an earlier one could take no more than that one can. */
#include "want/glob.h"

#include "base/limits.h"
#include "want/matcher.h"

/* Bytes of the character that T begins with. */
static size_t
character(struct text t)
{
	uint32_t code;
	size_t n = text_utf8(t, &code);

	return n ? n : 1;
}

/* Match one unit of PATTERN at *P (no "*") with LINE at *L, and step over
 * both. */
static bool
step(struct text pattern, size_t *p, struct text line, size_t *l)
{
	char c;

	if (*p == pattern.len || *l == line.len)
		return false;
	c = pattern.at[*p];
	if (c == '?') {
		*p += 1;
		*l += character(text_sub(line, *l, line.len));
		return true;
	}
	if (c == '\\' && *p + 1 < pattern.len)
		c = pattern.at[++*p];
	if (c != line.at[*l])
		return false;
	*p += 1;
	*l += 1;
	return true;
}

bool
line_glob_matches(struct text pattern, struct text line, struct budget *budget)
{
	size_t p = 0, l = 0, star_p = SIZE_MAX, star_l = 0;

	while (l < line.len || p < pattern.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star_p = ++p;
			star_l = l;
		} else if (!step(pattern, &p, line, &l)) {
			if (star_p == SIZE_MAX || star_l == line.len ||
			    budget_spent(budget))
				return false;
			star_l += character(text_sub(line, star_l, line.len));
			p = star_p;
			l = star_l;
		}
	}
	return true;
}

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	m->literal = want_text(w, m);
	if (text_chr(m->literal, '\n', 0) == m->literal.len &&
	    m->literal.len <= LIMIT_PATTERN_BYTES)
		return true;
	diag_report(sink, DIAG_WANT_PATTERN, w->where,
		    "glob is not one line of at most %d bytes",
		    LIMIT_PATTERN_BYTES);
	return false;
}

static enum want_verdict
check(const struct want *w, const struct want_view *v, struct budget *b,
      struct want_result *ret)
{
	struct text rest = v->bytes, line;

	for (bool first = true; text_next_line(&rest, &line); first = false) {
		if (first && v->partial)
			continue;
		if (line_glob_matches(w->matcher->literal, line, b))
			return VERDICT_MET;
		if (b->spent)
			return want_too_slow(ret);
	}
	if (v->cut)
		return want_cut_off(ret, v);
	want_view_got(v, want_view_last_line(v), ret);
	return want_unmet(ret, w->text, "no line of %s matches", v->name);
}

const struct want_ops want_ops_GLOB = {
	.compile = compile,
	.check = check,
};
