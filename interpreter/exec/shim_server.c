/* Serving the ssh calls of local steps. */
#include "exec/shim_server.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "exec/host.h"
#include "exec/lent.h"
#include "exec/local.h"
#include "exec/login_shell.h"
#include "exec/loop.h"
#include "exec/proc.h"
#include "exec/remote.h"
#include "exec/remote_exec.h"
#include "exec/shim.h"
#include "exec/shim_args.h"

enum {
	N_LENT = 3,
	CHUNK = 64 * 1024,
	BACKLOG = 128
};

/* One descriptor of a caller's. */
struct line {
	struct call *call;
	struct lent lent;
	struct loop_watch *watch;
};

/* One ssh that runs, or has died while its command there goes on. */
struct call {
	struct shim_server *server;
	struct call *next;
	int fd; /* to the shim; -1: it is gone */
	struct loop_watch *watch;
	struct line lines[N_LENT];
	struct remote_exec *exec;
	struct login_shell_ask *ask; /* before it */
	struct buf command;
	struct host *target;
	bool has_input, subsystem;
	char *host;
	bool quiet;
	bool hung_up; /* its reader is gone, not its host */
	bool stopping;
	bool unread; /* it has an input, of which nothing was taken yet */
	unsigned hold;
};

struct shim_server {
	struct loop *loop;
	struct remote_pool *pool;
	struct shim_settings settings;
	struct target *local;
	char *folder, *path;
	char token[SHIM_TOKEN_HEX + 1];
	char *env[3];
	int fd;
	struct loop_watch *watch;
	struct call *calls;
	char *request; /* room for one */
};

/* ---- the end of a call --------------------------------------------------- */

static void
close_line(struct line *l)
{
	l->watch = loop_unwatch(l->watch);
	lent_close(&l->lent);
}

static void
call_free(struct call *c)
{
	struct call **at = &c->server->calls;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	remote_exec_free(c->exec);
	login_shell_free(c->ask);
	buf_wipe(&c->command);
	for (size_t i = 0; i < N_LENT; i++)
		close_line(&c->lines[i]);
	loop_unwatch(c->watch);
	fd_close(&c->fd);
	if (c->hold)
		local_release(c->server->local, c->hold);
	free(c->host);
	free(c);
}

static void
reply(struct call *c, const char *message, size_t len)
{
	/* A shim that is gone needs no answer. */
	if (c->fd >= 0)
		send(c->fd, message, len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
reply_status(struct call *c, int status)
{
	const char message[] = { 'E', (char)status };

	reply(c, message, sizeof(message));
}

/* Have the real ssh do it, with the run's configuration. */
static void
reply_fall_through(struct call *c)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct shim_server *s = c->server;
	const char *ssh = remote_pool_ssh(s->pool);

	buf_addc(&b, 'F');
	buf_add(&b, ssh, strlen(ssh) + 1);
	if (s->settings.config_file) {
		buf_add(&b, "-F", sizeof("-F"));
		buf_add(&b, s->settings.config_file,
			strlen(s->settings.config_file) + 1);
	}
	if (!s->settings.operator)
		buf_add(&b, "-oBatchMode=yes", sizeof("-oBatchMode=yes"));
	reply(c, b.bytes, b.len);
}

/* Say MESSAGE on the caller's stderr, as ssh would. */
static void
complain(struct call *c, const char *message)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (c->quiet || !message || c->fd < 0)
		return;
	buf_addf(&b, "ssh: %s\n", message);
	lent_write(&c->lines[2].lent, buf_text(&b));
}

static void
note(struct call *c, bool lost, const char *message)
{
	if (c->server->local && message)
		local_note_ssh(c->server->local, lost, message);
}

/* ssh(1) reads its input as soon as the session is open, whatever its command
 * does. One that is over before we came to that has eaten the lines of a
 * "while read" all the same. */
static void
eat_input(struct call *c)
{
	struct line *l = &c->lines[0];
	char chunk[CHUNK];

	if (c->unread && !c->stopping && l->lent.fd >= 0)
		(void)lent_read(&l->lent, chunk, sizeof(chunk));
}

