/* Encoders: a value as it must stand in the text of one shell (POSIX 2.2). */
#include "shell/quote.h"

enum {
	INT_DIGITS_MAX = 18 /* what 64 bits hold for certain */
};

/* VALUE with BEFORE in front of each byte of SPECIAL. */
static void
add_escaped(struct buf *b, struct text value, const char *special,
	    const char *before)
{
	for (size_t i = 0; i < value.len; i++) {
		if (strchr(special, value.at[i]))
			buf_adds(b, before);
		buf_addc(b, value.at[i]);
	}
}

/* VALUE as it stands between single quotes. */
static void
add_single(struct buf *b, struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, value.at[i]);
	}
}

static bool
is_int(struct text value)
{
	uint64_t number;

	if (text_starts(value, "-"))
		value = text_sub(value, 1, value.len);
	return value.len <= INT_DIGITS_MAX &&
	       text_to_uint(value, UINT64_MAX, &number);
}

/* Without what ends, escapes or recalls a part of s/…/…/. */
static bool
is_plain_text(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (!byte_is_alnum(c) && (!c || !strchr("_.:@%+,=-", c)))
			return false;
	}
	return true;
}

static bool
text_ends_with(struct text t, struct text end)
{
	return t.len >= end.len &&
	       text_eq(text_sub(t, t.len - end.len, t.len), end);
}

/* True when LINE of a value may become the line that ends the document. The
 * author's text in front of the FIRST line and behind the LAST is not known:
 * a line that could be a piece of END_LINE counts. */
static bool
may_end(struct text line, struct text end_line, bool first, bool last)
{
	if (line.len > end_line.len || (line.len == 0 && end_line.len))
		return false;
	if (first && last)
		return text_find(end_line, line, 0) < end_line.len;
	if (first)
		return text_ends_with(end_line, line);
	if (last)
		return text_eq(text_sub(end_line, 0, line.len), line);
	return text_eq(line, end_line);
}

/* A value that a here-document hands on unchanged: no line of it ends the
 * document, and no line begins with a tab, which <<- would drop. */
static bool
fits_heredoc(struct text value, struct text end_line)
{
	for (size_t start = 0; start <= value.len;) {
		size_t end = text_chr(value, '\n', start);
		struct text line = text_sub(value, start, end);

		if (text_starts(line, "\t") ||
		    may_end(line, end_line, start == 0, end == value.len))
			return false;
		start = end + 1;
	}
	return true;
}

/* VALUE as CONTEXT wants it; false as of quote_add. */
static bool
add_encoded(struct buf *b, enum quote_context context, struct text value)
{
	switch (context) {
	case QUOTE_BARE:
		buf_addc(b, '\'');
		add_single(b, value);
		buf_addc(b, '\'');
		return true;
	case QUOTE_DOUBLE:
		add_escaped(b, value, "\\\"$`", "\\");
		return true;
	case QUOTE_SINGLE:
		add_single(b, value);
		return true;
	case QUOTE_HEREDOC:
		add_escaped(b, value, "\\$`", "\\");
		return true;
	case QUOTE_HEREDOC_QUOTED:
		buf_addt(b, value);
		return true;
	case QUOTE_PLAIN_ONLY:
		if (!is_plain_text(value))
			return false;
		buf_addt(b, value);
		return true;
	case QUOTE_INT_ONLY:
		if (!is_int(value))
			return false;
		buf_addt(b, value);
		return true;
	case QUOTE_REFUSED:
		return false;
	}
	BUG("no quote context %d", (int)context);
}

bool
quote_add(struct buf *b, struct quote_place place, struct text value)
{
	CLEANUP(buf_release) struct buf encoded = BUF_INIT;

	if (text_chr(value, '\0', 0) < value.len ||
	    !add_encoded(&encoded, place.context, value))
		return false;
	/* a shell finds the end of the document before it looks at quotes */
	if (place.heredoc &&
	    !fits_heredoc(buf_text(&encoded), place.heredoc->delimiter))
		return false;
	buf_addt(b, buf_text(&encoded));
	return true;
}

bool
quote_add_reference(struct buf *b, enum quote_context context, const char *name)
{
	switch (context) {
	case QUOTE_BARE:
		buf_addf(b, "\"${%s}\"", name);
		return true;
	case QUOTE_DOUBLE:
	case QUOTE_HEREDOC:
		buf_addf(b, "${%s}", name);
		return true;
	case QUOTE_SINGLE:
		buf_addf(b, "'\"${%s}\"'", name);
		return true;
	case QUOTE_PLAIN_ONLY:     /* is inside a text that a shell reads */
	case QUOTE_HEREDOC_QUOTED: /* nothing is expanded there */
	case QUOTE_INT_ONLY:       /* $(( )) evaluates what a variable holds */
	case QUOTE_REFUSED:
		return false;
	}
	BUG("no quote context %d", (int)context);
}

bool
quote_is_plain(struct text value)
{
	if (value.len == 0 || value.at[0] == '-' || value.at[0] == '=')
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (!byte_is_alnum(c) && (!c || !strchr("_@%+=:,./-", c)))
			return false;
	}
	return true;
}

void
quote_add_word(struct buf *b, struct text value)
{
	if (quote_is_plain(value)) {
		buf_addt(b, value);
		return;
	}
	buf_addc(b, '\'');
	add_single(b, value);
	buf_addc(b, '\'');
}
