/* How far a journal was durable: a few bytes beside it, written after each
 * record that was made so. A journal that was cut at the end of a line reads
 * like one whose run stopped there; only this tells that steps are missing in
 * it, which would run again. Written without a sync of its own: it may lag
 * behind the journal, and is never ahead of it. */
#ifndef RUN_JOURNAL_MARK_H
#define RUN_JOURNAL_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum {
	JOURNAL_MARK_BYTES = 34
};

struct journal_mark {
	uint64_t seq; /* of a record that was durable */
	uint32_t crc; /* its checksum */
};

/* Exactly JOURNAL_MARK_BYTES and a NUL. */
void journal_mark_write(const struct journal_mark *m,
			char ret[JOURNAL_MARK_BYTES + 1]);

/* False when T is none: torn, or damaged. */
bool journal_mark_read(struct text t, struct journal_mark *ret);

#endif
