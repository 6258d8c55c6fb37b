/* How a host is reached, as `ssh -G HOST` says: OpenSSH alone reads ssh_config,
 * so that Match, Include and every default mean here what they mean there. */
#ifndef EXEC_SSHCONFIG_H
#define EXEC_SSHCONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

enum sshconfig_family {
	SSHCONFIG_ANY,
	SSHCONFIG_INET,
	SSHCONFIG_INET6
};

struct sshconfig_list {
	const char **at;
	size_t n;
};

/* Everything in the arena; NULL where nothing is set. */
struct sshconfig {
	const char *name; /* as it was asked for, without the user */
	const char *user, *hostname, *port;
	const char *host_key_alias;
	enum sshconfig_family family;
	const char *bind_address;
	int64_t connect_timeout_ms; /* 0: none of its own */
	int64_t alive_ms;           /* 0: none of its own */
	unsigned alive_count;
	const char *proxy_jump;             /* [user@]host[:port],… */
	const char *proxy_command;          /* tokens filled in */
	struct sshconfig_list identities;   /* paths, filled in */
	struct sshconfig_list certificates; /* paths, filled in */
	struct sshconfig_list known_hosts;  /* files, the user's first */
	const char *agent;                  /* socket; NULL: none */
	const char *preferred;              /* methods, comma list, or NULL */
	bool identities_only, public_key, password, keyboard, gssapi,
		compression;
	unsigned prompts; /* how often a password is asked for */
	const char *ciphers, *macs, *kex, *host_keys, *public_keys;
	struct sshconfig_list send_env; /* patterns */
	struct sshconfig_list set_env;  /* NAME=value */
	/* Why this host needs the real ssh: a phrase such as "it forwards
	 * ports"; NULL when it does not. */
	const char *needs_ssh;
};

/* Read OUTPUT of `ssh -G`. AGENT is $SSH_AUTH_SOCK or NULL. NULL with a
 * message when it lacks what every such output has. */
struct sshconfig *sshconfig_read(struct arena *a, const char *name,
				 struct text output, const char *agent,
				 struct buf *reterr);

/* Is S a name that a document may give: [user@]host, of harmless bytes only?
 * (CVE-2023-6004: such names end up in command lines of the operator's.) */
bool sshconfig_is_host(const char *s, struct buf *why);

/* Does NAME match one of the PATTERNS (`*` and `?`), none of which negates? */
bool sshconfig_matches(const struct sshconfig_list *patterns, const char *name);

#endif
