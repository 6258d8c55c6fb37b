/* What unquoted literal bytes of a word mean: patterns, [ab], ~. */
#include "shell/reader.h"

static struct part *
literal_new(struct reader *r, uint32_t start, uint32_t end)
{
	struct part *part = part_new(r, PART_LITERAL, start);

	if (!part)
		return NULL;
	part->inner = start;
	part->end = part->inner_end = end;
	return part;
}

struct shaper {
	struct reader *r;
	struct parts out;
	bool tilde;  /* one may stand at the next byte */
	bool tildes; /* … and behind ":" */
	bool globs;
	uint32_t last_close; /* the last unquoted "]" of the word, or 0 */
};

/* Length of "~name" at AT of the literal that ends at END; 0 when bash does
 * not take it for a user. FINAL: the word, or a brace, follows the literal. */
static uint32_t
tilde_length(const struct shaper *s, uint32_t at, uint32_t end, bool final)
{
	const char *bytes = s->r->bytes;
	uint32_t stop = at + 1;

	while (stop < end &&
	       (byte_is_name(bytes[stop], false) || strchr("-+.", bytes[stop])))
		stop++;
	if (stop == end
		    ? !final
		    : bytes[stop] != '/' && !(s->tildes && bytes[stop] == ':'))
		return 0;
	return stop - at;
}

/* Length of "[:alpha:]" at AT, or 0. */
static uint32_t
class_length(const char *bytes, uint32_t at, uint32_t end)
{
	uint32_t stop = at + 2;

	if (at + 1 >= end || bytes[at + 1] != ':')
		return 0;
	while (stop < end && stop < at + 16 && byte_is_alpha(bytes[stop]))
		stop++;
	return stop + 1 < end && bytes[stop] == ':' && bytes[stop + 1] == ']'
		       ? stop + 2 - at
		       : 0;
}

/* Length of the bracket expression at AT (POSIX 2.13.1); 1 when its end is in
 * another part of the word; 0 when it is none. */
static uint32_t
bracket_length(const struct shaper *s, uint32_t at, uint32_t end)
{
	const char *bytes = s->r->bytes;
	uint32_t stop = at + 1;

	if (s->last_close <= at)
		return 0;
	if (stop < end && (bytes[stop] == '!' || bytes[stop] == '^'))
		stop++;
	if (stop < end && bytes[stop] == ']')
		stop++;
	while (stop < end && bytes[stop] != ']') {
		uint32_t skip =
			bytes[stop] == '[' ? class_length(bytes, stop, end) : 0;

		stop += skip ? skip : 1;
	}
	if (stop < end)
		return stop + 1 - at;
	return s->last_close > end ? 1 : 0;
}

/* Length of what begins at AT and is no ordinary byte, and its kind. */
static uint32_t
mark_length(const struct shaper *s, uint32_t at, uint32_t end, bool final,
	    enum part_kind *ret_kind)
{
	switch (s->r->bytes[at]) {
	case '~':
		*ret_kind = PART_TILDE;
		return s->tilde ? tilde_length(s, at, end, final) : 0;
	case '*':
	case '?':
		*ret_kind = PART_GLOB;
		return s->globs ? 1 : 0;
	case '[':
		*ret_kind = PART_GLOB;
		return s->globs ? bracket_length(s, at, end) : 0;
	default:
		return 0;
	}
}

static void
shape_literal(struct shaper *s, const struct part *part, bool final)
{
	uint32_t from = part->start, at = from;

	while (at < part->end) {
		char c = s->r->bytes[at];
		enum part_kind kind;
		uint32_t n = mark_length(s, at, part->end, final, &kind);

		s->tilde = s->tildes && n == 0 && c == ':';
		if (n) {
			if (from < at)
				parts_mark(s->r, &s->out, PART_LITERAL, from,
					   at);
			parts_mark(s->r, &s->out, kind, at, at + n);
			from = at + n;
		}
		at += n ? n : 1;
	}
	if (from < at)
		parts_mark(s->r, &s->out, PART_LITERAL, from, at);
}

static uint32_t
last_close(const struct reader *r, const struct word *w)
{
	for (uint32_t i = w->n_parts; i > 0; i--) {
		const struct part *part = w->parts[i - 1];

		if (part->kind != PART_LITERAL)
			continue;
		for (uint32_t at = part->end; at > part->start; at--) {
			if (r->bytes[at - 1] == ']')
				return at - 1;
		}
	}
	return 0;
}

/* Length of "NAME=" that W begins with: bash expands a tilde behind it in an
 * argument too (manual, 3.5.2). */
static uint32_t
assigned_length(const struct reader *r, const struct word *w)
{
	const struct part *first = w->n_parts ? w->parts[0] : NULL;
	uint32_t at;

	if (!first || first->kind != PART_LITERAL)
		return 0;
	for (at = first->start; at < first->end; at++) {
		if (!byte_is_name(r->bytes[at], at == first->start))
			break;
	}
	return at > first->start && at < first->end && r->bytes[at] == '='
		       ? at + 1 - first->start
		       : 0;
}

/* Find tildes and patterns among the literals of W and of the words in its
 * braces. TILDE: one may stand at its beginning. */
static void
shape_rest(struct reader *r, struct word *w, enum word_use use, bool tilde)
{
	struct shaper s = { .r = r, .tilde = tilde };
	uint32_t skip = use == WORD_ARGUMENT ? assigned_length(r, w) : 0;

	s.tildes = use == WORD_VALUE || skip > 0;
	s.globs = use == WORD_ARGUMENT || use == WORD_PATTERN;
	s.last_close = s.globs ? last_close(r, w) : 0;
	for (uint32_t i = 0; i < w->n_parts && !r->failed; i++) {
		struct part *part = w->parts[i];
		bool final = i + 1 == w->n_parts ||
			     w->parts[i + 1]->kind == PART_BRACE;

		if (part->kind == PART_LITERAL) {
			if (i == 0 && skip) {
				parts_mark(r, &s.out, PART_LITERAL, w->start,
					   w->start + skip);
				part = literal_new(r, w->start + skip,
						   part->end);
				s.tilde = true;
			}
			if (part)
				shape_literal(&s, part, final);
			continue;
		}
		for (uint32_t k = 0;
		     part->kind == PART_BRACE && k < part->n_words; k++)
			shape_rest(r, part->words[k], use, tilde && i == 0);
		s.tilde = false;
		parts_add(r, &s.out, part);
	}
	w->parts = s.out.items;
	w->n_parts = s.out.n;
}

void
word_shape(struct reader *r, struct word *w, enum word_use use)
{
	if (use == WORD_DELIMITER || use == WORD_REGEX)
		return;
	if (use == WORD_ARGUMENT && !word_braces(r, w))
		return;
	shape_rest(r, w, use, true);
}
