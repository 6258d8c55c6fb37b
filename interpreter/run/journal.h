/* What certainly happened in a run, on disk before anybody is told.
 *
 * A run has a folder, $XDG_STATE_HOME/runbook/runs/ID/ (0700), with the
 * journal, the document's bytes and the output of every attempt. Records above
 * `reads` are durable before the step is handed over: after a crash, an intent
 * without an end means that the step may have happened. A failed write or
 * fsync closes the journal for good (fsync is never tried again on the same
 * descriptor: the kernel may have dropped the pages, PostgreSQL 2018), and the
 * run must stop. There is always room left for the end of a step that was
 * handed over, however full the disk is.
 *
 * A journal is read as far as it can be believed: every line carries a checksum
 * and that of the line before it, and run/journal_mark.h tells how far it once
 * was durable. */
#ifndef RUN_JOURNAL_H
#define RUN_JOURNAL_H

#include "base/clock.h"
#include "base/hmac.h"
#include "base/json.h"
#include "base/sha256.h"
#include "run/record.h"

struct journal;

enum {
	RUN_ID_HEX = 16
}; /* 64 random bits */

/* A new random id: 16 hexadecimal digits and a NUL. */
void run_id_new(char ret_id[RUN_ID_HEX + 1]);

/* The folder of all runs, made when MAKE and missing. The caller frees; NULL
 * with a message. */
char *runs_folder(bool make, struct buf *reterr);

/* Begin the journal of run ID in the folder RUNS. NULL with a message. */
struct journal *journal_new(const char *runs, const char *id,
			    const struct clock *clock, struct buf *reterr);

/* Go on with the journal of ID: locks it, cuts a torn last line off (kept
 * aside). NULL with a message: another process has it (which is named), it is
 * damaged. */
struct journal *journal_continue(const char *runs, const char *id,
				 const struct clock *clock, struct buf *reterr);

struct journal *journal_free(struct journal *j); /* NULL to NULL */

const char *journal_folder(const struct journal *j);

/* A record of TYPE with its times; add keys, then hand it to journal_add. */
struct record *journal_record(struct journal *j, const char *type);

enum journal_need {
	JOURNAL_LAZY,    /* it may be lost with the machine */
	JOURNAL_DURABLE, /* with all before it on the disk */
	JOURNAL_FIRST    /* likewise, and there is room for what follows it */
};

/* Append RECORD (taken over). 0, or -1 with a message; then nothing more can
 * be added. */
int journal_add(struct journal *j, struct record *record,
		enum journal_need need, struct buf *reterr);

/* A file of the run's folder, for output; -1 with a message. */
int journal_open_output(struct journal *j, const char *name,
			struct buf *reterr);

/* Put BYTES into the file NAME of the folder, durably. 0 or -1. */
int journal_put(struct journal *j, const char *name, struct text bytes,
		struct buf *reterr);

/* Remove the file NAME of the folder, if it is there. */
void journal_remove(struct journal *j, const char *name);

/* The key of this user that tells secrets apart: it lies beside RUNS, the
 * folder of all runs, and is made once. 0, or -1 with a message. */
int secret_key(const char *runs, unsigned char key[HMAC_KEY_BYTES],
	       struct buf *reterr);

/* What tells VALUE of NAME from another one without telling it: HMAC-SHA-256
 * with a key of this user's that no journal holds. 0 or -1. */
int journal_secret(struct journal *j, struct text name, struct text value,
		   char ret_hex[SHA256_HEX + 1], struct buf *reterr);

/* ---- reading
 * -------------------------------------------------------------------- */

struct journal_records {
	struct jval **items; /* owned */
	size_t n_items;
	bool torn;            /* the last line was cut off and does not count */
	char *damage;         /* owned: why what follows cannot be believed,
			       * one message; NULL: all of it can */
	uint64_t whole_bytes; /* of the lines that count */
	uint32_t last_crc;
};

void journal_records_release(struct journal_records *r);

/* Read the journal of run ID, up to the first damage. False with a message:
 * missing, unreadable. */
bool journal_read(const char *runs, const char *id, struct journal_records *ret,
		  struct buf *reterr);

#endif
