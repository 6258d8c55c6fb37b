/* The filter between what commands print and the operator's terminal. */
#include "base/termfilter.h"

#include "base/alloc.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/visible.h"

struct termfilter {
	struct termfilter_options options;
	struct escape escape;
	struct buf sequence; /* an escape sequence that is not whole yet */
	struct buf cut;      /* a UTF-8 sequence that is not whole yet */
	bool skipping;       /* in a string that is too long … */
	bool skipped_esc;    /* … and its last byte was ESC */
	bool after_cr;       /* CRs came; what follows says what they mean */
	bool line_used;      /* something stands on the terminal's line */
	bool styled;         /* by an SGR that passed */
	bool hidden;      /* this state of the line came too early: it is … */
	struct buf later; /* … here, for the case that it is the last */
	int64_t next_draw_ms;
};

struct termfilter *
termfilter_new(struct termfilter_options options)
{
	struct termfilter *f = xcalloc(1, sizeof(*f));

	f->options = options;
	return f;
}

struct termfilter *
termfilter_free(struct termfilter *f)
{
	if (f) {
		buf_release(&f->sequence);
		buf_release(&f->cut);
		buf_release(&f->later);
		free(f);
	}
	return NULL;
}

void
termfilter_free_ptr(struct termfilter **f)
{
	*f = termfilter_free(*f);
}

/* ---- lines -------------------------------------------------------------- */

/* The terminal's line is to be empty again. */
static void
clear_line(struct termfilter *f, struct buf *out)
{
	if (f->line_used)
		buf_adds(out, f->options.redraw ? "\r\033[K" : "\n");
	f->line_used = false;
}

/* Show the state of the line that was hidden. */
static void
reveal(struct termfilter *f, struct buf *out)
{
	if (!f->hidden)
		return;
	clear_line(f, out);
	buf_addt(out, buf_text(&f->later));
	f->line_used = f->later.len > 0;
	f->hidden = false;
	buf_clear(&f->later);
}

static bool
is_time_to_draw(struct termfilter *f)
{
	int64_t now;

	if (!f->options.clock)
		return true;
	now = clock_mono_ms(f->options.clock);
	if (now < f->next_draw_ms)
		return false;
	f->next_draw_ms = now + f->options.redraw_ms;
	return true;
}

static void
restart_line(struct termfilter *f, struct buf *out)
{
	buf_clear(&f->later);
	f->hidden = !is_time_to_draw(f);
	if (!f->hidden)
		clear_line(f, out);
}

/* Where the next characters go. */
static struct buf *
line(struct termfilter *f, struct buf *out)
{
	if (f->later.len > LIMIT_ESCAPE_BYTES)
		reveal(f, out);
	if (f->hidden)
		return &f->later;
	f->line_used = true;
	return out;
}

static void
end_line(struct termfilter *f, struct buf *out)
{
	reveal(f, out);
	buf_addc(out, '\n');
	f->line_used = false;
}

/* ---- characters --------------------------------------------------------- */

static void
show(struct termfilter *f, struct text t, struct buf *out)
{
	struct buf *to = line(f, out);
	uint32_t code;

	for (size_t i = 0; i < t.len;)
		i += visible_add(to, text_sub(t, i, t.len), &code);
}

static void
end_cut(struct termfilter *f, struct buf *out)
{
	if (f->cut.len)
		show(f, buf_text(&f->cut), out);
	buf_clear(&f->cut);
}

/* Something other than LF follows, or nothing more: CRs before LF are part
 * of it. */
static void
end_cr(struct termfilter *f, struct buf *out)
{
	if (f->after_cr)
		restart_line(f, out);
	f->after_cr = false;
}

static void
feed_character(struct termfilter *f, char c, struct buf *out)
{
	uint32_t code;

	end_cr(f, out);
	buf_addc(&f->cut, c);
	while (f->cut.len && !text_is_cut_utf8(buf_text(&f->cut)))
		buf_drop(&f->cut,
			 visible_add(line(f, out), buf_text(&f->cut), &code));
}

