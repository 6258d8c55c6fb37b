/* Findings as lines that every editor reads, with the place when there is a
 * terminal. */
#include "report/lint_format.h"

static void
file(struct lint_report *r, const struct lint_file *f)
{
	for (size_t i = 0; i < f->sink->n_items; i++) {
		if (lint_shows(r, f->sink->items[i]))
			snippet_print(r->out, f->sink->items[i], r->style);
	}
}

static void
add_count(struct buf *b, uint32_t n, const char *what)
{
	if (n)
		buf_addf(b, "%s%u %s%s", b->len ? ", " : "", n, what,
			 n == 1 ? "" : "s");
}

static void
end(struct lint_report *r)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (r->style.brief)
		return;
	add_count(&b, r->n[LEVEL_ERROR], "error");
	add_count(&b, r->n[LEVEL_WARNING], "warning");
	add_count(&b, r->n[LEVEL_INFO] + r->n[LEVEL_HINT], "note");
	buf_addf(r->out, "%s in %u file%s\n",
		 b.len ? buf_cstr(&b) : "no findings", r->n_files,
		 r->n_files == 1 ? "" : "s");
}

const struct lint_format lint_format_text = {
	.name = "text",
	.file = file,
	.end = end,
};
