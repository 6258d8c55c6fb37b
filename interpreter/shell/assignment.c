/* NAME=value, NAME[i]+=value, NAME=(…). */
#include "shell/reader.h"

/* Where the name at AT ends, line continuations dropped; AT when there is
 * none. */
static uint32_t
name_end(const struct reader *r, uint32_t at)
{
	uint32_t end = at, place = at;

	while (place < r->end && byte_is_name(r->bytes[place], end == at)) {
		end = place + 1;
		reader_byte(r, end, &place);
	}
	return end;
}

/* "=" or "+=" at AT: where it ends, and whether it appends; 0 if neither. */
static uint32_t
equals_end(const struct reader *r, uint32_t at, bool *ret_append)
{
	uint32_t place;
	char c = reader_byte(r, at, &place);

	*ret_append = c == '+';
	if (c == '+')
		c = reader_byte(r, place + 1, &place);
	return c == '=' ? place + 1 : 0;
}

/* The subscript behind "[" at pos, up to "]". */
static struct word *
read_subscript(struct reader *r, struct parts *parts)
{
	static const struct matched how = { .open = '[',
					    .close = ']',
					    .process = true };
	struct parts inner = { NULL, 0 };
	uint32_t start = r->pos + 1, open = r->pos;

	if (!reader_enter(r))
		return NULL;
	parts_literal(r, parts, open, start);
	r->pos = start;
	if (!read_matched(r, &inner, &how)) {
		reader_unclosed(r, open, "unterminated subscript");
		return NULL;
	}
	reader_leave(r);
	for (uint32_t i = 0; i < inner.n; i++)
		parts_add(r, parts, inner.items[i]);
	/* not joined to a literal before it, which the subscript has as well */
	parts_mark(r, parts, PART_LITERAL, r->pos, r->pos + 1);
	r->pos++;
	return word_new(r, start, r->pos - 1, &inner);
}

/* One element of an array literal: word, or [subscript]=word. */
static struct word *
read_element(struct reader *r)
{
	struct parts parts = { NULL, 0 };
	uint32_t start = r->pos;

	if (r->bytes[r->pos] == '[' && !reader_hole(r, r->pos) &&
	    !read_subscript(r, &parts))
		return NULL;
	return word_continue(r, start, &parts, WORD_ARGUMENT);
}

/* True when a word, or the rest of one, begins right at pos. */
static bool
begins_value(struct reader *r)
{
	uint32_t place;
	char c = reader_byte(r, r->pos, &place);

	if (place >= r->end)
		return false;
	if (!byte_is_meta(c) || reader_hole(r, place))
		return true;
	return (c == '<' || c == '>') &&
	       reader_byte(r, place + 1, &place) == '(';
}

/* The elements of (…), pos at "(". */
static bool
read_array(struct reader *r, struct assignment *a)
{
	uint32_t open = r->pos;

	if (!reader_enter(r))
		return false;
	a->is_array = true;
	r->token_at = UINT32_MAX;
	r->pos++;
	while (lex_skip_newlines(r) == TOKEN_WORD) {
		struct word *w = read_element(r);

		if (!w)
			return false;
		ARENA_PUSH(r->arena, a->elements, a->n_elements, w);
	}
	if (r->failed || lex_peek(r) != TOKEN_RIGHT)
		return reader_unexpected(r, open);
	lex_take(r);
	reader_leave(r);
	/* bash goes on with the word in "a=(1)b" */
	return !begins_value(r) || reader_unexpected(r, open);
}

/* What stands behind "=". */
static bool
read_value(struct reader *r, struct assignment *a, bool array_ok)
{
	uint32_t place;

	if (array_ok && reader_byte(r, r->pos, &place) == '(') {
		r->pos = place;
		return read_array(r, a);
	}
	if (!begins_value(r))
		return true;
	a->value = word_read(r, WORD_VALUE);
	return a->value;
}

/* The assignment as the one word that declare gets: PREFIX, then the value. */
static struct word *
whole_word(struct reader *r, const struct assignment *a, struct parts *parts,
	   uint32_t value)
{
	if (a->is_array) {
		struct part *array = part_new(r, PART_ARRAY, value);

		if (!array)
			return NULL;
		array->end = a->end;
		array->inner = value + 1;
		array->inner_end = a->end - 1;
		array->words = a->elements;
		array->n_words = a->n_elements;
		parts_add(r, parts, array);
	}
	for (uint32_t i = 0; a->value && i < a->value->n_parts; i++)
		parts_add(r, parts, a->value->parts[i]);
	return word_new(r, a->start, a->end, parts);
}

/* Where a subscript without quotes and blanks at AT ends: what an argument of
 * declare may have (NAME[1]=x). */
static uint32_t
plain_subscript_end(const struct reader *r, uint32_t at)
{
	at++;
	while (at < r->end && r->bytes[at] != ']' && r->bytes[at] != '[' &&
	       !(byte_classes[(unsigned char)r->bytes[at]] &
		 (CLASS_META | CLASS_QUOTE)))
		at++;
	return at < r->end && r->bytes[at] == ']' ? at + 1 : 0;
}

/* True when an argument of declare that begins with a name up to NAME_END is
 * an assignment. One with a line continuation in it is left alone. */
static bool
is_declared(const struct reader *r, uint32_t end)
{
	struct text t = { r->bytes, r->end };
	uint32_t equals;
	bool append;

	if (r->bytes[end] == '[')
		end = plain_subscript_end(r, end);
	equals = end ? equals_end(r, end, &append) : 0;
	return equals &&
	       text_chr(text_sub(t, 0, equals), '\\', r->pos) == equals;
}

bool
assignment_read(struct reader *r, enum assignment_place place, bool any,
		struct assignment **ret, struct word **ret_word)
{
	uint32_t start = r->pos, end = name_end(r, start), equals, bracket;
	struct parts parts = { NULL, 0 };
	struct word *subscript = NULL;
	struct assignment *a;
	bool append;

	*ret = NULL;
	*ret_word = NULL;
	if (end == start || end >= r->end || reader_hole_start(r, start) <= end)
		return true;
	if ((place == ASSIGNMENT_DECLARE || !any) && !is_declared(r, end))
		return true;
	if (reader_byte(r, end, &bracket) == '[') {
		parts_literal(r, &parts, start, bracket);
		r->pos = bracket;
		subscript = read_subscript(r, &parts);
		if (!subscript)
			return false;
		end = r->pos;
	}
	equals = equals_end(r, end, &append);
	if (equals == 0) {
		if (subscript)
			*ret_word =
				word_continue(r, start, &parts, WORD_ARGUMENT);
		return !r->failed;
	}
	if (!reader_count(r))
		return false;
	a = ARENA_NEW(r->arena, struct assignment);
	a->start = start;
	a->name = reader_name(r, start, name_end(r, start));
	a->subscript = subscript;
	a->append = append;
	parts_literal(r, &parts, r->pos, equals);
	r->pos = equals;
	if (!read_value(r, a, any))
		return false;
	a->end = r->pos;
	*ret = a;
	if (place == ASSIGNMENT_DECLARE)
		*ret_word = whole_word(r, a, &parts, equals);
	return !r->failed;
}
