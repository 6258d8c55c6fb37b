/* What the comments of a script are for: titles, expected output, remarks.
 * A comment line with the commands under it, up to the next blank line or
 * comment, is one group (in 30 repositories a quarter of all shell blocks have
 * comments, one in six has several such groups). */
#include "graph/infer.h"

/* A run of comment lines without anything between them. */
struct run {
	uint32_t first, end; /* indices into script->comments */
	uint32_t after;      /* statements before the run */
	bool titles;         /* a statement begins on the next line */
};

static uint32_t
line_end(const struct script *s, uint32_t at)
{
	return (uint32_t)text_chr(s->source.text, '\n', at);
}

/* Newlines in [START, END) beyond the first: blank or comment lines. */
static bool
is_next_line(const struct script *s, uint32_t start, uint32_t end)
{
	struct text between = script_text(s, start, end);
	size_t newline = text_chr(between, '\n', 0);

	return newline < between.len &&
	       text_chr(between, '\n', newline + 1) == between.len &&
	       text_trim(between).len == 0;
}

static struct text
comment_text(const struct script *s, const struct comment *c)
{
	struct text t = script_text(s, c->start, c->end);

	while (t.len && t.at[0] == '#')
		t = text_sub(t, 1, t.len);
	return t;
}

/* Without "1)", "2.", "Step 3:" in front. */
static struct text
without_number(struct text t)
{
	size_t i = 0, digits;

	if (text_starts_nocase(t, "step "))
		i = 5;
	digits = i;
	while (i < t.len && byte_is_digit(t.at[i]))
		i++;
	if (i == digits || i >= t.len || !strchr(").:", t.at[i]))
		return t;
	if (i + 1 < t.len && !byte_is_blank(t.at[i + 1]))
		return t;
	return text_trim(text_sub(t, i + 1, t.len));
}

/* How much of T is the announcement of an output: "Expected:", "Example
 * output:", "→"; 0 when it announces nothing. */
static size_t
announcement(struct text t)
{
	static const char *const words[] = {
		"expected output", "expected result", "expected", "expect",
		"example output",  "sample output",   "output",
	};
	static const char *const arrows[] = { "→", "=>", "->" };

	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (text_starts(t, arrows[i]))
			return strlen(arrows[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t n = strlen(words[i]), colon;

		if (!text_starts_nocase(t, words[i]))
			continue;
		colon = text_chr(t, ':', n);
		if (colon == n ||
		    (colon < t.len && t.at[n] == ' ' && t.at[n + 1] == '('))
			return colon + 1;
		if (n == t.len)
			return n;
	}
	return 0;
}

/* The runs of own-line comments of S, in order. */
static struct run *
find_runs(struct arena *arena, const struct script *s, uint32_t *ret_n)
{
	struct run *runs = NULL;
	uint32_t after = 0;

	*ret_n = 0;
	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];
		struct run *last = *ret_n ? &runs[*ret_n - 1] : NULL;
		struct run r = { .first = i, .end = i + 1 };

		if (c->place == COMMENT_TRAILING)
			continue;
		while (after < s->body->n_items &&
		       s->body->items[after]->start < c->start)
			after++;
		r.after = after;
		if (last && last->after == after && last->end == i &&
		    is_next_line(s, line_end(s, s->comments[i - 1].start),
				 c->start)) {
			last->end = i + 1;
			continue;
		}
		ARENA_PUSH(arena, runs, *ret_n, r);
	}
	for (uint32_t i = 0; i < *ret_n; i++) {
		const struct comment *c = &s->comments[runs[i].end - 1];

		runs[i].titles =
			runs[i].after < s->body->n_items &&
			is_next_line(s, line_end(s, c->start),
				     s->body->items[runs[i].after]->start);
	}
	return runs;
}

