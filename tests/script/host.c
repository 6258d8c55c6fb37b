/* Run a command while a private sshd stands beside it.
 *
 *   host DIR COMMAND ARG…
 *
 * The host has its home in DIR/home and DIR/bin first in its PATH; the command
 * finds DIR as HOST and the configuration for ssh -F as SSH_CONFIG. Aliases:
 * hemma and web1 lead there; down to a port nobody listens on; stranger is not
 * known; impostor is known by another key; locked refuses the key offered.
 * Exits as the command does, or with 77 when there is no sshd. */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sshd.h"
#include "lib/unit.h"

enum {
	NO_SSHD = 77
};

static char *
in_folder(const char *dir, const char *name)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", dir, name);
	return buf_detach(&b, NULL);
}

static void
make_folder(const char *dir, const char *name)
{
	CLEANUP(free_ptr) char *path = in_folder(dir, name);

	assert_int_equal(mkdir(path, 0700), 0);
}

/* Add the alias NAME with OPTION and a path of the server. */
static void
add_host(struct sshd *s, const char *name, const char *option,
	 const char *value)
{
	CLEANUP(buf_release) struct buf lines = BUF_INIT;

	buf_addf(&lines, "%s %s", option, value);
	sshd_host(s, name, buf_cstr(&lines));
}

/* sshd_host would offer the right key as well. */
static void
add_locked(struct sshd *s, const char *key)
{
	CLEANUP(free_ptr) char *before = sshd_read(s->config);
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b,
		 "Host locked\nHostName 127.0.0.1\nPort %d\n"
		 "IdentityFile %s\nIdentitiesOnly yes\nIdentityAgent none\n"
		 "UserKnownHostsFile %s\nGlobalKnownHostsFile none\n"
		 "StrictHostKeyChecking yes\n\n%s",
		 s->port, key, s->known_hosts, before);
	free(sshd_write(s, "ssh_config", buf_cstr(&b)));
}

/* Files of known hosts: one that knows nobody, one with a foreign key. */
static void
add_strangers(struct sshd *s)
{
	CLEANUP(free_ptr) char *other = sshd_key(s, "other", "ed25519", "");
	CLEANUP(free_ptr) char *public = sshd_path(s, "other.pub");
	CLEANUP(free_ptr) char *key = sshd_read(public);
	CLEANUP(free_ptr) char *nobody = sshd_write(s, "nobody", "");
	CLEANUP(free_ptr) char *foreign = NULL;
	CLEANUP(buf_release) struct buf line = BUF_INIT;

	buf_addf(&line, "[127.0.0.1]:%d %s", s->port, key);
	foreign = sshd_write(s, "foreign", buf_cstr(&line));
	add_host(s, "stranger", "UserKnownHostsFile", nobody);
	add_host(s, "impostor", "UserKnownHostsFile", foreign);
	add_locked(s, other);
}

static struct sshd *
start(const char *dir)
{
	CLEANUP(buf_release) struct buf lines = BUF_INIT;
	struct sshd *s;

	/* Of several SetEnv the first counts; SHLVL as lib/sshd.c has it. */
	buf_addf(&lines,
		 "SetEnv SHLVL=2 HOME=%s/home "
		 "PATH=%s/bin:/usr/local/bin:/usr/bin:/bin",
		 dir, dir);
	s = sshd_new(buf_cstr(&lines));
	if (!s)
		return NULL;
	sshd_host(s, "hemma", "");
	sshd_host(s, "down", "Port 1");
	add_strangers(s);
	return s;
}

static int
run(char *const *argv)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	/* What ends us ends the command, and then the server goes. */
	signal(SIGTERM, SIG_IGN);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
main(int argc, char **argv)
{
	struct sshd *s;
	int status;

	assert_true(argc > 2);
	assert_int_equal(mkdir(argv[1], 0700), 0);
	make_folder(argv[1], "home");
	make_folder(argv[1], "bin");
	s = start(argv[1]);
	if (!s)
		return NO_SSHD;
	setenv("HOST", argv[1], 1);
	setenv("SSH_CONFIG", s->config, 1);
	status = run(argv + 2);
	sshd_free(s);
	return status;
}
