/* Starting, finding and ending a private sshd. */
#include "lib/sshd.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "exec/proc.h"
#include "exec/ptree.h"
#include "lib/unit.h"

enum {
	START_MS = 5000,
	TRIES = 5
};

static const char *const sshd_paths[] = { "/usr/sbin/sshd", "/usr/bin/sshd",
					  "/usr/local/sbin/sshd" };

static const char *
find_sshd(void)
{
	for (size_t i = 0; i < ARRAY_LEN(sshd_paths); i++) {
		if (access(sshd_paths[i], X_OK) == 0)
			return sshd_paths[i];
	}
	return NULL;
}

static char *
find_tool(const char *name)
{
	char *path = proc_find(name, "/usr/bin:/bin:/usr/local/bin");

	assert_non_null(path);
	return path;
}

static pid_t
spawn(const char *const *argv)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	pid_t pid;

	spec.argv = argv;
	pid = proc_spawn(&spec, &reterr);
	if (pid < 0)
		fail_msg("%s", reterr.bytes);
	return pid;
}

int
sshd_run(const char *const *argv)
{
	pid_t pid = spawn(argv);
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *
sshd_path(const struct sshd *s, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", s->dir, name);
	return buf_detach(&b, NULL);
}

char *
sshd_write(const struct sshd *s, const char *name, const char *text)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	char *path = sshd_path(s, name);

	if (file_replace(path, text, strlen(text), 0600, &reterr) < 0)
		fail_msg("%s", reterr.bytes);
	return path;
}

char *
sshd_read(const char *file)
{
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;
	struct buf b = BUF_INIT;

	if (file_read(file, 64 << 20, &b, &reterr) < 0)
		fail_msg("%s", reterr.bytes);
	return buf_detach(&b, NULL);
}

char *
sshd_key(const struct sshd *s, const char *name, const char *type,
	 const char *passphrase)
{
	CLEANUP(free_ptr) char *keygen = find_tool("ssh-keygen");
	char *path = sshd_path(s, name);
	const char *const argv[] = { keygen,     "-q", "-t", type, "-N",
				     passphrase, "-f", path, NULL };

	assert_int_equal(sshd_run(argv), 0);
	return path;
}

/* A port that nobody listens on just now. */
static int
free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	CLEANUP(fd_close_ptr) int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	return ntohs(a.sin_port);
}

static void
write_config(struct sshd *s, const char *lines)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b,
		 "%s\nPort %d\nListenAddress 127.0.0.1\nHostKey %s\n"
		 "PidFile %s/pid\nAuthorizedKeysFile %s.pub\nStrictModes no\n"
		 "UsePAM no\nPasswordAuthentication no\n"
		 "KbdInteractiveAuthentication no\nAcceptEnv RB_*\n"
		 "LogLevel DEBUG1\n"
		 /* Or bash would read ~/.bashrc, which may do anything. */
		 "SetEnv SHLVL=2\nSubsystem sftp internal-sftp\n",
		 lines ? lines : "", s->port, s->host_key, s->dir, s->user_key);
	free(sshd_write(s, "sshd_config", b.bytes));
}

/* Wait for the pid file: sshd writes it when it listens. False when the
 * process ends first. */
static bool
wait_for_pid_file(struct sshd *s, int notify)
{
	int64_t until = clock_mono_ms(&clock_system) + START_MS;
	CLEANUP(free_ptr) char *path = sshd_path(s, "pid");

	while (access(path, F_OK) < 0) {
		struct pollfd p = { notify, POLLIN, 0 };
		int64_t left = until - clock_mono_ms(&clock_system);
		char events[4096];

		if (left <= 0)
			return false;
		poll(&p, 1, left > 100 ? 100 : (int)left);
		if (p.revents && read(notify, events, sizeof(events)) < 0)
			return false;
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			return false;
	}
	return true;
}

