/* What a judgement says. */
#include "base/limits.h"
#include "base/width.h"
#include "want/matcher.h"

enum {
	QUOTED_COLUMNS = 60
};

void
want_result_release(struct want_result *r)
{
	buf_release(&r->message);
	buf_release(&r->got);
	buf_release(&r->diff);
	*r = (struct want_result)WANT_RESULT_INIT;
}

/* Append T in quotes: one line, nothing that a terminal would obey. */
static void
add_quoted(struct buf *b, struct text t)
{
	size_t end = text_chr(t, '\n', 0);

	buf_adds(b, " '");
	width_print(b, text_sub(t, 0, end), QUOTED_COLUMNS);
	buf_adds(b, end + 1 < t.len ? " …'" : "'");
}

void
want_describe_got(const struct want_result *r, struct buf *b)
{
	static const char *const names[] = { "stdout", "stderr", "output" };

	if (r->broken || r->got.len == 0)
		return;
	buf_adds(b, "got");
	add_quoted(b, buf_text(&r->got));
	if (r->line)
		buf_addf(b, " (line %u of %s)", r->line, names[r->stream]);
}

enum want_verdict
want_unmet(struct want_result *ret, struct text quoted, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&ret->message, fmt, ap);
	va_end(ap);
	if (quoted.at)
		add_quoted(&ret->message, quoted);
	return VERDICT_UNMET;
}

enum want_verdict
want_broken(struct want_result *ret, const char *fmt, ...)
{
	va_list ap;

	buf_clear(&ret->message);
	buf_clear(&ret->diff);
	va_start(ap, fmt);
	buf_vaddf(&ret->message, fmt, ap);
	va_end(ap);
	return VERDICT_BROKEN;
}

enum want_verdict
want_too_slow(struct want_result *ret)
{
	return want_broken(ret, "output took more than %d ms to judge",
			   LIMIT_MATCH_MS);
}

enum want_verdict
want_cut_off(struct want_result *ret, const struct want_view *v)
{
	return want_broken(ret, "%s is longer than what was kept of it",
			   v->name);
}
