/* Descriptors and files. Everything opened here is close-on-exec. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/compiler.h"

/* For CLEANUP: close *FD unless it is -1. */
void fd_close_ptr(int *fd);

/* Close *FD unless it is -1, and set it to -1. */
void fd_close(int *fd);

/* O_NONBLOCK on or off; 0, or -1 with errno. */
int fd_set_nonblock(int fd, bool on);

/* A pipe whose both ends are close-on-exec; 0, or -1 with errno. */
int fd_pipe(int ret_pipe[2]);

/* Write all N bytes to the blocking FD, whatever signals come between; 0, or
 * -1 with errno. */
int fd_write_all(int fd, const void *bytes, size_t n);

/* As fd_write_all, for what people and other programs read while we go on. FD
 * may be non-blocking. Where it takes nothing (a pager, ^S) while INT, TERM,
 * HUP or QUIT waits in our signal mask, it gives up: -1 with EINTR, and the
 * rest is lost. From then on it waits for nobody longer than a moment. */
int fd_write_heeding(int fd, const void *bytes, size_t n);

/* Append all that FD still has to B, at most MAX bytes. Returns 0, or -1 with
 * errno; EFBIG when there is more than MAX. */
int fd_read_all(int fd, size_t max, struct buf *b);

/* Append the bytes of PATH, a file or a pipe (a shell's <(…)), to B. Returns
 * 0, or -1 with one message in RETERR: missing, a directory, unreadable,
 * larger than MAX. */
int file_read(const char *path, size_t max, struct buf *b, struct buf *reterr);

/* The same for what only ever was a file: anything else is an error, and a pipe
 * that nobody writes to is not waited for. */
int file_read_stored(const char *path, size_t max, struct buf *b,
		     struct buf *reterr);

/* Replace PATH, or what it links to, by N bytes in one step: a temporary file
 * beside it, fsync, rename. Owner and mode stay; MODE is that of a new file.
 * Returns 0, or -1 with a message, when the old file is as it was (unless
 * only its folder could not be flushed). */
int file_replace(const char *path, const void *bytes, size_t n, unsigned mode,
		 struct buf *reterr);

/* Make the folder PATH and its parents, those that are missing with mode
 * 0700. Returns 0, or -1 with a message. */
int dir_make(const char *path, struct buf *reterr);

#endif
