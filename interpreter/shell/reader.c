/* Bytes, limits and failures of a shell text that is being read. */
#include "shell/reader.h"

#include "base/limits.h"

struct reader_mark
reader_mark(const struct reader *r)
{
	return (struct reader_mark){ r->pos,
				     r->hole,
				     r->script->n_comments,
				     r->script->n_errors,
				     r->n_heredocs,
				     r->n_owners };
}

void
reader_rewind(struct reader *r, const struct reader_mark *mark)
{
	uint32_t again = r->pos > mark->pos ? r->pos - mark->pos : 0;

	r->reread = r->reread > again ? r->reread - again : 0;
	r->pos = mark->pos;
	r->hole = mark->hole;
	r->script->n_comments = mark->n_comments;
	r->script->n_errors = mark->n_errors;
	r->n_heredocs = mark->n_heredocs;
	r->n_owners = mark->n_owners;
	r->token_at = UINT32_MAX;
}

void
reader_note(struct reader *r, uint32_t start, uint32_t end, uint32_t opened,
	    const char *message)
{
	struct shell_error error = { start, end, message, opened, false };

	ARENA_PUSH(r->arena, r->script->errors, r->script->n_errors, error);
	r->soft = true;
}

bool
reader_fail(struct reader *r, uint32_t start, uint32_t end, uint32_t opened,
	    const char *message)
{
	if (r->failed)
		return false;
	reader_note(r, start, end, opened, message);
	r->failed = true;
	r->failed_at = start > r->pos ? start : r->pos;
	return false;
}

static bool
reader_fail_limit(struct reader *r, const char *message)
{
	r->fatal = true;
	return reader_fail(r, r->pos, r->pos, r->pos, message);
}

bool
reader_unclosed(struct reader *r, uint32_t opened, const char *message)
{
	if (r->failed)
		return false;
	reader_fail(r, r->end, r->end, opened, message);
	/* the end of a here-document's body is not the end of the text */
	if (r->end == r->script->source.text.len)
		reader_wants_more(r);
	return false;
}

void
reader_wants_more(struct reader *r)
{
	r->script->errors[r->script->n_errors - 1].wants_more = true;
}

enum {
	SHOWN_BYTES = 24 /* of an unexpected word, in a message */
};

/* The text ended within what the word or mark at OPENED began. */
static bool
reader_ended(struct reader *r, uint32_t opened)
{
	uint32_t end = opened;

	if (opened >= r->end)
		return reader_unclosed(r, opened, "unexpected end of the text");
	while (end < r->end && byte_is_alnum(r->bytes[end]))
		end++;
	if (end == opened) /* "(", "$(", "<(" */
		end += r->bytes[opened] != '(' && opened + 1 < r->end &&
				       r->bytes[opened + 1] == '('
			       ? 2
			       : 1;
	return reader_unclosed(
		r, opened,
		arena_printf(r->arena, "the text ends before this '%.*s' does",
			     (int)(end - opened), r->bytes + opened));
}

bool
reader_unexpected(struct reader *r, uint32_t opened)
{
	enum token token;
	uint32_t end;

	if (r->failed)
		return false;
	token = lex_peek(r);
	if (token == TOKEN_END)
		return reader_ended(r, opened);
	if (token == TOKEN_NEWLINE)
		return reader_fail(r, r->pos, r->pos + 1, opened,
				   "unexpected end of the line");
	end = token == TOKEN_WORD ? r->pos + 1 : r->token_end;
	while (token == TOKEN_WORD && end < r->end &&
	       end - r->pos < SHOWN_BYTES && !byte_is_meta(r->bytes[end]))
		end++;
	return reader_fail(r, r->pos, end, opened,
			   arena_printf(r->arena, "unexpected '%.*s'",
					(int)(end - r->pos),
					r->bytes + r->pos));
}

bool
reader_enter(struct reader *r)
{
	if (r->depth >= LIMIT_SHELL_DEPTH)
		return reader_fail_limit(r, "nested too deeply");
	r->depth++;
	return true;
}

void
reader_leave(struct reader *r)
{
	r->depth--;
}

bool
reader_count(struct reader *r)
{
	if (*r->n_nodes >= LIMIT_SHELL_NODES)
		return reader_fail_limit(r, "too many commands and words");
	(*r->n_nodes)++;
	return true;
}

char
reader_byte(const struct reader *r, uint32_t at, uint32_t *ret_at)
{
	while (at + 1 < r->end && r->bytes[at] == '\\' &&
	       r->bytes[at + 1] == '\n')
		at += 2;
	*ret_at = at;
	return at < r->end ? r->bytes[at] : '\0';
}

struct text
reader_name(struct reader *r, uint32_t start, uint32_t end)
{
	struct text raw = { r->bytes + start, end - start };
	struct buf CLEANUP(buf_release) name = BUF_INIT;

	if (text_chr(raw, '\\', 0) == raw.len)
		return raw;
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.at[i] != '\\' && raw.at[i] != '\n')
			buf_addc(&name, raw.at[i]);
	}
	return arena_text(r->arena, buf_text(&name));
}

uint32_t
reader_hole_start(struct reader *r, uint32_t at)
{
	while (r->hole < r->n_holes && r->holes[r->hole].start < at)
		r->hole++;
	if (r->hole < r->n_holes && r->holes[r->hole].start < r->end)
		return r->holes[r->hole].start;
	return r->end;
}

const struct hole *
reader_hole(struct reader *r, uint32_t at)
{
	if (r->n_holes == 0 || reader_hole_start(r, at) != at || at >= r->end)
		return NULL;
	return &r->holes[r->hole];
}
