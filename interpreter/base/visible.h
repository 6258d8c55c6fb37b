/* What a terminal may be shown of a text, one character at a time. */
#ifndef BASE_VISIBLE_H
#define BASE_VISIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* Append the first character of T (not empty) so that no terminal obeys it:
 * printable ones and tab as they are, other control bytes as "^X", C1 and
 * hidden or bidirectional controls as "\u{…}" (CVE-2021-42574), a byte that
 * is not UTF-8 as "\xNN". Returns the bytes of T that this stands for;
 * *RET_CODE is the character when it stands for itself, else 0. */
size_t visible_add(struct buf *b, struct text t, uint32_t *ret_code);

/* Characters that are not seen but change how others are read. */
bool visible_is_hidden(uint32_t code);

#endif
