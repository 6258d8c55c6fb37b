/* Code blocks and their fences. */
#include "doc/fence.h"

#include "doc/fence_line.h"

static const struct {
	const char *name;
	enum code_kind kind;
} languages[] = {
#define LANGUAGE(name, kind) { name, CODE_##kind },
#include "doc/languages.def"
#undef LANGUAGE
};

/* Without the prefix of a line that goes on in its containers: those of items
 * are blanks, those of quotes ">". */
static struct text
without_prefix(struct text line)
{
	size_t i = 0, quote = 0;

	for (; i < line.len && (byte_is_blank(line.at[i]) || line.at[i] == '>');
	     i++)
		quote = line.at[i] == '>' ? i + 1 : quote;
	return text_sub(line, quote, line.len);
}

/* ---- language ----------------------------------------------------------- */

enum code_kind
fence_language_kind(struct text language)
{
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		if (text_is(language, languages[i].name))
			return languages[i].kind;
	}
	return CODE_OTHER;
}

/* T in lower case; T itself where it is that already. */
static struct text
lower(struct arena *arena, struct text t)
{
	char *copy;
	size_t i = 0;

	while (i < t.len && byte_lower(t.at[i]) == t.at[i])
		i++;
	if (i == t.len)
		return t;
	copy = arena_memdup0(arena, t.at, t.len);
	for (; i < t.len; i++)
		copy[i] = byte_lower(copy[i]);
	return (struct text){ copy, t.len };
}

static bool
ends_name(char c)
{
	return byte_is_space(c) || c == '{' || c == '}' || c == ',';
}

/* The name that begins at AT of INFO. */
static struct text
name_at(struct text info, size_t at)
{
	size_t end = at;

	while (end < info.len && !ends_name(info.at[end]))
		end++;
	return text_sub(info, at, end);
}

/* "bash", "bash {…}", "bash{…}": a language. "{note}": a directive (MyST,
 * knitr). "{.bash}": Pandoc's way to say bash. "{=html}": Pandoc's raw text, in
 * a language of no use here. */
static void
read_language(struct arena *arena, struct code *code)
{
	struct text info = code->info;

	if (info.len == 0) {
		code->kind = CODE_UNTAGGED;
	} else if (info.at[0] != '{') {
		code->language = lower(arena, name_at(info, 0));
		code->kind = fence_language_kind(code->language);
	} else if (info.len > 1 && byte_is_alpha(info.at[1])) {
		code->language = lower(arena, name_at(info, 1));
		code->kind = CODE_DIRECTIVE;
	} else if (info.len > 1 && info.at[1] == '.') {
		code->language = lower(arena, name_at(info, 2));
		code->kind = fence_language_kind(code->language);
	} else {
		code->kind = CODE_OTHER;
	}
}

/* ---- files -------------------------------------------------------------- */

/* LINE without one of the comment starts (and its end), trimmed; empty when it
 * is no comment. */
static struct text
comment_words(struct text line)
{
	static const char *const marks[][2] = {
		{ "#", "" },  { ";", "" },    { "//", "" },
		{ "--", "" }, { "/*", "*/" }, { "<!--", "-->" },
	};

	line = text_trim(line);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t n = strlen(marks[i][0]), end = strlen(marks[i][1]);

		if (!text_starts(line, marks[i][0]))
			continue;
		line = text_sub(line, n, line.len);
		if (end && text_ends(line, marks[i][1]))
			line = text_sub(line, 0, line.len - end);
		return text_trim(line);
	}
	return (struct text){ NULL, 0 };
}

struct text
fence_path_comment(struct text line)
{
	struct text path = comment_words(line), none = { NULL, 0 };

	if (path.len < 2 || path.at[0] != '/' || path.at[1] == '/' ||
	    path.at[1] == '*' || path.at[path.len - 1] == '/')
		return none;
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];

		if (c <= ' ' || c == 0x7f)
			return none;
	}
	return path;
}

static void
read_file_path(struct code *code)
{
	struct text rest = code->content.text, first = { NULL, 0 };

	if (code->kind != CODE_OTHER || code->language.len == 0)
		return;
	text_next_line(&rest, &first);
	code->file_path = fence_path_comment(first);
	if (code->file_path.len)
		code->kind = CODE_FILE;
}

