/* Writing and reading journal lines. */
#include "run/record.h"

#include "base/alloc.h"
#include "base/crc32c.h"
#include "base/limits.h"

enum {
	FORMAT_VERSION = 1
};

static const char crc_key[] = ",\"crc\":\"";
enum {
	CRC_HEX = 8,
	CRC_TAIL = sizeof(crc_key) - 1 + CRC_HEX + 2
}; /* ,"crc":"xxxxxxxx"} */

struct record {
	struct buf line; /* so far, without the closing brace */
};

static void
add_key(struct record *r, const char *key)
{
	buf_addc(&r->line, r->line.len ? ',' : '{');
	buf_addc(&r->line, '"');
	buf_adds(&r->line, key);
	buf_adds(&r->line, "\":");
}

/* Does T stand for itself between quotes (RFC 8259, section 7)? */
static bool
is_plain(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		char c = t.at[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			return false;
	}
	return true;
}

void
record_text(struct record *r, const char *key, struct text t)
{
	if (!is_plain(t)) {
		record_json(r, key, jval_text(t));
		return;
	}
	add_key(r, key);
	buf_addc(&r->line, '"');
	buf_addt(&r->line, t);
	buf_addc(&r->line, '"');
}

void
record_string(struct record *r, const char *key, const char *s)
{
	if (s)
		record_text(r, key, text_of(s));
	else
		record_null(r, key);
}

/* Two records are made for each step, and printf(3) takes most of the time. */
void
record_int(struct record *r, const char *key, int64_t n)
{
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	char digits[20];
	size_t at = sizeof(digits);

	add_key(r, key);
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (n < 0)
		buf_addc(&r->line, '-');
	buf_add(&r->line, digits + at, sizeof(digits) - at);
}

void
record_bool(struct record *r, const char *key, bool b)
{
	add_key(r, key);
	buf_adds(&r->line, b ? "true" : "false");
}

void
record_null(struct record *r, const char *key)
{
	add_key(r, key);
	buf_adds(&r->line, "null");
}

void
record_json(struct record *r, const char *key, struct jval *value)
{
	add_key(r, key);
	jval_write(value, false, &r->line);
	jval_free(value);
}

static struct text
crc_hex(uint32_t crc, char ret_hex[CRC_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = CRC_HEX - 1; i >= 0; i--, crc >>= 4)
		ret_hex[i] = digits[crc & 15];
	return (struct text){ ret_hex, CRC_HEX };
}

struct record *
record_new(uint64_t seq, uint32_t prev_crc, const char *type)
{
	struct record *r = xcalloc(1, sizeof(*r));
	char hex[CRC_HEX];

	record_int(r, "seq", (int64_t)seq);
	record_text(r, "prev", crc_hex(prev_crc, hex));
	record_string(r, "t", type);
	if (seq == 1)
		record_int(r, "version", FORMAT_VERSION);
	return r;
}

bool
record_end(struct record *r, struct buf *b, uint32_t *ret_crc)
{
	struct text bytes = buf_text(&r->line);
	bool fits = bytes.len + CRC_TAIL + 1 <= LIMIT_JOURNAL_RECORD_BYTES;
	char hex[CRC_HEX];

	if (fits) {
		*ret_crc = crc32c(bytes);
		buf_addt(b, bytes);
		buf_adds(b, crc_key);
		buf_addt(b, crc_hex(*ret_crc, hex));
		buf_adds(b, "\"}\n");
	}
	buf_release(&r->line);
	free(r);
	return fits;
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
