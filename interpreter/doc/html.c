/* Comments and tags, as far as they matter to a document. */
#include "doc/html.h"

#include "base/buf.h"

static const char comment_start[] = "<!--";

enum {
	COMMENT_START = sizeof(comment_start) - 1,
	COMMENT_END = 3 /* "-->" */
};

/* Offset behind the ">" of the tag whose name ends at AT; attributes may hold
 * ">" in quotes. */
static size_t
tag_end(struct text html, size_t at)
{
	char quote = '\0';

	for (; at < html.len; at++) {
		char c = html.at[at];

		if (quote) {
			if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			return at + 1;
		}
	}
	return html.len;
}

static void
read_comment(struct text html, size_t start, struct html_token *ret)
{
	size_t inner = start + COMMENT_START;
	size_t end = text_find(html, TEXT("-->"), inner);

	ret->kind = HTML_COMMENT;
	ret->start = start;
	ret->inner_start = inner;
	ret->inner_end = end;
	ret->end = end < html.len ? end + COMMENT_END : end;
}

static bool
read_tag(struct text html, size_t start, struct html_token *ret)
{
	size_t name = start + 1, end;
	bool close = name < html.len && html.at[name] == '/';

	name += close;
	for (end = name; end < html.len &&
			 (byte_is_alnum(html.at[end]) || html.at[end] == '-');
	     end++)
		continue;
	if (end == name || !byte_is_alpha(html.at[name]))
		return false;
	ret->kind = close ? HTML_CLOSE : HTML_OPEN;
	ret->start = start;
	ret->name = text_sub(html, name, end);
	ret->end = tag_end(html, end);
	return true;
}

bool
html_next(struct text html, size_t *at, struct html_token *ret)
{
	size_t start = text_chr(html, '<', *at);

	for (; start < html.len; start = text_chr(html, '<', start + 1)) {
		if (text_starts(text_sub(html, start, html.len),
				comment_start)) {
			read_comment(html, start, ret);
			*at = ret->end;
			return true;
		}
		if (read_tag(html, start, ret)) {
			*at = ret->end;
			return true;
		}
	}
	return false;
}

struct text
html_plain(struct arena *arena, struct text html)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct html_token token;
	size_t at = 0, start = 0;

	while (html_next(html, &at, &token)) {
		buf_addt(&b, text_sub(html, start, token.start));
		start = token.end;
	}
	if (start == 0)
		return text_trim(html);
	buf_addt(&b, text_sub(html, start, html.len));
	return arena_text(arena, text_trim(buf_text(&b)));
}
