/* What a command prints, made safe for a terminal: it can write lines and
 * colour them, and nothing else (no cursor, title, clipboard, mode, charset;
 * CVE-2024-52005, CVE-2023-28486). Byte stream in, byte stream out.
 *
 * Printable UTF-8, newline, tab and SGR pass. Everything else is shown as
 * visible.h says, an escape sequence with all that belongs to it: "^[[2J",
 * "^[]0;title^G". Exceptions: "CSI K" and "ESC ( B" are left out, because
 * grep, gcc and tput print them with every colour and they change nothing
 * here; one longer than LIMIT_ESCAPE_BYTES shows as "^[]…" and is left out
 * up to its end or to the end of the line. CRLF becomes LF.
 *
 * A CR within a line begins it anew, as progress bars do. When that comes too
 * often, what is drawn in between is left out; a line's last state never. */
#ifndef BASE_TERMFILTER_H
#define BASE_TERMFILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

struct termfilter_options {
	bool color;  /* SGR passes; else it is left out */
	bool redraw; /* a CR erases the line and begins it again ("\r\033[K");
		      * else, where output is not a terminal, it ends it */
	const struct clock *clock; /* NULL: each CR counts */
	int64_t redraw_ms;         /* the least time between two of them */
};

struct termfilter;

struct termfilter *termfilter_new(struct termfilter_options options);
struct termfilter *termfilter_free(struct termfilter *f); /* takes NULL */
void termfilter_free_ptr(struct termfilter **f);

/* Append what TEXT shows to OUT. A sequence or character that is not whole
 * waits for the rest of it. */
void termfilter_write(struct termfilter *f, struct text text, struct buf *out);

/* The stream ends: append what waits and, when a style is on, its
 * reset. F may be used for another stream. */
void termfilter_end(struct termfilter *f, struct buf *out);

#endif
