/* Prompts: "$ command" with its output below, as people paste it. The lines
 * are never left to bash, which would run a program called "$". */
#include "graph/infer.h"
#include "graph/output_line.h"
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

/* "sh-5.1$ ", "user@host:~$ ", "host:~# ", "[root@host ~]# ": what stands in
 * front of "$" names a shell, a machine or a folder. */
static size_t
named_prompt_length(struct text line)
{
	size_t blank = text_chr(line, ' ', 0);
	size_t end = text_starts(line, "[") ? text_chr(line, ']', 0) + 1
		     : blank                ? blank - 1
					    : 0;
	struct text name = text_sub(line, 0, end);

	if (end == 0 || end + 1 >= line.len || line.at[end + 1] != ' ' ||
	    !strchr("$#%", line.at[end]))
		return 0;
	return text_chr(name, '@', 0) < name.len || text_starts(name, "sh-") ||
			       text_starts(name, "bash-") ||
			       text_is(name, "~") || text_ends(name, ":~") ||
			       (text_find(name, TEXT(":/"), 0) < name.len &&
				text_find(name, TEXT("://"), 0) == name.len)
		       ? end + 2
		       : 0;
}

/* How long the prompt in front of LINE is, blanks before it included. */
static size_t
prompt_length(struct text line, enum prompt prompt)
{
	static const char *const signs[] = { "$ ", "❯ ", "➜ " };
	size_t indent = 0, named;

	while (indent < line.len && byte_is_blank(line.at[indent]))
		indent++;
	line = text_sub(line, indent, line.len);
	if (prompt == PROMPT_ANGLE)
		return text_starts(line, "> ") ? indent + 2 : 0;
	named = named_prompt_length(line);
	if (named)
		return indent + named;
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (text_starts(line, signs[i]))
			return indent + strlen(signs[i]);
	}
	return prompt == PROMPT_ROOT && text_starts(line, "# ") ? indent + 2
								: 0;
}

/* Every line that is no comment begins with "> ": a redirection in front of a
 * command would be a strange thing to do in each line. Or the first one does,
 * and a program follows: nobody truncates a file of that name. */
static bool
has_angles(const struct effect_rules *rules, struct text content)
{
	struct text line;
	bool any = false;

	while (text_next_line(&content, &line)) {
		struct text t = text_trim(line);

		if (t.len == 0 || t.at[0] == '#')
			continue;
		if (!text_starts(t, "> "))
			return false;
		if (!any && line_calls_program(rules, text_sub(t, 2, t.len)))
			return true;
		any = true;
	}
	return any;
}

enum prompt
console_prompt(const struct effect_rules *rules, struct text content, bool root)
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
	return has_angles(rules, content) ? PROMPT_ANGLE : PROMPT_NONE;
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

/* What the lines between prompts say of the commands below them. */
struct heading {
	struct text title;
	struct span where;
	uint32_t group; /* of the commands that it stands over */
};

static void
end_heading(struct heading *h)
{
	if (h->title.len)
		h->group++;
	h->title = (struct text){ NULL, 0 };
}

/* A comment, whose text behind "# " begins at START; a second one below the
 * first goes on with it. */
static void
take_comment(struct splitter *sp, struct heading *h, struct text line,
	     uint32_t start, bool goes_on)
{
	struct text t = text_trim(line);
	size_t skip = (size_t)(t.at - line.at) + 2;
	struct span where =
		map_span(sp->content->map, start, start + (uint32_t)line.len);

	t = text_trim(text_sub(line, skip, line.len));
	if (goes_on && h->title.len) {
		h->title =
			text_of(arena_printf(sp->arena, "%.*s %.*s",
					     TEXT_ARG(h->title), TEXT_ARG(t)));
		return;
	}
	end_heading(h);
	h->title = t;
	h->where = where;
}

struct console_entry *
console_split(struct arena *arena, struct excerpt content, enum prompt prompt,
	      uint32_t *ret_n)
{
	struct splitter sp = { arena, &content, prompt, 0 };
	struct console_entry *entries = NULL;
	struct heading heading = { .group = 0 };
	struct text line;
	uint32_t start, output = 0;
	bool comment = false;

	*ret_n = 0;
	while (next_line(&sp, &start, &line)) {
		size_t skip = prompt_length(line, prompt);
		bool is_comment = !skip && prompt != PROMPT_ROOT &&
				  text_starts(text_trim(line), "# ");

		if (skip) {
			struct console_entry e = { .title = heading.title,
						   .title_where = heading.where,
						   .group = heading.group,
						   .marked = true };
			uint32_t end = start + (uint32_t)line.len;

			start += (uint32_t)skip;
			e.command = take_command(&sp, start, end);
			ARENA_PUSH(arena, entries, *ret_n, e);
			output = sp.at;
		} else if (is_comment) {
			take_comment(&sp, &heading, line, start, comment);
		} else {
			end_heading(&heading);
			if (*ret_n)
				entries[*ret_n - 1].output = excerpt_sub(
					arena, content, output, sp.at);
		}
		comment = is_comment;
	}
	return entries;
}
