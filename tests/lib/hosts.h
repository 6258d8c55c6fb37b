/* A pool of hosts that lead to private sshds, for tests. */
#ifndef LIB_HOSTS_H
#define LIB_HOSTS_H

#include "exec/ask.h"
#include "exec/remote.h"
#include "exec/rundir.h"
#include "exec/terminal.h"
#include "lib/jobs.h"
#include "lib/sshd.h"

struct hosts {
	struct loop *loop;
	struct rundir *dir;
	struct sshd *sshd; /* whose configuration is used; borrowed */
	struct remote_pool *pool;
	struct target *target;
	struct remote_settings settings; /* for hosts_open */
	struct terminal *terminal;
	int operator_fd;
	/* Answers to questions, in turn; NULL: gives none. */
	const char *answers[8];
	size_t n_answers, n_asked;
	struct buf asked; /* the prompts */
};

/* Everything but the pool: change settings, then hosts_open. */
struct hosts *hosts_new(struct sshd *sshd);

/* Give it an operator with a terminal of 33 x 99, whose other end is
 * operator_fd. */
void hosts_add_operator(struct hosts *h);

/* Somebody answers questions. */
void hosts_add_answers(struct hosts *h, const char *const *answers);

/* Make the pool, and the target NAME; those of an earlier call are gone. */
void hosts_open(struct hosts *h, const char *name);

struct hosts *hosts_free(struct hosts *h);

#endif
