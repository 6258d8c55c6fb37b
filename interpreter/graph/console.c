/* Prompts: "$ command" with its output below, as people paste it. The lines
 * are never left to bash, which would run a program called "$". */
#include "graph/infer.h"
#include "shell/parse.h"

/* A command may go on over this many lines (open quotes, "\", heredocs). */
enum {
	CONTINUATION_LINES_MAX = 200
};

struct splitter {
	struct arena *arena;
	const struct excerpt *content;
	enum prompt prompt;
	uint32_t at; /* offset of the next line */
};

/* "sh-5.1$ ", "user@host:~$ ", "[root@host ~]# ": what stands in front of "$"
 * names a shell or a machine. */
static size_t
named_prompt_length(struct text line)
{
	size_t blank = text_chr(line, ' ', 0);
	size_t end = text_starts(line, "[") ? text_chr(line, ']', 0) + 1
		     : blank                ? blank - 1
					    : 0;
	struct text name = text_sub(line, 0, end);

	if (end == 0 || end >= line.len || end + 1 == line.len ||
	    line.at[end + 1] != ' ' ||
	    (line.at[end] != '$' && line.at[end] != '#'))
		return 0;
	return text_chr(name, '@', 0) < name.len || text_starts(name, "sh-") ||
			       text_starts(name, "bash-")
		       ? end + 2
		       : 0;
}

static size_t
prompt_length(struct text line, enum prompt prompt)
{
	size_t named = named_prompt_length(line);

	if (prompt == PROMPT_ANGLE)
		return text_starts(line, "> ") ? 2 : 0;
	if (named)
		return named;
	if (text_starts(line, "$ ") ||
	    (prompt == PROMPT_ROOT && text_starts(line, "# ")))
		return 2;
	return 0;
}

/* Every line that is no comment begins with "> ": a redirection in front of a
 * command would be a strange thing to do in each line. */
static bool
all_angles(struct text content)
{
	struct text line;
	bool any = false;

	while (text_next_line(&content, &line)) {
		struct text t = text_trim(line);

		if (t.len == 0 || t.at[0] == '#')
			continue;
		if (!text_starts(t, "> "))
			return false;
		any = true;
	}
	return any;
}

enum prompt
console_prompt(struct text content, bool root)
{
	struct text rest = content, line;

	while (text_next_line(&rest, &line)) {
		struct text t = text_trim(line);

		if (t.len == 0 || (!root && t.at[0] == '#'))
			continue;
		if (prompt_length(line, root ? PROMPT_ROOT : PROMPT_USER))
			return root ? PROMPT_ROOT : PROMPT_USER;
		break;
	}
	return all_angles(content) ? PROMPT_ANGLE : PROMPT_NONE;
}

static bool
next_line(struct splitter *sp, uint32_t *ret_start, struct text *ret_line)
{
	struct text rest =
		text_sub(sp->content->text, sp->at, sp->content->text.len);

	*ret_start = sp->at;
	if (!text_next_line(&rest, ret_line))
		return false;
	sp->at = (uint32_t)(rest.len ? (size_t)(rest.at - sp->content->text.at)
				     : sp->content->text.len);
	return true;
}

/* True when bash would read on after COMMAND: an open quote, a heredoc without
 * end, a backslash at the end of the line. */
static bool
wants_more(struct splitter *sp, struct excerpt command)
{
	struct script *s;

	if (text_ends(command.text, "\\"))
		return true;
	s = shell_parse(sp->arena, command);
	for (uint32_t i = 0; i < s->n_errors; i++) {
		if (s->errors[i].wants_more)
			return true;
	}
	return false;
}

/* The command that begins behind a prompt at START, with the lines that go on
 * with it; a secondary prompt "> " in front of those is dropped. */
static struct excerpt
take_command(struct splitter *sp, uint32_t start, uint32_t end)
{
	struct map *m = sp->content->map
				? map_new(sp->arena, sp->content->map->src)
				: NULL;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct excerpt e;

	for (unsigned lines = 0;; lines++) {
		uint32_t before = sp->at;
		struct text line;

		buf_addt(&b, text_sub(sp->content->text, start, end));
		if (m)
			map_add_from(sp->arena, m, end - start,
				     sp->content->map, start, end, MAP_COPIED);
		e.text = arena_text(sp->arena, buf_text(&b));
		e.map = m;
		if (lines == CONTINUATION_LINES_MAX || !wants_more(sp, e) ||
		    !next_line(sp, &start, &line))
			return e;
		if (prompt_length(line, sp->prompt)) {
			sp->at = before;
			return e;
		}
		buf_addc(&b, '\n');
		if (m)
			map_add(sp->arena, m, 1, 0, 0, MAP_INSERTED);
		end = start + (uint32_t)line.len;
		if (sp->prompt != PROMPT_ANGLE && text_starts(line, "> "))
			start += 2;
	}
}

struct console_entry *
console_split(struct arena *arena, struct excerpt content, enum prompt prompt,
	      uint32_t *ret_n)
{
	struct splitter sp = { arena, &content, prompt, 0 };
	struct console_entry *entries = NULL;
	struct text line, title = { NULL, 0 };
	uint32_t start, output = 0;

	*ret_n = 0;
	while (next_line(&sp, &start, &line)) {
		size_t skip = prompt_length(line, prompt);
		struct console_entry e = { .title = title };

		if (skip) {
			uint32_t end = start + (uint32_t)line.len;

			start += (uint32_t)skip;
			e.command = take_command(&sp, start, end);
			ARENA_PUSH(arena, entries, *ret_n, e);
			output = sp.at;
			title = (struct text){ NULL, 0 };
		} else if (*ret_n == 0 || text_starts(line, "# ")) {
			if (prompt != PROMPT_ROOT && text_starts(line, "# "))
				title = text_sub(line, 2, line.len);
		} else {
			entries[*ret_n - 1].output =
				excerpt_sub(arena, content, output, sp.at);
		}
	}
	return entries;
}