static void
on_end(void *ctx, enum remote_end end, int code, bool left_open UNUSED,
       const char *message)
{
	struct call *c = ctx;

	c->exec = NULL;
	if (end == REMOTE_EXITED || end == REMOTE_SIGNALED)
		eat_input(c);
	switch (end) {
	case REMOTE_EXITED:
		reply_status(c, code & 0xff);
		break;
	case REMOTE_NEEDS_SSH:
		reply_fall_through(c);
		break;
	case REMOTE_UNREACHABLE:
	case REMOTE_NOT_STARTED:
		complain(c, message);
		note(c, false, message);
		reply_status(c, SHIM_FAILED);
		break;
	case REMOTE_LOST:
		if (!c->hung_up) {
			complain(c, message);
			note(c, true, message);
		}
		reply_status(c, SHIM_FAILED);
		break;
	case REMOTE_SIGNALED:
		reply_status(c, SHIM_FAILED);
		break;
	}
	call_free(c);
}

/* The shim is dying, or dead: the command there has to end, too, and the step
 * is not over before it has. */
static void
stop(struct call *c, int signal_number)
{
	if (!c->exec) {
		call_free(c);
		return;
	}
	if (!c->stopping && c->server->local)
		c->hold = local_hold(c->server->local);
	c->stopping = true;
	remote_exec_stop(c->exec, signal_number,
			 c->server->local && local_in_haste(c->server->local));
}

/* What is being ended already is to end soon. */
static void
on_haste(void *ctx)
{
	struct shim_server *s = ctx;

	for (struct call *c = s->calls; c; c = c->next) {
		if (c->stopping && c->exec)
			remote_exec_stop(c->exec, SIGTERM, true);
	}
}

/* ---- what goes to and fro ------------------------------------------------ */

/* The caller's input, as long as the host takes it. */
static void
on_input(void *ctx, short revents UNUSED)
{
	struct line *l = ctx;
	struct call *c = l->call;
	size_t room = remote_exec_room(c->exec);
	char chunk[CHUNK];
	ssize_t n;

	if (room == 0) {
		loop_watch_events(l->watch, 0);
		return;
	}
	n = lent_read(&l->lent, chunk, room < CHUNK ? room : CHUNK);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->unread = false;
	if (n <= 0) {
		close_line(l);
		remote_exec_eof(c->exec);
		return;
	}
	remote_exec_write(c->exec, (struct text){ chunk, (size_t)n });
}

static void
on_room(void *ctx)
{
	struct call *c = ctx;
	struct line *l = &c->lines[0];

	if (l->lent.fd < 0 || c->stopping || remote_exec_room(c->exec) == 0)
		return;
	if (l->watch)
		loop_watch_events(l->watch, POLLIN);
	else
		l->watch = loop_watch(c->server->loop, l->lent.fd, POLLIN,
				      on_input, l);
}

static void
on_writable(void *ctx, short revents UNUSED)
{
	struct line *l = ctx;

	l->watch = loop_unwatch(l->watch);
	remote_exec_resume(l->call->exec);
}

/* Nobody reads it: ssh ends then, and its command sees a closed pipe. */
static void
reader_gone(struct line *l)
{
	close_line(l);
	if (l == &l->call->lines[1]) {
		l->call->hung_up = true;
		remote_exec_hang_up(l->call->exec);
	}
}

static size_t
on_output(void *ctx, enum job_stream stream, struct text bytes)
{
	struct call *c = ctx;
	struct line *l = &c->lines[stream == JOB_STDERR ? 2 : 1];
	size_t done = 0;

	if (l->lent.fd < 0 || c->fd < 0)
		return bytes.len;
	while (done < bytes.len) {
		ssize_t n =
			lent_write(&l->lent, text_sub(bytes, done, bytes.len));

		if (n >= 0) {
			done += (size_t)n;
		} else if (errno == EAGAIN) {
			if (!l->watch)
				l->watch =
					loop_watch(c->server->loop, l->lent.fd,
						   POLLOUT, on_writable, l);
			return done;
		} else if (errno != EINTR) {
			reader_gone(l);
			return bytes.len;
		}
	}
	return done;
}

/* ---- the beginning of a call --------------------------------------------- */

static void
execute(struct call *c, struct host *host)
{
	struct remote_exec_events on = { .on_output = on_output,
					 .on_room = on_room,
					 .on_end = on_end,
					 .ctx = c };
	struct remote_exec_spec spec = { .command = buf_text(&c->command),
					 .subsystem = c->subsystem,
					 .has_input = c->has_input };

	c->unread = spec.has_input;
	c->exec = remote_exec_start(c->server->loop, host, &spec, &on);
}