/* ---- reading ------------------------------------------------------------ */

/* An indented block's first line is the rest of the line that it begins on; a
 * fenced one's is the next line. Without an info string the two can be told
 * apart by that, because a line that repeats the opening one closes it. */
static bool
is_fenced(const struct lines *l, const struct markdown_leaf *leaf)
{
	struct text rest = text_sub(l->src->bytes, leaf->start,
				    lines_end(l, leaf->first_line));
	struct text literal = leaf->literal, first = { NULL, 0 };

	if (leaf->has_info || literal.len == 0)
		return true;
	if (fence_line_read(rest).indent > 0 ||
	    !fence_line_opens(fence_line_read(rest)))
		return false;
	text_next_field(&literal, '\n', &first);
	return !lines_same(rest, first);
}

/* Line I closes the fence of CODE, when it belongs to its container. */
static bool
closes(const struct lines *l, const struct code *code, uint32_t i)
{
	struct fence_line f = fence_line_read(without_prefix(lines_text(l, i)));

	return i < l->n && fence_line_closes(f, code->fence, code->fence_len);
}

static void
read_fenced(struct arena *arena, const struct lines *l,
	    const struct markdown_leaf *leaf, struct code *code,
	    uint32_t *ret_last)
{
	struct text line = text_sub(l->src->bytes, leaf->start,
				    lines_end(l, leaf->first_line));
	struct fence_line opening = fence_line_read(line);
	uint32_t behind = leaf->first_line + 1 + lines_count(leaf->literal);

	code->fenced = true;
	code->fence = opening.mark;
	code->fence_len = (uint32_t)opening.len;
	code->info = opening.rest;
	code->content =
		lines_lift(arena, l, leaf->first_line + 1, leaf->literal);
	/* where the container ended, a fence on that line is a new one */
	code->closed = leaf->next_line > behind && closes(l, code, behind);
	*ret_last = code->closed ? behind : behind - 1;
}

struct code *
fence_read(struct arena *arena, const struct lines *l,
	   const struct markdown_leaf *leaf, struct span *ret_where)
{
	struct code *code = ARENA_NEW(arena, struct code);
	uint32_t last;

	if (is_fenced(l, leaf)) {
		read_fenced(arena, l, leaf, code, &last);
	} else {
		code->content =
			lines_lift(arena, l, leaf->first_line, leaf->literal);
		code->closed = true;
		last = leaf->first_line + lines_count(leaf->literal) - 1;
	}
	read_language(arena, code);
	read_file_path(code);
	*ret_where = (struct span){ l->src, leaf->start, lines_end(l, last) };
	return code;
}

/* ---- what is wrong ------------------------------------------------------ */

static struct span
line_span(const struct lines *l, uint32_t i)
{
	struct text line = lines_text(l, i), trimmed = text_trim(line);
	uint32_t start = lines_start(l, i);

	if (trimmed.len)
		start += (uint32_t)(trimmed.at - line.at);
	return (struct span){ l->src, start, start + (uint32_t)trimmed.len };
}

/* What keeps F from closing CODE, when it looks meant to; else NULL. */
static const char *
near_miss(struct fence_line f, const struct code *code)
{
	if (!f.mark || f.len < FENCE_MIN - 1)
		return NULL;
	if (f.rest.len)
		return f.len >= FENCE_MIN && fence_line_opens(f)
			       ? "another fence opens here, within the block"
			       : NULL;
	if (f.mark != code->fence)
		return f.len >= FENCE_MIN
			       ? "this does not close it: the marks differ"
			       : NULL;
	if (f.len < code->fence_len)
		return "this does not close it: it is too short";
	return "this does not close it: it is indented by four columns or more";
}

