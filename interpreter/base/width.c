/* Display width, through utf8proc. */
#include "base/width.h"

#include <utf8proc.h>

unsigned
width_of_code(uint32_t code)
{
	int width;

	if (code >= 0x20 && code < 0x7f)
		return 1;
	width = utf8proc_charwidth((utf8proc_int32_t)code);
	return width > 0 ? (unsigned)width : 0;
}

static bool
is_hidden_control(uint32_t code)
{
	return (code >= 0x80 && code <= 0x9f) ||     /* C1 */
	       (code >= 0x202a && code <= 0x202e) || /* embeddings */
	       (code >= 0x2066 && code <= 0x2069) || /* isolates */
	       code == 0x061c || code == 0x200e || code == 0x200f ||
	       code == 0x2028 || code == 0x2029 || code == 0xfeff;
}

/* One unit of T at its start: its safe form into ONE, its columns into
 * *RET_WIDTH. Returns the bytes of T that it stands for. */
static size_t
safe_unit(struct text t, struct buf *one, unsigned *ret_width)
{
	unsigned char c = (unsigned char)t.at[0];
	uint32_t code;
	size_t n = text_utf8(t, &code);

	buf_clear(one);
	if (n == 0) {
		buf_addf(one, "\\x%02X", c);
		n = 1;
	} else if (code == '\t') {
		buf_addc(one, '\t');
		*ret_width = 1;
		return 1;
	} else if (code < 0x20 || code == 0x7f) {
		buf_addf(one, "^%c", (char)(code ^ 0x40));
	} else if (is_hidden_control(code)) {
		buf_addf(one, "\\u{%04X}", code);
	} else {
		buf_add(one, t.at, n);
		*ret_width = width_of_code(code);
		return n;
	}
	*ret_width = (unsigned)one->len;
	return n;
}

unsigned
width_of_text(struct text t, unsigned tab)
{
	CLEANUP(buf_release) struct buf one = BUF_INIT;
	unsigned total = 0, width;

	for (size_t i = 0; i < t.len;) {
		bool is_tab = t.at[i] == '\t';

		i += safe_unit(text_sub(t, i, t.len), &one, &width);
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
		size_t n = safe_unit(text_sub(t, i, t.len), &one, &width);

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
