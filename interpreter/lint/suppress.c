/* Comments that switch rules off. */
#include "lint/suppress.h"

#include <string.h>

#include "base/limits.h"
#include "diag/source.h"
#include "lint/lint.h"

/* Lines on which a comment holds. */
struct suppression {
	struct span where; /* of the comment */
	uint32_t first, last;
	bool code[DIAG_CODE_COUNT];
	bool is_used, is_open;       /* until runbook-enable */
	bool has_reason, is_told;    /* that a rule wants one */
	struct suppression *goes_on; /* what runbook-enable cut off it */
	struct suppression *next;
};

struct reader {
	struct arena *arena;
	const struct runbook *rb;
	struct diag_sink *sink;
	struct suppression *first, **end;
	uint32_t n;
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
	r->n++;
	return s;
}

/* True when S may switch CODE off: some rules want to know why. */
static bool
is_justified(struct reader *r, struct suppression *s, enum diag_code code)
{
	if (diag_info(code)->silence != SILENCE_REASON || s->has_reason)
		return true;
	if (!s->is_told)
		diag_help(diag_report(r->sink, DIAG_SUPPRESSION_WITHOUT_REASON,
				      s->where,
				      "%s is switched off only with a reason",
				      diag_info(code)->alias),
			  "write it at the end of the comment, behind '-- '");
	s->is_told = true;
	return false;
}

/* Names in T, up to "--", into S. */
static void
read_names(struct reader *r, struct suppression *s, struct text t, char sep)
{
	struct text field;
	size_t dashes = text_find(t, TEXT("-- "), 0);
	bool any = false;

	s->has_reason = text_trim(text_sub(t, dashes + 3, t.len)).len > 0;
	t = text_sub(t, 0, dashes);
	while (text_next_field(&t, sep, &field)) {
		CLEANUP(buf_release) struct buf name = BUF_INIT;
		int code;

		field = text_trim(field);
		if (field.len == 0)
			continue;
		any = true;
		buf_addt(&name, field);
		code = diag_code_by_name(buf_cstr(&name));
		if (code >= 0) {
			s->code[code] = true;
			/* told at once, and not as unused besides */
			s->is_used |= !is_justified(r, s, (enum diag_code)code);
		} else {
			diag_help(diag_report(r->sink, DIAG_UNKNOWN_SUPPRESSION,
					      s->where, "no rule '%s'",
					      buf_cstr(&name)),
				  "'runbook lint --list' names the rules");
			s->is_used = true;
		}
	}
	for (int i = 0; i < DIAG_CODE_COUNT && !any; i++)
		s->code[i] = true;
}

/* The last line of what begins on LINE: a block's last, or LINE. */
static uint32_t
end_of_block(const struct reader *r, uint32_t line)
{
	const struct document *doc = r->rb->doc;
	uint32_t at = source_line_start(doc->src, line), low = 0;
	uint32_t high = doc->n_blocks;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (doc->blocks[middle]->where.start < at)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < doc->n_blocks; low++) {
		struct span where = doc->blocks[low]->where;

		if (span_line(where) != line)
			break;
		if (doc->blocks[low]->kind != BLOCK_HTML)
			return source_line(doc->src, where.end > where.start
							     ? where.end - 1
							     : where.end);
	}
	return line;
}

/* Rules of S that ENABLED does not name go on behind LINE. */
static void
cut_off(struct reader *r, struct suppression *s,
	const struct suppression *enabled, uint32_t line)
{
	struct suppression rest = { 0 };
	bool any = false;

	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		rest.code[i] = s->code[i] && !enabled->code[i];
		any |= rest.code[i];
	}
	s->last = line;
	s->is_open = false;
	if (!any)
		return;
	s->goes_on = add(r, s->where, line + 1, UINT32_MAX);
	memcpy(s->goes_on->code, rest.code, sizeof(rest.code));
	s->goes_on->is_open = true;
	s->goes_on->has_reason = s->has_reason;
}

/* runbook-enable: what is open ends here, as far as NAMES go. */
static void
close_open(struct reader *r, struct text names, struct span where)
{
	struct suppression *enabled = ARENA_NEW(r->arena, struct suppression);
	struct suppression *last = NULL;

	enabled->where = where;
	enabled->has_reason = enabled->is_told = true;
	read_names(r, enabled, names, ' ');
	for (struct suppression *s = r->first; s; s = s->next)
		last = s;
	for (struct suppression *s = r->first; s; s = s->next) {
		if (s->is_open)
			cut_off(r, s, enabled, span_line(where));
		if (s == last)
			break;
	}
}

