/* A private sshd on the loopback interface, with keys of its own and a client
 * configuration that leads to it and nowhere else. */
#ifndef LIB_SSHD_H
#define LIB_SSHD_H

#include <stdbool.h>
#include <sys/types.h>

struct sshd {
	char *dir;         /* all of its files; 0700 */
	char *config;      /* for ssh -F; hosts are added with sshd_host */
	char *known_hosts; /* holds its key */
	char *host_key, *user_key, *log;
	int port;
	pid_t pid;
};

/* Start one with LINES in its configuration (NULL: none), which come first and
 * so win. NULL with a message on stdout when this machine has no sshd. Anything
 * else that fails fails the test. */
struct sshd *sshd_new(const char *lines);
struct sshd *sshd_free(struct sshd *s); /* NULL to NULL */

/* Add "Host NAME" with LINES (which win) and what leads to this sshd. */
void sshd_host(struct sshd *s, const char *name, const char *lines);

/* The path of NAME in its folder, and writing such a file (mode 0600). The
 * caller frees. */
char *sshd_path(const struct sshd *s, const char *name);
char *sshd_write(const struct sshd *s, const char *name, const char *text);

/* Everything in FILE; the caller frees. */
char *sshd_read(const char *file);

/* Append the processes that serve connections to PIDS; how many. */
size_t sshd_children(const struct sshd *s, pid_t *pids, size_t max);

/* Send SIGNAL to all of these. */
void sshd_signal_children(const struct sshd *s, int signal);

/* Run ARGV to its end and return its status; its output is dropped. */
int sshd_run(const char *const *argv);

/* Make the key pair NAME ("ed25519", "rsa", …) in its folder with PASSPHRASE.
 */
char *sshd_key(const struct sshd *s, const char *name, const char *type,
	       const char *passphrase);

#endif
