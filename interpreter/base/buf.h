/* Text in the making: a growing run of bytes, always NUL-terminated.
 *
 * Life cycle: BUF_INIT or buf_init; buf_release frees and leaves an empty,
 * usable buffer; buf_detach hands the bytes over. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/text.h"

struct buf {
	char *bytes; /* owned; NULL until something is added */
	size_t len;  /* without the NUL */
	size_t cap;
};

#define BUF_INIT                                                               \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

void buf_init(struct buf *b);
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* empty, memory kept */
void buf_wipe(struct buf *b);  /* buf_release, the bytes overwritten first */

struct text buf_text(const struct buf *b); /* borrowed until the next add */
const char *buf_cstr(const struct buf *b); /* "" when empty; borrowed */

/* The bytes, NUL behind them; the caller frees. B is empty afterwards. */
char *buf_detach(struct buf *b, size_t *ret_len);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addt(struct buf *b, struct text t);
void buf_addc(struct buf *b, char c);
void buf_fill(struct buf *b, char c, size_t n); /* C, N times */
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* Room for N more bytes; returns where they begin. The caller writes at most
 * N and then adds what it wrote to b->len, ending it with a NUL. */
char *buf_reserve(struct buf *b, size_t n);

/* Forget the first N bytes. */
void buf_drop(struct buf *b, size_t n);

/* Forget all but the first LEN bytes. */
void buf_cut(struct buf *b, size_t len);

#endif
