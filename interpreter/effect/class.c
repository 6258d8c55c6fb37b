/* Kinds of paths and names, told by their spelling alone. */
#include "effect/class.h"

static struct text
base_name(struct text path)
{
	size_t start;

	while (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	for (start = path.len; start > 0 && path.at[start - 1] != '/'; start--)
		;
	return text_sub(path, start, path.len);
}

static bool
has_dots(struct text path)
{
	struct text part;

	while (text_next_field(&path, '/', &part))
		if (text_is(part, ".."))
			return true;
	return false;
}

/* PATH is FOLDER itself or lies in it. */
static bool
is_under(struct text path, const char *folder)
{
	size_t n = strlen(folder);

	return text_starts(path, folder) &&
	       (path.len == n || path.at[n] == '/');
}

static bool
is_under_any(struct text path, const char *const *folders, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_under(path, folders[i]))
			return true;
	return false;
}

static bool
matches_any(struct text t, const char *patterns)
{
	struct text rest = text_of(patterns), one;

	while (text_next_field(&rest, ' ', &one))
		if (glob_matches(one, t, false))
			return true;
	return false;
}

/* Made to be thrown away: below a folder for that, never the folder. */
static bool
is_disposable(const struct subject *s)
{
	static const char *const folders[] = { "/tmp/", "/var/tmp/",
					       "/dev/shm/" };

	if (s->opaque || has_dots(s->text) || (s->look && s->look->mounted))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (text_starts(s->text, folders[i]) &&
		    s->text.len > strlen(folders[i]))
			return true;
	return false;
}

/* Made again by the program that made it: such a folder, or what is in it. */
static bool
is_cache(const struct subject *s)
{
	static const char folders[] = "node_modules __pycache__ .pytest_cache "
				      ".cache .mypy_cache .ruff_cache .npm "
				      ".parcel-cache .gradle-cache";
	struct text rest = s->text, part;

	if (s->opaque || has_dots(s->text))
		return false;
	while (text_next_field(&rest, '/', &part))
		if (matches_any(part, folders))
			return true;
	return matches_any(base_name(s->text), "*.pyc .eslintcache");
}

/* The machine, a home, or one of the folders that a system consists of. */
static bool
is_root(const struct subject *s)
{
	static const char *const folders[] = {
		"/etc",  "/usr", "/var", "/boot", "/home", "/root",
		"/opt",  "/srv", "/lib", "/bin",  "/sbin", "/dev",
		"/proc", "/sys", "/run", "/data", "~",     ""
	};
	struct text path = s->text;

	if (s->opaque)
		return false;
	if (text_ends(path, "/*"))
		path.len--;
	while (path.len && path.at[path.len - 1] == '/')
		path.len--;
	if (path.len == 0)
		return s->text.len > 0;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		if (text_is(path, folders[i]))
			return true;
	return false;
}

static bool
is_device(const struct subject *s)
{
	return matches_any(s->text,
			   "/dev/sd* /dev/nvme* /dev/vd* /dev/xvd* /dev/hd* "
			   "/dev/mmcblk* /dev/disk* /dev/md* /dev/dm-* "
			   "/dev/mapper/* /dev/loop* /dev/rdisk*");
}

/* Where output goes that nobody keeps. */
static bool
is_null(const struct subject *s)
{
	return matches_any(s->text, "/dev/null /dev/stdout /dev/stderr "
				    "/dev/tty /dev/fd/* /dev/full");
}

/* A file whose content matters even if nobody says so: overwriting it takes
 * away configuration, state or logs. */
static bool
is_precious(const struct subject *s)
{
	static const char *const folders[] = { "/etc",     "/usr",     "/boot",
					       "/var/lib", "/var/log", ".git" };
	struct text path = s->text;

	while (text_starts(path, "./"))
		path = text_sub(path, 2, path.len);
	if (is_under_any(path, folders, ARRAY_LEN(folders)) ||
	    text_find(path, TEXT("/.git/"), 0) < path.len)
		return true;
	return matches_any(base_name(path),
			   "authorized_keys *.conf .env .env.* crontab "
			   "known_hosts .bashrc .profile");
}

