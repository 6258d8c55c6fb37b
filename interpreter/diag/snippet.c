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

enum {
	LINE_MOST = 240, /* bytes of a line that are shown … */
	CONTEXT = 80 /* … with so many before the span, when it is longer */
};

/* The bytes [START, END) of a line that are shown. */
struct window {
	size_t start, end;
};

/* The beginning of the character that AT is in, or AT when it is in none. */
static size_t
character_start(struct text t, size_t at)
{
	size_t back = at < 3 ? at : 3;
	uint32_t code;

	for (size_t i = at - back; i < at; i++) {
		if (i + text_utf8(text_sub(t, i, t.len), &code) > at)
			return i;
	}
	return at;
}

static struct window
choose_window(struct text line, size_t at)
{
	struct window w = { 0, line.len };

	if (line.len <= LINE_MOST)
		return w;
	if (at > line.len)
		at = line.len;
	if (at > LINE_MOST - CONTEXT)
		w.start = character_start(line, at - CONTEXT);
	if (line.len - w.start > LINE_MOST)
		w.end = character_start(line, w.start + LINE_MOST);
	return w;
}

/* What stands left of the line and of the carets below it. */
static void
add_gutter(struct buf *b, uint32_t line, bool numbered)
{
	if (numbered)
		buf_addf(b, "%u", line);
	else
		buf_fill(b, ' ', digits(line));
	buf_adds(b, " |");
}

static void
add_line(struct buf *b, struct text line, struct window w)
{
	if (w.start > 0)
		buf_adds(b, "…");
	width_print(b, text_sub(line, w.start, w.end), 0);
	if (w.end < line.len)
		buf_adds(b, "…");
	buf_addc(b, '\n');
}

static void
add_carets(struct buf *b, struct text under, enum diag_level level,
	   const char *label, bool color)
{
	unsigned width = width_of_text(under, 1);

	if (color)
		buf_adds(b, level_color(level));
	buf_addc(b, '^');
	if (width > 1)
		buf_fill(b, '~', width - 1);
	if (label) {
		buf_addc(b, ' ');
		add_safe(b, label);
	}
	if (color)
		buf_adds(b, "\033[0m");
	buf_addc(b, '\n');
}

static void
add_snippet(struct buf *b, struct span where, enum diag_level level,
	    const char *label, bool color)
{
	uint32_t number = span_line(where);
	uint32_t start = source_line_start(where.src, number);
	struct text line = source_line_text(where.src, number);
	size_t from = where.start - start, to = where.end - start;
	struct window w = choose_window(line, from);

	add_gutter(b, number, false);
	buf_addc(b, '\n');
	add_gutter(b, number, true);
	buf_addc(b, ' ');
	add_line(b, line, w);
	add_gutter(b, number, false);
	buf_addc(b, ' ');
	if (w.start > 0)
		buf_addc(b, ' ');
	add_padding(b, text_sub(line, w.start, from));
	add_carets(b, text_sub(line, from, to < w.end ? to : w.end), level,
		   label, color);
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
		add_snippet(b, d->where, d->level, d->label, style.color);
	for (const struct diag_note *n = d->notes; n; n = n->next) {
		add_place(b, n->where);
		buf_adds(b, "note: ");
		add_safe(b, n->message);
		buf_addc(b, '\n');
		if (n->where.src)
			add_snippet(b, n->where, LEVEL_INFO, NULL, style.color);
	}
	if (d->help) {
		add_colored(b, style.color, "\033[1;32m", "help");
		buf_adds(b, ": ");
		add_safe(b, d->help);
		buf_addc(b, '\n');
	}
}

void
snippet_place(struct buf *b, struct span where, bool color)
{
	add_snippet(b, where, LEVEL_INFO, NULL, color);
}

void
snippet_print_all(struct buf *b, const struct diag_sink *sink,
		  struct snippet_style style)
{
	for (size_t i = 0; i < sink->n_items; i++)
		snippet_print(b, sink->items[i], style);
}
