/* Resolving, connecting, proxies. */
#include "exec/reach.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/text.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/sshconfig.h"

enum {
	MAX_ADDRESSES = 16,
	/* An address that does not answer holds up the next one only so long
	 * (RFC 8305, 5 has 250 ms; ssh waits for its whole time). */
	NEXT_ADDRESS_MS = 1000,
	PROXY_ERROR_BYTES = 512
};

struct address {
	struct sockaddr_storage at;
	socklen_t len;
};

struct attempt {
	struct reach *reach;
	int fd;
	struct loop_watch *watch;
};

struct reach {
	struct loop *loop;
	struct reach_spec spec;
	reach_fn *fn;
	void *ctx;
	struct proc_run *resolver;
	struct address addresses[MAX_ADDRESSES];
	struct attempt attempts[MAX_ADDRESSES];
	size_t n_addresses, n_attempts, n_failed;
	struct loop_timer *next, *limit, *later;
	struct buf message; /* of the last failure */
	/* The proxy. */
	pid_t proxy;
	struct loop_child *proxy_child;
	int proxy_fd; /* to hand over */
	int error_fd;
	struct loop_watch *error_watch;
	struct buf proxy_error;
};

static void connect_next(void *ctx);

/* ---- the end ------------------------------------------------------------- */

static void
drop_attempts(struct reach *r)
{
	for (size_t i = 0; i < r->n_attempts; i++) {
		r->attempts[i].watch = loop_unwatch(r->attempts[i].watch);
		fd_close(&r->attempts[i].fd);
	}
	r->next = loop_cancel(r->next);
	r->limit = loop_cancel(r->limit);
	r->resolver = proc_run_free(r->resolver);
}

struct reach *
reach_free(struct reach *r)
{
	if (!r)
		return NULL;
	drop_attempts(r);
	loop_cancel(r->later);
	if (r->proxy_child) {
		loop_forget_child(r->proxy_child);
		proc_signal_group(r->proxy, SIGKILL);
		waitpid(r->proxy, NULL, 0);
	}
	loop_unwatch(r->error_watch);
	fd_close(&r->error_fd);
	fd_close(&r->proxy_fd);
	buf_release(&r->message);
	buf_release(&r->proxy_error);
	free(r);
	return NULL;
}

static void
succeed(struct reach *r, int fd)
{
	drop_attempts(r);
	r->fn(r->ctx, fd, NULL);
}

static void
fail(struct reach *r)
{
	drop_attempts(r);
	r->fn(r->ctx, -1, buf_cstr(&r->message));
}

static void
fail_later(void *ctx)
{
	struct reach *r = ctx;

	r->later = NULL;
	fail(r);
}

static void
on_limit(void *ctx)
{
	struct reach *r = ctx;

	r->limit = NULL;
	buf_clear(&r->message);
	buf_addf(&r->message,
		 "cannot connect to %s port %s: no answer in "
		 "%d s",
		 r->spec.config->hostname, r->spec.config->port,
		 (int)(r->spec.timeout_ms / 1000));
	fail(r);
}

/* ---- connecting ---------------------------------------------------------- */

static void
note_failure(struct reach *r, const struct address *a, int error)
{
	char host[NI_MAXHOST] = "?";

	getnameinfo((const struct sockaddr *)&a->at, a->len, host, sizeof(host),
		    NULL, 0, NI_NUMERICHOST);
	buf_clear(&r->message);
	buf_addf(&r->message, "cannot connect to %s port %s: %s", host,
		 r->spec.config->port, strerror(error));
}

/* One address is out: the next one now, or the end when there is none. */
static void
attempt_failed(struct attempt *at, int error)
{
	struct reach *r = at->reach;

	note_failure(r, &r->addresses[at - r->attempts], error);
	at->watch = loop_unwatch(at->watch);
	fd_close(&at->fd);
	r->n_failed++;
	if (r->n_attempts < r->n_addresses) {
		r->next = loop_cancel(r->next);
		r->next = loop_after(r->loop, 0, connect_next, r);
	} else if (r->n_failed == r->n_addresses) {
		fail(r);
	}
}

static void
on_connected(void *ctx, short revents)
{
	struct attempt *at = ctx;
	socklen_t len = sizeof(int);
	int error = 0, fd;

	(void)revents;
	if (getsockopt(at->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error) {
		attempt_failed(at, error);
		return;
	}
	fd = at->fd;
	at->fd = -1;
	succeed(at->reach, fd);
}

static void
set_options(int fd)
{
	const int on = 1;
	const unsigned dead_ms = LIMIT_TCP_USER_TIMEOUT_MS;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms,
		   sizeof(dead_ms));
}

