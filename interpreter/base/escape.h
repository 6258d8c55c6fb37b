/* Where control sequences begin and end in a stream of bytes (ECMA-48). */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* What a sequence is, as far as it has been read. */
enum escape_kind {
	ESCAPE_NONE,
	ESCAPE_SHORT,  /* ESC, intermediates, one final byte: "\033(B" */
	ESCAPE_CSI,    /* ESC [ parameters final: "\033[1;31m" */
	ESCAPE_STRING, /* OSC, DCS, SOS, PM or APC up to ST, OSC also to BEL */
};

/* What a byte is. */
enum escape_step {
	ESCAPE_TEXT,   /* no part of a sequence */
	ESCAPE_INSIDE, /* it begins one or goes on with it */
	ESCAPE_LAST,   /* it completes one */
	ESCAPE_BROKEN, /* what came before was none; feed this byte again */
};

/* Zeroed: between sequences. */
struct escape {
	enum escape_kind kind;
	bool is_osc, after_esc; /* in a string: its kind; the last was ESC */
	size_t len;             /* bytes of the sequence so far */
};

/* Read one byte. A sequence is broken by a byte that has no place in it, by
 * a newline, and by growing past LIMIT_ESCAPE_BYTES. (Only 7-bit forms: the
 * C1 bytes 80-9F are no characters of UTF-8.) */
enum escape_step escape_feed(struct escape *e, char c);

/* SEQUENCE is complete and sets colours and styles only: CSI … m, with at
 * most LIMIT_SGR_PARAMETERS of at most 3 digits. */
bool escape_is_sgr(struct text sequence);

#endif
