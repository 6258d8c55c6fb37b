/* Outputs in comments of a script: "# Expected: 3", "# Example output:" with
 * lines below, "# → ok" behind a command. */
#include "diag/source.h"
#include "edit/outcome.h"

/* Where a comment says what comes. */
struct said_place {
	const struct source *src;
	uint32_t line;   /* of its first comment */
	uint32_t mark;   /* the byte of its "#" */
	uint32_t value;  /* first byte of what comes … */
	uint32_t end;    /* … and behind its first line */
	bool on_heading; /* that line is the comment's first */
	bool trailing;   /* a command stands before it */
};

static struct said_place
find(const struct outcome *o)
{
	const struct want *w = o->want;
	const struct source *src = o->doc->src;
	struct text rest = w->text, line = { NULL, 0 };
	struct said_place c = { .src = src,
				.line = span_line(w->where),
				.mark = w->where.start };
	struct span first;
	struct text before;

	text_next_line(&rest, &line);
	first = map_span(w->map, 0, (uint32_t)line.len);
	c.value = first.start;
	c.end = first.end;
	c.on_heading = source_line(src, c.value) == c.line;
	before = text_sub(src->bytes, source_line_start(src, c.line), c.mark);
	for (size_t i = 0; i < before.len; i++)
		c.trailing |=
			!byte_is_blank(before.at[i]) && before.at[i] != '>';
	return c;
}

/* The blanks that every line of the example W begins with, which do not
 * count when it is compared. */
static size_t
indentation(const struct want *w)
{
	struct text rest = w->text, line;
	size_t least = SIZE_MAX;

	if (w->kind != WANT_EXAMPLE)
		return 0;
	while (text_next_line(&rest, &line)) {
		size_t n = 0;

		while (n < line.len && line.at[n] == ' ')
			n++;
		if (n < line.len && n < least)
			least = n;
	}
	return least == SIZE_MAX ? 0 : least;
}

/* Comment lines, of which the first is LINE. */
static struct region
region_of(const struct outcome *o, const struct said_place *c, uint32_t line,
	  uint32_t n)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct region r = { .src = c->src,
			    .line = line,
			    .n_lines = n,
			    .eol = region_eol(o->step->block) };

	buf_addt(&b, text_sub(c->src->bytes, source_line_start(c->src, c->line),
			      c->mark));
	buf_addc(&b, '#');
	r.blank = arena_text(o->arena, buf_text(&b));
	buf_fill(&b, ' ', 1 + indentation(o->want));
	r.prefix = arena_text(o->arena, buf_text(&b));
	return r;
}

/* "# Expected: a" becomes "# Expected:" with lines below. */
static bool
unfold(struct patch *p, const struct outcome *o, const struct said_place *c)
{
	struct want_line *all =
		arena_alloc(o->arena, (o->n_lines + 1) * sizeof(*all));
	struct text rest = o->want->text, line;
	struct region r;
	uint32_t n = 0, start = c->value;

	while (text_next_line(&rest, &line))
		n++;
	while (start > c->mark && byte_is_blank(c->src->bytes.at[start - 1]))
		start--;
	for (uint32_t i = 0; i < o->n_lines; i++)
		all[i] = (struct want_line){ o->lines[i].text, UINT32_MAX };
	r = region_of(o, c, c->line + 1, n - 1);
	return patch_replace(p, start, c->end, (struct text){ NULL, 0 }) &&
	       region_put(p, &r, all, o->n_lines);
}

/* What a comment of a later run would be taken for something else. */
static bool
may_stand(const struct outcome *o, struct buf *reterr)
{
	for (uint32_t i = 0; i < o->n_lines; i++) {
		if (text_starts(text_trim(o->lines[i].text), "runbook ")) {
			buf_adds(reterr, "a line of the output would be a "
					 "directive in a comment");
			return false;
		}
	}
	return true;
}

bool
outcome_in_comment(struct patch *p, const struct outcome *o, struct buf *reterr)
{
	struct said_place c;
	struct region r;
	bool ok;

	if (o->n_lines == 0) {
		buf_adds(reterr, "it printed nothing; take the comment out by "
				 "hand");
		return false;
	}
	if (!may_stand(o, reterr))
		return false;
	c = find(o);
	if (c.on_heading && o->n_lines == 1 &&
	    text_chr(o->want->text, '\n', 0) + 1 >= o->want->text.len) {
		ok = patch_replace(p, c.value, c.end, o->lines[0].text);
	} else if (c.trailing) {
		buf_adds(reterr, "a comment behind a command holds one line");
		return false;
	} else if (c.on_heading) {
		ok = unfold(p, o, &c);
	} else {
		struct text rest = o->want->text, line;
		uint32_t n = 0;

		while (text_next_line(&rest, &line))
			n++;
		r = region_of(o, &c, source_line(c.src, c.value), n);
		ok = region_put(p, &r, o->lines, o->n_lines);
	}
	if (!ok)
		buf_adds(reterr, "another output stands in the same place");
	return ok;
}
