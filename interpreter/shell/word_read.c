/* Words: runs of parts up to a blank or an operator. */
#include "shell/reader.h"

struct word *
word_new(struct reader *r, uint32_t start, uint32_t end,
	 const struct parts *parts)
{
	struct word *w;

	if (r->failed || !reader_count(r))
		return NULL;
	w = ARENA_NEW(r->arena, struct word);
	w->start = start;
	w->end = end;
	w->parts = parts->items;
	w->n_parts = parts->n;
	return w;
}

/* Ordinary bytes from pos on. *SEEN collects their classes. */
static void
read_literal(struct reader *r, struct parts *parts, unsigned *seen)
{
	uint32_t start = r->pos, stop = reader_hole_start(r, r->pos);

	do {
		*seen |= byte_classes[(unsigned char)r->bytes[r->pos]];
		r->pos++;
	} while (r->pos < stop &&
		 !(byte_classes[(unsigned char)r->bytes[r->pos]] &
		   (CLASS_META | CLASS_QUOTE)));
	parts_literal(r, parts, start, r->pos);
}

/* The last byte read is an unquoted ? * + @ or !: with "(" behind it, it
 * begins a pattern list. Take it back. */
static bool
give_back_sign(struct reader *r, struct parts *parts)
{
	struct part *last = parts->n ? parts->items[parts->n - 1] : NULL;

	if (!last || last->kind != PART_LITERAL || last->end != r->pos ||
	    !strchr("?*+@!", r->bytes[r->pos - 1]))
		return false;
	r->pos--;
	last->end--;
	last->inner_end--;
	if (last->end == last->start)
		parts->n--;
	return true;
}

/* ( and | in a regular expression: bash matches parentheses there, blanks and
 * all. */
static bool
read_regex(struct reader *r, struct parts *parts)
{
	static const struct matched how = { .open = '(', .close = ')' };
	bool opens = r->bytes[r->pos] == '(';
	uint32_t start = r->pos;

	parts_literal(r, parts, r->pos, r->pos + 1);
	r->pos++;
	if (!opens)
		return !r->failed;
	if (!read_matched(r, parts, &how))
		return reader_unclosed(r, start, "unterminated parenthesis");
	parts_literal(r, parts, r->pos, r->pos + 1);
	r->pos++;
	return !r->failed;
}

/* An operator's first byte at pos: *RET_MORE tells whether the word goes on
 * with it, and then it has been read. */
static bool
read_meta(struct reader *r, struct parts *parts, enum word_use use,
	  bool *ret_more)
{
	char c = r->bytes[r->pos];
	uint32_t place;

	*ret_more = true;
	if ((c == '<' || c == '>') && reader_byte(r, r->pos + 1, &place) == '(')
		return part_process(r, parts);
	if (c == '(' && give_back_sign(r, parts))
		return part_extglob(r, parts);
	if (use == WORD_REGEX && (c == '(' || c == '|'))
		return read_regex(r, parts);
	*ret_more = false;
	return true;
}

/* One part at pos, which is no operator. */
static bool
read_part(struct reader *r, struct parts *parts, unsigned *seen)
{
	switch (r->bytes[r->pos]) {
	case '\\':
		return part_escape(r, parts);
	case '\'':
		return part_single(r, parts);
	case '"':
		return part_double(r, parts, PART_DOUBLE);
	case '`':
		return part_backtick(r, parts, QUOTING_NONE);
	case '$':
		return part_dollar(r, parts, QUOTING_NONE);
	default:
		read_literal(r, parts, seen);
		return !r->failed;
	}
}

struct word *
word_continue(struct reader *r, uint32_t start, struct parts *parts,
	      enum word_use use)
{
	unsigned seen = 0;
	bool more = true, ok = true;
	struct word *w;

	while (ok && more && r->pos < r->end) {
		const struct hole *hole = reader_hole(r, r->pos);

		if (hole)
			ok = part_hole(r, parts, hole);
		else if (byte_is_meta(r->bytes[r->pos]))
			ok = read_meta(r, parts, use, &more);
		else
			ok = read_part(r, parts, &seen);
	}
	if (!ok)
		return NULL;
	w = word_new(r, start, r->pos, parts);
	if (w && (seen & CLASS_SHAPE))
		word_shape(r, w, use);
	return r->failed ? NULL : w;
}

struct word *
word_read(struct reader *r, enum word_use use)
{
	struct parts parts = { NULL, 0 };

	return word_continue(r, r->pos, &parts, use);
}
