/* Lines that begin and end fenced blocks. */
#include "doc/fence_line.h"

enum {
	FENCE_MAX = 255 /* where cmark stops counting */
};

struct fence_line
fence_line_read(struct text line)
{
	struct fence_line f = { 0, '\0', 0, { NULL, 0 } };
	size_t i = 0, start;

	for (; i < line.len && byte_is_blank(line.at[i]); i++)
		f.indent += line.at[i] == '\t' ? 4 - f.indent % 4 : 1;
	if (i == line.len || (line.at[i] != '`' && line.at[i] != '~'))
		return f;
	f.mark = line.at[i];
	for (start = i; i < line.len && line.at[i] == f.mark; i++)
		continue;
	f.len = i - start;
	f.rest = text_trim(text_sub(line, i, line.len));
	return f;
}

bool
fence_line_opens(struct fence_line f)
{
	return f.len >= FENCE_MIN &&
	       (f.mark == '~' || text_chr(f.rest, '`', 0) == f.rest.len);
}

bool
fence_line_closes(struct fence_line f, char mark, size_t len)
{
	return f.mark == mark && f.len >= (len < FENCE_MAX ? len : FENCE_MAX) &&
	       f.rest.len == 0;
}
