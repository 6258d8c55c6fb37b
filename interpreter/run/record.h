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

/* A record in the making, SEQ and PREV_CRC set; add keys with jval_set. */
struct jval *record_new(uint64_t seq, uint32_t prev_crc, const char *type);

/* Append the line of RECORD with its checksum and newline to B; the checksum
 * goes to *RET_CRC. False when it is longer than LIMIT_JOURNAL_RECORD_BYTES. */
bool record_write(const struct jval *record, struct buf *b, uint32_t *ret_crc);

/* Read LINE (with its newline, if it has one), which must carry SEQ and
 * PREV_CRC. RECORD_OK gives the object, which the caller frees, and its
 * checksum. */
enum record_fault record_read(struct text line, uint64_t seq, uint32_t prev_crc,
			      struct jval **ret_record, uint32_t *ret_crc);

const char *record_fault_name(enum record_fault fault);

#endif
