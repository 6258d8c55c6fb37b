/* Looking at runs of bytes. */
#include "base/text.h"

struct text
text_of(const char *s)
{
	return (struct text){ s, s ? strlen(s) : 0 };
}

struct text
text_sub(struct text t, size_t start, size_t end)
{
	if (end > t.len)
		end = t.len;
	if (start > end)
		start = end;
	/* NULL + 0 is undefined in C */
	return (struct text){ start ? t.at + start : t.at, end - start };
}

/* Most comparisons with words of ours end at the first byte, and to look for
 * their ends first would cost more than all the rest. */
bool
text_is(struct text t, const char *s)
{
	if (!s)
		return t.len == 0;
	for (size_t i = 0; i < t.len; i++) {
		if (!s[i] || s[i] != t.at[i])
			return false;
	}
	return !s[t.len];
}

bool
text_eq(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool
text_eq_nocase(struct text a, struct text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (byte_lower(a.at[i]) != byte_lower(b.at[i]))
			return false;
	}
	return true;
}

int
text_cmp(struct text a, struct text b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool
text_starts(struct text t, const char *prefix)
{
	for (size_t i = 0; prefix[i]; i++) {
		if (i == t.len || t.at[i] != prefix[i])
			return false;
	}
	return true;
}

bool
text_starts_nocase(struct text t, const char *prefix)
{
	for (size_t i = 0; prefix[i]; i++) {
		if (i == t.len || byte_lower(t.at[i]) != byte_lower(prefix[i]))
			return false;
	}
	return true;
}

bool
text_ends(struct text t, const char *suffix)
{
	size_t n = strlen(suffix);

	return t.len >= n &&
	       (n == 0 || memcmp(t.at + t.len - n, suffix, n) == 0);
}

size_t
text_chr(struct text t, char byte, size_t from)
{
	const char *hit;

	if (from >= t.len)
		return t.len;
	hit = memchr(t.at + from, byte, t.len - from);
	return hit ? (size_t)(hit - t.at) : t.len;
}

size_t
text_find(struct text t, struct text needle, size_t from)
{
	const char *hit;

	if (from > t.len || needle.len > t.len - from)
		return t.len;
	if (needle.len == 0)
		return from;
	hit = memmem(t.at + from, t.len - from, needle.at, needle.len);
	return hit ? (size_t)(hit - t.at) : t.len;
}

size_t
text_begun(struct text t, struct text needle)
{
	size_t n = needle.len ? needle.len - 1 : 0;

	if (n > t.len)
		n = t.len;
	while (n &&
	       !text_eq(text_sub(t, t.len - n, t.len), text_sub(needle, 0, n)))
		n--;
	return n;
}

static bool
is_trimmed(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text
text_trim(struct text t)
{
	size_t start = 0, end = t.len;

	while (start < end && is_trimmed(t.at[start]))
		start++;
	while (end > start && is_trimmed(t.at[end - 1]))
		end--;
	return text_sub(t, start, end);
}

bool
text_next_line(struct text *rest, struct text *ret_line)
{
	if (!text_next_field(rest, '\n', ret_line))
		return false;
	if (ret_line->len && ret_line->at[ret_line->len - 1] == '\r')
		ret_line->len--;
	return true;
}

bool
text_next_field(struct text *rest, char sep, struct text *ret_field)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = text_chr(*rest, sep, 0);
	*ret_field = text_sub(*rest, 0, end);
	*rest = text_sub(*rest, end < rest->len ? end + 1 : end, rest->len);
	return true;
}

bool
text_to_uint(struct text t, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0;

	if (t.len == 0)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		unsigned digit = (unsigned)(t.at[i] - '0');

		if (!byte_is_digit(t.at[i]))
			return false;
		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return true;
}

enum {
	DISTANCE_MAX = 64
};

/* Two neighbours that changed places are one mistake, the most frequent one:
 * optimal string alignment, so that three rows are enough. */
unsigned
text_distance(struct text a, struct text b, unsigned limit)
{
	unsigned rows[3][DISTANCE_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return limit + 1;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned *free_row = before;

		before = above;
		above = row;
		row = free_row;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.len; j++) {
			unsigned best =
				above[j - 1] + (a.at[i - 1] != b.at[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
	}
	return row[b.len] <= limit ? row[b.len] : limit + 1;
}

unsigned
text_nearness(struct text name)
{
	if (name.len < 4)
		return 1;
	return name.len < 12 ? 2 : (unsigned)name.len / 4;
}

/* How many continuation bytes LEAD asks for, and its own bits; -1: not a
 * lead byte. */
static int
utf8_lead(unsigned char lead, uint32_t *ret_bits)
{
	if (lead < 0x80) {
		*ret_bits = lead;
		return 0;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*ret_bits = lead & 0x1fu;
		return 1;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*ret_bits = lead & 0x0fu;
		return 2;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*ret_bits = lead & 0x07u;
		return 3;
	}
	return -1;
}

size_t
text_utf8(struct text t, uint32_t *ret_code)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	int more;

	if (t.len == 0)
		return 0;
	more = utf8_lead((unsigned char)t.at[0], &code);
	if (more < 0 || t.len <= (size_t)more)
		return 0;
	for (int i = 1; i <= more; i++) {
		unsigned char c = (unsigned char)t.at[i];

		if ((c & 0xc0) != 0x80)
			return 0;
		code = (code << 6) | (c & 0x3fu);
	}
	if (code < least[more] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return (size_t)more + 1;
}

bool
text_is_utf8(struct text t)
{
	uint32_t code;

	for (size_t i = 0; i < t.len;) {
		size_t n = text_utf8(text_sub(t, i, t.len), &code);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

bool
text_is_cut_utf8(struct text t)
{
	uint32_t code;
	int more;

	if (t.len == 0)
		return false;
	more = utf8_lead((unsigned char)t.at[0], &code);
	if (more <= 0 || t.len > (size_t)more)
		return false;
	/* What may follow is a range: one of its ends will do if any does. */
	for (int fill = 0x80; fill <= 0xbf; fill += 0x3f) {
		char whole[4];

		memset(whole, fill, sizeof(whole));
		memcpy(whole, t.at, t.len);
		if (text_utf8((struct text){ whole, sizeof(whole) }, &code))
			return true;
	}
	return false;
}
