/* Commands with their output below them and nothing to tell them apart but
 * how the lines look. To bash all of them would be commands. */
#include "graph/infer.h"
#include "graph/output_line.h"
#include "shell/parse.h"

enum {
	COMMAND_LINES_MAX = 200 /* of one command, that are looked through */
};

struct unmarker {
	struct builder *b;
	struct excerpt content;
	size_t at;        /* of the next line */
	size_t start;     /* of the commands being gathered */
	bool gathering;   /* there are some, or comments that go with them */
	bool any_command; /* among them */
	size_t output;    /* where the output of the last entry begins */
	bool in_output, blank;
	struct console_entry *entries;
	uint32_t n_entries;
};

/* The line at u->at, which is moved behind it. */
static bool
next_line(struct unmarker *u, size_t *ret_start, struct text *ret_line)
{
	struct text t = u->content.text;
	size_t end;

	if (u->at >= t.len)
		return false;
	end = text_chr(t, '\n', u->at);
	*ret_start = u->at;
	*ret_line = text_sub(t, u->at, end);
	u->at = end < t.len ? end + 1 : end;
	return true;
}

static bool
wants_more(struct unmarker *u, size_t start)
{
	struct excerpt command =
		excerpt_sub(u->b->arena, u->content, start, u->at);
	struct script *s;

	if (text_ends(text_trim(command.text), "\\"))
		return true;
	s = shell_parse(u->b->arena, command);
	for (uint32_t i = 0; i < s->n_errors; i++) {
		if (s->errors[i].wants_more)
			return true;
	}
	return false;
}

/* Move behind the last line of the command that begins at START. Where no end
 * is in sight all that is left belongs to it. */
static void
skip_command(struct unmarker *u, size_t start)
{
	size_t line;
	struct text text;

	for (unsigned lines = 0; wants_more(u, start); lines++) {
		if (lines == COMMAND_LINES_MAX)
			u->at = u->content.text.len;
		if (!next_line(u, &line, &text))
			return;
	}
}

/* What was gathered becomes an entry, without output so far. */
static void
end_commands(struct unmarker *u, size_t end)
{
	struct console_entry e = {
		.command = excerpt_sub(u->b->arena, u->content, u->start, end)
	};

	if (!u->gathering || !u->any_command)
		return;
	ARENA_PUSH(u->b->arena, u->entries, u->n_entries, e);
	u->gathering = u->any_command = false;
	u->output = end;
}

static void
take_output(struct unmarker *u, size_t start)
{
	end_commands(u, start);
	u->gathering = false; /* comments that say "output" */
	u->in_output = true;
	u->blank = false;
	if (u->n_entries)
		u->entries[u->n_entries - 1].output =
			excerpt_sub(u->b->arena, u->content, u->output, u->at);
}

static void
take_command(struct unmarker *u, size_t start, bool is_command)
{
	if (!u->gathering)
		u->start = start;
	u->gathering = true;
	u->in_output = false;
	if (!is_command)
		return;
	u->any_command = true;
	skip_command(u, start);
}

static void
take_line(struct unmarker *u, size_t start, struct text line)
{
	enum line_nature nature = line_nature(u->b->rb->rules, line);

	switch (nature) {
	case LINE_BLANK:
		u->blank = true;
		break;
	case LINE_COMMENT:
		take_command(u, start, false);
		break;
	case LINE_COMMAND:
		take_command(u, start, true);
		break;
	case LINE_UNKNOWN:
		if (u->in_output && !u->blank && !line_has_option(line))
			take_output(u, start);
		else
			take_command(u, start, true);
		break;
	case LINE_TABLE:
		if (u->any_command || u->n_entries)
			take_output(u, start);
		else
			take_command(u, start, true);
		break;
	case LINE_OUTPUT:
		take_output(u, start);
		break;
	}
}

/* ---- whether it is worth while ---------------------------------------------
 */

bool
unmarked_is_output(const struct builder *b, struct text content)
{
	struct text line;
	bool first = true, output = false;

	while (text_next_line(&content, &line)) {
		enum line_nature nature = line_nature(b->rb->rules, line);

		if (nature == LINE_COMMAND)
			return false;
		if (nature == LINE_BLANK || nature == LINE_COMMENT)
			continue;
		output |= first && nature != LINE_UNKNOWN;
		first = false;
	}
	return output;
}

bool
unmarked_is_typed(const struct builder *b, struct text content)
{
	struct text line;

	while (text_next_line(&content, &line)) {
		switch (line_nature(b->rb->rules, line)) {
		case LINE_BLANK:
		case LINE_COMMENT:
			break;
		case LINE_COMMAND:
			return true;
		case LINE_UNKNOWN:
			return line_has_option(line);
		case LINE_TABLE:
		case LINE_OUTPUT:
			return false;
		}
	}
	return false;
}

static bool
may_hold_output(const struct builder *b, struct text content)
{
	struct text line;

	while (text_next_line(&content, &line)) {
		switch (line_nature(b->rb->rules, line)) {
		case LINE_TABLE:
		case LINE_OUTPUT:
			return true;
		case LINE_BLANK:
		case LINE_COMMENT:
		case LINE_COMMAND:
		case LINE_UNKNOWN:
			break;
		}
	}
	return false;
}

struct console_entry *
unmarked_split(struct builder *b, struct excerpt content, uint32_t *ret_n)
{
	struct unmarker u = { .b = b, .content = content };
	struct text line;
	size_t start;
	bool any = false;

	*ret_n = 0;
	if (!may_hold_output(b, content.text))
		return NULL;
	while (next_line(&u, &start, &line))
		take_line(&u, start, line);
	end_commands(&u, content.text.len);
	for (uint32_t i = 0; i < u.n_entries; i++)
		any |= u.entries[i].output.text.len > 0;
	if (!any)
		return NULL;
	*ret_n = u.n_entries;
	return u.entries;
}
