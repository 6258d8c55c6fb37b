/* A recogniser of control sequences, one byte at a time. */
#include "base/escape.h"

#include "base/limits.h"

static const char esc = '\033', bel = '\a';

static bool
is_within(char c, char first, char last)
{
	return c >= first && c <= last;
}

static enum escape_step
end(struct escape *e, enum escape_step step)
{
	*e = (struct escape){ .kind = ESCAPE_NONE };
	return step;
}

/* The byte after ESC says what begins; intermediates stay in ESCAPE_SHORT. */
static enum escape_step
feed_short(struct escape *e, char c)
{
	if (e->len == 2 && c == '[')
		e->kind = ESCAPE_CSI;
	else if (e->len == 2 && c != '\0' && strchr("]PX^_", c))
		e->kind = ESCAPE_STRING;
	else if (is_within(c, 0x30, 0x7e))
		return end(e, ESCAPE_LAST);
	else if (!is_within(c, 0x20, 0x2f))
		return end(e, ESCAPE_BROKEN);
	e->is_osc = c == ']';
	return ESCAPE_INSIDE;
}

static enum escape_step
feed_csi(struct escape *e, char c)
{
	if (is_within(c, 0x40, 0x7e))
		return end(e, ESCAPE_LAST);
	if (is_within(c, 0x20, 0x3f))
		return ESCAPE_INSIDE;
	return end(e, ESCAPE_BROKEN);
}

/* ECMA-48 lets some strings hold newlines; here no string may swallow a line,
 * so that nothing a command prints can vanish behind an unclosed one. */
static enum escape_step
feed_string(struct escape *e, char c)
{
	if (e->after_esc)
		return end(e, c == '\\' ? ESCAPE_LAST : ESCAPE_BROKEN);
	if (c == bel && e->is_osc)
		return end(e, ESCAPE_LAST);
	if (c == '\n' || c == '\030' || c == '\032')
		return end(e, ESCAPE_BROKEN);
	e->after_esc = c == esc;
	return ESCAPE_INSIDE;
}

enum escape_step
escape_feed(struct escape *e, char c)
{
	if (e->kind == ESCAPE_NONE) {
		if (c != esc)
			return ESCAPE_TEXT;
		e->kind = ESCAPE_SHORT;
		e->len = 1;
		return ESCAPE_INSIDE;
	}
	if (++e->len > LIMIT_ESCAPE_BYTES)
		return end(e, ESCAPE_BROKEN);
	if (e->kind == ESCAPE_SHORT)
		return feed_short(e, c);
	return e->kind == ESCAPE_CSI ? feed_csi(e, c) : feed_string(e, c);
}

bool
escape_is_sgr(struct text sequence)
{
	unsigned n_parameters = 1, n_digits = 0;

	if (!text_starts(sequence, "\033[") || !text_ends(sequence, "m"))
		return false;
	for (size_t i = 2; i + 1 < sequence.len; i++) {
		char c = sequence.at[i];

		n_digits = byte_is_digit(c) ? n_digits + 1 : 0;
		if (n_digits == 0)
			n_parameters++;
		if (n_digits > 3 || (n_digits == 0 && c != ';' && c != ':'))
			return false;
	}
	return n_parameters <= LIMIT_SGR_PARAMETERS;
}
