/* The output of one attempt as a file: its beginning, its end, and a marker
 * that says what was left out between them. Bounded on disk and in memory. */
#ifndef RUN_OUTPUT_H
#define RUN_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"

struct output_file;

/* Takes FD over. */
struct output_file *output_file_new(int fd);

/* Append BYTES; a failure is remembered for output_file_end. */
void output_file_add(struct output_file *f, struct text bytes);

struct output_end {
	uint64_t total;              /* bytes that came */
	bool cut;                    /* some of them were left out */
	char sha256[SHA256_HEX + 1]; /* of the file as it is */
};

/* Write what is still held, make the file durable, close it and free F. 0, or
 * -1 with a message; RET is filled in both cases. */
int output_file_end(struct output_file *f, struct output_end *ret,
		    struct buf *reterr);

#endif
