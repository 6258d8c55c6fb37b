/* Programs whose exit status is an answer: "no" is no failure. */
#ifndef EFFECT_ANSWER_H
#define EFFECT_ANSWER_H

#include "base/text.h"

/* What STATUS of the command WORDS says, as a clause such as "it found
 * nothing"; NULL when it says nothing but that it went wrong. STATUS 0 asks
 * whether there is a status that does. */
const char *effect_answer(const struct text *words, uint32_t n, int status);

/* Why the command WORDS ended with STATUS, as a clause such as "it could not
 * connect"; NULL when that is not known. */
const char *effect_fault(const struct text *words, uint32_t n, int status);

#endif
