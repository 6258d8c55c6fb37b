/* One line of a journal: a JSON object with its number first, the checksum of
 * the line before it, and its own checksum last. Text in, text out; files are
 * the journal's business (run/journal.h).
 *
 *   {"seq":7,"prev":"1f0c22aa","t":"intent",…,"crc":"9ab3410e"}
 *
 * crc is CRC-32C over the bytes before `,"crc"`. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include "base/json.h"

enum record_fault {
	RECORD_OK,
	RECORD_TORN,    /* no newline at its end: the write was cut */
	RECORD_CORRUPT, /* its checksum is not that of its bytes */
	RECORD_ORDER,   /* a line before it is missing or another one */
	RECORD_NEWER,   /* written by a later format */
	RECORD_TOO_LONG
};

/* A record in the making, which record_end frees. It is text from the first:
 * two are made for each step, and a tree of values that is made, written and
 * freed again takes five times as long. */
struct record;

/* With SEQ and PREV_CRC set. */
struct record *record_new(uint64_t seq, uint32_t prev_crc, const char *type);

/* Each adds KEY, which is plain ASCII and not in it yet. Bytes of a text that
 * are not UTF-8 become U+FFFD; NULL becomes null; VALUE is taken over. */
void record_text(struct record *r, const char *key, struct text t);
void record_string(struct record *r, const char *key, const char *s);
void record_int(struct record *r, const char *key, int64_t n);
void record_bool(struct record *r, const char *key, bool b);
void record_null(struct record *r, const char *key);
void record_json(struct record *r, const char *key, struct jval *value);

/* Append the line of R with its checksum and newline to B, the checksum to
 * *RET_CRC, and free R. False when it is longer than
 * LIMIT_JOURNAL_RECORD_BYTES; then nothing is appended. */
bool record_end(struct record *r, struct buf *b, uint32_t *ret_crc);

/* Read LINE (with its newline, if it has one), which must carry SEQ and
 * PREV_CRC. RECORD_OK gives the object, which the caller frees, and its
 * checksum. */
enum record_fault record_read(struct text line, uint64_t seq, uint32_t prev_crc,
			      struct jval **ret_record, uint32_t *ret_crc);

const char *record_fault_name(enum record_fault fault);

#endif
