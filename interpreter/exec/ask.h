/* Asking the operator for what only he knows: a passphrase, a password, what a
 * server wants typed. Whoever runs jobs implements it; NULL in its place means
 * that nobody is there to be asked. */
#ifndef EXEC_ASK_H
#define EXEC_ASK_H

#include <stdbool.h>

/* TEXT is the answer, NULL when the operator gives none. It is copied. */
typedef void ask_answer_fn(void *to, const char *text);

struct ask {
	/* Show PROMPT (bytes of a server's, perhaps: make it safe for a
	 * terminal), read a line, shown only if ECHO, and call ANSWER with TO:
	 * now or later, once. One question at a time. */
	void (*question)(void *ctx, const char *prompt, bool echo,
			 ask_answer_fn *answer, void *to);
	/* The question is moot (the connection is gone): ANSWER must not be
	 * called any more. */
	void (*withdraw)(void *ctx);
	void *ctx;
};

#endif
