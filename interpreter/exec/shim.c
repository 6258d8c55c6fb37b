/* ssh, as local steps find it. It is small on purpose: it runs once for every
 * ssh of a step. */
#include "exec/shim.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "exec/proc.h"

static volatile int engine_fd = -1;

void
shim_request_make(struct buf *b, const char *token, char *const *argv)
{
	buf_add(b, SHIM_MAGIC, sizeof(SHIM_MAGIC));
	buf_add(b, token, strlen(token) + 1);
	for (; *argv; argv++)
		buf_add(b, *argv, strlen(*argv) + 1);
}

/* Whether A and B are the same takes equally long wherever they differ. */
static bool
same_token(struct text a, const char *b)
{
	unsigned char difference = 0;

	if (a.len != strlen(b))
		return false;
	for (size_t i = 0; i < a.len; i++)
		difference |= (unsigned char)(a.at[i] ^ b[i]);
	return difference == 0;
}

bool
shim_request_read(struct text request, const char *token,
		  const char ***ret_argv)
{
	struct text rest = request, word;
	size_t n = 0, i = 0;

	if (request.len == 0 || request.at[request.len - 1] != '\0')
		return false;
	if (!text_next_field(&rest, '\0', &word) || !text_is(word, SHIM_MAGIC))
		return false;
	if (!text_next_field(&rest, '\0', &word) || !same_token(word, token))
		return false;
	for (size_t k = 0; k < rest.len; k++)
		n += rest.at[k] == '\0';
	if (n == 0)
		return false;
	*ret_argv = xcalloc(n + 1, sizeof(char *));
	while (text_next_field(&rest, '\0', &word))
		(*ret_argv)[i++] = word.at;
	return true;
}

/* ---- the real one -------------------------------------------------------- */

/* Become the real ssh. WORDS: its path and what comes first, or nothing. */
_Noreturn static void
become_ssh(char **argv, struct text words)
{
	const char *path = getenv("PATH");
	struct text word;
	size_t n = 0, argc = 0;
	const char **all;

	while (argv[argc])
		argc++;
	all = xcalloc(argc + words.len + 2, sizeof(char *));
	while (text_next_field(&words, '\0', &word))
		all[n++] = word.at;
	if (n == 0)
		all[n++] =
			proc_find_other("ssh", path ? path : "/usr/bin:/bin");
	for (size_t i = 1; i < argc; i++)
		all[n++] = argv[i];
	if (all[0])
		execv(all[0], (char **)(uintptr_t)all);
	fprintf(stderr, "ssh: cannot run ssh: %s\n",
		all[0] ? strerror(errno) : "it is not in PATH");
	_exit(SHIM_FAILED);
}

/* ---- the engine ---------------------------------------------------------- */

static int
connect_to_engine(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const int size = LIMIT_SHIM_REQUEST_BYTES;
	int fd;

	if (strlen(path) >= sizeof(a.sun_path))
		return -1;
	memcpy(a.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Send REQUEST with our three descriptors. */
static int
send_request(int fd, struct text request)
{
	int fds[3] = { 0, 1, 2 };
	union {
		char bytes[CMSG_SPACE(sizeof(fds))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec io = { (void *)(uintptr_t)request.at, request.len };
	struct msghdr m = { .msg_iov = &io,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (request.len > LIMIT_SHIM_REQUEST_BYTES)
		return -1;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	return sendmsg(fd, &m, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Tell the engine, then die of the signal as ssh does. Never wait for what
 * happens on the host: `timeout 1 ssh …` has to end after a second. */
static void
on_signal(int number)
{
	char message[] = { 'I', (char)number };

	if (engine_fd >= 0)
		send(engine_fd, message, sizeof(message), MSG_NOSIGNAL);
	signal(number, SIG_DFL);
	raise(number);
}

static void
catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction now;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		/* nohup and `&` have us ignore some. */
		if (sigaction(numbers[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			signal(numbers[i], on_signal);
	}
}

static int
wait_for_engine(int fd, char **argv)
{
	char answer[4096];
	ssize_t n;

	do
		n = recv(fd, answer, sizeof(answer), 0);
	while (n < 0 && errno == EINTR);
	if (n >= 2 && answer[0] == 'F')
		become_ssh(argv, (struct text){ answer + 1, (size_t)n - 1 });
	if (n == 2 && answer[0] == 'E')
		return (unsigned char)answer[1];
	fprintf(stderr, "ssh: runbook has gone away\n");
	return SHIM_FAILED;
}

/* ---- scp and sftp -------------------------------------------------------- */

static const char *const copiers[] = { "scp", "sftp" };

/* Become the real NAME, which is to start the ssh of PATH. What the step says
 * itself (`-S`) comes later and wins. */
_Noreturn static void
become_copier(const char *name, int argc, char **argv)
{
	const char *path = getenv("PATH");
	const char **all = xcalloc((size_t)argc + 3, sizeof(char *));
	char *ssh = path ? proc_find("ssh", path) : NULL;
	char *real = proc_find_other(name, path ? path : "/usr/bin:/bin");
	size_t n = 0;

	all[n++] = argv[0]; /* it is in what it says */
	if (ssh) {
		all[n++] = "-S";
		all[n++] = ssh;
	}
	for (int i = 1; i < argc; i++)
		all[n++] = argv[i];
	if (real)
		execv(real, (char **)(uintptr_t)all);
	fprintf(stderr, "%s: cannot run %s: %s\n", name, name,
		real ? strerror(errno) : "it is not in PATH");
	_exit(SHIM_NOT_FOUND);
}

bool
shim_is_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(copiers); i++) {
		if (strcmp(name, copiers[i]) == 0)
			return true;
	}
	return strcmp(name, "ssh") == 0;
}

int
shim_main(const char *name, int argc, char **argv)
{
	const char *path = getenv(SHIM_SOCKET_VARIABLE);
	const char *token = getenv(SHIM_TOKEN_VARIABLE);
	CLEANUP(buf_release) struct buf request = BUF_INIT;
	int fd;

	if (strcmp(name, "ssh") != 0)
		become_copier(name, argc, argv);
	if (argc < 2 || !path || !token)
		become_ssh(argv, TEXT(""));
	shim_request_make(&request, token, argv);
	fd = connect_to_engine(path);
	if (fd < 0)
		become_ssh(argv, TEXT(""));
	engine_fd = fd;
	catch_signals();
	if (send_request(fd, buf_text(&request)) < 0)
		become_ssh(argv, TEXT(""));
	return wait_for_engine(fd, argv);
}