/* A copy kept on purpose. */
static bool
is_backup(const struct subject *s)
{
	return matches_any(base_name(s->text),
			   "*.bak *.bak.* *.orig *.old *.save *.backup *~ "
			   "*-backup *.bak-* *.backup-* *-bak *.dist");
}

static bool
is_access(const struct subject *s)
{
	return text_is(base_name(s->text), "authorized_keys") ||
	       matches_any(s->text,
			   "/etc/sudoers* /etc/passwd /etc/shadow /etc/group");
}

static bool
is_kernel(const struct subject *s)
{
	return is_under(s->text, "/proc") || is_under(s->text, "/sys");
}

static bool
is_sysrq(const struct subject *s)
{
	return text_is(s->text, "/proc/sysrq-trigger");
}

static bool
is_secret(const struct subject *s)
{
	struct text name = base_name(s->text);

	return matches_any(name, "id_rsa id_dsa id_ecdsa id_ed25519 .env "
				 ".env.* *.pem *.key .pgpass .netrc .my.cnf "
				 "credentials credentials.json shadow gshadow "
				 "*.kdbx kubeconfig .vault-token "
				 "*.tfvars secrets.*") &&
	       !matches_any(name, ".env.example .env.sample fullchain.pem "
				  "cert.pem chain.pem *.pub");
}

