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

/* Comments [FIRST, END) as one title. */
static struct text
join_title(struct arena *arena, const struct script *s, uint32_t first,
	   uint32_t end)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (uint32_t i = first; i < end; i++) {
		struct text t = without_number(
			text_trim(comment_text(s, &s->comments[i])));

		if (text_trim(t).len == 0)
			continue;
		if (b.len)
			buf_addc(&b, ' ');
		buf_addt(&b, t);
	}
	return arena_text(arena, buf_text(&b));
}

/* The statement whose output RUN tells: the one above, or the one directly
 * below where none stands above. */
static struct statement_note *
told_by(const struct run *run, struct statement_note *notes)
{
	if (run->after)
		return &notes[run->after - 1];
	return run->titles ? &notes[0] : NULL;
}

/* The first comment of RUN that announces output, or run->end. */
static uint32_t
read_want(struct arena *arena, const struct script *s, const struct run *run,
	  struct statement_note *notes)
{
	struct statement_note *n = told_by(run, notes);

	for (uint32_t i = run->first; i < run->end; i++) {
		struct noted_want w;
		bool is = comment_want(arena, s, i, run->end, run->titles, &w);

		if (is && n)
			ARENA_PUSH(arena, n->wants, n->n_wants, w);
		if (is || comment_announces(s, i))
			return i;
	}
	return run->end;
}

static void
read_run(struct arena *arena, const struct script *s, const struct run *run,
	 struct statement_note *notes)
{
	uint32_t end = read_want(arena, s, run, notes), first = run->first;

	if (s->comments[first].start == 0 && text_starts(s->source.text, "#!"))
		first++; /* it names an interpreter, and no step */
	if (end > first && run->titles) {
		struct statement_note *n = &notes[run->after];

		n->title = join_title(arena, s, first, end);
		n->title_where = script_span(s, s->comments[first].start,
					     s->comments[end - 1].end);
	}
}

/* Comment I behind a statement: what it prints, or what it is for. */
static void
read_trailing(struct arena *arena, const struct script *s, uint32_t i,
	      struct statement_note *n)
{
	struct noted_want w;

	if (comment_want(arena, s, i, i + 1, false, &w))
		ARENA_PUSH(arena, n->wants, n->n_wants, w);
	else
		n->trailing = arena_text(
			arena, text_trim(comment_text(s, &s->comments[i])));
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
	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];

		if (c->place == COMMENT_TRAILING)
			read_trailing(arena, s, i, &notes[c->statement]);
	}
	runs = find_runs(arena, s, &n_runs);
	for (uint32_t i = 0; i < n_runs; i++)
		read_run(arena, s, &runs[i], notes);
	number_groups(s, notes);
	return notes;
}
