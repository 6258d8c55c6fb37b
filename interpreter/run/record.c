/* Writing and reading journal lines. */
#include "run/record.h"

#include "base/crc32c.h"
#include "base/limits.h"

enum {
	FORMAT_VERSION = 1
};

static const char crc_key[] = ",\"crc\":\"";
enum {
	CRC_TAIL = sizeof(crc_key) - 1 + 8 + 2
}; /* ,"crc":"xxxxxxxx"} */

struct jval *
record_new(uint64_t seq, uint32_t prev_crc, const char *type)
{
	struct jval *o = jval_object();
	char hex[9];

	snprintf(hex, sizeof(hex), "%08x", prev_crc);
	jval_set(o, "seq", jval_int((int64_t)seq));
	jval_set(o, "prev", jval_string(hex));
	jval_set(o, "t", jval_string(type));
	if (seq == 1)
		jval_set(o, "version", jval_int(FORMAT_VERSION));
	return o;
}

bool
record_write(const struct jval *record, struct buf *b, uint32_t *ret_crc)
{
	size_t start = b->len;
	struct text bytes;

	jval_write(record, false, b);
	buf_cut(b, b->len - 1); /* the brace comes back behind the checksum */
	bytes = text_sub(buf_text(b), start, b->len);
	if (bytes.len + CRC_TAIL + 1 > LIMIT_JOURNAL_RECORD_BYTES) {
		buf_cut(b, start);
		return false;
	}
	*ret_crc = crc32c(bytes);
	buf_addf(b, "%s%08x\"}\n", crc_key, *ret_crc);
	return true;
}

static bool
read_hex(struct text t, uint32_t *ret)
{
	uint32_t value = 0;

	if (t.len != 8)
		return false;
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];
		uint32_t digit;

		if (byte_is_digit(c))
			digit = (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a') + 10;
		else
			return false;
		value = value << 4 | digit;
	}
	*ret = value;
	return true;
}

/* The checksum at the end of LINE when it fits the bytes before it. */
static bool
check_crc(struct text line, uint32_t *ret_crc)
{
	struct text body, tail;

	if (line.len < CRC_TAIL)
		return false;
	body = text_sub(line, 0, line.len - CRC_TAIL);
	tail = text_sub(line, body.len, line.len);
	if (!text_starts(tail, crc_key) || !text_ends(tail, "\"}") ||
	    !read_hex(text_sub(tail, CRC_TAIL - 10, CRC_TAIL - 2), ret_crc))
		return false;
	return crc32c(body) == *ret_crc;
}

enum record_fault
record_read(struct text line, uint64_t seq, uint32_t prev_crc,
	    struct jval **ret_record, uint32_t *ret_crc)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *o;
	uint32_t prev;

	if (line.len > LIMIT_JOURNAL_RECORD_BYTES)
		return RECORD_TOO_LONG;
	if (!text_ends(line, "\n"))
		return RECORD_TORN;
	line.len--;
	if (!check_crc(line, ret_crc))
		return RECORD_CORRUPT;
	o = jval_parse(line, &error);
	if (!o)
		return RECORD_CORRUPT;
	if (jval_get_int(o, "seq", -1) != (int64_t)seq ||
	    !read_hex(jval_get_text(o, "prev"), &prev) || prev != prev_crc) {
		jval_free(o);
		return RECORD_ORDER;
	}
	if (seq == 1 && jval_get_int(o, "version", 0) > FORMAT_VERSION) {
		jval_free(o);
		return RECORD_NEWER;
	}
	*ret_record = o;
	return RECORD_OK;
}

const char *
record_fault_name(enum record_fault fault)
{
	switch (fault) {
	case RECORD_OK:
		return "whole";
	case RECORD_TORN:
		return "cut off";
	case RECORD_CORRUPT:
		return "damaged";
	case RECORD_ORDER:
		return "out of order";
	case RECORD_NEWER:
		return "written by a newer version of runbook";
	case RECORD_TOO_LONG:
		return "too long";
	}
	return "unreadable";
}