static bool
is_hash(const struct subject *s)
{
	bool digit = false;

	if (!s->exact || s->text.len < 7 || s->text.len > 64)
		return false;
	for (size_t i = 0; i < s->text.len; i++) {
		char c = s->text.at[i];

		digit = digit || byte_is_digit(c);
		if (!byte_is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return digit;
}

/* A tag or an older commit by name: v1.2, release-3.4.1, HEAD~2, HEAD^. */
static bool
is_version(const struct subject *s)
{
	size_t dot = text_chr(s->text, '.', 1);

	if (s->opaque)
		return false;
	if (matches_any(s->text,
			"HEAD~* HEAD^* HEAD@{* *@{* tags/* "
			"refs/tags/* ORIG_HEAD FETCH_HEAD *^ *~1 *~2 *~3"))
		return true;
	return dot + 1 < s->text.len && byte_is_digit(s->text.at[dot - 1]) &&
	       byte_is_digit(s->text.at[dot + 1]) &&
	       text_chr(s->text, '/', 0) == s->text.len;
}

/* A file rather than a name: it has a folder in front or an extension. */
static bool
is_path(const struct subject *s)
{
	struct text name = base_name(s->text);
	size_t dot;

	if (s->opaque)
		return false;
	if (matches_any(s->text, ". .. ./* ../* /* ~/* */") ||
	    text_chr(s->text, '*', 0) < s->text.len)
		return true;
	for (dot = name.len; dot > 0 && name.at[dot - 1] != '.'; dot--)
		;
	return dot > 0 && dot < name.len && name.len - dot <= 10 &&
	       byte_is_alpha(name.at[dot]) && !is_version(s);
}

/* HOST:PATH of scp and rsync; a colon behind a slash is part of a name. */
static bool
is_remote(const struct subject *s)
{
	size_t colon = text_chr(s->text, ':', 0);

	return (colon > 0 && colon < s->text.len &&
		text_chr(s->text, '/', 0) > colon) ||
	       text_starts(s->text, "rsync://") ||
	       text_starts(s->text, "scp://");
}

static bool
is_url(const struct subject *s)
{
	return text_find(s->text, TEXT("://"), 0) < s->text.len;
}

static bool
is_number(const struct subject *s)
{
	uint64_t n;

	return s->exact && text_to_uint(s->text, UINT64_MAX / 16, &n);
}

static bool
is_unknown(const struct subject *s)
{
	return s->opaque;
}

static bool
is_many(const struct subject *s)
{
	return s->many;
}

static bool
is_each(const struct subject *s)
{
	return s->each;
}

/* "$x/…" or "$x": nothing, where the variable is empty (ShellCheck 2115). */
static bool
is_variable(const struct subject *s)
{
	return s->opaque && s->text.len && s->text.at[0] == '\0' &&
	       (s->text.len == 1 || s->text.at[1] == '/');
}

/* A folder in which programs work on the files that are there. */
static bool
is_live(const struct subject *s)
{
	return text_starts(s->text, "/") && !is_disposable(s) &&
	       (is_root(s) || is_precious(s) || is_under(s->text, "/srv") ||
		is_under(s->text, "/opt") || is_under(s->text, "/home"));
}

/* A file of this machine that is not empty. */
static bool
is_existing(const struct subject *s)
{
	return s->exact && look_is_full(s->look, s->text);
}

static bool
is_assignment(const struct subject *s)
{
	size_t equals = text_chr(s->text, '=', 0);

	if (equals == 0 || equals == s->text.len ||
	    byte_is_digit(s->text.at[0]))
		return false;
	for (size_t i = 0; i < equals; i++)
		if (!byte_is_alnum(s->text.at[i]) && s->text.at[i] != '_')
			return false;
	return true;
}

/* What may stand between a key of JSON, YAML, a patch or --set, and its
 * value. */
static size_t
skip_to_value(struct text t, size_t at)
{
	struct text word = TEXT("value");

	for (;;) {
		while (at < t.len && t.at[at] &&
		       (strchr("\"':,=", t.at[at]) || byte_is_space(t.at[at])))
			at++;
		if (!text_starts(text_sub(t, at, t.len), word.at))
			return at;
		at += word.len;
	}
}

/* Somewhere "replicas" or "replicaCount" is 0. */
static bool
is_none_left(const struct subject *s)
{
	struct text key = TEXT("replica"), t = s->text;
	size_t at = 0;

	while ((at = text_find(t, key, at)) < t.len) {
		at += key.len;
		if (text_starts(text_sub(t, at, t.len), "Count"))
			at += strlen("Count");
		else if (at < t.len && t.at[at] == 's')
			at++;
		at = skip_to_value(t, at);
		if (at < t.len && t.at[at] == '0')
			return true;
	}
	return false;
}

static const struct {
	const char *name;
	bool (*has)(const struct subject *s);
} classes[] = {
	{ "access", is_access },
	{ "assignment", is_assignment },
	{ "backup", is_backup },
	{ "cache", is_cache },
	{ "device", is_device },
	{ "disposable", is_disposable },
	{ "each", is_each },
	{ "existing", is_existing },
	{ "hash", is_hash },
	{ "kernel", is_kernel },
	{ "live", is_live },
	{ "many", is_many },
	{ "none-left", is_none_left },
	{ "null", is_null },
	{ "number", is_number },
	{ "path", is_path },
	{ "precious", is_precious },
	{ "remote", is_remote },
	{ "root", is_root },
	{ "secret", is_secret },
	{ "sysrq", is_sysrq },
	{ "unknown", is_unknown },
	{ "url", is_url },
	{ "variable", is_variable },
	{ "version", is_version },
};

bool
class_has(struct text name, const struct subject *s)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (text_is(name, classes[i].name))
			return classes[i].has(s);
	BUG("no class '@%.*s'", TEXT_ARG(name));
}

bool
class_exists(struct text name)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (text_is(name, classes[i].name))
			return true;
	return false;
}

static bool
fits_byte(char a, char b, bool nocase)
{
	return a == b || a == '?' || (nocase && byte_lower(a) == byte_lower(b));
}

bool
glob_matches(struct text pattern, struct text t, bool nocase)
{
	size_t p = 0, i = 0, star = pattern.len, mark = 0;

	while (i < t.len) {
		if (p < pattern.len && pattern.at[p] == '*') {
			star = p++;
			mark = i;
		} else if (p < pattern.len &&
			   fits_byte(pattern.at[p], t.at[i], nocase)) {
			p++;
			i++;
		} else if (star < pattern.len) {
			p = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.at[p] == '*')
		p++;
	return p == pattern.len;
}
