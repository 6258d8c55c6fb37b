/* 'PASSWORD' and the like: capitals as the value of an option, which say only
 * what kind of value belongs there. */
#include "shell/spot.h"

enum {
	OPTION_MAX = 64 /* bytes looked back for an option's name */
};

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* How the word stands at the spot. */
struct stand {
	size_t start, end; /* of the capitals */
	size_t opens;      /* where the word begins, its quote included */
	bool quoted;
};

/* The offset of the quote right before AT, backslash included; AT if none. */
static size_t
quote_before(struct text t, size_t at)
{
	char c = text_before(t, at);

	if (c != '\'' && c != '"')
		return at;
	return text_before(t, at - 1) == '\\' ? at - 2 : at - 1;
}

/* True when the capitals from the spot on are a whole word or all that stands
 * in quotes. */
static bool
look_stand(const struct spot *spot, struct stand *s)
{
	size_t end = spot->at, n;
	struct text behind, quote;
	char c;

	while (is_upper(text_at(spot->t, end)) ||
	       byte_is_digit(text_at(spot->t, end)) ||
	       text_at(spot->t, end) == '_')
		end++;
	*s = (struct stand){ spot->at, end, quote_before(spot->t, spot->at),
			     false };
	s->quoted = s->opens < spot->at;
	quote = text_sub(spot->t, s->opens, spot->at);
	behind = text_sub(spot->t, end, spot->t.len);
	n = quote.len;
	if (s->quoted)
		return text_eq(text_sub(behind, 0, n), quote);
	c = text_at(behind, 0);
	return !c || strchr(" \t\n\"';|&)", c);
}

/* The name of the option or variable whose value begins at AT, without its
 * dashes; empty when there is none. *RET_ASSIGNED: "=" stands between. */
static struct text
look_owner(struct text t, size_t at, bool *ret_assigned)
{
	size_t end = at, start;

	*ret_assigned = text_before(t, at) == '=';
	if (*ret_assigned)
		end--;
	while (end > 0 && !*ret_assigned && byte_is_blank(t.at[end - 1]))
		end--;
	start = end;
	while (start > 0 && end - start < OPTION_MAX &&
	       (byte_is_alnum(t.at[start - 1]) ||
		strchr("_-", t.at[start - 1])))
		start--;
	if (start == end || end == at ||
	    (!*ret_assigned && text_at(t, start) != '-'))
		return (struct text){ NULL, 0 };
	while (start < end && t.at[start] == '-')
		start++;
	return text_sub(t, start, end);
}

/* True when NAME is one of the words, separated by "_" or "-", of TOKEN, or
 * TOKEN begins with it: email of ADMIN_EMAIL, user of USERNAME. */
static bool
names_it(struct text name, struct text token)
{
	struct text rest = token, word;

	if (name.len < 3)
		return false;
	if (token.len >= name.len &&
	    text_eq_nocase(text_sub(token, 0, name.len), name))
		return true;
	while (text_next_field(&rest, '_', &word)) {
		if (text_eq_nocase(word, name))
			return true;
	}
	return false;
}

/* Options whose values are searched for, not used. */
static bool
is_search(struct text owner)
{
	static const char *const names[] = { "grep",    "pattern", "regexp",
					     "filter",  "sort",    "format",
					     "include", "exclude", "query",
					     "columns", "fields" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(owner, names[i]))
			return true;
	}
	return owner.len == 1 && !strchr("pPuUaks", owner.at[0]);
}

bool
spot_dummy(const struct spot *spot, struct placeholder *ret)
{
	bool assigned, is;
	struct stand s;
	struct text token, owner;

	if (!is_upper(spot->t.at[spot->at]) || !look_stand(spot, &s) ||
	    s.end - s.start < 3)
		return false;
	token = text_sub(spot->t, s.start, s.end);
	owner = look_owner(spot->t, s.opens, &assigned);
	if (owner.len == 0)
		return false;
	is = names_it(owner, token);
	if (text_is_secret(token) && !is_search(owner))
		is |= s.quoted || text_is_secret(owner) || text_is(owner, "p");
	if (!is)
		return false;
	return spot_found(ret, PLACEHOLDER_DUMMY, PLACEHOLDER_LIKELY, s.start,
			  s.end, token);
}
