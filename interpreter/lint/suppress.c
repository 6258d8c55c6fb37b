/* Comments that switch rules off. */
#include "lint/suppress.h"

#include "diag/source.h"
#include "lint/lint.h"

/* Lines on which a comment holds. */
struct suppression {
	struct span where; /* of the comment */
	uint32_t first, last;
	bool all;
	bool code[DIAG_CODE_COUNT];
	bool is_used, is_open; /* until runbook-enable */
	struct suppression *next;
};

struct reader {
	struct arena *arena;
	const struct runbook *rb;
	struct diag_sink *sink;
	struct suppression *first, **end;
};

static struct suppression *
add(struct reader *r, struct span where, uint32_t first, uint32_t last)
{
	struct suppression *s = ARENA_NEW(r->arena, struct suppression);

	s->where = where;
	s->first = first;
	s->last = last;
	*r->end = s;
	r->end = &s->next;
	return s;
}

/* Names in T, up to "--", into S. */
static void
read_names(struct reader *r, struct suppression *s, struct text t, char sep)
{
	struct text field;
	bool any = false;

	t = text_sub(t, 0, text_find(t, TEXT("-- "), 0));
	while (text_next_field(&t, sep, &field)) {
		CLEANUP(buf_release) struct buf name = BUF_INIT;
		int code;

		field = text_trim(field);
		if (field.len == 0)
			continue;
		any = true;
		buf_addt(&name, field);
		code = diag_code_by_name(buf_cstr(&name));
		if (code >= 0)
			s->code[code] = true;
		else
			diag_help(diag_report(r->sink, DIAG_UNKNOWN_SUPPRESSION,
					      s->where, "no rule '%s'",
					      buf_cstr(&name)),
				  "'runbook lint --list' names the rules");
		/* it has been told already that it does nothing */
		s->is_used |= code < 0;
	}
	s->all = !any;
}

/* The last line of what begins on LINE: a block's last, or LINE. */
static uint32_t
end_of_block(const struct reader *r, uint32_t line)
{
	const struct document *doc = r->rb->doc;

	for (uint32_t i = 0; i < doc->n_blocks; i++) {
		struct span where = doc->blocks[i]->where;

		if (doc->blocks[i]->kind != BLOCK_HTML &&
		    span_line(where) == line)
			return source_line(doc->src, where.end > where.start
							     ? where.end - 1
							     : where.end);
	}
	return line;
}

static void
close_open(struct reader *r, uint32_t line)
{
	for (struct suppression *s = r->first; s; s = s->next) {
		if (s->is_open) {
			s->last = line;
			s->is_open = false;
		}
	}
}

/* COMMENT is the text between "<!--" and "-->". */
static void
read_comment(struct reader *r, struct text comment, struct span where)
{
	static const struct {
		const char *word;
		char kind;
	} words[] = {
		{ "runbook-disable-next-line", 'n' },
		{ "runbook-disable-line", 'l' },
		{ "runbook-disable-file", 'f' },
		{ "runbook-disable", 'd' },
		{ "runbook-enable", 'e' },
	};
	struct text t = text_trim(comment), word;
	uint32_t line = span_line(where), first = line, last = line;
	struct suppression *s;
	char kind = 0;

	word = text_sub(t, 0, text_chr(t, ' ', 0));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (text_is(word, words[i].word))
			kind = words[i].kind;
	}
	if (!kind)
		return;
	if (kind == 'e') {
		close_open(r, line);
		return;
	}
	if (kind == 'f')
		first = 0;
	if (kind == 'f' || kind == 'd')
		last = UINT32_MAX;
	if (kind == 'n') {
		first = line + 1;
		last = end_of_block(r, line + 1);
	}
	s = add(r, where, first, last);
	s->is_open = kind == 'd';
	read_names(r, s, text_sub(t, word.len, t.len), ' ');
}

static void
read_html(struct reader *r, struct text html, struct span where)
{
	size_t at = 0;

	while ((at = text_find(html, TEXT("<!--"), at)) < html.len) {
		size_t end = text_find(html, TEXT("-->"), at + 4);

		read_comment(r, text_sub(html, at + 4, end), where);
		at = end;
	}
}

static void
read_block(struct reader *r, const struct block *b)
{
	if (b->kind == BLOCK_HTML)
		read_html(r, b->text, b->where);
	for (uint32_t i = 0; i < b->n_runs; i++) {
		if (b->runs[i].kind != INLINE_HTML ||
		    !text_starts(b->runs[i].text, "<!--"))
			continue;
		/* within a paragraph: where its text stands in the source */
		struct text whole = span_text(b->where);
		size_t at = text_find(whole, b->runs[i].text, 0);
		struct span where = b->where;

		if (at < whole.len) {
			where.start += (uint32_t)at;
			where.end = where.start + (uint32_t)b->runs[i].text.len;
		}
		read_html(r, b->runs[i].text, where);
	}
}

static void
read_script(struct reader *r, const struct step *step)
{
	const struct script *s = step->script;

	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];
		struct text t = script_text(s, c->start + 1, c->end);
		const struct statement *st;

		t = text_trim(t);
		if (c->place == COMMENT_ORPHAN || c->statement < step->first ||
		    c->statement > step->last ||
		    !text_starts(t, "runbook disable="))
			continue;
		st = s->body->items[c->statement];
		read_names(r,
			   add(r, script_span(s, c->start, c->end),
			       span_line(script_span(s, st->start, st->end)),
			       span_line(script_span(s, st->end - 1, st->end))),
			   text_sub(t, sizeof("runbook disable=") - 1, t.len),
			   ',');
	}
}

static void
read_all(struct reader *r)
{
	const struct document *doc = r->rb->doc;

	for (uint32_t i = 0; i < doc->n_blocks; i++)
		read_block(r, doc->blocks[i]);
	for (uint32_t i = 0; i < r->rb->n_procedures; i++) {
		const struct procedure *p = r->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			if (p->steps[k]->kind == STEP_COMMAND)
				read_script(r, p->steps[k]);
		}
	}
}

static bool
is_suppressed(struct reader *r, const struct diag *d)
{
	uint32_t line = span_line(d->where);
	bool found = false;

	if (!lint_is_suppressible(d->code))
		return false;
	for (struct suppression *s = r->first; s; s = s->next) {
		if (line < s->first || line > s->last ||
		    (!s->all && !s->code[d->code]))
			continue;
		s->is_used = true;
		found = true;
	}
	return found;
}

uint32_t
suppress(const struct runbook *rb, struct diag_sink *sink)
{
	struct reader r = { .arena = rb->doc->arena, .rb = rb, .sink = sink };
	uint32_t n = 0;

	r.end = &r.first;
	read_all(&r);
	if (!r.first)
		return 0;
	for (size_t i = 0; i < sink->n_items;) {
		if (sink->items[i]->where.src == rb->doc->src &&
		    is_suppressed(&r, sink->items[i])) {
			diag_sink_remove(sink, i);
			n++;
		} else {
			i++;
		}
	}
	for (struct suppression *s = r.first; s; s = s->next) {
		if (!s->is_used)
			diag_report(sink, DIAG_UNUSED_SUPPRESSION, s->where,
				    "nothing here that this comment could "
				    "switch off");
	}
	return n;
}
