/* Where the runs of a block stand. cmark's own places of inlines are wrong
 * behind the first line of a block in a container [0.30.2], and few callers
 * ask: so the marks are looked for in the source, in order, and a run has the
 * place of the first one that says the same. */
#include "base/alloc.h"
#include "doc/document.h"

enum {
	MARKS_MAX = 80,        /* backticks before a code span, as in cmark */
	TARGET_MAX = 4 * 1024, /* bytes between "](" and ")" */
	ENTITY_MAX = 32,       /* bytes */
	LOOK_AHEAD = 64        /* marks that are tried for one run */
};

/* A code span, a link or an image in the source. */
struct mark {
	enum inline_kind kind;
	uint32_t start, end;       /* in the block's bytes; END 0: not closed */
	uint32_t inner, inner_end; /* what is between the marks */
};

struct scan {
	struct text bytes;  /* of the block */
	struct mark *marks; /* owned; by start */
	uint32_t n, cap;
	uint32_t *open; /* owned: numbers of marks that wait for "]" */
	uint32_t n_open, cap_open;
	bool no_end[MARKS_MAX + 1]; /* no more runs of so many backticks */
	bool no_angle;              /* no more ">" */
};

static uint32_t
add_mark(struct scan *s, enum inline_kind kind, size_t start, size_t inner)
{
	struct mark m = { kind, (uint32_t)start, 0, (uint32_t)inner, 0 };

	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		s->marks = xreallocarray(s->marks, s->cap, sizeof(*s->marks));
	}
	s->marks[s->n] = m;
	return s->n++;
}

static void
push_open(struct scan *s, uint32_t mark)
{
	if (s->n_open == s->cap_open) {
		s->cap_open = s->cap_open ? s->cap_open * 2 : 16;
		s->open = xreallocarray(s->open, s->cap_open, sizeof(*s->open));
	}
	s->open[s->n_open++] = mark;
}

static size_t
run_length(struct text t, size_t at, char c)
{
	size_t n = 0;

	while (at + n < t.len && t.at[at + n] == c)
		n++;
	return n;
}

/* A code span at AT, or backticks that are none. Returns what is behind. */
static size_t
scan_code(struct scan *s, size_t at)
{
	size_t n = run_length(s->bytes, at, '`'), i = at + n;
	uint32_t mark;

	if (n > MARKS_MAX || s->no_end[n])
		return at + n;
	while ((i = text_chr(s->bytes, '`', i)) < s->bytes.len) {
		size_t end = run_length(s->bytes, i, '`');

		if (end == n) {
			mark = add_mark(s, INLINE_CODE, at, at + n);
			s->marks[mark].inner_end = (uint32_t)i;
			s->marks[mark].end = (uint32_t)(i + n);
			return i + n;
		}
		i += end;
	}
	s->no_end[n] = true;
	return at + n;
}

/* "<https://…>" or "<a@b>" at AT, or a tag. */
static size_t
scan_angle(struct scan *s, size_t at)
{
	size_t end = s->no_angle ? s->bytes.len : text_chr(s->bytes, '>', at);
	struct text inside = text_sub(s->bytes, at + 1, end);
	uint32_t mark;

	s->no_angle = end == s->bytes.len;
	if (s->no_angle)
		return at + 1;
	if (text_chr(inside, ' ', 0) == inside.len &&
	    (text_chr(inside, ':', 0) < inside.len ||
	     text_chr(inside, '@', 0) < inside.len)) {
		mark = add_mark(s, INLINE_LINK, at, at + 1);
		s->marks[mark].inner_end = (uint32_t)end;
		s->marks[mark].end = (uint32_t)end + 1;
	}
	return end + 1;
}

/* Behind "(target)" that begins at AT, or AT when it is none. */
static size_t
behind_target(struct text t, size_t at)
{
	size_t i = at + 1, depth = 1;
	char quote = '\0';

	for (; i < t.len && i < at + TARGET_MAX && depth; i++) {
		char c = t.at[i];

		if (c == '\\')
			i++;
		else if (quote && c == quote)
			quote = '\0';
		else if (quote)
			continue;
		else if ((c == '"' || c == '\'') && byte_is_space(t.at[i - 1]))
			quote = c;
		else if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
	}
	return depth ? at : i;
}

/* Behind "[label]" that begins at AT, or AT when it is none. */
static size_t
behind_label(struct text t, size_t at)
{
	size_t end = text_chr(text_sub(t, 0, at + TARGET_MAX), ']', at);

	return end < t.len && t.at[end] == ']' ? end + 1 : at;
}

