/* The parts of words: quotes, escapes, substitutions. What bash reads as one
 * matched pair is one here too (parse.y: parse_matched_pair). */
#include "diag/map.h"
#include "shell/reader.h"

struct part *
part_new(struct reader *r, enum part_kind kind, uint32_t start)
{
	struct part *part;

	if (!reader_count(r))
		return NULL;
	part = ARENA_NEW(r->arena, struct part);
	part->kind = kind;
	part->start = start;
	return part;
}

void
parts_add(struct reader *r, struct parts *parts, struct part *part)
{
	ARENA_PUSH(r->arena, parts->items, parts->n, part);
}

void
parts_mark(struct reader *r, struct parts *parts, enum part_kind kind,
	   uint32_t start, uint32_t end)
{
	struct part *part = part_new(r, kind, start);

	if (!part)
		return;
	part->inner = start;
	part->end = part->inner_end = end;
	parts_add(r, parts, part);
}

void
parts_literal(struct reader *r, struct parts *parts, uint32_t start,
	      uint32_t end)
{
	struct part *last = parts->n ? parts->items[parts->n - 1] : NULL;

	if (start == end)
		return;
	if (last && last->kind == PART_LITERAL && last->end == start) {
		last->end = last->inner_end = end;
		return;
	}
	parts_mark(r, parts, PART_LITERAL, start, end);
}

void
part_close(struct reader *r, struct parts *parts, struct part *part,
	   uint32_t inner, uint32_t inner_end)
{
	part->end = r->pos;
	part->inner = inner;
	part->inner_end = inner_end;
	parts_add(r, parts, part);
}

static void
part_take(struct part *part, const struct parts *parts)
{
	part->parts = parts->items;
	part->n_parts = parts->n;
}

bool
part_hole(struct reader *r, struct parts *parts, const struct hole *hole)
{
	const struct placeholder *placeholder = hole->placeholder;
	struct part *part = part_new(
		r, placeholder ? PART_PLACEHOLDER : PART_OPAQUE, hole->start);

	if (!part)
		return false;
	r->pos = hole->end;
	part->placeholder = placeholder;
	if (placeholder)
		part->name = placeholder->name;
	part_close(r, parts, part, hole->start, hole->end);
	return true;
}

/* Fill PART with the literals and holes of [START, END), if there is a hole:
 * within '…' nothing else has a meaning. */
static bool
fill_holes(struct reader *r, struct part *part, uint32_t start, uint32_t end)
{
	struct parts inner = { NULL, 0 };

	if (reader_hole_start(r, start) >= end)
		return true;
	for (r->pos = start; r->pos < end;) {
		const struct hole *hole = reader_hole(r, r->pos);
		uint32_t stop;

		if (hole) {
			if (!part_hole(r, &inner, hole))
				return false;
			continue;
		}
		stop = reader_hole_start(r, r->pos);
		if (stop > end)
			stop = end;
		parts_literal(r, &inner, r->pos, stop);
		r->pos = stop;
	}
	part_take(part, &inner);
	return !r->failed;
}

bool
part_single(struct reader *r, struct parts *parts)
{
	uint32_t start = r->pos;
	struct text all = { r->bytes, r->end };
	uint32_t close = (uint32_t)text_chr(all, '\'', start + 1);
	struct part *part;

	if (close >= r->end)
		return reader_unclosed(r, start, "unterminated single quote");
	part = part_new(r, PART_SINGLE, start);
	if (!part || !fill_holes(r, part, start + 1, close))
		return false;
	r->pos = close + 1;
	part_close(r, parts, part, start + 1, close);
	return true;
}

/* $'…', where a backslash quotes; QUOTE is the offset of the quote. */
bool
part_ansi_c(struct reader *r, struct parts *parts, uint32_t quote)
{
	uint32_t start = r->pos, at = quote + 1;
	struct part *part;

	while (at < r->end && r->bytes[at] != '\'')
		at += r->bytes[at] == '\\' ? 2 : 1;
	if (at >= r->end)
		return reader_unclosed(r, start, "unterminated $'…' quote");
	part = part_new(r, PART_ANSI_C, start);
	if (!part || !fill_holes(r, part, quote + 1, at))
		return false;
	r->pos = at + 1;
	part_close(r, parts, part, quote + 1, at);
	return true;
}

bool
part_escape(struct reader *r, struct parts *parts)
{
	struct part *part;

	if (r->pos + 1 >= r->end) {
		parts_literal(r, parts, r->pos, r->pos + 1);
		r->pos++;
		return !r->failed;
	}
	part = part_new(r, PART_ESCAPE, r->pos);
	if (!part)
		return false;
	r->pos += 2;
	part_close(r, parts, part, r->pos - 1, r->pos);
	return true;
}

/* A backslash inside double quotes or a here-document: it quotes only these
 * (POSIX 2.2.3). */
static bool
part_weak_escape(struct reader *r, struct parts *parts, enum quoting quoting)
{
	char next = r->pos + 1 < r->end ? r->bytes[r->pos + 1] : '\0';

	if (next == '$' || next == '`' || next == '\\' || next == '\n' ||
	    (next == '"' && quoting == QUOTING_DOUBLE))
		return part_escape(r, parts);
	parts_literal(r, parts, r->pos, r->pos + 1);
	r->pos++;
	return !r->failed;
}

