/* Is this the host that we know? As OpenSSH's known_hosts files say, or
 * stricter: nothing is ever added to them, and nobody is asked. */
#ifndef EXEC_HOSTKEY_H
#define EXEC_HOSTKEY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct loop;      /* exec/loop.h */
struct sshconfig; /* exec/sshconfig.h */

enum hostkey_marker {
	HOSTKEY_PLAIN,
	HOSTKEY_REVOKED, /* @revoked */
	HOSTKEY_CA       /* @cert-authority */
};

struct hostkey_line {
	enum hostkey_marker marker;
	const char *type, *base64; /* in the arena */
	const char *file;          /* borrowed */
	unsigned line;
};

/* The lines that are about one host. */
struct hostkeys {
	struct hostkey_line *lines; /* in the arena */
	size_t n;
};

/* Append the lines that OUTPUT of `ssh-keygen -F NAME -f FILE` shows. */
void hostkeys_read(struct arena *a, struct text output, const char *file,
		   struct hostkeys *keys);

enum hostkey_verdict {
	HOSTKEY_KNOWN,
	HOSTKEY_UNKNOWN, /* no line at all */
	HOSTKEY_CHANGED, /* another key of this type */
	HOSTKEY_OTHER,   /* keys of other types only */
	HOSTKEY_IS_REVOKED,
	HOSTKEY_NEEDS_CA /* only an authority could tell */
};

/* RET_LINE: the line that decided, or NULL. */
enum hostkey_verdict hostkeys_judge(const struct hostkeys *keys,
				    const char *type, const char *base64,
				    const struct hostkey_line **ret_line);

/* Those of ALGORITHMS (a comma list) for which KEYS has a plain line; all that
 * are no certificates when there is none. */
void hostkeys_algorithms(const struct hostkeys *keys, const char *algorithms,
			 struct buf *b);

struct hostkey_search; /* opaque */

/* KEYS are in the arena. NULL with a MESSAGE when a file cannot be read. */
typedef void hostkey_found_fn(void *ctx, const struct hostkeys *keys,
			      const char *message);

/* Look the host of CONFIG up in all its files and call FN, in a later turn of
 * the loop. KEYGEN is the path of ssh-keygen. */
struct hostkey_search *hostkey_search_start(struct loop *l, struct arena *a,
					    const struct sshconfig *config,
					    const char *keygen,
					    hostkey_found_fn *fn, void *ctx);
struct hostkey_search *hostkey_search_free(struct hostkey_search *s);

#endif
