/* The backslash escapes of $'…', as lib/sh/strtrans.c of bash reads them. */
#include "shell/decode.h"

static int
digit_value(char c, unsigned base)
{
	int value = -1;

	if (byte_is_digit(c))
		value = c - '0';
	else if (byte_lower(c) >= 'a' && byte_lower(c) <= 'f')
		value = byte_lower(c) - 'a' + 10;
	return value >= 0 && (unsigned)value < base ? value : -1;
}

/* At most MOST digits of BASE at AT; how many there were. */
static size_t
read_digits(struct text t, size_t at, size_t most, unsigned base,
	    uint32_t *ret_value)
{
	size_t n = 0;

	*ret_value = 0;
	while (n < most && at + n < t.len) {
		int value = digit_value(t.at[at + n], base);

		if (value < 0)
			break;
		*ret_value = *ret_value * base + (uint32_t)value;
		n++;
	}
	return n;
}

/* The UTF-8 form of CODE, also of what is no character: bash does not look. */
static size_t
encode(uint32_t code, char *bytes)
{
	static const unsigned char leads[] = {
		0, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc
	};
	size_t more = 0;

	/* 7 bits in one byte, 5 * n + 6 in n + 1 */
	while (more < 5 && code >> (more ? 5 * more + 6 : 7))
		more++;
	for (size_t i = more; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	bytes[0] = (char)(leads[more] | code);
	return more + 1;
}

/* \xHH, \x{H…}, \uHHHH, \UHHHHHHHH; without digits they are themselves. */
static size_t
decode_hex(struct text t, char *bytes, size_t *ret_n)
{
	bool braces = t.at[1] == 'x' && t.len > 2 && t.at[2] == '{';
	size_t most = t.at[1] == 'x' ? 2 : t.at[1] == 'u' ? 4 : 8;
	size_t at = braces ? 3 : 2, n;
	uint32_t code;

	n = read_digits(t, at, braces ? t.len : most, 16, &code);
	if (n == 0 && !braces) {
		memcpy(bytes, t.at, 2);
		*ret_n = 2;
		return 2;
	}
	at += n;
	if (braces && at < t.len && t.at[at] == '}')
		at++;
	if (t.at[1] == 'x')
		bytes[0] = (char)(code & 0xff);
	*ret_n = t.at[1] == 'x' ? 1 : encode(code, bytes);
	return at;
}

static size_t
decode_control(struct text t, char *bytes)
{
	char c = t.at[2];

	bytes[0] = c == '?' ? 0x7f : (char)(c & 0x1f);
	return c == '\\' && t.len > 3 && t.at[3] == '\\' ? 4 : 3;
}

size_t
decode_escape(struct text t, char bytes[DECODED_MAX], size_t *ret_n)
{
	static const char names[] = "abefnrtvE\\'\"?";
	static const char values[] = "\a\b\033\f\n\r\t\v\033\\'\"?";
	const char *name = t.at[1] ? strchr(names, t.at[1]) : NULL;
	uint32_t code;
	size_t n;

	*ret_n = 1;
	if (name) {
		bytes[0] = values[name - names];
		return 2;
	}
	if (t.at[1] == 'x' || t.at[1] == 'u' || t.at[1] == 'U')
		return decode_hex(t, bytes, ret_n);
	if (t.at[1] == 'c' && t.len > 2)
		return decode_control(t, bytes);
	n = read_digits(t, 1, 3, 8, &code);
	if (n > 0) {
		bytes[0] = (char)(code & 0xff);
		return n + 1;
	}
	memcpy(bytes, t.at, 2);
	*ret_n = 2;
	return 2;
}
