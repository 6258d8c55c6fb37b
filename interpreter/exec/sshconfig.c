/* Reading the output of `ssh -G` (ssh(1); the keys are those of ssh_config(5),
 * in lower case). */
#include "exec/sshconfig.h"

#include <fnmatch.h>
#include <pwd.h>
#include <unistd.h>

#include "base/limits.h"

/* What a value may be, beside kept as it is. */
enum kind {
	KIND_STRING,
	KIND_PATHS, /* one path a line */
	KIND_FILES, /* several paths in one line */
	KIND_LIST,  /* one item a line */
	KIND_BOOL,
	KIND_UINT,    /* unsigned */
	KIND_SECONDS, /* int64_t, in ms */
	KIND_FAMILY,
	KIND_NEEDS_SSH /* any value but the one given */
};

static const struct key {
	const char *name;
	enum kind kind;
	size_t offset; /* in struct sshconfig */
	/* KIND_NEEDS_SSH: the value that does not, or NULL; and the phrase. */
	const char *harmless, *phrase;
} keys[] = {
#define FIELD(name, kind, field)                                               \
	{                                                                      \
		name, kind, offsetof(struct sshconfig, field), NULL, NULL      \
	}
#define NEEDS(name, harmless, phrase)                                          \
	{                                                                      \
		name, KIND_NEEDS_SSH, 0, harmless, phrase                      \
	}
	FIELD("user", KIND_STRING, user),
	FIELD("hostname", KIND_STRING, hostname),
	FIELD("port", KIND_STRING, port),
	FIELD("hostkeyalias", KIND_STRING, host_key_alias),
	FIELD("addressfamily", KIND_FAMILY, family),
	FIELD("bindaddress", KIND_STRING, bind_address),
	FIELD("connecttimeout", KIND_SECONDS, connect_timeout_ms),
	FIELD("serveraliveinterval", KIND_SECONDS, alive_ms),
	FIELD("serveralivecountmax", KIND_UINT, alive_count),
	FIELD("proxyjump", KIND_STRING, proxy_jump),
	FIELD("proxycommand", KIND_STRING, proxy_command),
	FIELD("identityfile", KIND_PATHS, identities),
	FIELD("certificatefile", KIND_PATHS, certificates),
	FIELD("userknownhostsfile", KIND_FILES, known_hosts),
	FIELD("globalknownhostsfile", KIND_FILES, known_hosts),
	FIELD("identityagent", KIND_STRING, agent),
	FIELD("preferredauthentications", KIND_STRING, preferred),
	FIELD("identitiesonly", KIND_BOOL, identities_only),
	FIELD("pubkeyauthentication", KIND_BOOL, public_key),
	FIELD("passwordauthentication", KIND_BOOL, password),
	FIELD("kbdinteractiveauthentication", KIND_BOOL, keyboard),
	FIELD("gssapiauthentication", KIND_BOOL, gssapi),
	FIELD("compression", KIND_BOOL, compression),
	FIELD("numberofpasswordprompts", KIND_UINT, prompts),
	FIELD("ciphers", KIND_STRING, ciphers),
	FIELD("macs", KIND_STRING, macs),
	FIELD("kexalgorithms", KIND_STRING, kex),
	FIELD("hostkeyalgorithms", KIND_STRING, host_keys),
	FIELD("pubkeyacceptedalgorithms", KIND_STRING, public_keys),
	FIELD("sendenv", KIND_LIST, send_env),
	FIELD("setenv", KIND_LIST, set_env),
	NEEDS("hostbasedauthentication", "no", "it authenticates by host"),
	NEEDS("gssapikeyexchange", "no", "it exchanges keys by GSSAPI"),
	NEEDS("pkcs11provider", NULL, "its keys are on a token"),
	NEEDS("knownhostscommand", "none", "a command knows its host keys"),
	NEEDS("verifyhostkeydns", "false", "its host keys are in the DNS"),
	NEEDS("revokedhostkeys", "none", "it has a list of revoked host keys"),
	NEEDS("remotecommand", "none", "it has a command of its own"),
	NEEDS("localforward", NULL, "it forwards ports"),
	NEEDS("remoteforward", NULL, "it forwards ports"),
	NEEDS("dynamicforward", NULL, "it forwards ports"),
	NEEDS("tunnel", "false", "it makes a tunnel"),
	NEEDS("forwardagent", "no", "it forwards the agent"),
	NEEDS("forwardx11", "no", "it forwards X11"),
	NEEDS("permitlocalcommand", "no", "it runs a local command"),
	NEEDS("proxyusefdpass", "no", "its proxy passes a descriptor"),
	NEEDS("bindinterface", NULL, "it is bound to an interface"),
	NEEDS("sessiontype", "default", "it is not for commands"),
	NEEDS("forkafterauthentication", "no", "it goes to the background"),
#undef FIELD
#undef NEEDS
};

