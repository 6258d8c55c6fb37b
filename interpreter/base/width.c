/* Display width and classes of characters, through utf8proc. */
#include "base/width.h"

#include <utf8proc.h>

#include "base/visible.h"

bool
rune_is_word(uint32_t code)
{
	switch (utf8proc_category((utf8proc_int32_t)code)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_PC:
		return true;
	default:
		/* Other_Alphabetic in PropList.txt that are no marks */
		return (code >= 0x24b6 && code <= 0x24e9) ||
		       (code >= 0x1f130 && code <= 0x1f149) ||
		       (code >= 0x1f150 && code <= 0x1f169) ||
		       (code >= 0x1f170 && code <= 0x1f189);
	}
}

uint32_t
rune_lower(uint32_t code)
{
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

unsigned
width_of_code(uint32_t code)
{
	int width;

	if (code >= 0x20 && code < 0x7f)
		return 1;
	width = utf8proc_charwidth((utf8proc_int32_t)code);
	return width > 0 ? (unsigned)width : 0;
}

/* The safe form of T's first character into ONE, its columns into
 * *RET_WIDTH. Returns the bytes of T that it stands for. */
static size_t
measure(struct text t, struct buf *one, unsigned *ret_width)
{
	uint32_t code;
	size_t n;

	buf_clear(one);
	n = visible_add(one, t, &code);
	if (code == 0)
		*ret_width = (unsigned)one->len;
	else
		*ret_width = code == '\t' ? 1 : width_of_code(code);
	return n;
}

unsigned
width_of_text(struct text t, unsigned tab)
{
	CLEANUP(buf_release) struct buf one = BUF_INIT;
	unsigned total = 0, width;

	for (size_t i = 0; i < t.len;) {
		bool is_tab = t.at[i] == '\t';

		i += measure(text_sub(t, i, t.len), &one, &width);
		total += is_tab ? tab : width;
	}
	return total;
}

unsigned
width_print(struct buf *b, struct text t, unsigned max)
{
	CLEANUP(buf_release) struct buf one = BUF_INIT;
	unsigned total = 0, width;
	bool whole = max == 0 || width_of_text(t, 1) <= max;

	for (size_t i = 0; i < t.len;) {
		size_t n = measure(text_sub(t, i, t.len), &one, &width);

		if (!whole && total + width + 1 > max) {
			buf_adds(b, "…");
			return total + 1;
		}
		buf_addt(b, buf_text(&one));
		total += width;
		i += n;
	}
	return total;
}
