/* Writing JSON straight into a text. */
#include "base/jout.h"

static void
next_value(struct jout *j)
{
	if (j->behind)
		buf_addc(j->b, ',');
	j->behind = true;
}

void
jout_open(struct jout *j, char bracket)
{
	next_value(j);
	buf_addc(j->b, bracket);
	j->behind = false;
}

void
jout_close(struct jout *j, char bracket)
{
	buf_addc(j->b, bracket);
	j->behind = true;
}

void
jout_key(struct jout *j, const char *key)
{
	next_value(j);
	buf_addc(j->b, '"');
	buf_adds(j->b, key);
	buf_adds(j->b, "\":");
	j->behind = false;
}

/* C stands in a string as it is. */
static bool
is_plain(char c)
{
	return c >= ' ' && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* C, which is not plain, as it must stand in a string; NULL: as it is. */
static const char *
escape_of(char c, char room[7])
{
	static const char short_ones[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	if ((unsigned char)c >= 0x80)
		return NULL;
	for (size_t i = 0; short_ones[i]; i += 2) {
		if (short_ones[i] != c)
			continue;
		snprintf(room, 7, "\\%c", short_ones[i + 1]);
		return room;
	}
	snprintf(room, 7, "\\u%04X", (unsigned)c);
	return room;
}

void
jout_text(struct jout *j, struct text t)
{
	size_t from = 0, n;

	next_value(j);
	buf_addc(j->b, '"');
	for (size_t i = 0; i < t.len; i += n) {
		const char *instead = NULL;
		char room[7];
		uint32_t code;

		n = 1;
		if (!is_plain(t.at[i])) {
			n = text_utf8(text_sub(t, i, t.len), &code);
			instead = n ? escape_of(t.at[i], room) : "\xef\xbf\xbd";
			n = n ? n : 1;
		}
		if (!instead)
			continue;
		buf_add(j->b, t.at + from, i - from);
		buf_adds(j->b, instead);
		from = i + n;
	}
	buf_add(j->b, t.at + from, t.len - from);
	buf_addc(j->b, '"');
}

void
jout_string(struct jout *j, const char *s)
{
	if (s)
		jout_text(j, text_of(s));
	else
		jout_null(j);
}

void
jout_int(struct jout *j, int64_t n)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

	next_value(j);
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (n < 0)
		digits[--at] = '-';
	buf_add(j->b, digits + at, sizeof(digits) - at);
}

void
jout_null(struct jout *j)
{
	next_value(j);
	buf_adds(j->b, "null");
}