/* Comment lines [FIRST, END) as one text of lines without their marks. */
static struct text
join_lines(struct arena *arena, const struct script *s, uint32_t first,
	   uint32_t end, size_t skip_first, const char *glue, bool titles)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (uint32_t i = first; i < end; i++) {
		struct text t = comment_text(s, &s->comments[i]);

		if (i == first && skip_first)
			t = text_sub(text_trim(t), skip_first, t.len);
		if (titles)
			t = without_number(text_trim(t));
		else if (t.len && t.at[0] == ' ')
			t = text_sub(t, 1, t.len);
		if (text_trim(t).len == 0)
			continue;
		if (b.len)
			buf_adds(&b, glue);
		buf_addt(&b, t);
	}
	return arena_text(arena, buf_text(&b));
}

/* Give the lines from I on to the statement before the run. Words such as
 * "Expected: two pods" that are prose and not output stay remarks: only what
 * is set off on lines of its own, or looks like output, can be compared. */
static void
note_want(struct arena *arena, const struct script *s, const struct run *run,
	  uint32_t i, size_t skip, struct statement_note *notes)
{
	struct statement_note *n;
	struct text rest = text_trim(text_sub(
		text_trim(comment_text(s, &s->comments[i])), skip, SIZE_MAX));

	if (run->after == 0 || (rest.len == 0 && i + 1 == run->end))
		return;
	n = &notes[run->after - 1];
	n->want = join_lines(arena, s, i, run->end, skip, "\n", false);
	n->want_where = script_span(s, s->comments[i].start,
				    s->comments[run->end - 1].end);
}

static void
read_run(struct arena *arena, const struct script *s, const struct run *run,
	 struct statement_note *notes)
{
	uint32_t i = run->first;
	size_t skip = 0;

	for (; i < run->end; i++) {
		skip = announcement(
			text_trim(comment_text(s, &s->comments[i])));
		if (skip)
			break;
	}
	if (skip)
		note_want(arena, s, run, i, skip, notes);
	if (i > run->first && run->titles) {
		struct statement_note *n = &notes[run->after];

		n->title = join_lines(arena, s, run->first, i, 0, " ", true);
		n->title_where = script_span(s, s->comments[run->first].start,
					     s->comments[i - 1].end);
	}
}

static bool
has_comment_between(const struct script *s, uint32_t start, uint32_t end)
{
	for (uint32_t i = 0; i < s->n_comments; i++) {
		if (s->comments[i].place != COMMENT_TRAILING &&
		    s->comments[i].start >= start && s->comments[i].start < end)
			return true;
	}
	return false;
}

/* True when a blank line or a comment line parts the statements. */
static bool
group_ends(const struct script *s, const struct statement *left,
	   const struct statement *right)
{
	struct text gap = script_text(s, left->end, right->start);
	size_t newline = text_chr(gap, '\n', 0);

	if (newline == gap.len)
		return false;
	if (has_comment_between(s, left->end, right->start))
		return true;
	while (newline < gap.len) {
		size_t next = text_chr(gap, '\n', newline + 1);

		if (next < gap.len &&
		    text_trim(text_sub(gap, newline, next)).len == 0)
			return true;
		newline = next;
	}
	return false;
}

static void
number_groups(const struct script *s, struct statement_note *notes)
{
	for (uint32_t i = 1; i < s->body->n_items; i++) {
		bool ends =
			group_ends(s, s->body->items[i - 1], s->body->items[i]);

		notes[i].group = notes[i - 1].group + ends;
		if (ends || notes[i].title.len)
			continue;
		notes[i].title = notes[i - 1].title;
		notes[i].title_where = notes[i - 1].title_where;
	}
}

struct statement_note *
comments_read(struct arena *arena, const struct script *s)
{
	struct statement_note *notes;
	struct run *runs;
	uint32_t n_runs;

	if (s->body->n_items == 0)
		return NULL;
	notes = arena_alloc(arena, s->body->n_items * sizeof(*notes));
	runs = find_runs(arena, s, &n_runs);
	for (uint32_t i = 0; i < n_runs; i++)
		read_run(arena, s, &runs[i], notes);
	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];

		if (c->place == COMMENT_TRAILING)
			notes[c->statement].trailing = arena_text(
				arena, text_trim(comment_text(s, c)));
	}
	number_groups(s, notes);
	return notes;
}
