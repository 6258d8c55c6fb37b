/* Ending a command on a host from a second channel: sshd makes each command
 * the leader of a session, and ours are the children of the sshd process that
 * serves our connection. */
#ifndef EXEC_REMOTE_KILL_H
#define EXEC_REMOTE_KILL_H

struct host;        /* exec/host.h */
struct loop;        /* exec/loop.h */
struct remote_kill; /* opaque */

/* Send SIGNAL to the process group of our command number PLACE (from 0, in the
 * order in which they were started) of ALL. When there are not that many,
 * nothing is sent. FN is called when this is over; MESSAGE is NULL if it was
 * sent. The struct is gone then. */
struct remote_kill *
remote_kill_start(struct loop *l, struct host *host, unsigned place,
		  unsigned all, int signal,
		  void (*fn)(void *ctx, const char *message), void *ctx);
struct remote_kill *remote_kill_free(struct remote_kill *k);

#endif