struct reader {
	struct arena *arena;
	struct sshconfig *config;
	const char *home, *local_user;
};

static const struct key *
find_key(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (text_is(name, keys[i].name))
			return &keys[i];
	}
	return NULL;
}

static void
need_ssh(struct reader *r, const char *why)
{
	if (!r->config->needs_ssh)
		r->config->needs_ssh = why;
}

static void
add_to_list(struct reader *r, struct sshconfig_list *list, struct text item)
{
	ARENA_PUSH(r->arena, list->at, list->n,
		   arena_memdup0(r->arena, item.at, item.len));
}

/* Several paths in one line come without quotes: one with a blank in it shows
 * as parts that are not absolute. */
static void
add_files(struct reader *r, struct sshconfig_list *list, struct text value)
{
	struct text file;

	while (text_next_field(&value, ' ', &file)) {
		if (file.len == 0 || text_is(file, "none"))
			continue;
		if (file.at[0] != '/' && file.at[0] != '~')
			need_ssh(r, "the path of a known hosts file has a "
				    "blank");
		add_to_list(r, list, file);
	}
}

static bool
is_yes(struct text value)
{
	return text_is(value, "yes") || text_is(value, "true");
}

static void
set_number(const struct key *key, struct text value, void *field)
{
	uint64_t n;

	if (!text_to_uint(value, INT32_MAX, &n))
		return;
	if (key->kind == KIND_UINT)
		*(unsigned *)field = (unsigned)n;
	else
		*(int64_t *)field = (int64_t)n * 1000;
}

static void
set_family(struct text value, enum sshconfig_family *family)
{
	if (text_is(value, "inet"))
		*family = SSHCONFIG_INET;
	else if (text_is(value, "inet6"))
		*family = SSHCONFIG_INET6;
}

static void
set(struct reader *r, const struct key *key, struct text value)
{
	void *field = (char *)r->config + key->offset;

	switch (key->kind) {
	case KIND_STRING:
		*(const char **)field =
			arena_memdup0(r->arena, value.at, value.len);
		break;
	case KIND_PATHS:
	case KIND_LIST:
		add_to_list(r, field, value);
		break;
	case KIND_FILES:
		add_files(r, field, value);
		break;
	case KIND_BOOL:
		*(bool *)field = is_yes(value);
		break;
	case KIND_UINT:
	case KIND_SECONDS:
		set_number(key, value, field);
		break;
	case KIND_FAMILY:
		set_family(value, field);
		break;
	case KIND_NEEDS_SSH:
		if (!key->harmless || !text_is(value, key->harmless))
			need_ssh(r, key->phrase);
		break;
	}
}

/* ---- tokens (ssh_config(5), "TOKENS") ------------------------------------ */

static const char *
token(const struct reader *r, char c)
{
	const struct sshconfig *s = r->config;

	switch (c) {
	case '%':
		return "%";
	case 'd':
		return r->home;
	case 'u':
		return r->local_user;
	case 'h':
		return s->hostname;
	case 'k':
		return s->host_key_alias ? s->host_key_alias : s->name;
	case 'n':
		return s->name;
	case 'p':
		return s->port;
	case 'r':
		return s->user;
	default:
		return NULL;
	}
}

/* Fill in the tokens of S, and "~/" at its beginning. NULL when there is one
 * that only ssh knows. */
static const char *
fill_in(struct reader *r, const char *s)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (s[0] == '~' && (s[1] == '/' || s[1] == '\0')) {
		buf_adds(&b, r->home);
		s++;
	} else if (s[0] == '~') {
		return NULL;
	}
	for (; *s; s++) {
		const char *value;

		if (s[0] == '$' && s[1] == '{')
			return NULL;
		if (*s != '%') {
			buf_addc(&b, *s);
			continue;
		}
		value = token(r, *++s);
		if (!value)
			return NULL;
		buf_adds(&b, value);
	}
	return arena_memdup0(r->arena, b.bytes ? b.bytes : "", b.len);
}

