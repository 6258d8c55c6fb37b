/* Lines from the operator at the terminal: prompts on standard error, answers
 * from standard input. */
#ifndef CLI_PROMPTER_H
#define CLI_PROMPTER_H

#include "exec/ask.h"
#include "exec/loop.h"

struct prompter;

/* LOOP goes on serving while a question waits. */
struct prompter *prompter_new(struct loop *loop);
struct prompter *prompter_free(struct prompter *a); /* NULL to NULL */

/* For passphrases, passwords and what servers ask. */
const struct ask *prompter_ask(const struct prompter *a);

/* A signal came: a question that waits ends as "quit". */
void prompter_interrupt(struct prompter *a);

/* One line for PROMPT (shown as it is), without echo when SECRET. False at
 * the end of input or after prompter_interrupt. */
bool prompter_line(struct prompter *a, const char *prompt, bool secret,
		   struct buf *ret);

#endif
