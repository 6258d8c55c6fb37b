/* Environments from an allow-list. */
#include "exec/environ.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"

static const char *const allowed[] = { "HOME", "USER", "LOGNAME",      "PATH",
				       "LANG", "TZ",   "SSH_AUTH_SOCK" };

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin";

bool
environ_is_name(const char *name)
{
	if (!byte_is_alpha(name[0]) && name[0] != '_')
		return false;
	for (const char *c = name; *c; c++) {
		if (!byte_is_alnum(*c) && *c != '_')
			return false;
	}
	return true;
}

/* Where NAME, of LEN bytes, stands in E, or E->n. */
static size_t
find(const struct environ_list *e, const char *name, size_t len)
{
	size_t i = 0;

	while (i < e->n &&
	       (strncmp(e->at[i], name, len) != 0 || e->at[i][len] != '='))
		i++;
	return i;
}

static void
put(struct environ_list *e, const char *assignment)
{
	size_t len = strcspn(assignment, "=");
	size_t i = find(e, assignment, len);

	if (i == e->n) {
		e->at = xreallocarray(e->at, e->n + 2, sizeof(char *));
		e->at[++e->n] = NULL;
	} else {
		free(e->at[i]);
	}
	e->at[i] = xstrdup(assignment);
}

void
environ_set(struct environ_list *e, const char *name, const char *value)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b, "%s=%s", name, value);
	put(e, b.bytes);
}

void
environ_set_all(struct environ_list *e, const char *const *assignments)
{
	for (; assignments && *assignments; assignments++)
		put(e, *assignments);
}

static void
copy(struct environ_list *e, const char *name)
{
	const char *value = getenv(name);

	if (value && environ_is_name(name))
		environ_set(e, name, value);
}

void
environ_make(struct environ_list *ret, const char *const *names)
{
	*ret = (struct environ_list){ NULL, 0 };
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		copy(ret, allowed[i]);
	for (char **at = environ; at && *at; at++) {
		if (text_starts(text_of(*at), "LC_"))
			put(ret, *at);
	}
	for (; names && *names; names++)
		copy(ret, *names);
	if (!environ_get(ret, "PATH"))
		environ_set(ret, "PATH", default_path);
	environ_set(ret, "TERM", "dumb");
}

void
environ_release(struct environ_list *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->at[i]);
	free(e->at);
	*e = (struct environ_list){ NULL, 0 };
}

const char *
environ_get(const struct environ_list *e, const char *name)
{
	size_t len = strlen(name);
	size_t i = find(e, name, len);

	return i < e->n ? e->at[i] + len + 1 : NULL;
}

const char *const *
environ_strings(const struct environ_list *e)
{
	return (const char *const *)e->at;
}

static bool
folder_is_safe(struct text folder, struct buf *why)
{
	CLEANUP(free_ptr) char *path = xmemdup0(folder.at, folder.len);
	struct stat st;

	if (path[0] != '/') {
		buf_addf(why,
			 "PATH has the element '%s', which is wherever "
			 "one stands",
			 path);
		return false;
	}
	/* Sticky folders keep others from replacing our files, not from
	 * adding theirs. */
	if (stat(path, &st) == 0 && (st.st_mode & S_IWOTH)) {
		buf_addf(why,
			 "PATH has the element '%s', into which anybody "
			 "can put programs",
			 path);
		return false;
	}
	return true;
}

bool
environ_path_is_safe(const char *path, struct buf *why)
{
	const char *at = path;

	for (;;) {
		size_t len = strcspn(at, ":");

		if (!folder_is_safe((struct text){ at, len }, why))
			return false;
		if (at[len] == '\0')
			return true;
		at += len + 1;
	}
}
