/* Reading option specifications. They are searched as they are written: a
 * program has few options, and a command has fewer. */
#include "effect/spec.h"

static const struct {
	const char *name;
	enum spec_style style;
} markers[] = {
	{ "+", SPEC_STOPS },  { "@single", SPEC_SINGLE }, { "@old", SPEC_OLD },
	{ "@own", SPEC_OWN }, { "@words", SPEC_WORDS },
};

static bool
next_item(struct text *rest, struct text *ret)
{
	do {
		if (!text_next_field(rest, ' ', ret))
			return false;
	} while (ret->len == 0);
	return true;
}

static unsigned
marker(struct text item)
{
	for (size_t i = 0; i < ARRAY_LEN(markers); i++)
		if (text_is(item, markers[i].name))
			return markers[i].style;
	return 0;
}

unsigned
spec_style(const char *spec)
{
	struct text rest = text_of(spec), item;
	unsigned style = 0, one;

	while (next_item(&rest, &item)) {
		one = marker(item);
		if (one == 0)
			break;
		style |= one;
	}
	return style;
}

/* Take ITEM apart: names, kind of value, end of options. */
static struct spec_option
read_item(struct text item)
{
	struct spec_option o = { .names = item, .value = SPEC_FLAG };

	if (text_ends(item, "!")) {
		o.last = true;
		item.len--;
	}
	if (text_ends(item, ">>")) {
		o.adds = true;
		item.len -= 2;
	}
	switch (item.len ? item.at[item.len - 1] : '\0') {
	case '>':
		o.writes = true;
		o.value = SPEC_VALUE;
		break;
	case '=':
		o.value = SPEC_VALUE;
		break;
	case '?':
		o.value = SPEC_ATTACHED;
		break;
	case ';':
		o.value = SPEC_BLOCK;
		break;
	default:
		o.names = item;
		return o;
	}
	o.names = text_sub(item, 0, item.len - 1);
	return o;
}

bool
spec_has_name(struct text names, struct text name)
{
	struct text one;

	while (text_next_field(&names, ',', &one))
		if (text_eq(one, name))
			return true;
	return false;
}

/* The byte in front of AT is one of BYTES, or there is none. */
static bool
is_boundary(struct text t, size_t at, const char *bytes)
{
	return at == 0 || at > t.len || strchr(bytes, t.at[at - 1]);
}

bool
spec_find(const char *spec, struct text name, struct spec_option *ret)
{
	struct text all = text_of(spec);
	size_t at = 0;

	while ((at = text_find(all, name, at)) < all.len) {
		size_t start = at, end = at + name.len;

		at++;
		if (!is_boundary(all, start, " ,") ||
		    !is_boundary(all, end + 1, " ,=?;>!"))
			continue;
		while (start > 0 && all.at[start - 1] != ' ')
			start--;
		end = text_chr(all, ' ', end);
		*ret = read_item(text_sub(all, start, end));
		return true;
	}
	return false;
}

static bool
abbreviates(struct text names, struct text name)
{
	struct text one;

	while (text_next_field(&names, ',', &one))
		if (one.len > name.len &&
		    text_eq(text_sub(one, 0, name.len), name))
			return true;
	return false;
}

bool
spec_find_abbreviated(const char *spec, struct text name,
		      struct spec_option *ret)
{
	struct text rest = text_of(spec), item;
	bool found = false;

	if (name.len < 3 || !text_starts(name, "--"))
		return false;
	while (next_item(&rest, &item)) {
		struct spec_option o = read_item(item);

		if (!abbreviates(o.names, name))
			continue;
		if (found)
			return false;
		*ret = o;
		found = true;
	}
	return found;
}

const char *
spec_check(const char *spec)
{
	struct text rest = text_of(spec), item, name;
	bool options = false;

	while (next_item(&rest, &item)) {
		struct text names = read_item(item).names;

		if (marker(item) && options)
			return "a marker stands behind an option";
		if (marker(item))
			continue;
		options = true;
		while (text_next_field(&names, ',', &name))
			if (name.len == 0 ||
			    (name.at[0] != '-' && name.at[0] != '+'))
				return "a name does not begin with a dash";
	}
	return NULL;
}
