/* Substitutions: $x, $(…), $((…)), $[…], <(…), and patterns in parentheses. */
#include "shell/reader.h"

/* $name, $1, $@ …: NAME is at AT. */
static bool
part_variable(struct reader *r, struct parts *parts, uint32_t at)
{
	struct part *part = part_new(r, PART_PARAM, r->pos);
	bool more = byte_is_name(r->bytes[at], true);
	uint32_t place = at;

	if (!part)
		return false;
	do {
		r->pos = place + 1;
		more = more &&
		       byte_is_name(reader_byte(r, place + 1, &place), false);
	} while (more);
	part->name = reader_name(r, at, r->pos);
	part_close(r, parts, part, at, r->pos);
	return true;
}

/* The list in parentheses of PART; OPEN is the offset of "(". */
static bool
read_list(struct reader *r, struct part *part, uint32_t open)
{
	struct pending outer = r->pending;
	bool in_comsub = r->in_comsub;

	if (!reader_enter(r))
		return false;
	r->pending = (struct pending){ NULL, 0 };
	r->in_comsub = true;
	r->pos = open + 1;
	part->list = parse_list(r, true, part->start);
	if (part->list && lex_peek(r) != TOKEN_RIGHT)
		reader_unexpected(r, part->start);
	if (!r->failed)
		heredoc_drop_pending(r);
	r->pending = outer;
	r->in_comsub = in_comsub;
	if (r->failed)
		return false;
	reader_leave(r);
	part->inner = open + 1;
	part->inner_end = r->pos;
	lex_take(r);
	part->end = r->pos;
	return true;
}

static bool
part_command(struct reader *r, struct parts *parts, uint32_t open)
{
	struct part *part = part_new(r, PART_COMMAND, r->pos);

	if (!part || !read_list(r, part, open))
		return false;
	parts_add(r, parts, part);
	return true;
}

bool
part_process(struct reader *r, struct parts *parts)
{
	struct part *part = part_new(r, PART_PROCESS, r->pos);
	uint32_t open;

	reader_byte(r, r->pos + 1, &open);
	if (!part || !read_list(r, part, open))
		return false;
	part->op = (struct text){ r->bytes + part->start, 1 };
	parts_add(r, parts, part);
	return true;
}

/* Which of the two "$((" turned out to be. */
struct arithmetic {
	bool is;
	uint32_t end; /* where bash finds the outer parenthesis closed */
};

/* $((…)): AT is behind the second parenthesis. When the pair does not end in
 * "))", it is a command substitution that begins with a subshell (POSIX
 * 2.6.3): back to the start. */
static bool
part_arithmetic(struct reader *r, struct parts *parts, uint32_t at,
		struct arithmetic *ret)
{
	static const struct matched how = { .open = '(', .close = ')' };
	struct reader_mark mark = reader_mark(r);
	struct parts inner = { NULL, 0 };
	struct part *part = part_new(r, PART_ARITH, r->pos);
	uint32_t end, place;

	if (!part || !reader_enter(r))
		return false;
	r->pos = at;
	if (!read_matched(r, &inner, &how))
		return reader_unclosed(r, mark.pos, "unterminated $((");
	end = r->pos;
	ret->is = reader_byte(r, end + 1, &place) == ')';
	if (ret->is) {
		reader_leave(r);
		r->pos = place + 1;
		part->parts = inner.items;
		part->n_parts = inner.n;
		part_close(r, parts, part, at, end);
		return true;
	}
	r->pos = end + 1;
	if (!read_matched(r, &inner, &how))
		return reader_unclosed(r, mark.pos, "unterminated $((");
	reader_leave(r);
	ret->end = r->pos;
	reader_rewind(r, &mark);
	return true;
}

/* $[…], as old as bash 1. */
static bool
part_old_arithmetic(struct reader *r, struct parts *parts, uint32_t open)
{
	static const struct matched how = { .open = '[', .close = ']' };
	struct parts inner = { NULL, 0 };
	struct part *part = part_new(r, PART_ARITH, r->pos);

	if (!part || !reader_enter(r))
		return false;
	r->pos = open + 1;
	if (!read_matched(r, &inner, &how))
		return reader_unclosed(r, part->start, "unterminated $[");
	reader_leave(r);
	r->pos++;
	part->parts = inner.items;
	part->n_parts = inner.n;
	part_close(r, parts, part, open + 1, r->pos - 1);
	return true;
}

static bool
part_parenthesis(struct reader *r, struct parts *parts, uint32_t open)
{
	struct arithmetic found = { false, 0 };
	uint32_t second, start = r->pos;

	if (reader_byte(r, open + 1, &second) != '(')
		return part_command(r, parts, open);
	if (r->reread == 0)
		return reader_fail(r, start, second + 1, start,
				   "too many '$((' that are no arithmetic");
	if (!part_arithmetic(r, parts, second + 1, &found) || found.is)
		return !r->failed;
	if (!part_command(r, parts, open))
		return false;
	if (parts->items[parts->n - 1]->inner_end != found.end)
		return reader_fail(r, start, r->pos, start,
				   "'$((' is closed in two ways");
	return true;
}

bool
part_dollar(struct reader *r, struct parts *parts, enum quoting quoting)
{
	uint32_t at;
	char next = reader_byte(r, r->pos + 1, &at);

	if (at < r->end && reader_hole(r, at))
		next = '\0';
	switch (next) {
	case '(':
		return part_parenthesis(r, parts, at);
	case '{':
		return part_param(r, parts, at);
	case '[':
		return part_old_arithmetic(r, parts, at);
	case '\'':
		if (quoting == QUOTING_NONE)
			return part_ansi_c(r, parts, at);
		break;
	case '"':
		if (quoting == QUOTING_NONE)
			return part_double(r, parts, PART_LOCALE);
		break;
	default:
		if (byte_is_name(next, false) || byte_is_special(next))
			return part_variable(r, parts, at);
		break;
	}
	parts_literal(r, parts, r->pos, r->pos + 1);
	r->pos++;
	return !r->failed;
}

/* The pattern list of ?( *( +( @( !(: pos is at the sign. */
bool
part_extglob(struct reader *r, struct parts *parts)
{
	static const struct matched how = { .open = '(',
					    .close = ')',
					    .until = '|' };
	struct part *part = part_new(r, PART_EXTGLOB, r->pos);
	uint32_t open;

	reader_byte(r, r->pos + 1, &open);
	if (!part || !reader_enter(r))
		return false;
	part->op = (struct text){ r->bytes + r->pos, 1 };
	r->pos = open;
	do {
		struct parts inner = { NULL, 0 };
		uint32_t start = ++r->pos;
		struct word *word;

		if (!read_matched(r, &inner, &how))
			return reader_unclosed(r, open,
					       "unterminated pattern list");
		word = word_new(r, start, r->pos, &inner);
		if (!word)
			return false;
		ARENA_PUSH(r->arena, part->words, part->n_words, word);
	} while (r->bytes[r->pos] == '|');
	reader_leave(r);
	r->pos++;
	part_close(r, parts, part, open + 1, r->pos - 1);
	return true;
}
