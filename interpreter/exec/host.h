/* One host over SSH: how it is reached, one authenticated connection for as
 * long as the run lasts, and channels in it for whoever has a command. */
#ifndef EXEC_HOST_H
#define EXEC_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "exec/channels.h"

struct ask;  /* exec/ask.h */
struct host; /* opaque */
struct loop; /* exec/loop.h */

/* What every host of a run has in common; borrowed. Times of 0 are those of
 * base/limits.h. */
struct host_settings {
	const char *ssh, *keygen; /* paths of the real ones */
	const char *config_file;  /* -F, or NULL */
	const char *dir;          /* of the run */
	const struct ask *ask;    /* NULL: nobody is there */
	int64_t connect_ms, auth_ms, alive_ms;
	unsigned alive_missed;
};

/* NAME is [user@]host; OPTIONS (NULL at the end, or NULL) are ssh's. Nothing
 * happens before the first request. */
struct host *host_new(struct loop *l, const struct host_settings *settings,
		      const char *name, const char *const *options);
struct host *host_free(struct host *h); /* clients are told nothing */

/* Is this the host for NAME with OPTIONS? */
bool host_is(const struct host *h, const char *name,
	     const char *const *options);

const char *host_name(const struct host *h);

/* It is IDENTITY with the key FINGERPRINT (see host_identity), or nobody. */
void host_expect(struct host *h, const char *identity, const char *fingerprint);

/* Queue CLIENT; he is called in a later turn of the loop. */
void host_request(struct host *h, struct channels_client *client);

/* Leave the queue, or give the channel back, which ends it. */
void host_release(struct host *h, struct channels_client *client);

/* After anything was done to a channel: let the connection move. */
void host_touch(struct host *h);

/* How many commands are under way, and which of them CLIENT's is, from 0, in
 * the order in which they were given channels. */
unsigned host_n_active(const struct host *h);
unsigned host_place(const struct host *h, const struct channels_client *client);

/* Do we log in as root? sshd takes no signals from root. */
bool host_is_root(const struct host *h);

/* Have the server answer something; bytes that have come from it so far. */
void host_ping(struct host *h);
uint64_t host_bytes_in(const struct host *h);

/* "deploy@10.0.0.7 port 22" and "SHA256:…" of the last connection, or NULL.
 * What the server said before it let us in, or NULL. */
const char *host_identity(const struct host *h);
const char *host_fingerprint(const struct host *h);
const char *host_banner(const struct host *h);

/* The name of its login shell, when somebody has asked (exec/login_shell.h);
 * NULL: nobody has. */
const char *host_shell(const struct host *h);
void host_set_shell(struct host *h, const char *name);

/* The command line of the real ssh for COMMAND (NULL at the end; the array is
 * the caller's, the strings are H's or COMMAND). */
const char **host_argv(struct host *h, const char *command, bool tty);

#endif
