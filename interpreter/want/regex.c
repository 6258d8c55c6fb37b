/* PCRE2, and the want kind that is made of it. */
#include "want/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "want/matcher.h"

struct rx {
	pcre2_code *code;
	uint32_t n_groups;
};

enum {
	ERROR_TEXT_BYTES = 256,
	NESTED_PARENS = 50,
	BACKTRACKS = 10 * 1000 * 1000,
	/* While its frames grow, PCRE2 has the old ones beside the new. */
	FRAMES_MIB = LIMIT_MATCH_HEAP_BYTES / 4 / (1024 * 1024)
};

static void
add_pcre2_error(int code, struct buf *b)
{
	PCRE2_UCHAR text[ERROR_TEXT_BYTES];

	pcre2_get_error_message(code, text, sizeof(text));
	buf_adds(b, (const char *)text);
}

static pcre2_compile_context *
compile_context(void)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		BUG("no PCRE2 compile context");
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_parens_nest_limit(context, NESTED_PARENS);
	return context;
}

/* True when PATTERN holds "(?i)", "(?s-mi:" or the like. */
static bool
ignores_case(struct text pattern)
{
	size_t at = 0;

	while ((at = text_find(pattern, TEXT("(?"), at)) < pattern.len) {
		bool found = false;

		for (at += 2; at < pattern.len; at++) {
			char c = pattern.at[at];

			if (!byte_is_alpha(c) && c != '^' && c != '-')
				break;
			found |= c == 'i';
		}
		if (found && at < pattern.len &&
		    (pattern.at[at] == ')' || pattern.at[at] == ':'))
			return true;
	}
	return false;
}

uint32_t
rx_caseless_ranges(struct text pattern)
{
	uint32_t n = 0;

	if (!ignores_case(pattern))
		return 0;
	for (size_t at = text_chr(pattern, '-', 0); at < pattern.len;
	     at = text_chr(pattern, '-', at + 1))
		n++;
	return n;
}

static bool
is_too_large(struct text pattern, struct buf *reterr)
{
	if (pattern.len > LIMIT_PATTERN_BYTES) {
		buf_addf(reterr, "longer than %d bytes", LIMIT_PATTERN_BYTES);
		return true;
	}
	if (rx_caseless_ranges(pattern) > LIMIT_CASELESS_RANGES) {
		buf_addf(reterr, "more than %d ranges that ignore case",
			 LIMIT_CASELESS_RANGES);
		return true;
	}
	return false;
}

struct rx *
rx_new(struct text pattern, enum rx_mode mode, struct buf *reterr,
       size_t *reterr_at)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
			   PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
	pcre2_compile_context *context;
	pcre2_code *code;
	struct rx *rx;
	int error;

	*reterr_at = 0;
	if (is_too_large(pattern, reterr))
		return NULL;
	options |= mode == RX_WHOLE ? PCRE2_ANCHORED | PCRE2_ENDANCHORED
				    : PCRE2_MULTILINE;
	context = compile_context();
	code = pcre2_compile((PCRE2_SPTR)(pattern.at ? pattern.at : ""),
			     pattern.len, options, &error, reterr_at, context);
	pcre2_compile_context_free(context);
	if (!code) {
		add_pcre2_error(error, reterr);
		return NULL;
	}
	rx = xcalloc(1, sizeof(*rx));
	rx->code = code;
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &rx->n_groups);
	return rx;
}

struct rx *
rx_free(struct rx *rx)
{
	if (!rx)
		return NULL;
	pcre2_code_free(rx->code);
	free(rx);
	return NULL;
}

uint32_t
rx_n_groups(const struct rx *rx)
{
	return rx->n_groups;
}

/* Called before each item of the pattern. */
static int
on_item(pcre2_callout_block *block UNUSED, void *data)
{
	return budget_spent(data) ? PCRE2_ERROR_CALLOUT : 0;
}

static pcre2_match_context *
match_context(struct budget *budget)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);

	if (!context)
		BUG("no PCRE2 match context");
	pcre2_set_callout(context, on_item, budget);
	pcre2_set_match_limit(context, BACKTRACKS);
	pcre2_set_heap_limit(context, FRAMES_MIB * 1024);
	return context;
}