/* BindAddress: a numeric address of ours. */
static int
bind_source(int fd, const char *source, int family)
{
	struct addrinfo hints = { .ai_family = family,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE | AI_NUMERICHOST };
	struct addrinfo *list;
	int rc;

	if (!source)
		return 0;
	if (getaddrinfo(source, NULL, &hints, &list) != 0) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	rc = bind(fd, list->ai_addr, list->ai_addrlen);
	freeaddrinfo(list);
	return rc;
}

static int
begin_attempt(struct reach *r, struct attempt *at, const struct address *a)
{
	int family = a->at.ss_family;

	at->reach = r;
	at->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (at->fd < 0)
		return -1;
	set_options(at->fd);
	if (bind_source(at->fd, r->spec.config->bind_address, family) < 0)
		return -1;
	if (connect(at->fd, (const struct sockaddr *)&a->at, a->len) < 0 &&
	    errno != EINPROGRESS)
		return -1;
	at->watch = loop_watch(r->loop, at->fd, POLLOUT, on_connected, at);
	return 0;
}

static void
connect_next(void *ctx)
{
	struct reach *r = ctx;
	size_t i = r->n_attempts++;

	r->next = NULL;
	if (begin_attempt(r, &r->attempts[i], &r->addresses[i]) < 0) {
		attempt_failed(&r->attempts[i], errno);
		return;
	}
	if (r->n_attempts < r->n_addresses)
		r->next = loop_after(r->loop, NEXT_ADDRESS_MS, connect_next, r);
}

/* ---- resolving ----------------------------------------------------------- */

struct question {
	const char *host, *port;
	int family;
};

/* In a process of its own, because getaddrinfo(3) blocks: write the addresses,
 * or the error's text and exit with 1. */
static int
resolve(void *ctx)
{
	const struct question *q = ctx;
	struct addrinfo hints = { .ai_family = q->family,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int rc = getaddrinfo(q->host, q->port, &hints, &list);
	const char *why = rc ? gai_strerror(rc) : "";

	if (rc) {
		fd_write_all(1, why, strlen(why));
		return 1;
	}
	for (; list; list = list->ai_next) {
		struct address a = { .len = list->ai_addrlen };

		memcpy(&a.at, list->ai_addr, list->ai_addrlen);
		if (fd_write_all(1, &a, sizeof(a)) < 0)
			return 2;
	}
	return 0;
}

static void
add_address(struct reach *r, const void *bytes)
{
	if (r->n_addresses < MAX_ADDRESSES)
		memcpy(&r->addresses[r->n_addresses++], bytes,
		       sizeof(struct address));
}

static void
on_resolved(void *ctx, const struct proc_result *result)
{
	struct reach *r = ctx;
	struct text out = result->out;

	r->resolver = NULL;
	if (WIFEXITED(result->wait_status) &&
	    WEXITSTATUS(result->wait_status) == 0) {
		for (size_t i = 0; i + sizeof(struct address) <= out.len;
		     i += sizeof(struct address))
			add_address(r, out.at + i);
	}
	if (r->n_addresses) {
		connect_next(r);
		return;
	}
	buf_addf(&r->message, "cannot find the address of '%s': %.*s",
		 r->spec.config->hostname,
		 TEXT_ARG(out.len ? out : TEXT("no answer")));
	fail(r);
}

static int
family_of(const struct sshconfig *config)
{
	switch (config->family) {
	case SSHCONFIG_INET:
		return AF_INET;
	case SSHCONFIG_INET6:
		return AF_INET6;
	case SSHCONFIG_ANY:
		break;
	}
	return AF_UNSPEC;
}

static void
start_direct(struct reach *r)
{
	struct question q = { r->spec.config->hostname, r->spec.config->port,
			      family_of(r->spec.config) };
	struct addrinfo hints = { .ai_family = q.family,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICHOST };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct addrinfo *list;

	if (getaddrinfo(q.host, q.port, &hints, &list) == 0) {
		struct address a = { .len = list->ai_addrlen };

		memcpy(&a.at, list->ai_addr, list->ai_addrlen);
		freeaddrinfo(list);
		add_address(r, &a);
		r->next = loop_after(r->loop, 0, connect_next, r);
		return;
	}
	spec.run = resolve;
	spec.ctx = &q;
	r->resolver = proc_run_start(
		r->loop, &spec, MAX_ADDRESSES * sizeof(struct address),
		r->spec.timeout_ms, on_resolved, r, &r->message);
	if (!r->resolver)
		r->later = loop_after(r->loop, 0, fail_later, r);
}

/* ---- proxies ------------------------------------------------------------- */

static void
on_proxy_error(void *ctx, short revents)
{
	struct reach *r = ctx;
	char chunk[256];
	ssize_t n = read(r->error_fd, chunk, sizeof(chunk));

	(void)revents;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		r->error_watch = loop_unwatch(r->error_watch);
		return;
	}
	buf_add(&r->proxy_error, chunk, (size_t)n);
	if (r->proxy_error.len > PROXY_ERROR_BYTES)
		buf_drop(&r->proxy_error,
			 r->proxy_error.len - PROXY_ERROR_BYTES);
}