static void
fill_in_list(struct reader *r, struct sshconfig_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const char *path = fill_in(r, list->at[i]);

		if (!path)
			need_ssh(r, "a path of its configuration has tokens "
				    "that only ssh knows");
		else if (strcmp(path, "none") != 0)
			list->at[n++] = path;
	}
	list->n = n;
}

/* "none", "SSH_AUTH_SOCK", "$NAME" or a path (IdentityAgent). */
static const char *
find_agent(struct reader *r, const char *value, const char *inherited)
{
	const char *path;

	if (!value || strcmp(value, "SSH_AUTH_SOCK") == 0)
		return inherited;
	if (strcmp(value, "none") == 0)
		return NULL;
	if (value[0] == '$' && value[1] != '{')
		return getenv(value + 1)
			       ? arena_strdup(r->arena, getenv(value + 1))
			       : NULL;
	path = fill_in(r, value);
	if (!path)
		need_ssh(r, "the path of its agent has tokens that only ssh "
			    "knows");
	return path;
}

static const char *
none_to_null(const char *s)
{
	return s && strcmp(s, "none") == 0 ? NULL : s;
}

static void
finish(struct reader *r, const char *agent)
{
	struct sshconfig *s = r->config;

	s->proxy_jump = none_to_null(s->proxy_jump);
	s->proxy_command = none_to_null(s->proxy_command);
	s->host_key_alias = none_to_null(s->host_key_alias);
	fill_in_list(r, &s->identities);
	fill_in_list(r, &s->certificates);
	fill_in_list(r, &s->known_hosts);
	s->agent = find_agent(r, s->agent, agent);
	if (s->proxy_command) {
		s->proxy_command = fill_in(r, s->proxy_command);
		if (!s->proxy_command)
			need_ssh(r, "its proxy command has tokens that only "
				    "ssh knows");
	}
}

struct sshconfig *
sshconfig_read(struct arena *a, const char *name, struct text output,
	       const char *agent, struct buf *reterr)
{
	const struct passwd *us = getpwuid(geteuid());
	const char *home = getenv("HOME"), *at = strchr(name, '@');
	struct sshconfig *s = ARENA_NEW(a, struct sshconfig);
	struct reader r = { a, s, home, us ? us->pw_name : "" };
	struct text line, key;

	if (!r.home)
		r.home = us ? us->pw_dir : "/";
	s->name = arena_strdup(a, at ? at + 1 : name);
	while (text_next_line(&output, &line)) {
		const struct key *known;

		text_next_field(&line, ' ', &key);
		known = find_key(key);
		if (known && line.len)
			set(&r, known, line);
	}
	if (!s->user || !s->hostname || !s->port) {
		buf_addf(reterr,
			 "cannot understand what 'ssh -G' says about "
			 "'%s'",
			 name);
		return NULL;
	}
	finish(&r, agent);
	return s;
}

/* ---- names --------------------------------------------------------------- */

static bool
is_plain(struct text t, const char *first, const char *rest, size_t max)
{
	if (t.len == 0 || t.len > max || !strchr(first, t.at[0]))
		return false;
	for (size_t i = 1; i < t.len; i++) {
		if (t.at[i] == '\0' || !strchr(rest, t.at[i]))
			return false;
	}
	return true;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

bool
sshconfig_is_host(const char *s, struct buf *why)
{
	const char *at = strchr(s, '@');
	struct text host = text_of(at ? at + 1 : s);
	struct text user = { s, at ? (size_t)(at - s) : 0 };

	if (!is_plain(host, LOWER UPPER DIGIT, LOWER UPPER DIGIT "._-",
		      LIMIT_HOST_BYTES)) {
		buf_addf(why, "'%s' is no name of a host", s);
		return false;
	}
	if (at && !is_plain(user, LOWER UPPER "_", LOWER UPPER DIGIT "_.-",
			    LIMIT_USER_BYTES)) {
		buf_addf(why, "'%s' has no name of a user before the '@'", s);
		return false;
	}
	return true;
}

bool
sshconfig_matches(const struct sshconfig_list *patterns, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < patterns->n; i++) {
		const char *p = patterns->at[i];

		if (p[0] == '-' && fnmatch(p + 1, name, 0) == 0)
			return false;
		if (fnmatch(p, name, 0) == 0)
			found = true;
	}
	return found;
}
