/* Sequences of brace expansion, as braces.c of bash reads them. */
#include "shell/sequence.h"

#include <inttypes.h>

/* A decimal number with an optional sign, of at most 18 digits. */
static bool
parse_number(struct text t, int64_t *ret)
{
	bool minus = t.len && t.at[0] == '-';
	uint64_t value;

	if (t.len && (t.at[0] == '-' || t.at[0] == '+'))
		t = text_sub(t, 1, t.len);
	if (!text_to_uint(t, (uint64_t)999999999999999999, &value))
		return false;
	*ret = minus ? -(int64_t)value : (int64_t)value;
	return true;
}

static bool
is_letter(struct text t)
{
	return t.len == 1 && byte_is_alpha(t.at[0]);
}

/* Width of a number written with zeros in front, or 0. */
static size_t
padded_width(struct text t)
{
	size_t digits = t.len && t.at[0] == '-' ? 1 : 0;

	return t.len > digits + 1 && t.at[digits] == '0' ? t.len : 0;
}

static bool
parse_ends(struct text from, struct text to, struct sequence *s,
	   int64_t *ret_to)
{
	s->letters = is_letter(from) && is_letter(to);
	if (s->letters) {
		s->from = (unsigned char)from.at[0];
		*ret_to = (unsigned char)to.at[0];
		return true;
	}
	if (!parse_number(from, &s->from) || !parse_number(to, ret_to))
		return false;
	if (padded_width(from) || padded_width(to))
		s->width = (unsigned)(from.len > to.len ? from.len : to.len);
	return true;
}

bool
sequence_parse(struct text t, struct sequence *ret)
{
	size_t first = text_find(t, TEXT(".."), 0);
	size_t second = text_find(t, TEXT(".."), first + 2);
	struct sequence s = { .step = 1 };
	int64_t to;

	if (first == t.len ||
	    !parse_ends(text_sub(t, 0, first), text_sub(t, first + 2, second),
			&s, &to))
		return false;
	if (second < t.len &&
	    !parse_number(text_sub(t, second + 2, t.len), &s.step))
		return false;
	if (s.step < 0)
		s.step = -s.step;
	if (s.step == 0)
		s.step = 1;
	s.n = (uint64_t)(to > s.from ? to - s.from : s.from - to) /
		      (uint64_t)s.step +
	      1;
	if (to < s.from)
		s.step = -s.step;
	*ret = s;
	return true;
}

bool
sequence_is_plain(const struct sequence *s)
{
	int64_t last = s->from + (int64_t)(s->n - 1) * s->step;

	return !s->letters || (s->from >= 'a') == (last >= 'a');
}

void
sequence_add(const struct sequence *s, uint64_t i, struct buf *b)
{
	int64_t value = s->from + (int64_t)i * s->step;

	if (s->letters)
		buf_addc(b, (char)value);
	else
		buf_addf(b, "%0*" PRId64, (int)s->width, value);
}
