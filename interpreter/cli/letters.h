/* Questions that are answered by one letter. Each spells its letters out, with
 * a capital for what an empty line means, and explains them on "?". */
#ifndef CLI_LETTERS_H
#define CLI_LETTERS_H

#include "cli/prompter.h"
#include "report/style.h"

struct letter {
	char letter;
	int answer;
	const char *label; /* "[y]es", a capital for what an empty line means;
			    * NULL: understood, and not offered */
	const char *help;
};

/* Ask QUESTION of the operator of P until one of the N LETTERS comes, or "yes"
 * or "no"; an empty line is EMPTY, the end of input END. */
int letters_ask(struct prompter *p, const struct style *style,
		const char *question, const struct letter *letters, size_t n,
		int empty, int end);

#endif
