/* The environment of what is run: made of an allow-list, because variables
 * change what a shell does (BASH_ENV, SHELLOPTS, BASH_FUNC_ls%%, PS4, …). */
#ifndef EXEC_ENVIRON_H
#define EXEC_ENVIRON_H

#include <stdbool.h>

#include "base/buf.h"

/* "NAME=value" strings, NULL at the end. */
struct environ_list {
	char **at;
	size_t n;
};

/* Take from ours: HOME, USER, LOGNAME, PATH, LANG, LC_*, TZ, SSH_AUTH_SOCK
 * and NAMES (NULL at the end, or NULL), as far as they are set. PATH has a
 * default; TERM is "dumb". */
void environ_make(struct environ_list *ret, const char *const *names);
void environ_release(struct environ_list *e);

/* Set or replace NAME. */
void environ_set(struct environ_list *e, const char *name, const char *value);

/* Set each "NAME=value" of ASSIGNMENTS (NULL at the end, or NULL). */
void environ_set_all(struct environ_list *e, const char *const *assignments);

const char *environ_get(const struct environ_list *e, const char *name);

/* For proc_spec. */
const char *const *environ_strings(const struct environ_list *e);

/* Is NAME one that a shell accepts ([A-Za-z_][A-Za-z0-9_]*)? */
bool environ_is_name(const char *name);

/* Does PATH lead only to folders that nobody else can put programs into? Not
 * when an element is empty or relative (the current folder), or writable by
 * others: then false, and the first such element in WHY. */
bool environ_path_is_safe(const char *path, struct buf *why);

#endif
