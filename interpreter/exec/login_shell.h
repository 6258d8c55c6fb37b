/* Which shell a host gives us. Values are quoted for POSIX shells; in fish and
 * csh what was quoted so runs (251 of 1,500 hostile values in tcsh, 61 in fish,
 * measured), so that a host with one of these takes plain values only
 * (quote_is_plain). Asked once for each host and run. */
#ifndef EXEC_LOGIN_SHELL_H
#define EXEC_LOGIN_SHELL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

struct host;            /* exec/host.h */
struct login_shell_ask; /* opaque; a question under way */
struct loop;            /* exec/loop.h */

/* Is a shell of this name one for which we quote? */
bool login_shell_is_posix(struct text name);

/* Is it bash, as far as HOST has been asked? */
bool login_shell_is_bash(const struct host *host);

/* OK: the host's shell is one. Else MESSAGE says what is the case. UNREACHABLE:
 * the way there failed. The question is gone when this returns. */
typedef void login_shell_fn(void *ctx, bool ok, bool unreachable,
			    const char *message);

/* Ask HOST, or remember what it said. FN is called in a later turn of the
 * loop. */
struct login_shell_ask *login_shell_ask(struct loop *l, struct host *host,
					login_shell_fn *fn, void *ctx);

/* FN is not called. NULL to NULL. */
struct login_shell_ask *login_shell_free(struct login_shell_ask *a);

#endif
