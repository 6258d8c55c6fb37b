/* Output without what only a terminal understands. */
#include "want/want.h"

static bool
is_plain(char c)
{
	return c != '\n' && c != '\r' && c != '\b' && c != '\033' &&
	       c != '\a' && c != '\016' && c != '\017';
}

/* After ESC: OSC, DCS, SOS, PM, APC. */
static bool
opens_string(char c)
{
	return c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_';
}

/* The end of a control string (OSC, DCS, SOS, PM, APC) whose body begins at
 * I: behind BEL or ESC \ (ECMA-48, 5.6; xterm for BEL). One that another
 * escape, CAN, SUB or the end of the line cuts short ends there, so that a
 * stray introducer cannot swallow the rest of the output. */
static size_t
control_string_end(struct text raw, size_t i)
{
	for (; i < raw.len; i++) {
		char c = raw.at[i];

		if (c == '\a' || c == '\030' || c == '\032')
			return i + 1;
		if (c == '\033')
			return i + 1 < raw.len && raw.at[i + 1] == '\\' ? i + 2
									: i;
		if (c == '\n')
			return i;
	}
	return i;
}

/* Length of the run of bytes from LOW to HIGH at I. */
static size_t
run_of(struct text raw, size_t i, char low, char high)
{
	size_t start = i;

	while (i < raw.len && raw.at[i] >= low && raw.at[i] <= high)
		i++;
	return i - start;
}

/* The end of the escape sequence whose ESC stands at I. For a control
 * sequence, its parameters and its final byte. */
static size_t
sequence_end(struct text raw, size_t i, struct text *ret_parameters,
	     char *ret_final)
{
	size_t n;

	*ret_parameters = text_sub(raw, 0, 0);
	*ret_final = '\0';
	if (++i == raw.len)
		return i;
	if (raw.at[i] == '[') {
		n = run_of(raw, ++i, '0', '?');
		*ret_parameters = text_sub(raw, i, i + n);
		i += n;
		i += run_of(raw, i, ' ', '/');
		if (run_of(raw, i, '@', '~'))
			*ret_final = raw.at[i++];
		return i;
	}
	if (opens_string(raw.at[i]))
		return control_string_end(raw, i + 1);
	i += run_of(raw, i, ' ', '/');
	return i + (run_of(raw, i, '0', '~') ? 1 : 0);
}

/* Output in the making; LINE is where its last line begins. */
struct paper {
	struct buf *b;
	size_t line;
	bool returned; /* CR: the next byte begins the line anew */
};

static void
begin_anew(struct paper *p)
{
	buf_cut(p->b, p->line);
	p->returned = false;
}

/* A whole line that is erased (EL: ECMA-48, 8.3.41), by whatever cursor. */
static void
obey(struct paper *p, struct text parameters, char final)
{
	if (final == 'K' && (p->returned || text_is(parameters, "2")))
		begin_anew(p);
}

static void
erase_last(struct paper *p)
{
	size_t len = p->b->len;

	while (len > p->line &&
	       ((unsigned char)p->b->bytes[len - 1] & 0xc0) == 0x80)
		len--;
	buf_cut(p->b, len > p->line ? len - 1 : len);
}

/* One byte that is not plain; returns how many bytes it takes. */
static size_t
control(struct paper *p, struct text raw, size_t i)
{
	struct text parameters;
	char final;
	size_t end;

	switch (raw.at[i]) {
	case '\n':
		buf_addc(p->b, '\n');
		p->line = p->b->len;
		p->returned = false;
		break;
	case '\r':
		p->returned = true;
		break;
	case '\b':
		erase_last(p);
		break;
	case '\033':
		end = sequence_end(raw, i, &parameters, &final);
		obey(p, parameters, final);
		return end - i;
	default: /* BEL, shifts of the character set */
		break;
	}
	return 1;
}

void
want_normalize(struct text raw, struct buf *b)
{
	struct paper paper = { b, b->len, false };

	for (size_t i = 0; i < raw.len;) {
		size_t start = i;

		while (i < raw.len && is_plain(raw.at[i]))
			i++;
		if (i > start) {
			if (paper.returned)
				begin_anew(&paper);
			buf_add(b, raw.at + start, i - start);
		}
		if (i < raw.len)
			i += control(&paper, raw, i);
	}
}
