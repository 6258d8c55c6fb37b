/* What every unit test includes: cmocka, in the order that it wants. */
#ifndef LIB_UNIT_H
#define LIB_UNIT_H

/* cmocka.h wants the four others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

/* Fail unless the text T equals the string S, showing both. */
#define assert_text(t, s)                                                      \
	do {                                                                   \
		struct text text_ = (t);                                       \
		char *copy_ = xmemdup0(text_.at, text_.len);                   \
		assert_string_equal(copy_, (s));                               \
		free(copy_);                                                   \
	} while (0)

/* The path of NAME in the folder of test data, or NULL with a message when
 * that folder is not there. The caller frees. */
char *test_data(const char *name);

#endif
