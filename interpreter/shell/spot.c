/* What recognisers of placeholders share. */
#include "shell/spot.h"

char
text_at(struct text t, size_t at)
{
	return at < t.len ? t.at[at] : '\0';
}

char
text_before(struct text t, size_t at)
{
	return at > 0 ? t.at[at - 1] : '\0';
}

char
spot_byte(const struct spot *spot, long n)
{
	if (n < 0 && (size_t)-n > spot->at)
		return '\0';
	return text_at(spot->t, spot->at + (size_t)n);
}

bool
byte_bounds(char c)
{
	return !c || !(byte_is_alnum(c) || (unsigned char)c >= 0x80);
}

bool
text_is_secret(struct text name)
{
	static const char *const words[] = { "password", "passwd", "passphrase",
					     "token",    "secret", "credential",
					     "apikey" };
	char lower[128];
	struct text t = { lower,
			  name.len < sizeof(lower) ? name.len : sizeof(lower) };

	for (size_t i = 0; i < t.len; i++)
		lower[i] = byte_lower(name.at[i]);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_find(t, text_of(words[i]), 0) < t.len)
			return true;
	}
	/* a key of what is called so in stores and tables */
	if (text_is(t, "key") || text_is(t, "keys"))
		return false;
	/* "key" and "pass" only as words: monkey, bypass */
	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len && byte_is_alnum(t.at[end]))
			end++;
		if (text_is(text_sub(t, at, end), "key") ||
		    text_is(text_sub(t, at, end), "pass"))
			return true;
		at = end + 1;
	}
	return false;
}

bool
spot_found(struct placeholder *ret, enum placeholder_kind kind,
	   enum placeholder_certainty certainty, size_t start, size_t end,
	   struct text name)
{
	ret->start = (uint32_t)start;
	ret->end = (uint32_t)end;
	ret->kind = kind;
	ret->certainty = certainty;
	ret->name = name;
	ret->secret = text_is_secret(name);
	return true;
}

bool
spot_look(const struct spot *spot, struct placeholder *ret)
{
	switch (spot->t.at[spot->at]) {
	case '<':
		return spot_angle(spot, ret);
	case '{':
		return spot_curly(spot, ret);
	case '[':
		return spot_bracket(spot, ret) || spot_ellipsis(spot, ret);
	case '.':
	case (char)0xe2:
		return spot_ellipsis(spot, ret);
	case '/':
		return spot_device(spot, ret) || spot_path(spot, ret);
	default:
		return spot_word(spot, ret);
	}
}
