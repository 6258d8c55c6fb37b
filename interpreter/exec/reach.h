/* The way to a host: a connected descriptor, over all of its addresses or
 * through a proxy, without ever blocking. */
#ifndef EXEC_REACH_H
#define EXEC_REACH_H

#include <stdint.h>

#include "base/buf.h"

struct loop;      /* exec/loop.h */
struct reach;     /* opaque */
struct sshconfig; /* exec/sshconfig.h */

struct reach_spec {
	const struct sshconfig *config;
	const char *ssh;         /* path of the real ssh, for ProxyJump */
	const char *config_file; /* its -F, or NULL */
	int64_t timeout_ms;
};

/* FD, which the callee owns, or -1 and a MESSAGE. */
typedef void reach_fn(void *ctx, int fd, const char *message);

/* SPEC is borrowed until FN is called, in a later turn of the loop. */
struct reach *reach_start(struct loop *l, const struct reach_spec *spec,
			  reach_fn *fn, void *ctx);

/* End the proxy, too. NULL to NULL. */
struct reach *reach_free(struct reach *r);

/* What the proxy has said last, "" when there is none. */
const char *reach_proxy_error(const struct reach *r);

#endif
