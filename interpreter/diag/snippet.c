/* Diagnostics as people and editors read them (gcc's shape). */
#include "diag/snippet.h"

#include "base/width.h"
#include "diag/source.h"

static const char *
level_color(enum diag_level level)
{
	if (level == LEVEL_ERROR)
		return "\033[1;31m";
	return level == LEVEL_WARNING ? "\033[1;35m" : "\033[1;36m";
}

static void
add_colored(struct buf *b, bool color, const char *sgr, const char *s)
{
	if (color)
		buf_addf(b, "%s%s\033[0m", sgr, s);
	else
		buf_adds(b, s);
}

static void
add_safe(struct buf *b, const char *s)
{
	width_print(b, text_of(s), 0);
}

static void
add_place(struct buf *b, struct span where)
{
	struct place p;

	if (!where.src) {
		buf_adds(b, "runbook: ");
		return;
	}
	p = source_place(where.src, where.start);
	add_safe(b, where.src->path);
	buf_addf(b, ":%u:%u: ", p.line, p.column);
}

static unsigned
digits(uint32_t n)
{
	unsigned count = 1;

	while (n >= 10) {
		n /= 10;
		count++;
	}
	return count;
}

/* Blanks as wide as BEFORE is shown; tabs are copied, so that any tab width of
 * the reader's terminal agrees. */
static void
add_padding(struct buf *b, struct text before)
{
	for (size_t i = 0; i < before.len;) {
		size_t end = text_chr(before, '\t', i);

		buf_fill(b, ' ', width_of_text(text_sub(before, i, end), 1));
		if (end < before.len)
			buf_addc(b, '\t');
		i = end + 1;
	}
}

static void
add_snippet(struct buf *b, struct span where, enum diag_level level, bool color)
{
	uint32_t line = span_line(where);
	uint32_t start = source_line_start(where.src, line);
	struct text text = source_line_text(where.src, line);
	struct text before = text_sub(text, 0, where.start - start);
	struct text under =
		text_sub(text, where.start - start, where.end - start);
	unsigned gutter = digits(line), width = width_of_text(under, 1);

	buf_fill(b, ' ', gutter);
	buf_addf(b, " |\n%u | ", line);
	width_print(b, text, 0);
	buf_addc(b, '\n');
	buf_fill(b, ' ', gutter);
	buf_adds(b, " | ");
	add_padding(b, before);
	if (color)
		buf_adds(b, level_color(level));
	buf_addc(b, '^');
	if (width > 1)
		buf_fill(b, '~', width - 1);
	if (color)
		buf_adds(b, "\033[0m");
	buf_addc(b, '\n');
}

void
snippet_print(struct buf *b, const struct diag *d, struct snippet_style style)
{
	add_place(b, d->where);
	add_colored(b, style.color, level_color(d->level),
		    diag_level_name(d->level));
	buf_adds(b, ": ");
	add_safe(b, d->message);
	buf_addf(b, " [%s]\n", diag_info(d->code)->number);
	if (style.brief)
		return;
	if (d->where.src)
		add_snippet(b, d->where, d->level, style.color);
	for (const struct diag_note *n = d->notes; n; n = n->next) {
		add_place(b, n->where);
		buf_adds(b, "note: ");
		add_safe(b, n->message);
		buf_addc(b, '\n');
		if (n->where.src)
			add_snippet(b, n->where, LEVEL_INFO, style.color);
	}
	if (d->help) {
		add_colored(b, style.color, "\033[1;32m", "help");
		buf_adds(b, ": ");
		add_safe(b, d->help);
		buf_addc(b, '\n');
	}
}

void
snippet_print_all(struct buf *b, const struct diag_sink *sink,
		  struct snippet_style style)
{
	for (size_t i = 0; i < sink->n_items; i++)
		snippet_print(b, sink->items[i], style);
}
