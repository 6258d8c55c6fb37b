/* Writing and reading marks: "SEQ CRC CHECK", all hexadecimal. */
#include "run/journal_mark.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/crc32c.h"

enum {
	BODY = 16 + 1 + 8 /* what CHECK is of */
};

void
journal_mark_write(const struct journal_mark *m,
		   char ret[JOURNAL_MARK_BYTES + 1])
{
	snprintf(ret, BODY + 1, "%016" PRIx64 " %08" PRIx32, m->seq, m->crc);
	snprintf(ret + BODY, JOURNAL_MARK_BYTES - BODY + 1, " %08" PRIx32,
		 crc32c((struct text){ ret, BODY }));
}

static bool
read_hex(struct text t, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (byte_is_digit(c))
			*ret = *ret << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*ret = *ret << 4 | (uint64_t)(c - 'a' + 10);
		else
			return false;
	}
	return true;
}

bool
journal_mark_read(struct text t, struct journal_mark *ret)
{
	uint64_t crc, check;

	if (t.len != JOURNAL_MARK_BYTES ||
	    !read_hex(text_sub(t, 0, 16), &ret->seq) ||
	    !read_hex(text_sub(t, 17, BODY), &crc) ||
	    !read_hex(text_sub(t, BODY + 1, t.len), &check))
		return false;
	ret->crc = (uint32_t)crc;
	return check == crc32c(text_sub(t, 0, BODY));
}