/* So many comments would make lint slow; the first that is past it is told. */
static bool
is_full(struct reader *r, struct span where)
{
	if (r->n == LIMIT_LINT_COMMENTS)
		diag_report(r->sink, DIAG_DOCUMENT_LIMIT, where,
			    "more than %d comments switch rules off or on",
			    LIMIT_LINT_COMMENTS);
	r->n += r->n == LIMIT_LINT_COMMENTS;
	return r->n > LIMIT_LINT_COMMENTS;
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
	if (!kind || is_full(r, where))
		return;
	if (kind == 'e') {
		close_open(r, text_sub(t, word.len, t.len), where);
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

/* Is statement I of their script part of one of the N steps? */
static bool
is_in_step(struct step *const *steps, uint32_t n, uint32_t i)
{
	for (uint32_t k = 0; k < n; k++) {
		if (steps[k]->kind == STEP_COMMAND && i >= steps[k]->first &&
		    i <= steps[k]->last)
			return true;
	}
	return false;
}

/* The comments of a script, of which N steps were made. */
static void
read_script(struct reader *r, struct step *const *steps, uint32_t n)
{
	const struct script *s = steps[0]->script;

	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];
		struct text t = script_text(s, c->start + 1, c->end);
		const struct statement *st;

		t = text_trim(t);
		if (c->place == COMMENT_ORPHAN ||
		    !text_starts(t, "runbook disable=") ||
		    !is_in_step(steps, n, c->statement) ||
		    is_full(r, script_span(s, c->start, c->end)))
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
read_steps(struct reader *r, const struct procedure *p)
{
	for (uint32_t k = 0, n; k < p->n_steps; k += n) {
		const struct step *s = p->steps[k];

		for (n = 1;
		     k + n < p->n_steps && p->steps[k + n]->script == s->script;
		     n++)
			;
		if (s->script)
			read_script(r, &p->steps[k], n);
	}
}

static void
read_all(struct reader *r)
{
	const struct document *doc = r->rb->doc;

	for (uint32_t i = 0; i < doc->n_blocks; i++)
		read_block(r, doc->blocks[i]);
	for (uint32_t i = 0; i < r->rb->n_procedures; i++)
		read_steps(r, r->rb->procedures[i]);
}

static bool
is_suppressed(struct reader *r, const struct diag *d)
{
	uint32_t line = span_line(d->where);
	bool found = false;

	if (lint_is_fixed(d->code))
		return false;
	for (struct suppression *s = r->first; s; s = s->next) {
		if (line < s->first || line > s->last || !s->code[d->code])
			continue;
		s->is_used = true;
		found |= is_justified(r, s, d->code);
	}
	return found;
}

struct counting {
	struct reader *r;
	uint32_t n;
};

static bool
is_kept(const struct diag *d, void *ctx)
{
	struct counting *c = ctx;
	bool drop =
		d->where.src == c->r->rb->doc->src && is_suppressed(c->r, d);

	c->n += drop;
	return !drop;
}

/* A comment that does nothing can go: alone on its lines with them. */
static void
report_unused(struct reader *r, const struct suppression *s)
{
	struct diag *d = diag_report(r->sink, DIAG_UNUSED_SUPPRESSION, s->where,
				     "nothing here that this comment could "
				     "switch off");
	struct text all = r->rb->doc->src->bytes;
	uint32_t start = s->where.start, end = s->where.end;

	if (!text_starts(span_text(s->where), "<!--") ||
	    !text_ends(text_trim(span_text(s->where)), "-->"))
		return;
	while (end > start && byte_is_space(all.at[end - 1]))
		end--;
	if ((start == 0 || all.at[start - 1] == '\n') &&
	    (end == all.len || all.at[end] == '\n'))
		end += end < all.len;
	else
		while (start > 0 && byte_is_blank(all.at[start - 1]))
			start--;
	diag_fix(d, true, start, end, (struct text){ NULL, 0 },
		 "take the comment out");
}

/* True when S is what runbook-enable left of another. */
static bool
is_part(const struct reader *r, const struct suppression *part)
{
	for (const struct suppression *s = r->first; s; s = s->next) {
		if (s->goes_on == part)
			return true;
	}
	return false;
}

uint32_t
suppress(const struct runbook *rb, struct diag_sink *sink)
{
	struct reader r = { .arena = rb->doc->arena, .rb = rb, .sink = sink };
	struct diag_sink found;
	struct counting counting = { &r, 0 };

	r.end = &r.first;
	read_all(&r);
	if (!r.first)
		return 0;
	/* what is said about the comments comes behind what they are about */
	found = *sink;
	*sink = (struct diag_sink)DIAG_SINK_INIT;
	diag_sink_filter(&found, is_kept, &counting);
	for (struct suppression *s = r.first; s; s = s->next) {
		const struct suppression *part = s;

		while (part && !part->is_used)
			part = part->goes_on;
		if (!part && !is_part(&r, s))
			report_unused(&r, s);
	}
	diag_sink_append(sink, &found);
	return counting.n;
}
