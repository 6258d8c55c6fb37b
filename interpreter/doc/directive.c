/* Finding annotations. */
#include "doc/directive.h"

static const char keyword[] = "runbook:";

static size_t
skip_blanks(struct text t, size_t at)
{
	while (at < t.len && byte_is_blank(t.at[at]))
		at++;
	return at;
}

/* The word at AT of T when a colon follows it; else empty. */
static struct text
key_at(struct text t, size_t at)
{
	size_t end = at;

	while (end < t.len && (byte_is_alnum(t.at[end]) || t.at[end] == '_' ||
			       t.at[end] == '-'))
		end++;
	if (end == at || byte_is_digit(t.at[at]) ||
	    skip_blanks(t, end) == t.len || t.at[skip_blanks(t, end)] != ':')
		return (struct text){ NULL, 0 };
	return text_sub(t, at, end);
}

bool
directive_in_comment(struct arena *arena, struct excerpt html, size_t start,
		     size_t end, struct excerpt *ret)
{
	struct text inside = text_sub(html.text, start, end);
	size_t at = 0;

	while (at < inside.len && byte_is_space(inside.at[at]))
		at++;
	if (!text_starts(text_sub(inside, at, inside.len), keyword))
		return false;
	at += sizeof(keyword) - 1;
	start += at;
	at = skip_blanks(inside, at);
	if (at < inside.len && inside.at[at] != '{' &&
	    !byte_is_space(inside.at[at]) &&
	    key_by_name(key_at(inside, at)) < 0)
		return false;
	*ret = excerpt_sub(arena, html, start, end);
	return true;
}

struct text
directive_in_info(struct text info, bool ours)
{
	struct text none = { NULL, 0 }, name;
	size_t brace = text_chr(info, '{', 0);

	if (brace == 0 || brace == info.len)
		return none;
	name = key_at(info, skip_blanks(info, brace + 1));
	if (name.len == 0 || (!ours && key_by_name(name) < 0))
		return none;
	return text_sub(info, brace, info.len);
}
