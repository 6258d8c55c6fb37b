/* Finding dates, sizes, addresses, ids and the like at one place of a line. */
#ifndef WANT_SCAN_H
#define WANT_SCAN_H

#include "base/text.h"

enum shape_class {
#define SHAPE(symbol, name) SHAPE_##symbol,
#include "want/shapes.def"
#undef SHAPE
};

/* Length of the longest known thing that begins at AT of LINE and ends where a
 * word ends, and its class; 0 when there is none. Looks at most
 * LIMIT_SHAPE_BYTES ahead, so that a line is scanned in linear time. */
size_t shape_known(struct text line, size_t at, enum shape_class *ret_class);

/* Length of the word at AT: letters and digits, those beyond ASCII included,
 * but no punctuation, no box drawing. 0 when there is none. */
size_t shape_word(struct text line, size_t at);

/* Length of one character at AT. */
size_t shape_character(struct text line, size_t at);

/* True for T of at least MIN bytes, all of them hexadecimal digits of one
 * case. */
bool shape_is_hex(struct text t, size_t min);

#endif
