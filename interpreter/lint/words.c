/* Reading commands as rules do. */
#include "lint/words.h"

#include <string.h>

#include "diag/source.h"

struct text
command_arg(const struct command *c, uint32_t i)
{
	return i < c->argc ? c->argv[i].text.text : (struct text){ NULL, 0 };
}

struct text
command_program(const struct command *c)
{
	struct text t = command_arg(c, 0);

	if (c->argc == 0 || c->argv[0].state != VALUE_EXACT)
		return (struct text){ NULL, 0 };
	for (size_t i = t.len; i > 0; i--) {
		if (t.at[i - 1] == '/')
			return text_sub(t, i, t.len);
	}
	return t;
}

bool
command_is(const struct command *c, const char *name)
{
	return text_is(command_program(c), name);
}

uint32_t
command_find(const struct command *c, const char *word)
{
	for (uint32_t i = 1; i < c->argc; i++) {
		if (text_is(command_arg(c, i), word))
			return i;
	}
	return 0;
}

static bool
is_bundle(struct text t)
{
	if (t.len < 2 || t.at[0] != '-' || t.at[1] == '-')
		return false;
	for (size_t i = 1; i < t.len; i++) {
		if (!byte_is_alpha(t.at[i]))
			return false;
	}
	return true;
}

static bool
is_long_option(struct text t, const char *name)
{
	size_t len = strlen(name);

	return text_starts(t, name) &&
	       (t.len == len || text_chr(t, '=', len) == len);
}

bool
command_has(const struct command *c, const char *name, char letter,
	    uint32_t until)
{
	uint32_t end = until ? until : c->argc;

	for (uint32_t i = 1; i < end; i++) {
		struct text t = command_arg(c, i);

		if (name && is_long_option(t, name))
			return true;
		if (letter && is_bundle(t) && text_chr(t, letter, 1) < t.len)
			return true;
	}
	return false;
}

uint32_t
command_container_verb(const struct command *c, const char *verb,
		       bool *ret_compose)
{
	uint32_t compose = 0, at;

	*ret_compose = false;
	if (!command_is(c, "docker") && !command_is(c, "docker-compose") &&
	    !command_is(c, "podman"))
		return 0;
	at = command_find(c, verb);
	if (command_is(c, "docker-compose"))
		*ret_compose = true;
	else if ((compose = command_find(c, "compose")) && compose < at)
		*ret_compose = true;
	if (!*ret_compose && at > 1 && !text_is(command_arg(c, 1), "container"))
		return 0;
	/* only options and their values stand before the verb */
	for (uint32_t i = 1; i < at; i++) {
		struct text t = command_arg(c, i), before;

		before = command_arg(c, i - 1);
		if (t.len && t.at[0] != '-' && i != compose &&
		    (i == 1 || before.len == 0 || before.at[0] != '-'))
			return text_is(t, "container") ? at : 0;
	}
	return at;
}

struct span
command_span(const struct command *c)
{
	return script_span(c->script, c->node->start, c->node->end);
}

struct span
command_arg_span(const struct command *c, uint32_t i)
{
	struct excerpt e = c->argv[i].text;

	return map_span(e.map, 0, (uint32_t)e.text.len);
}

struct span
step_span(const struct step *step)
{
	struct span s = step->where;
	uint32_t line, end;

	if (!s.src)
		return s;
	line = span_line(s);
	end = source_line_start(s.src, line) +
	      (uint32_t)source_line_text(s.src, line).len;
	if (end < s.end)
		s.end = end;
	return s;
}

const struct hop *
hop_ssh(const struct hop *hop)
{
	while (hop && strcmp(hop->name, "ssh") != 0)
		hop = hop->outer;
	return hop;
}

static bool
is_word_at(struct text t, size_t at, size_t len)
{
	return (at == 0 || !byte_is_alnum(t.at[at - 1])) &&
	       (at + len >= t.len || !byte_is_alnum(t.at[at + len]));
}

bool
text_has_word(struct text t, const char *const *words)
{
	for (; *words; words++) {
		size_t len = strlen(*words);

		for (size_t i = 0; i + len <= t.len; i++) {
			if (text_starts_nocase(text_sub(t, i, t.len), *words) &&
			    is_word_at(t, i, len))
				return true;
		}
	}
	return false;
}

bool
text_is_any(struct text t, const char *const *words)
{
	for (; *words; words++) {
		if (text_is(t, *words))
			return true;
	}
	return false;
}

struct text
path_name(struct text path)
{
	while (path.len && path.at[path.len - 1] == '/')
		path = text_sub(path, 0, path.len - 1);
	for (size_t i = path.len; i > 0; i--) {
		if (path.at[i - 1] == '/')
			return text_sub(path, i, path.len);
	}
	return path;
}

const struct lint_command *
lint_cd_before(const struct lint_pass *pass, const struct lint_command *one)
{
	/* the commands of a text stand together, in its order */
	for (const struct lint_command *c = one; c > pass->commands;) {
		c--;
		if (c->step != one->step)
			break;
		if (c->c.script == one->c.script && command_is(&c->c, "cd") &&
		    c->c.node->start < one->c.node->start)
			return c;
	}
	return NULL;
}
