/* Statuses that say no, and those that say what went wrong, from the manual of
 * each program. */
#include "effect/answer.h"

#include "base/compiler.h"

struct answer {
	const char *program;
	const char *verb; /* its first operand, or NULL: any */
	int status;
	const char *says;
};

static const struct answer answers[] = {
	{ "grep", NULL, 1, "it found nothing" },
	{ "egrep", NULL, 1, "it found nothing" },
	{ "fgrep", NULL, 1, "it found nothing" },
	{ "zgrep", NULL, 1, "it found nothing" },
	{ "rg", NULL, 1, "it found nothing" },
	{ "lsof", NULL, 1, "nothing has it open" },
	{ "pgrep", NULL, 1, "there is no such process" },
	{ "pidof", NULL, 1, "there is no such process" },
	{ "diff", NULL, 1, "they differ" },
	{ "cmp", NULL, 1, "they differ" },
	{ "test", NULL, 1, "it is not the case" },
	{ "[", NULL, 1, "it is not the case" },
	{ "[[", NULL, 1, "it is not the case" },
	{ "which", NULL, 1, "there is no such program" },
	{ "getent", NULL, 2, "there is no such entry" },
	{ "mountpoint", NULL, 1, "nothing is mounted there" },
	{ "mountpoint", NULL, 32, "nothing is mounted there" },
	{ "systemctl", "is-active", 3, "it is not active" },
	{ "systemctl", "is-active", 4, "there is no such unit" },
	{ "systemctl", "status", 3, "it is not running" },
	{ "systemctl", "status", 4, "there is no such unit" },
	{ "systemctl", "status", 1, "it is dead, and its pid file is there" },
	{ "systemctl", "status", 2, "it is dead, and its lock file is there" },
	{ "systemctl", "is-enabled", 1, "it is not enabled" },
	{ "systemctl", "is-enabled", 4, "there is no such unit" },
	{ "systemctl", "is-failed", 1, "it has not failed" },
};

/* curl(1), wget(1), ssh(1), psql(1), pg_isready(1), rsync(1), flock(1). */
static const struct answer faults[] = {
	{ "curl", NULL, 3, "the URL is malformed" },
	{ "curl", NULL, 5, "it could not resolve the proxy" },
	{ "curl", NULL, 6, "it could not resolve the host" },
	{ "curl", NULL, 7, "it could not connect" },
	{ "curl", NULL, 22, "the server answered with an error" },
	{ "curl", NULL, 28, "its time was over" },
	{ "curl", NULL, 35, "no TLS connection came about" },
	{ "curl", NULL, 47, "there were too many redirects" },
	{ "curl", NULL, 52, "the server answered nothing" },
	{ "curl", NULL, 56, "the connection broke off" },
	{ "curl", NULL, 60, "the server's certificate is not trusted" },
	{ "wget", NULL, 4, "the network failed" },
	{ "wget", NULL, 5, "the server's certificate is not trusted" },
	{ "wget", NULL, 6, "user or password were not accepted" },
	{ "wget", NULL, 8, "the server answered with an error" },
	{ "ssh", NULL, 255,
	  "the host was not reached or the connection broke" },
	{ "psql", NULL, 2, "it could not connect, or lost the connection" },
	{ "pg_isready", NULL, 1, "the server rejects connections" },
	{ "pg_isready", NULL, 2, "the server does not answer" },
	{ "rsync", NULL, 12, "the connection broke off" },
	{ "rsync", NULL, 23, "not all could be transferred" },
};

static struct text
base_name(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

static bool
has_verb(const struct text *words, uint32_t n, const char *verb)
{
	for (uint32_t i = 1; i < n; i++) {
		if (text_starts(words[i], "-"))
			continue;
		return text_is(words[i], verb);
	}
	return false;
}

static const char *
find(const struct answer *table, size_t n_table, const struct text *words,
     uint32_t n, int status)
{
	if (n && text_is(base_name(words[0]), "sudo"))
		return find(table, n_table, words + 1, n - 1, status);
	for (size_t i = 0; n && i < n_table; i++) {
		const struct answer *a = &table[i];

		if ((status == 0 || a->status == status) &&
		    text_is(base_name(words[0]), a->program) &&
		    (!a->verb || has_verb(words, n, a->verb)))
			return a->says;
	}
	return NULL;
}

const char *
effect_answer(const struct text *words, uint32_t n, int status)
{
	return find(answers, ARRAY_LEN(answers), words, n, status);
}

const char *
effect_fault(const struct text *words, uint32_t n, int status)
{
	return status ? find(faults, ARRAY_LEN(faults), words, n, status)
		      : NULL;
}