/* "]" at AT closes the last "[" that is open. */
static size_t
scan_close(struct scan *s, size_t at)
{
	struct mark *m;
	size_t end = at + 1;

	if (s->n_open == 0)
		return end;
	m = &s->marks[s->open[--s->n_open]];
	m->inner_end = (uint32_t)at;
	if (end < s->bytes.len && s->bytes.at[end] == '(')
		end = behind_target(s->bytes, end);
	else if (end < s->bytes.len && s->bytes.at[end] == '[')
		end = behind_label(s->bytes, end);
	m->end = (uint32_t)end;
	return end;
}

static void
scan_marks(struct scan *s)
{
	size_t at = 0;

	while (at < s->bytes.len) {
		char c = s->bytes.at[at];
		bool image = c == '!' && at + 1 < s->bytes.len &&
			     s->bytes.at[at + 1] == '[';

		if (c == '\\') {
			at += 2;
		} else if (c == '`') {
			at = scan_code(s, at);
		} else if (c == '<') {
			at = scan_angle(s, at);
		} else if (c == ']') {
			at = scan_close(s, at);
		} else if (c == '[' || image) {
			push_open(s,
				  add_mark(s,
					   image ? INLINE_IMAGE : INLINE_LINK,
					   at, at + 1 + image));
			at += 1 + (size_t)image;
		} else {
			at++;
		}
	}
}

static bool
is_word_byte(char c)
{
	return byte_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* Behind "&name;" at AT, or AT when there is none. */
static size_t
behind_entity(struct text t, size_t at)
{
	size_t i = at + 1;

	while (i < t.len && i < at + ENTITY_MAX &&
	       (byte_is_alnum(t.at[i]) || t.at[i] == '#'))
		i++;
	return i < t.len && i > at + 1 && t.at[i] == ';' ? i + 1 : at;
}

/* Behind what begins at AT of T, no letter and no digit. The targets of images
 * in a label are not a part of its text, nor are the names of entities. */
static size_t
behind_mark(struct text t, size_t at)
{
	size_t end = at;

	if (t.at[at] == '&')
		end = behind_entity(t, at);
	else if (t.at[at] == ']' && at + 1 < t.len && t.at[at + 1] == '(')
		end = behind_target(t, at + 1);
	return end > at ? end : at + 1;
}

/* The next letter or digit of T at or after AT, or its length. */
static size_t
next_word_byte(struct text t, size_t at)
{
	while (at < t.len && !is_word_byte(t.at[at]))
		at = behind_mark(t, at);
	return at < t.len ? at : t.len;
}

/* True when SOURCE and TEXT have the same letters and digits: what is between
 * them may be marks in the one and nothing in the other. */
static bool
same_words(struct text source, struct text text)
{
	size_t i = 0, j = 0;

	for (;; i++, j++) {
		i = next_word_byte(source, i);
		j = next_word_byte(text, j);
		if (i == source.len || j == text.len)
			return i == source.len && j == text.len;
		if (source.at[i] != text.at[j])
			return false;
	}
}

static bool
fits(const struct scan *s, const struct mark *m, const struct inline_run *run)
{
	return m->end && m->kind == run->kind &&
	       same_words(text_sub(s->bytes, m->inner, m->inner_end),
			  run->text);
}

/* The mark that RUN is, from FROM on, or NULL. */
static const struct mark *
find_mark(const struct scan *s, const struct inline_run *run, uint32_t from)
{
	uint32_t end = s->n - from > LOOK_AHEAD ? from + LOOK_AHEAD : s->n;

	if (run->kind != INLINE_CODE && run->kind != INLINE_LINK &&
	    run->kind != INLINE_IMAGE)
		return NULL;
	for (uint32_t i = from; i < end; i++) {
		if (fits(s, &s->marks[i], run))
			return &s->marks[i];
	}
	return NULL;
}

void
block_run_spans(const struct block *block, struct span *ret)
{
	struct scan s = { .bytes = span_text(block->where) };
	uint32_t next = 0;

	scan_marks(&s);
	for (uint32_t i = 0; i < block->n_runs; i++) {
		const struct mark *m = find_mark(&s, &block->runs[i], next);

		ret[i] = block->where;
		if (!m)
			continue;
		ret[i].start = block->where.start + m->start;
		ret[i].end = block->where.start + m->end;
		next = (uint32_t)(m - s.marks) + 1;
	}
	free(s.marks);
	free(s.open);
}
