/* Filtering what ssh-agent offers (draft-ietf-sshm-ssh-agent, PROTOCOL.agent):
 * messages are a length of 4 bytes, a type, and its contents. */
#include "exec/agent.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/sshkey.h"

enum {
	AGENT_FAILURE = 5,
	AGENT_REQUEST_IDENTITIES = 11,
	AGENT_IDENTITIES = 12,
	AGENT_SIGN = 13,
	AGENT_FD = 0, /* of the process: the real agent, and libssh */
	CLIENT_FD = 1
};

struct agent {
	pid_t pid;
	struct loop_child *child;
};

/* ---- bytes --------------------------------------------------------------- */

static void
add_u32(struct buf *b, size_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(b, (char)(n >> shift & 0xff));
}

/* ---- the filter ---------------------------------------------------------- */

struct identity {
	struct text blob, comment;
	bool used;
};

static void
add_identity(struct buf *b, struct identity *id, size_t *n)
{
	if (id->used)
		return;
	id->used = true;
	add_u32(b, id->blob.len);
	buf_addt(b, id->blob);
	add_u32(b, id->comment.len);
	buf_addt(b, id->comment);
	++*n;
}

static void
add_by_rules(struct identity *ids, size_t n_ids,
	     const struct agent_rules *rules, struct buf *b, size_t *n)
{
	for (size_t i = 0; i < rules->n_first; i++) {
		CLEANUP(buf_release) struct buf blob = BUF_INIT;

		if (!sshkey_base64(text_of(rules->first[i]), &blob))
			continue;
		for (size_t k = 0; k < n_ids; k++) {
			if (text_eq(ids[k].blob, buf_text(&blob)))
				add_identity(b, &ids[k], n);
		}
	}
	for (size_t k = 0; k < n_ids && !rules->only; k++)
		add_identity(b, &ids[k], n);
}

bool
agent_filter(struct text answer, const struct agent_rules *rules, struct buf *b,
	     size_t *ret_n)
{
	CLEANUP(buf_release) struct buf list = BUF_INIT;
	CLEANUP(free_ptr) struct identity *ids = NULL;
	uint32_t count;

	*ret_n = 0;
	if (answer.len == 0 || answer.at[0] != AGENT_IDENTITIES)
		return false;
	answer = text_sub(answer, 1, answer.len);
	/* Each takes 8 bytes at least. */
	if (!sshkey_take_u32(&answer, &count) || count > answer.len / 8)
		return false;
	ids = xcalloc(count ? count : 1, sizeof(*ids));
	for (uint32_t i = 0; i < count; i++) {
		if (!sshkey_take_string(&answer, &ids[i].blob) ||
		    !sshkey_take_string(&answer, &ids[i].comment))
			return false;
	}
	add_by_rules(ids, count, rules, &list, ret_n);
	buf_addc(b, AGENT_IDENTITIES);
	add_u32(b, *ret_n);
	buf_addt(b, buf_text(&list));
	return true;
}

/* ---- the process --------------------------------------------------------- */

static bool
read_exactly(int fd, char *at, size_t n)
{
	while (n) {
		ssize_t got = read(fd, at, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

/* One message without its length. */
static bool
read_message(int fd, struct buf *b)
{
	char head[4];
	struct text t = { head, sizeof(head) };
	uint32_t len = 0;

	buf_clear(b);
	if (!read_exactly(fd, head, sizeof(head)) ||
	    !sshkey_take_u32(&t, &len) || len == 0 || len > LIMIT_AGENT_BYTES)
		return false;
	if (!read_exactly(fd, buf_reserve(b, len), len))
		return false;
	b->len = len;
	return true;
}

static bool
write_message(int fd, struct text message)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	add_u32(&b, message.len);
	buf_addt(&b, message);
	return fd_write_all(fd, b.bytes, b.len) == 0;
}

/* Only two requests are passed on: what keys there are, and a signature. */
static bool
serve(const struct agent_rules *rules, struct buf *message, struct buf *answer)
{
	static const char refusal = AGENT_FAILURE;
	char type = message->bytes[0];
	size_t n;

	buf_clear(answer);
	if (type != AGENT_REQUEST_IDENTITIES && type != AGENT_SIGN)
		return write_message(CLIENT_FD, (struct text){ &refusal, 1 });
	if (!write_message(AGENT_FD, buf_text(message)) ||
	    !read_message(AGENT_FD, message))
		return false;
	if (type == AGENT_REQUEST_IDENTITIES &&
	    agent_filter(buf_text(message), rules, answer, &n))
		return write_message(CLIENT_FD, buf_text(answer));
	return write_message(CLIENT_FD, buf_text(message));
}

static int
run(void *ctx)
{
	struct buf message = BUF_INIT, answer = BUF_INIT;

	while (read_message(CLIENT_FD, &message) &&
	       serve(ctx, &message, &answer))
		;
	return 0;
}

static int
connect_to(const char *path, struct buf *reterr)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(a.sun_path)) {
		buf_addf(reterr,
			 "cannot use the agent '%s': the path is too "
			 "long",
			 path);
		return -1;
	}
	memcpy(a.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	buf_addf(reterr, "cannot use the agent '%s': %s", path,
		 strerror(errno));
	fd_close(&fd);
	return -1;
}

static void
on_end(void *ctx, int wait_status)
{
	struct agent *a = ctx;

	(void)wait_status;
	a->child = NULL;
}

struct agent *
agent_start(struct loop *l, const char *socket_path,
	    const struct agent_rules *rules, int *ret_fd, struct buf *reterr)
{
	CLEANUP(fd_close_ptr) int real = connect_to(socket_path, reterr);
	CLEANUP(fd_close_ptr) int theirs = -1;
	struct proc_spec spec = PROC_SPEC_INIT;
	struct agent *a;
	int pair[2];

	if (real < 0)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		buf_addf(reterr, "cannot make a socket: %s", strerror(errno));
		return NULL;
	}
	theirs = pair[1];
	spec.in = real;
	spec.out = theirs;
	spec.run = run;
	spec.ctx = (void *)(uintptr_t)rules;
	a = xcalloc(1, sizeof(*a));
	a->pid = proc_spawn(&spec, reterr);
	if (a->pid < 0) {
		close(pair[0]);
		free(a);
		return NULL;
	}
	a->child = loop_on_child(l, a->pid, on_end, a);
	*ret_fd = pair[0];
	return a;
}

struct agent *
agent_free(struct agent *a)
{
	if (!a)
		return NULL;
	if (a->child) {
		loop_forget_child(a->child);
		proc_signal_group(a->pid, SIGKILL);
		waitpid(a->pid, NULL, 0);
	}
	free(a);
	return NULL;
}
