/* Writing JSON (RFC 8259) straight into a text, for answers of which there are
 * thousands; base/json.h makes values that can be looked at first. */
#ifndef BASE_JOUT_H
#define BASE_JOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* Where the next value goes. Zeroed but for B, which is borrowed. */
struct jout {
	struct buf *b;
	bool behind; /* a value stands in front: a comma comes first */
};

#define JOUT_INIT(buf)                                                         \
	{                                                                      \
		(buf), false                                                   \
	}

/* Open and close what the caller balances: '{' and '}', '[' and ']'. */
void jout_open(struct jout *j, char bracket);
void jout_close(struct jout *j, char bracket);

/* The key of the next value, which needs no escapes. */
void jout_key(struct jout *j, const char *key);

/* One value each. Bytes of a text that are not UTF-8 become U+FFFD; a string
 * that is NULL becomes null. */
void jout_text(struct jout *j, struct text t);
void jout_string(struct jout *j, const char *s);
void jout_int(struct jout *j, int64_t n);
void jout_null(struct jout *j);

#endif
