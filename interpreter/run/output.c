/* Keeping output on disk. */
#include "run/output.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"

enum {
	TAIL_BYTES = 1024 * 1024,
	HEAD_BYTES = LIMIT_TRANSCRIPT_BYTES - TAIL_BYTES
};

struct output_file {
	int fd, error;
	uint64_t total, written;
	struct sha256 *digest;
	struct buf tail; /* what may be the end; up to twice TAIL_BYTES */
};

struct output_file *
output_file_new(int fd)
{
	struct output_file *f = xcalloc(1, sizeof(*f));

	f->fd = fd;
	f->digest = sha256_new();
	return f;
}

static void
write_bytes(struct output_file *f, struct text bytes)
{
	if (f->error == 0 && fd_write_all(f->fd, bytes.at, bytes.len) < 0)
		f->error = errno;
	sha256_add(f->digest, bytes);
	f->written += bytes.len;
}

void
output_file_add(struct output_file *f, struct text bytes)
{
	uint64_t room = HEAD_BYTES - f->written;
	struct text head = text_sub(bytes, 0, room);

	f->total += bytes.len;
	if (head.len)
		write_bytes(f, head);
	bytes = text_sub(bytes, head.len, bytes.len);
	if (bytes.len > TAIL_BYTES) {
		buf_clear(&f->tail);
		bytes = text_sub(bytes, bytes.len - TAIL_BYTES, bytes.len);
	}
	buf_addt(&f->tail, bytes);
	if (f->tail.len > 2 * TAIL_BYTES)
		buf_drop(&f->tail, f->tail.len - TAIL_BYTES);
}

int
output_file_end(struct output_file *f, struct output_end *ret,
		struct buf *reterr)
{
	CLEANUP(buf_release) struct buf marker = BUF_INIT;
	uint64_t missing;
	int error;

	if (f->tail.len > TAIL_BYTES)
		buf_drop(&f->tail, f->tail.len - TAIL_BYTES);
	missing = f->total - f->written - f->tail.len;
	if (missing) {
		buf_addf(&marker,
			 "\n[runbook: %" PRIu64 " bytes left out here]\n",
			 missing);
		write_bytes(f, buf_text(&marker));
	}
	write_bytes(f, buf_text(&f->tail));
	if (f->error == 0 && fdatasync(f->fd) < 0)
		f->error = errno;
	error = f->error;
	ret->total = f->total;
	ret->cut = missing > 0;
	sha256_end(f->digest, ret->sha256);
	fd_close(&f->fd);
	buf_release(&f->tail);
	free(f);
	if (error == 0)
		return 0;
	buf_addf(reterr, "cannot keep the output: %s", strerror(error));
	return -1;
}