/* Note the first line of the content that looks like the missing end. */
static void
note_near_miss(struct diag *d, const struct lines *l,
	       const struct markdown_leaf *leaf, const struct code *code)
{
	struct text rest = leaf->literal, line;
	uint32_t i = leaf->first_line + 1;

	for (; text_next_field(&rest, '\n', &line); i++) {
		const char *why = near_miss(fence_line_read(line), code);

		if (why) {
			diag_note(d, line_span(l, i), "%s", why);
			return;
		}
	}
	if (leaf->next_line != i)
		return;
	if (closes(l, code, i))
		diag_note(d, line_span(l, i),
			  "this does not close it: it stands outside of the "
			  "list item or quote in which the fence was opened");
	else
		diag_note(d, line_span(l, i),
			  "the list item or quote around it ends before this "
			  "line, and the block with it");
}

/* "## Mitigation" and the like. One "#" begins a comment in most languages. */
static bool
is_heading(struct text line)
{
	size_t level = 0;

	while (level < line.len && line.at[level] == '#')
		level++;
	return level >= 2 && level <= 6 && level < line.len &&
	       byte_is_blank(line.at[level]);
}

/* Note the first heading that the open fence has swallowed. */
static void
note_lost_heading(struct diag *d, const struct lines *l,
		  const struct markdown_leaf *leaf)
{
	struct text rest = leaf->literal, line;
	uint32_t i = leaf->first_line + 1;

	for (; text_next_field(&rest, '\n', &line); i++) {
		if (is_heading(line)) {
			diag_note(d, line_span(l, i),
				  "this heading has become a part of the "
				  "block, with all below it");
			return;
		}
	}
}

static void
report_unclosed(const struct lines *l, const struct markdown_leaf *leaf,
		const struct code *code, struct diag_sink *sink)
{
	struct span where = line_span(l, leaf->first_line);
	struct diag *d;

	where.start = leaf->start;
	d = diag_report(sink, DIAG_UNCLOSED_FENCE, where,
			"this fence is never closed");
	diag_help(d,
		  "end the block by a line of %u '%c' indented like this one",
		  code->fence_len, code->fence);
	note_near_miss(d, l, leaf, code);
	note_lost_heading(d, l, leaf);
}

/* A closed block in which another fence opens was most likely meant to end
 * before it: the line that should have closed that other one closed this. */
static void
check_swallowed(const struct lines *l, const struct markdown_leaf *leaf,
		const struct code *code, struct diag_sink *sink)
{
	struct text rest = leaf->literal, line;
	uint32_t i = leaf->first_line + 1;

	for (; text_next_field(&rest, '\n', &line); i++) {
		struct fence_line f = fence_line_read(line);
		struct diag *d;

		if (f.mark != code->fence || f.len < code->fence_len ||
		    f.rest.len == 0 || !fence_line_opens(f))
			continue;
		d = diag_report(sink, DIAG_SWALLOWED_FENCE, line_span(l, i),
				"a fence opens within another block of code");
		diag_note(d, line_span(l, leaf->first_line),
			  "the block began here and was not closed before");
		diag_help(d, "close the first block; where its text is meant "
			     "to show a fence, begin it with more marks");
		return;
	}
}

static void
report_indented(const struct lines *l, uint32_t i, struct diag_sink *sink)
{
	struct diag *d = diag_report(
		sink, DIAG_INDENTED_FENCE, line_span(l, i),
		"this fence is indented by four columns or more: it is text");

	diag_help(d, "indent it by no more than three columns from the margin "
		     "or from the text of its list item");
}

void
fence_check(const struct lines *l, const struct markdown_leaf *leaf,
	    const struct code *code, struct diag_sink *sink)
{
	struct text rest = leaf->literal, first = { NULL, 0 };

	if (code->fenced) {
		if (code->closed)
			check_swallowed(l, leaf, code, sink);
		else
			report_unclosed(l, leaf, code, sink);
		return;
	}
	text_next_field(&rest, '\n', &first);
	if (fence_line_opens(fence_line_read(first)))
		report_indented(l, leaf->first_line, sink);
}

void
fence_check_paragraph(const struct lines *l, const struct markdown_leaf *leaf,
		      struct diag_sink *sink)
{
	for (uint32_t i = leaf->first_line + 1; i <= leaf->last_line; i++) {
		if (fence_line_opens(fence_line_read(
			    without_prefix(lines_text(l, i))))) {
			report_indented(l, i, sink);
			return;
		}
	}
}
