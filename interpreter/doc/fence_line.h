/* One line as the beginning or end of a fenced block (CommonMark 4.5). */
#ifndef DOC_FENCE_LINE_H
#define DOC_FENCE_LINE_H

#include "base/text.h"

enum {
	FENCE_MIN = 3 /* marks */
};

struct fence_line {
	size_t indent;    /* columns of blanks before it */
	char mark;        /* '`', '~', or NUL: it begins with neither */
	size_t len;       /* of the run of marks */
	struct text rest; /* behind the run, trimmed */
};

struct fence_line fence_line_read(struct text line);

/* True when F opens a fence, its indentation apart. */
bool fence_line_opens(struct fence_line f);

/* True when F closes a fence of LEN MARKs, its indentation apart. */
bool fence_line_closes(struct fence_line f, char mark, size_t len);

#endif
