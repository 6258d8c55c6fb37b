/* Descriptors that another process has lent us. They are its own, shared with
 * who knows whom: their flags stay as they are, and still we never block. */
#ifndef EXEC_LENT_H
#define EXEC_LENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"

struct lent {
	int fd;      /* ours to close; -1: nothing */
	bool socket; /* asked not to block with every call */
	bool gone;   /* a pipe that nobody reads any more */
};

/* Take FD over. Where the kernel lets us open the thing a second time (pipes,
 * terminals), that is used in its place, with a flag of its own. */
void lent_open(struct lent *l, int fd);
void lent_close(struct lent *l);

/* As read(2) and write(2) on a descriptor that does not block. */
ssize_t lent_read(struct lent *l, void *bytes, size_t n);
ssize_t lent_write(struct lent *l, struct text bytes);

#endif
