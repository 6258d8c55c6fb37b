/* ${…}: read as one matched pair, then taken apart into the name, its
 * subscript, the operator and the operator's word. */
#include "shell/reader.h"

/* Make PARTS begin a new part at AT, which lies in or at the end of literal
 * I; the index of the part that begins there. */
static uint32_t
split_at(struct reader *r, struct parts *parts, uint32_t i, uint32_t at)
{
	struct part *left, *right;

	if (i >= parts->n || at <= parts->items[i]->start)
		return i;
	left = parts->items[i];
	if (at >= left->end)
		return i + 1;
	right = part_new(r, PART_LITERAL, at);
	if (!right)
		return i;
	right->inner = at;
	right->end = right->inner_end = left->end;
	left->end = left->inner_end = at;
	parts_add(r, parts, right);
	memmove(parts->items + i + 2, parts->items + i + 1,
		(parts->n - i - 2) * sizeof(struct part *));
	parts->items[i + 1] = right;
	return i + 1;
}

/* Length of the parameter's name that T begins with; 0: none. */
static uint32_t
name_length(struct text t)
{
	uint32_t n = 0;

	if (t.len == 0)
		return 0;
	if (byte_is_special(t.at[0]))
		return 1;
	if (byte_is_digit(t.at[0])) {
		while (n < t.len && byte_is_digit(t.at[n]))
			n++;
		return n;
	}
	while (n < t.len && byte_is_name(t.at[n], n == 0))
		n++;
	return n;
}

/* Length of the operator that T begins with, behind a name (bash manual,
 * 3.5.3). */
static uint32_t
operator_length(struct text t)
{
	static const char *const two[] = { ":-", ":=", ":?", ":+", "##", "%%",
					   "//", "/#", "/%", "^^", ",," };

	if (t.len == 0 || !strchr(":-=?+#%/^,@", t.at[0]))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(two); i++) {
		if (text_starts(t, two[i]))
			return 2;
	}
	return 1;
}

/* The literal text of part I from AT on; empty for other parts. */
static struct text
literal_at(const struct reader *r, const struct parts *parts, uint32_t i,
	   uint32_t at)
{
	if (i >= parts->n || parts->items[i]->kind != PART_LITERAL)
		return (struct text){ NULL, 0 };
	if (at < parts->items[i]->start)
		at = parts->items[i]->start;
	return (struct text){ r->bytes + at, parts->items[i]->end - at };
}

/* A line continuation that would go on with the name: it cannot be told from
 * one stretch of bytes. */
static bool
name_goes_on(const struct reader *r, const struct parts *parts, uint32_t at)
{
	uint32_t place;
	char next;

	if (parts->n < 2 || parts->items[0]->end != at)
		return false;
	next = reader_byte(r, at, &place);
	return place != at && (byte_is_name(next, false) || next == '[');
}

/* The word made of parts [FIRST, LAST) of PARTS. */
static struct word *
word_of(struct reader *r, const struct parts *parts, uint32_t first,
	uint32_t last, uint32_t start, uint32_t end)
{
	struct parts some = { NULL, last - first };

	if (some.n)
		some.items = parts->items + first;
	return word_new(r, start, end, &some);
}

/* The subscript whose "[" is at AT of part I; where it ends in *RET_AT, and
 * the part that begins there in *RET. False: not closed, or failed. */
static bool
read_subscript(struct reader *r, struct part *part, struct parts *parts,
	       uint32_t i, uint32_t at, uint32_t *ret, uint32_t *ret_at)
{
	uint32_t first = split_at(r, parts, i, at + 1), from = at + 1;
	unsigned depth = 1;

	for (uint32_t k = first; k < parts->n; k++) {
		struct text t = literal_at(r, parts, k, 0);

		for (uint32_t n = 0; n < t.len; n++) {
			uint32_t place = parts->items[k]->start + n, last;
			struct word *word;

			depth += t.at[n] == '[';
			if (t.at[n] != ']' || --depth > 0)
				continue;
			last = split_at(r, parts, k, place);
			word = word_of(r, parts, first, last, from, place);
			if (!word)
				return false;
			ARENA_PUSH(r->arena, part->words, part->n_words, word);
			*ret = split_at(r, parts, last, place + 1);
			*ret_at = place + 1;
			return !r->failed;
		}
	}
	return false;
}

/* The operator in front of the name: "!" of ${!x}, "#" of ${#x}. ${!}, ${#}
 * and ${#-1} have none; ${#?}, ${#-}, ${##} are lengths. */
static bool
has_prefix(struct text t)
{
	if (t.len < 2 || (t.at[0] != '!' && t.at[0] != '#'))
		return false;
	if (byte_is_name(t.at[1], false))
		return true;
	if (t.at[0] == '#')
		return t.len == 2 && byte_is_special(t.at[1]);
	return byte_is_special(t.at[1]) && t.at[1] != '-' && t.at[1] != '?';
}

/* Take name, subscript and operator off the front of PARTS. */
static bool
take_apart(struct reader *r, struct part *part, struct parts *parts)
{
	struct text t = literal_at(r, parts, 0, 0);
	uint32_t at = part->inner, i = 0;

	part->prefix = has_prefix(t);
	if (part->prefix) {
		part->op = text_sub(t, 0, 1);
		t = text_sub(t, 1, t.len);
		at++;
	}
	part->name = text_sub(t, 0, name_length(t));
	at += (uint32_t)part->name.len;
	if (name_goes_on(r, parts, at))
		part->name.len = 0;
	if (part->name.len == 0) {
		at = part->inner;
		part->prefix = false;
		part->op.len = 0;
	} else if (text_starts(literal_at(r, parts, 0, at), "[") &&
		   !read_subscript(r, part, parts, 0, at, &i, &at)) {
		part->name.len = 0;
	}
	i = split_at(r, parts, i, at);
	if (part->name.len && !part->prefix) {
		part->op = literal_at(r, parts, i, at);
		part->op.len = operator_length(part->op);
		i = split_at(r, parts, i, at + (uint32_t)part->op.len);
	}
	part->n_parts = parts->n - i;
	if (part->n_parts)
		part->parts = parts->items + i;
	return !r->failed;
}

bool
part_param(struct reader *r, struct parts *parts, uint32_t open)
{
	static const struct matched how = {
		.open = '{', .close = '}', .first_close = true, .process = true
	};
	struct parts inner = { NULL, 0 };
	struct part *part = part_new(r, PART_PARAM, r->pos);

	if (!part || !reader_enter(r))
		return false;
	r->pos = open + 1;
	if (!read_matched(r, &inner, &how))
		return reader_unclosed(r, part->start, "unterminated ${");
	reader_leave(r);
	r->pos++;
	part_close(r, parts, part, open + 1, r->pos - 1);
	return take_apart(r, part, &inner);
}
