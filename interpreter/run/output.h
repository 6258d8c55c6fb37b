/* The output of one attempt as a file: its beginning, its end, and a marker
 * that says what was left out between them. Bounded on disk and in memory. */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include <stdint.h>

#include "base/buf.h"

struct output_file;

/* Takes FD over. */
struct output_file *output_file_new(int fd);

/* Append BYTES; a failure is remembered for output_file_end. */
void output_file_add(struct output_file *f, struct text bytes);

/* Write what is still held, make the file durable, close it and free F. 0, or
 * -1 with a message. RET_TOTAL gets the bytes that came, RET_CUT whether some
 * were left out. */
int output_file_end(struct output_file *f, uint64_t *ret_total, bool *ret_cut,
		    struct buf *reterr);

#endif