static void
copy_groups(pcre2_match_data *data, struct rx_group *ret, uint32_t n)
{
	static const PCRE2_SIZE unset[] = { PCRE2_UNSET, PCRE2_UNSET };
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
	uint32_t known = pcre2_get_ovector_count(data);

	for (uint32_t i = 0; i < n; i++) {
		const PCRE2_SIZE *pair =
			i < known ? offsets + 2 * (size_t)i : unset;

		ret[i].start = pair[0];
		ret[i].end = pair[1];
	}
}

static enum rx_verdict
broken(int code, struct buf *reterr)
{
	if (code == PCRE2_ERROR_CALLOUT)
		buf_addf(reterr, "took more than %d ms", LIMIT_MATCH_MS);
	else if (code == PCRE2_ERROR_MATCHLIMIT)
		buf_addf(reterr, "took more than %d attempts", BACKTRACKS);
	else if (code == PCRE2_ERROR_HEAPLIMIT || code == PCRE2_ERROR_NOMEMORY)
		buf_addf(reterr, "took more than %d MiB", FRAMES_MIB);
	else
		add_pcre2_error(code, reterr);
	return RX_BROKEN;
}

enum rx_verdict
rx_match(const struct rx *rx, struct text subject, size_t from,
	 struct budget *budget, struct rx_group *ret, uint32_t n,
	 struct buf *reterr)
{
	pcre2_match_data *data =
		pcre2_match_data_create_from_pattern(rx->code, NULL);
	pcre2_match_context *context = match_context(budget);
	int result;

	if (!data)
		BUG("no PCRE2 match data");
	result = pcre2_match(rx->code,
			     (PCRE2_SPTR)(subject.at ? subject.at : ""),
			     subject.len, from, 0, data, context);
	if (result > 0)
		copy_groups(data, ret, n);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	if (result > 0)
		return RX_YES;
	return result == PCRE2_ERROR_NOMATCH ? RX_NO : broken(result, reterr);
}

static bool
compile(const struct want *w, struct want_matcher *m, struct diag_sink *sink)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	struct text pattern = w->text;
	size_t at;

	/* A block text of YAML ends with a newline that nobody meant. */
	if (text_ends(pattern, "\n"))
		pattern.len--;
	m->rx = rx_new(pattern, RX_SEARCH, &reason, &at);
	if (!m->rx)
		diag_report(sink, DIAG_WANT_PATTERN,
			    want_span(w, at, at < pattern.len ? at + 1 : at),
			    "malformed regular expression: %s",
			    buf_cstr(&reason));
	return m->rx;
}

/* Bytes that are gone were before the subject: a byte of ours stands for them,
 * so that \A does not match where the tail begins and ^ only where a line
 * does. */
static enum rx_verdict
match_view(const struct rx *rx, const struct want_view *v, struct budget *b,
	   struct buf *reterr)
{
	CLEANUP(buf_release) struct buf subject = BUF_INIT;

	if (!v->cut)
		return rx_match(rx, v->bytes, 0, b, NULL, 0, reterr);
	buf_addc(&subject, v->partial ? 'x' : '\n');
	buf_addt(&subject, v->bytes);
	return rx_match(rx, buf_text(&subject), 1, b, NULL, 0, reterr);
}

static enum want_verdict
check(const struct want *w, const struct want_view *v, struct budget *b,
      struct want_result *ret)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;

	switch (match_view(w->matcher->rx, v, b, &reason)) {
	case RX_YES:
		return VERDICT_MET;
	case RX_BROKEN:
		return want_broken(ret, "regular expression %s",
				   buf_cstr(&reason));
	case RX_NO:
		break;
	}
	if (v->cut)
		return want_cut_off(ret, v);
	want_view_got(v, want_view_last_line(v), ret);
	return want_unmet(ret, w->text, "nothing in %s matches", v->name);
}

const struct want_ops want_ops_REGEX = {
	.compile = compile,
	.check = check,
};
