/* Who descends from whom, as /proc shows it at one moment. */
#ifndef EXEC_PTREE_H
#define EXEC_PTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

struct ptree_process {
	pid_t pid, parent;
	uint64_t started; /* in clock ticks since the machine did */
	bool dead;        /* a zombie */
	char name[16];    /* as ps shows it, cut */
};

/* Living processes. */
struct ptree {
	struct ptree_process *at; /* owned */
	size_t n;
};

void ptree_release(struct ptree *t);

/* Add PID with all that descends from it; zombies are passed over, not their
 * children. At most LIMIT_PROCESSES. */
void ptree_add(struct ptree *t, pid_t pid);

/* The children of PID, zombies included, at most MAX; how many. Cheap where
 * the kernel has /proc/PID/task/TID/children. */
size_t ptree_children(pid_t pid, pid_t *ret, size_t max);

/* One process whose children are asked for after every step, and the file that
 * tells them. */
struct ptree_parent {
	pid_t pid; /* 0: none yet */
	int fd;
};
#define PTREE_PARENT_INIT                                                      \
	{                                                                      \
		0, -1                                                          \
	}

/* As ptree_children for a PID that has one thread. */
size_t ptree_parent_children(struct ptree_parent *p, pid_t pid, pid_t *ret,
			     size_t max);
void ptree_parent_release(struct ptree_parent *p);

/* PID as it is now; false when there is none, or only a zombie. */
bool ptree_look(pid_t pid, struct ptree_process *ret);

enum {
	PTREE_BOOT_ID = 36
};

/* What tells this start of the machine from all others (random(4)); "" where
 * the kernel does not say. */
void ptree_boot_id(char ret[PTREE_BOOT_ID + 1]);

/* Now, on the clock of ptree_process.started. */
uint64_t ptree_now(void);

/* One line of /proc/PID/stat. False when it is not one. */
bool ptree_parse(struct text line, struct ptree_process *ret);

#endif
