/* The lines of `lines:`: literal, or patterns by their suffix
 * (graph/line_suffix.h). */
#include "base/limits.h"
#include "graph/line_suffix.h"
#include "want/matcher.h"

static bool
is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static int
hex_value(char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of two hexadecimal digits at AT, or of up to three octal ones. */
static size_t
number_escape(struct text t, size_t at, char *ret)
{
	unsigned value = 0;
	size_t n = 0;

	if (t.at[at] == 'x') {
		if (at + 2 >= t.len || hex_value(t.at[at + 1]) < 0 ||
		    hex_value(t.at[at + 2]) < 0)
			return 0;
		*ret = (char)(hex_value(t.at[at + 1]) * 16 +
			      hex_value(t.at[at + 2]));
		return 3;
	}
	while (n < 3 && at + n < t.len && t.at[at + n] >= '0' &&
	       t.at[at + n] <= '7')
		value = value * 8 + (unsigned)(t.at[at + n++] - '0');
	*ret = (char)value;
	return value < 256 ? n : 0;
}

/* Decode C's escapes (and \e) of T into B. Returns the offset of a backslash
 * that stands before anything else, or T.len. What a GLOB would take for a
 * wildcard stays escaped for it. */
static size_t
unescape(struct text t, bool glob, struct buf *b)
{
	static const char names[] = "abefnrtv\\'\"";
	static const char bytes[] = "\a\b\033\f\n\r\t\v\\'\"";

	for (size_t i = 0; i < t.len;) {
		size_t n = 1;
		char c;

		if (t.at[i] != '\\') {
			buf_addc(b, t.at[i++]);
			continue;
		}
		if (i + 1 == t.len)
			return i;
		c = t.at[i + 1];
		if (glob && is_one_of(c, "*?\\")) {
			buf_add(b, t.at + i, 2);
		} else if (is_one_of(c, names)) {
			buf_addc(b, bytes[strchr(names, c) - names]);
		} else if ((n = number_escape(t, i + 1, &c))) {
			if (glob && is_one_of(c, "*?\\"))
				buf_addc(b, '\\');
			buf_addc(b, c);
		} else {
			return i;
		}
		i += 1 + n;
	}
	return t.len;
}

/* The text of a literal or glob line, decoded and normalised like the output
 * that it will meet. */
static bool
set_text(const struct want *w, struct want_lines *l, struct line_pattern *p,
	 struct text line, bool escaped, struct diag_sink *sink)
{
	CLEANUP(buf_release) struct buf decoded = BUF_INIT;
	CLEANUP(buf_release) struct buf normal = BUF_INIT;
	size_t bad = line.len;

	if (escaped)
		bad = unescape(line, p->kind == LINE_GLOB, &decoded);
	else
		buf_addt(&decoded, line);
	if (bad < line.len) {
		struct diag *d = diag_report(
			sink, DIAG_WANT_PATTERN,
			want_span(w, p->start + bad, p->start + bad + 2),
			"unknown escape in an (esc) line");

		diag_help(d, "write a backslash as '\\\\', a byte as '\\x1b'");
		return false;
	}
	want_normalize(buf_text(&decoded), &normal);
	p->text = arena_text(l->arena, buf_text(&normal));
	return true;
}

static bool
set_regex(const struct want *w, struct want_lines *l, struct line_pattern *p,
	  struct text line, struct diag_sink *sink)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	size_t at = 0;

	l->n_caseless_ranges += rx_caseless_ranges(line);
	if (l->n_caseless_ranges > LIMIT_CASELESS_RANGES) {
		diag_report(sink, DIAG_WANT_LIMIT,
			    want_span(w, p->start, p->end),
			    "expected text has more than %d ranges that ignore "
			    "case",
			    LIMIT_CASELESS_RANGES);
		return false;
	}
	p->rx = rx_new(line, RX_WHOLE, &reason, &at);
	if (p->rx)
		return true;
	if (at >= line.len)
		at = line.len ? line.len - 1 : 0;
	diag_report(sink, DIAG_WANT_PATTERN,
		    want_span(w, p->start + at, p->start + at + 1),
		    "malformed regular expression: %s", buf_cstr(&reason));
	return false;
}

static enum line_kind
line_kind(enum suffix_kind kind)
{
	if (kind == SUFFIX_REGEX)
		return LINE_REGEX;
	return kind == SUFFIX_GLOB ? LINE_GLOB : LINE_EQUAL;
}

static bool
add(const struct want *w, struct want_lines *l, struct text line,
    struct diag_sink *sink)
{
	struct line_suffix m;
	size_t start = (size_t)(line.at - w->text.at);
	struct text shown = line;
	struct line_pattern *p;
	bool ok;

	if (line_is_ellipsis(line)) {
		p = want_lines_pattern(l, LINE_ANY, line, start,
				       start + line.len);
		want_lines_add(l, p, true, true);
		return true;
	}
	m = line_suffix_cut(&line);
	p = want_lines_pattern(l, line_kind(m.kind), shown, start,
			       start + shown.len);
	p->no_eol = m.no_eol;
	ok = p->kind == LINE_REGEX ? set_regex(w, l, p, line, sink)
				   : set_text(w, l, p, line, m.escaped, sink);
	want_lines_add(l, p, m.quantifier == '?' || m.quantifier == '*',
		       m.quantifier == '*' || m.quantifier == '+');
	return ok;
}

/* A line without its end can only be the last. */
static bool
check_no_eol(const struct want *w, const struct want_lines *l,
	     struct diag_sink *sink)
{
	for (uint32_t i = 0; i + 1 < l->n_patterns; i++) {
		const struct line_pattern *p = l->patterns[i];

		if (!p->no_eol)
			continue;
		diag_report(sink, DIAG_WANT_PATTERN,
			    want_span(w, p->start, p->end),
			    "(no-eol) before the last line");
		return false;
	}
	return true;
}

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	return want_lines_each(w, m, sink, add) &&
	       check_no_eol(w, m->lines, sink);
}

const struct want_ops want_ops_LINES = {
	.compile = compile,
	.check = want_lines_check,
	.describe = want_lines_describe,
	.whole = true,
};
