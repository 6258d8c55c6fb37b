/* Between the operator's terminal and one job that has a terminal of its own,
 * here or on a host: keys one way, the window's size along with them. */
#ifndef EXEC_RELAY_H
#define EXEC_RELAY_H

#include "base/text.h"

struct loop;     /* exec/loop.h */
struct relay;    /* opaque */
struct terminal; /* exec/terminal.h */

enum relay_kind {
	RELAY_PROMPT, /* a batch job: keys go to whatever asks for a password,
		       * ^C stays a signal to us */
	RELAY_RAW     /* an interactive job: every byte is the program's, but
		       * Ctrl-] q */
};

struct relay_events {
	void (*on_keys)(void *ctx, struct text keys);
	void (*on_resize)(void *ctx, unsigned rows, unsigned columns);
	void (*on_escape)(void *ctx); /* Ctrl-] q was typed */
	void *ctx;
};

/* Take TERMINAL over for the job. */
struct relay *relay_start(struct loop *l, struct terminal *terminal,
			  enum relay_kind kind, const struct relay_events *on);

/* Give it back as it was. NULL to NULL. */
struct relay *relay_free(struct relay *r);

#endif
