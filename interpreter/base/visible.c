/* Characters as they may be shown. */
#include "base/visible.h"

#include "base/compiler.h"

struct range {
	uint32_t first, last;
};

/* Unicode 15: C1, Bidi_Control, the invisible format characters that no
 * script needs, line and paragraph separators, annotations and tags. The
 * joiners U+200C and U+200D stay: Persian and emoji are written with them. */
static const struct range hidden[] = {
	{ 0x0080, 0x009f },   { 0x061c, 0x061c }, { 0x180e, 0x180e },
	{ 0x200b, 0x200b },   { 0x200e, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f },   { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0xe0000, 0xe007f },
};

bool
visible_is_hidden(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	}
	return false;
}

size_t
visible_add(struct buf *b, struct text t, uint32_t *ret_code)
{
	uint32_t code;
	size_t n = text_utf8(t, &code);

	*ret_code = 0;
	if (n == 0) {
		buf_addf(b, "\\x%02X", (unsigned char)t.at[0]);
		return 1;
	}
	if ((code < 0x20 && code != '\t') || code == 0x7f) {
		buf_addc(b, '^');
		buf_addc(b, (char)(code ^ 0x40));
	} else if (code >= 0x80 && visible_is_hidden(code)) {
		buf_addf(b, "\\u{%04X}", code);
	} else {
		buf_add(b, t.at, n);
		*ret_code = code;
	}
	return n;
}
