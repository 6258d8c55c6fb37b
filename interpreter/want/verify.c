/* Patterns that can never match, told before anything is run. */
#include "base/limits.h"
#include "want/regex.h"
#include "want/want.h"

static bool
verify_want(struct want *w, struct diag_sink *sink)
{
	if (w->matcher)
		return true;
	if (!want_compile(w, sink))
		return false;
	want_close(w);
	return true;
}

static bool
verify_capture(const struct capture *c, struct diag_sink *sink)
{
	CLEANUP(buf_release) struct buf reason = BUF_INIT;
	size_t at;
	struct rx *rx = rx_new(c->pattern, RX_SEARCH, &reason, &at);
	bool one = rx && rx_n_groups(rx) == 1;

	if (!rx)
		diag_report(sink, DIAG_WANT_PATTERN, c->where,
			    "malformed regular expression: %s",
			    buf_cstr(&reason));
	else if (!one)
		diag_report(sink, DIAG_WANT_PATTERN, c->where,
			    "the pattern of a capture must have exactly one "
			    "group, which is the value");
	rx_free(rx);
	return one;
}

bool
want_verify(const struct procedure *p, struct diag_sink *sink)
{
	bool ok = true;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];

		for (uint32_t w = 0; w < s->n_wants; w++) {
			if (!s->wants[w]->inferred)
				ok &= verify_want(s->wants[w], sink);
		}
		if (s->until)
			ok &= verify_want(s->until, sink);
		if (s->retry.until)
			ok &= verify_want(s->retry.until, sink);
		for (uint32_t c = 0; c < s->n_captures; c++)
			ok &= verify_capture(&s->captures[c], sink);
	}
	return ok;
}
