/* Redirections, with the descriptor or the variable in front. */
#include "shell/reader.h"

/* Length of the digits or of the {name} that stands directly before a
 * redirection at pos; 0: none. */
static uint32_t
descriptor_length(const struct reader *r, bool *ret_is_name)
{
	uint32_t at = r->pos, place;
	char c = r->bytes[at];

	*ret_is_name = c == '{';
	if (c == '{') {
		at++;
		while (at < r->end && r->bytes[at] != '}' &&
		       !byte_is_meta(r->bytes[at]))
			at++;
		if (at >= r->end || r->bytes[at] != '}')
			return 0;
		at++;
	} else {
		while (at < r->end && byte_is_digit(r->bytes[at]))
			at++;
	}
	c = reader_byte(r, at, &place);
	if (at == r->pos || (c != '<' && c != '>') ||
	    reader_byte(r, place + 1, &at) == '(')
		return 0;
	return place - r->pos;
}

/* NAME or NAME[…]: what bash takes for a variable in {…} (3.6). */
static bool
is_variable(struct text t)
{
	size_t n = 0;

	while (n < t.len && byte_is_name(t.at[n], n == 0))
		n++;
	if (n == 0)
		return false;
	return n == t.len ||
	       (t.at[n] == '[' && n + 2 < t.len && t.at[t.len - 1] == ']');
}

static uint32_t
descriptor_at(struct reader *r, int *ret_fd, struct text *ret_name)
{
	struct text t = { r->bytes + r->pos, 0 };
	uint32_t hole;
	bool is_name;
	uint64_t fd;

	*ret_fd = -1;
	*ret_name = (struct text){ NULL, 0 };
	if (r->bytes[r->pos] != '{' && !byte_is_digit(r->bytes[r->pos]))
		return 0;
	t.len = descriptor_length(r, &is_name);
	hole = reader_hole_start(r, r->pos);
	if (t.len == 0 || (hole < r->end && hole <= r->pos + t.len))
		return 0;
	if (is_name) {
		*ret_name = text_sub(t, 1, text_chr(t, '}', 0));
		return is_variable(*ret_name) ? (uint32_t)t.len : 0;
	}
	while (t.len && !byte_is_digit(t.at[t.len - 1]))
		t.len--; /* a line continuation */
	if (!text_to_uint(t, INT32_MAX, &fd))
		return 0;
	*ret_fd = (int)fd;
	return descriptor_length(r, &is_name);
}

bool
redirect_is_next(struct reader *r)
{
	enum token token = lex_peek(r);
	struct text name;
	int fd;

	return token == TOKEN_REDIRECT ||
	       (token == TOKEN_WORD && descriptor_at(r, &fd, &name) > 0);
}

static enum word_use
target_use(enum redirect_op op)
{
	switch (op) {
	case REDIRECT_HEREDOC:
	case REDIRECT_HEREDOC_TABS:
		return WORD_DELIMITER;
	case REDIRECT_HERESTRING:
		return WORD_PLAIN;
	default:
		return WORD_ARGUMENT;
	}
}

/* True when a target follows OP. In "< 2>x" bash takes the 2 for a descriptor
 * as well, and fails; in ">&2>x" it is the target. */
static bool
target_is_next(struct reader *r, enum redirect_op op)
{
	bool dup = op == REDIRECT_DUP_IN || op == REDIRECT_DUP_OUT;

	if (lex_peek(r) != TOKEN_WORD)
		return false;
	return (dup && byte_is_digit(r->bytes[r->pos])) || !redirect_is_next(r);
}

struct redirect *
redirect_read(struct reader *r)
{
	struct redirect *redirect;

	if (!reader_count(r))
		return NULL;
	redirect = ARENA_NEW(r->arena, struct redirect);
	redirect->start = r->pos;
	redirect->fd = -1;
	if (lex_peek(r) == TOKEN_WORD)
		r->pos += descriptor_at(r, &redirect->fd, &redirect->fd_name);
	if (lex_peek(r) != TOKEN_REDIRECT)
		BUG("no redirection at byte %u", r->pos);
	redirect->op = r->token_op;
	lex_take(r);
	if (!target_is_next(r, redirect->op)) {
		reader_unexpected(r, redirect->start);
		return NULL;
	}
	redirect->target = word_read(r, target_use(redirect->op));
	if (!redirect->target)
		return NULL;
	redirect->end = r->pos;
	if (target_use(redirect->op) == WORD_DELIMITER)
		heredoc_expect(r, redirect);
	return redirect;
}