static bool
start(struct sshd *s, const char *sshd, const char *lines)
{
	CLEANUP(free_ptr) char *config = sshd_path(s, "sshd_config");
	const char *const check[] = { sshd, "-t", "-f", config, NULL };
	const char *const run[] = {
		sshd, "-D", "-f", config, "-E", s->log, NULL
	};
	CLEANUP(fd_close_ptr) int notify = inotify_init1(IN_CLOEXEC);

	s->port = free_port();
	write_config(s, lines);
	assert_int_equal(sshd_run(check), 0);
	assert_true(inotify_add_watch(notify, s->dir,
				      IN_CREATE | IN_MOVED_TO) >= 0);
	s->pid = spawn(run);
	return wait_for_pid_file(s, notify);
}

static void
make_known_hosts(struct sshd *s)
{
	CLEANUP(buf_release) struct buf pub = BUF_INIT;
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(free_ptr) char *key = NULL;

	buf_addf(&pub, "%s.pub", s->host_key);
	key = sshd_read(pub.bytes);
	buf_addf(&line, "[127.0.0.1]:%d %s", s->port, key);
	s->known_hosts = sshd_write(s, "known_hosts", line.bytes);
}

struct sshd *
sshd_new(const char *lines)
{
	const char *sshd = find_sshd(), *tmp = getenv("TMPDIR");
	struct sshd *s;
	struct buf dir = BUF_INIT;

	if (!sshd) {
		print_message("[  SKIPPED ] no sshd on this machine\n");
		return NULL;
	}
	/* Its place for the process without rights, which a container may
	 * lack. */
	if (geteuid() == 0)
		mkdir("/run/sshd", 0755);
	s = xcalloc(1, sizeof(*s));
	buf_addf(&dir, "%s/runbook-sshd.XXXXXX", tmp ? tmp : "/tmp");
	s->dir = buf_detach(&dir, NULL);
	assert_non_null(mkdtemp(s->dir));
	s->host_key = sshd_key(s, "host_key", "ed25519", "");
	s->user_key = sshd_key(s, "user_key", "ed25519", "");
	s->log = sshd_path(s, "log");
	for (int i = 0; !start(s, sshd, lines); i++) {
		if (i == TRIES)
			fail_msg("sshd does not start, see %s", s->log);
	}
	make_known_hosts(s);
	s->config = sshd_write(s, "ssh_config", "");
	sshd_host(s, "web1", "");
	return s;
}

static void
remove_dir(const char *dir)
{
	CLEANUP(free_ptr) char *rm = find_tool("rm");
	const char *const argv[] = { rm, "-rf", "--", dir, NULL };

	sshd_run(argv);
}

struct sshd *
sshd_free(struct sshd *s)
{
	if (!s)
		return NULL;
	sshd_signal_children(s, SIGCONT);
	sshd_signal_children(s, SIGKILL);
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	remove_dir(s->dir);
	free(s->dir);
	free(s->config);
	free(s->known_hosts);
	free(s->host_key);
	free(s->user_key);
	free(s->log);
	free(s);
	return NULL;
}

void
sshd_host(struct sshd *s, const char *name, const char *lines)
{
	CLEANUP(free_ptr) char *before = sshd_read(s->config);
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct passwd *us = getpwuid(geteuid());

	assert_non_null(us);
	/* The newest first: ssh takes the first value it finds. */
	buf_addf(&b,
		 "Host %s\n%s\nHostName 127.0.0.1\nPort %d\nUser %s\n"
		 "IdentityFile %s\nIdentitiesOnly yes\nIdentityAgent none\n"
		 "UserKnownHostsFile %s\nGlobalKnownHostsFile none\n"
		 "StrictHostKeyChecking yes\n\n%s",
		 name, lines, s->port, us->pw_name, s->user_key, s->known_hosts,
		 before);
	free(sshd_write(s, "ssh_config", b.bytes));
}

size_t
sshd_children(const struct sshd *s, pid_t *pids, size_t max)
{
	struct ptree t = { NULL, 0 };
	size_t n = 0;

	ptree_add(&t, s->pid);
	for (size_t i = 0; i < t.n && n < max; i++) {
		if (t.at[i].pid != s->pid && strcmp(t.at[i].name, "sshd") == 0)
			pids[n++] = t.at[i].pid;
	}
	ptree_release(&t);
	return n;
}

void
sshd_signal_children(const struct sshd *s, int signal)
{
	pid_t pids[64];
	size_t n = sshd_children(s, pids, 64);

	for (size_t i = 0; i < n; i++)
		kill(pids[i], signal);
}