static void
feed_text(struct termfilter *f, char c, struct buf *out)
{
	if (c != '\n' && c != '\r') {
		feed_character(f, c, out);
		return;
	}
	end_cut(f, out);
	f->after_cr = c == '\r';
	if (c == '\n')
		end_line(f, out);
}

/* ---- sequences ---------------------------------------------------------- */

/* "CSI K" erases to the end of the line, where nothing stands; "ESC ( B"
 * chooses the character set that is chosen. */
static bool
has_no_effect(struct text sequence)
{
	return text_is(sequence, "\033[K") || text_is(sequence, "\033[0K") ||
	       text_is(sequence, "\033(B");
}

/* Styles of hidden text pass at once and again with it: the terminal's style
 * is the same whether it is shown or not. */
static void
pass_style(struct termfilter *f, struct text sgr, struct buf *out)
{
	if (!f->options.color)
		return;
	buf_addt(out, sgr);
	if (f->hidden)
		buf_addt(line(f, out), sgr);
	f->styled = !text_is(sgr, "\033[m") && !text_is(sgr, "\033[0m");
}

static void
end_sequence(struct termfilter *f, struct buf *out)
{
	struct text sequence = buf_text(&f->sequence);

	if (escape_is_sgr(sequence))
		pass_style(f, sequence, out);
	else if (!has_no_effect(sequence))
		show(f, sequence, out);
	buf_clear(&f->sequence);
}

static void
break_sequence(struct termfilter *f, struct buf *out)
{
	struct text sequence = buf_text(&f->sequence);

	if (sequence.len == LIMIT_ESCAPE_BYTES) {
		show(f, text_sub(sequence, 0, 2), out);
		buf_adds(line(f, out), "…");
		f->skipping = true;
		f->skipped_esc = false;
	} else {
		show(f, sequence, out);
	}
	buf_clear(&f->sequence);
}

/* In a string that is too long: true when C still belongs to it. */
static bool
skip(struct termfilter *f, char c)
{
	bool is_end = c == '\a' || c == '\030' || c == '\032' ||
		      (c == '\\' && f->skipped_esc);

	f->skipped_esc = c == '\033';
	f->skipping = !is_end && c != '\n';
	return c != '\n';
}

static void
feed(struct termfilter *f, char c, struct buf *out)
{
	enum escape_step step = escape_feed(&f->escape, c);

	if (step == ESCAPE_BROKEN) {
		break_sequence(f, out);
		if (f->skipping && skip(f, c))
			return;
		step = escape_feed(&f->escape, c);
	}
	if (step == ESCAPE_TEXT) {
		feed_text(f, c, out);
		return;
	}
	if (f->sequence.len == 0) {
		end_cr(f, out);
		end_cut(f, out);
	}
	buf_addc(&f->sequence, c);
	if (step == ESCAPE_LAST)
		end_sequence(f, out);
}

/* ---- streams ------------------------------------------------------------ */

/* How many bytes at T's start are printable ASCII. */
static size_t
plain_bytes(struct text t)
{
	size_t n = 0;

	while (n < t.len && t.at[n] >= 0x20 && t.at[n] < 0x7f)
		n++;
	return n;
}

static bool
is_in_the_middle(const struct termfilter *f)
{
	return f->sequence.len || f->cut.len || f->after_cr || f->skipping;
}

void
termfilter_write(struct termfilter *f, struct text text, struct buf *out)
{
	for (size_t i = 0; i < text.len;) {
		size_t n = 0;

		if (!is_in_the_middle(f))
			n = plain_bytes(text_sub(text, i, text.len));
		if (n)
			buf_add(line(f, out), text.at + i, n);
		else if (!f->skipping || !skip(f, text.at[i]))
			feed(f, text.at[i], out);
		i += n ? n : 1;
	}
}

void
termfilter_end(struct termfilter *f, struct buf *out)
{
	if (f->sequence.len)
		show(f, buf_text(&f->sequence), out);
	end_cut(f, out);
	reveal(f, out);
	if (f->styled)
		buf_adds(out, "\033[0m");
	buf_clear(&f->sequence);
	f->escape = (struct escape){ .kind = ESCAPE_NONE };
	f->skipping = f->after_cr = f->styled = f->line_used = false;
}