/* What the step holds is not for this host, or the way there failed. */
static void
turn_away(struct call *c, bool unreachable, const char *message)
{
	complain(c, message);
	if (unreachable)
		note(c, false, message);
	reply_status(c, SHIM_FAILED);
	call_free(c);
}

static void
on_login_shell(void *ctx, bool ok, bool unreachable, const char *message)
{
	struct call *c = ctx;

	c->ask = NULL;
	if (ok)
		execute(c, c->target);
	else
		turn_away(c, unreachable, message);
}

static void
begin(struct call *c, const char *const *argv)
{
	const struct target *local = c->server->local;
	bool careful = local && local_is_posix(local);
	CLEANUP(shim_args_release) struct shim_args args;
	bool ours = shim_args_read(argv, &args);

	if (!ours && careful) {
		turn_away(c, false,
			  "this step holds a value that has to be quoted for "
			  "the login shell there, and this call is the real "
			  "ssh's, which does not tell it");
		return;
	}
	if (!ours) {
		reply_fall_through(c);
		call_free(c);
		return;
	}
	c->target = remote_pool_host(c->server->pool, args.host, args.options);
	c->host = xstrdup(args.host);
	c->quiet = args.quiet;
	buf_addt(&c->command, buf_text(&args.command));
	c->subsystem = args.subsystem;
	c->has_input = !args.no_input;
	/* No shell reads the name of a subsystem. */
	if (careful && !c->subsystem)
		c->ask = login_shell_ask(c->server->loop, c->target,
					 on_login_shell, c);
	else
		execute(c, c->target);
}

/* Take the three descriptors that came with MESSAGE. */
static bool
take_descriptors(struct call *c, struct msghdr *message)
{
	struct cmsghdr *m = CMSG_FIRSTHDR(message);
	int fds[N_LENT];

	if (!m || m->cmsg_level != SOL_SOCKET || m->cmsg_type != SCM_RIGHTS ||
	    m->cmsg_len != CMSG_LEN(sizeof(fds)))
		return false;
	memcpy(fds, CMSG_DATA(m), sizeof(fds));
	for (size_t i = 0; i < N_LENT; i++)
		lent_open(&c->lines[i].lent, fds[i]);
	return true;
}

/* The request; whatever is wrong with it ends the call, and the shim then
 * says that we are gone. */
static bool
read_request(struct call *c)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int) * N_LENT)];
		struct cmsghdr align;
	} control;
	struct shim_server *s = c->server;
	struct iovec io = { s->request, LIMIT_SHIM_REQUEST_BYTES };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	CLEANUP(free_ptr) const char **argv = NULL;
	ssize_t n = recvmsg(c->fd, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0 || !take_descriptors(c, &m) ||
	    (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ||
	    !shim_request_read((struct text){ s->request, (size_t)n }, s->token,
			       &argv))
		return false;
	begin(c, argv);
	return true;
}

/* The shim says that a signal has come, or it is gone. */
static void
on_shim(void *ctx, short revents UNUSED)
{
	struct call *c = ctx;
	char message[2];
	ssize_t n;

	if (!c->exec && !c->ask) {
		if (!read_request(c))
			call_free(c);
		return;
	}
	n = recv(c->fd, message, sizeof(message), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == sizeof(message) && message[0] == 'I') {
		stop(c, message[1] == SIGINT ? SIGINT : SIGTERM);
		return;
	}
	if (!c->exec) {
		call_free(c);
		return;
	}
	c->watch = loop_unwatch(c->watch);
	fd_close(&c->fd);
	for (size_t i = 0; i < N_LENT; i++)
		close_line(&c->lines[i]);
	if (!c->stopping)
		stop(c, SIGTERM);
	else
		remote_exec_resume(c->exec);
}

/* Only we ourselves may call: the folder is private, and so is the token. */
static bool
is_us(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       who.uid == geteuid();
}

