/* Documents written down in a test. */
#ifndef LIB_DOC_H
#define LIB_DOC_H

#include "diag/diag.h"
#include "doc/document.h"
#include "lib/unit.h"

/* A document and what was reported of it. */
struct doc_test {
	struct document *doc;
	struct diag_sink sink;
};

/* Parse the string MARKDOWN (LEN bytes for the second one) under the name
 * "test.md", without a limit of time. Ended by doc_close, which CLEANUP may
 * call. */
struct doc_test doc_open(const char *markdown);
struct doc_test doc_open_bytes(const char *bytes, size_t len);
void doc_close(struct doc_test *t);

/* The I-th block of KIND, from 0; fails the test when there is none. */
const struct block *doc_block(const struct doc_test *t, enum block_kind kind,
			      uint32_t i);

/* All diagnostics, one per line, as "line:column: NUMBER message" with their
 * help and notes on lines of their own; borrowed until the next call. */
const char *doc_report(const struct doc_test *t);

/* Every content byte of the code and HTML blocks of DOC stands where its map
 * says, and all spans lie within the source and in order. Fails the test
 * otherwise; returns how many bytes were looked at. */
size_t doc_check_places(const struct document *doc);

/* Call FN for each regular file below FOLDER with one of Markdown's endings
 * (.md, .mdx, .markdown, .erb); returns how many there were. */
size_t doc_each_file(const char *folder, void (*fn)(const char *path));

#endif