/* One part of a text in double quotes or of a here-document's body. */
static bool
part_weak(struct reader *r, struct parts *parts, enum quoting quoting)
{
	const struct hole *hole = reader_hole(r, r->pos);
	uint32_t start = r->pos, stop;

	if (hole)
		return part_hole(r, parts, hole);
	switch (r->bytes[r->pos]) {
	case '\\':
		return part_weak_escape(r, parts, quoting);
	case '$':
		return part_dollar(r, parts, quoting);
	case '`':
		return part_backtick(r, parts, quoting);
	default:
		break;
	}
	stop = reader_hole_start(r, r->pos);
	do
		r->pos++;
	while (r->pos < stop && r->bytes[r->pos] != '\\' &&
	       r->bytes[r->pos] != '$' && r->bytes[r->pos] != '`' &&
	       (r->bytes[r->pos] != '"' || quoting != QUOTING_DOUBLE));
	parts_literal(r, parts, start, r->pos);
	return !r->failed;
}

bool
part_double(struct reader *r, struct parts *parts, enum part_kind kind)
{
	uint32_t start = r->pos, quote = start;
	struct parts inner = { NULL, 0 };
	struct part *part = part_new(r, kind, start);

	if (!part || !reader_enter(r))
		return false;
	if (kind == PART_LOCALE)
		reader_byte(r, start + 1, &quote);
	r->pos = quote + 1;
	while (r->pos < r->end && r->bytes[r->pos] != '"') {
		if (!part_weak(r, &inner, QUOTING_DOUBLE))
			return false;
	}
	reader_leave(r);
	if (r->pos >= r->end)
		return reader_unclosed(r, start, "unterminated double quote");
	r->pos++;
	part_take(part, &inner);
	part_close(r, parts, part, quote + 1, r->pos - 1);
	return true;
}

bool
read_body(struct reader *r, struct parts *parts)
{
	while (r->pos < r->end) {
		if (!part_weak(r, parts, QUOTING_HEREDOC))
			return false;
	}
	return true;
}

/* ---- backquotes --------------------------------------------------------- */

/* The text in backquotes as the inner shell reads it: a backslash before $, `
 * or \ goes away, and before " when the whole is in double quotes (POSIX
 * 2.6.3). */
static struct excerpt
backtick_text(struct reader *r, uint32_t start, uint32_t end,
	      enum quoting quoting)
{
	const struct map *outer = r->script->source.map;
	struct map *map = outer ? map_new(r->arena, outer->src) : NULL;
	struct buf CLEANUP(buf_release) text = BUF_INIT;
	struct excerpt inner = { { NULL, 0 }, map };

	for (uint32_t at = start, next; at < end; at = next) {
		bool escape =
			r->bytes[at] == '\\' && at + 1 < end &&
			(r->bytes[at + 1] == '$' || r->bytes[at + 1] == '`' ||
			 r->bytes[at + 1] == '\\' ||
			 (r->bytes[at + 1] == '"' &&
			  quoting == QUOTING_DOUBLE));

		next = at + 1;
		if (escape) {
			buf_addc(&text, r->bytes[next++]);
		} else {
			while (next < end && r->bytes[next] != '\\')
				next++;
			buf_add(&text, r->bytes + at, next - at);
		}
		if (map)
			map_add_from(r->arena, map, escape ? 1 : next - at,
				     outer, at, next,
				     escape ? MAP_DECODED : MAP_COPIED);
	}
	inner.text = arena_text(r->arena, buf_text(&text));
	return inner;
}

bool
part_backtick(struct reader *r, struct parts *parts, enum quoting quoting)
{
	uint32_t start = r->pos, at = start + 1;
	struct part *part;

	while (at < r->end && r->bytes[at] != '`')
		at += r->bytes[at] == '\\' ? 2 : 1;
	if (at >= r->end)
		return reader_unclosed(r, start, "unterminated backquote");
	part = part_new(r, PART_BACKTICK, start);
	if (!part || !reader_enter(r))
		return false;
	part->script = script_read(r, backtick_text(r, start + 1, at, quoting));
	part->list = part->script->body;
	reader_leave(r);
	r->pos = at + 1;
	if (part->script->n_errors)
		reader_note(r, start + 1, at, start,
			    part->script->errors[0].message);
	part_close(r, parts, part, start + 1, at);
	return !r->failed;
}

/* ---- pairs -------------------------------------------------------------- */

/* One part at pos inside a matched pair; *RET_PLAIN when the byte there is
 * ordinary and nothing was read. */
static bool
part_in_pair(struct reader *r, struct parts *parts, const struct matched *how,
	     bool *ret_plain)
{
	const struct hole *hole = reader_hole(r, r->pos);
	char c = r->bytes[r->pos];
	uint32_t place;

	*ret_plain = false;
	if (hole)
		return part_hole(r, parts, hole);
	switch (c) {
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
		break;
	}
	if (how->process && (c == '<' || c == '>') &&
	    reader_byte(r, r->pos + 1, &place) == '(')
		return part_process(r, parts);
	*ret_plain = true;
	return true;
}

bool
read_matched(struct reader *r, struct parts *parts, const struct matched *how)
{
	unsigned depth = 1;
	bool plain;

	while (r->pos < r->end) {
		char c = r->bytes[r->pos];

		if (c == how->close && --depth == 0)
			return true;
		if (c == how->open && !how->first_close)
			depth++;
		else if (how->until && c == how->until && depth == 1)
			return true;
		if (!part_in_pair(r, parts, how, &plain))
			return false;
		if (!plain)
			continue;
		parts_literal(r, parts, r->pos, r->pos + 1);
		if (r->failed)
			return false;
		r->pos++;
	}
	return false;
}
