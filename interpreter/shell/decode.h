/* The backslash escapes of $'…' (bash manual, 3.1.2.4). */
#ifndef SHELL_DECODE_H
#define SHELL_DECODE_H

#include "base/text.h"

enum {
	DECODED_MAX = 8 /* bytes that one escape may stand for */
};

/* The escape that T begins with (a backslash and at least one byte more): its
 * value into BYTES, how many into *RET_N. Returns the length of the escape.
 * A NUL among BYTES ends the whole string, as it does in bash. */
size_t decode_escape(struct text t, char bytes[DECODED_MAX], size_t *ret_n);

#endif