static void
on_proxy_end(void *ctx, int wait_status)
{
	struct reach *r = ctx;

	(void)wait_status;
	/* Its socket tells the connection. */
	r->proxy_child = NULL;
}

static void
hand_over_proxy(void *ctx)
{
	struct reach *r = ctx;
	int fd = r->proxy_fd;

	r->later = NULL;
	r->proxy_fd = -1;
	succeed(r, fd);
}

static void
spawn_proxy(struct reach *r, const char *const *argv)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	int sockets[2] = { -1, -1 }, errors[2] = { -1, -1 };

	r->proxy = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0 ||
	    fd_pipe(errors) < 0) {
		buf_addf(&r->message, "cannot make a socket: %s",
			 strerror(errno));
	} else {
		spec.argv = argv;
		spec.in = spec.out = sockets[1];
		spec.err = errors[1];
		/* Apart from our group, or ^C would cut the way to the host
		 * before the step there can be ended. */
		spec.session = true;
		r->proxy = proc_spawn(&spec, &r->message);
	}
	fd_close(&sockets[1]);
	fd_close(&errors[1]);
	r->proxy_fd = sockets[0];
	r->error_fd = errors[0];
	if (r->proxy < 0) {
		r->later = loop_after(r->loop, 0, fail_later, r);
		return;
	}
	fd_set_nonblock(r->proxy_fd, true);
	fd_set_nonblock(r->error_fd, true);
	r->proxy_child = loop_on_child(r->loop, r->proxy, on_proxy_end, r);
	r->error_watch =
		loop_watch(r->loop, r->error_fd, POLLIN, on_proxy_error, r);
	r->later = loop_after(r->loop, 0, hand_over_proxy, r);
}

/* ProxyJump is OpenSSH's own: `ssh -W` through the last hop, the ones before
 * it with -J. It may not ask anybody anything. */
static void
start_jump(struct reach *r)
{
	const struct sshconfig *c = r->spec.config;
	const char *last = strrchr(c->proxy_jump, ',');
	CLEANUP(buf_release) struct buf to = BUF_INIT;
	CLEANUP(buf_release) struct buf via = BUF_INIT;
	CLEANUP(buf_release) struct buf hop = BUF_INIT;
	const char *argv[16];
	size_t n = 0;

	buf_addf(&to, "[%s]:%s", c->hostname, c->port);
	if (last)
		buf_add(&via, c->proxy_jump, (size_t)(last - c->proxy_jump));
	last = last ? last + 1 : c->proxy_jump;
	buf_addf(&hop, "%s%s", strncmp(last, "ssh://", 6) == 0 ? "" : "ssh://",
		 last);
	argv[n++] = r->spec.ssh;
	if (r->spec.config_file) {
		argv[n++] = "-F";
		argv[n++] = r->spec.config_file;
	}
	argv[n++] = "-oBatchMode=yes";
	if (via.len) {
		argv[n++] = "-J";
		argv[n++] = via.bytes;
	}
	argv[n++] = "-W";
	argv[n++] = to.bytes;
	argv[n++] = "--";
	argv[n++] = hop.bytes;
	argv[n] = NULL;
	spawn_proxy(r, argv);
}

/* A ProxyCommand is shell text of the operator's (ssh_config(5)). */
static void
start_command(struct reach *r)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	const char *argv[] = { "/bin/sh", "-c", NULL, NULL };

	buf_addf(&text, "exec %s", r->spec.config->proxy_command);
	argv[2] = text.bytes;
	spawn_proxy(r, argv);
}

struct reach *
reach_start(struct loop *l, const struct reach_spec *spec, reach_fn *fn,
	    void *ctx)
{
	struct reach *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->spec = *spec;
	r->fn = fn;
	r->ctx = ctx;
	r->proxy_fd = r->error_fd = -1;
	for (size_t i = 0; i < MAX_ADDRESSES; i++)
		r->attempts[i].fd = -1;
	r->limit = loop_after(l, spec->timeout_ms, on_limit, r);
	if (spec->config->proxy_jump)
		start_jump(r);
	else if (spec->config->proxy_command)
		start_command(r);
	else
		start_direct(r);
	return r;
}

const char *
reach_proxy_error(const struct reach *r)
{
	return buf_cstr(&r->proxy_error);
}