static void
on_connection(void *ctx, short revents UNUSED)
{
	struct shim_server *s = ctx;
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct call *c;

	if (fd < 0)
		return;
	if (!is_us(fd)) {
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->server = s;
	c->fd = fd;
	for (size_t i = 0; i < N_LENT; i++)
		c->lines[i] = (struct line){ .call = c, .lent = { .fd = -1 } };
	c->next = s->calls;
	s->calls = c;
	c->watch = loop_watch(s->loop, fd, POLLIN, on_shim, c);
}

/* ---- the server ---------------------------------------------------------- */

static char *
entry(const struct shim_server *s, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", s->settings.dir, name);
	return buf_detach(&b, NULL);
}

static int
make_link(const char *program, const char *link, struct buf *reterr)
{
	if ((unlink(link) == 0 || errno == ENOENT) &&
	    symlink(program, link) == 0)
		return 0;
	buf_addf(reterr, "cannot make '%s': %s", link, strerror(errno));
	return -1;
}

static int
make_links(struct shim_server *s, struct buf *reterr)
{
	static const char *const names[] = { "bin/ssh", "bin/scp", "bin/sftp" };
	char self[PATH_MAX];
	const char *program = s->settings.program;
	ssize_t n;

	if (!program) {
		n = readlink("/proc/self/exe", self, sizeof(self) - 1);
		if (n < 0) {
			buf_addf(reterr, "cannot find our own program: %s",
				 strerror(errno));
			return -1;
		}
		self[n] = '\0';
		program = self;
	}
	if (mkdir(s->folder, 0700) < 0 && errno != EEXIST) {
		buf_addf(reterr, "cannot make '%s': %s", s->folder,
			 strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		CLEANUP(free_ptr) char *link = entry(s, names[i]);

		if (make_link(program, link, reterr) < 0)
			return -1;
	}
	return 0;
}

static int
start_listening(struct shim_server *s, struct buf *reterr)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(s->path) >= sizeof(a.sun_path)) {
		buf_addf(reterr,
			 "cannot make the socket '%s': its path is too "
			 "long",
			 s->path);
		return -1;
	}
	memcpy(a.sun_path, s->path, strlen(s->path) + 1);
	unlink(s->path);
	s->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       0);
	if (s->fd >= 0 && bind(s->fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	    chmod(s->path, 0600) == 0 && listen(s->fd, BACKLOG) == 0)
		return 0;
	buf_addf(reterr, "cannot make the socket '%s': %s", s->path,
		 strerror(errno));
	return -1;
}

static void
make_environment(struct shim_server *s)
{
	struct buf b = BUF_INIT;
	uint64_t n[2];

	if (getrandom(n, sizeof(n), 0) != sizeof(n))
		BUG("no random numbers: %s", strerror(errno));
	snprintf(s->token, sizeof(s->token), "%016" PRIx64 "%016" PRIx64, n[0],
		 n[1]);
	buf_addf(&b, "%s=%s", SHIM_SOCKET_VARIABLE, s->path);
	s->env[0] = buf_detach(&b, NULL);
	buf_addf(&b, "%s=%s", SHIM_TOKEN_VARIABLE, s->token);
	s->env[1] = buf_detach(&b, NULL);
}

struct shim_server *
shim_server_new(struct loop *l, struct remote_pool *pool,
		const struct shim_settings *settings, struct buf *reterr)
{
	struct shim_server *s = xcalloc(1, sizeof(*s));

	s->loop = l;
	s->pool = pool;
	s->settings = *settings;
	s->fd = -1;
	s->folder = entry(s, "bin");
	s->path = entry(s, "ssh.socket");
	if (make_links(s, reterr) < 0 || start_listening(s, reterr) < 0)
		return shim_server_free(s);
	make_environment(s);
	s->request = xmalloc(LIMIT_SHIM_REQUEST_BYTES);
	s->watch = loop_watch(l, s->fd, POLLIN, on_connection, s);
	return s;
}

struct shim_server *
shim_server_free(struct shim_server *s)
{
	if (!s)
		return NULL;
	s->local = NULL;
	while (s->calls) {
		/* the analyzer does not see that the list loses it */
		s->calls->hold = 0; /* NOLINT(clang-analyzer-unix.Malloc) */
		call_free(s->calls);
	}
	loop_unwatch(s->watch);
	fd_close(&s->fd);
	unlink(s->path);
	free(s->env[0]);
	free(s->env[1]);
	free(s->folder);
	free(s->path);
	free(s->request);
	free(s);
	return NULL;
}

const char *
shim_server_folder(const struct shim_server *s)
{
	return s->folder;
}

const char *const *
shim_server_env(const struct shim_server *s)
{
	return (const char *const *)s->env;
}

const char *
shim_server_token(const struct shim_server *s)
{
	return s->token;
}

void
shim_server_serve(struct shim_server *s, struct target *local)
{
	s->local = local;
	local_on_haste(local, on_haste, s);
}
