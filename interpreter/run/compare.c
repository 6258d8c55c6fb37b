/* Reading a file of a host, and what writing it would change. */
#include "run/compare.h"

#include "diag/diag.h"
#include "shell/quote.h"
#include "want/want.h"

struct text
compare_command(struct arena *arena, const struct step *s)
{
	CLEANUP(buf_release) struct buf script = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&script, "p=");
	quote_add_word(&script, s->path);
	buf_addf(&script,
		 "\ns=\n"
		 "if [ ! -e \"$p\" ]; then exit %d; fi\n"
		 "if [ ! -f \"$p\" ]; then exit %d; fi\n"
		 "[ -r \"$p\" ] || s='sudo -n'\n"
		 "exec $s cat -- \"$p\"\n",
		 COMPARE_MISSING, COMPARE_NO_FILE);
	buf_adds(&b, "sh -c ");
	quote_add_word(&b, buf_text(&script));
	return arena_text(arena, buf_text(&b));
}

void
compare_show(struct buf *b, const struct step *s, struct text now,
	     const struct clock *clock)
{
	CLEANUP(want_result_release)
	struct want_result r = WANT_RESULT_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	struct want_input input = { .out = s->text.text };
	struct want w = { .kind = WANT_EXACT, .text = now, .where = s->where };

	if (!want_compile(&w, &sink))
		return;
	want_check(&w, &input, clock, &r);
	want_close(&w);
	buf_addf(b, "--- %.*s as it is\n+++ as the document says\n",
		 TEXT_ARG(s->path));
	buf_addt(b, buf_text(&r.diff));
}
