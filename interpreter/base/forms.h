/* The ways in which programs write a value that they were given: what has to
 * be masked when the value is a secret. */
#ifndef BASE_FORMS_H
#define BASE_FORMS_H

#include "base/text.h"

typedef void (*form_fn)(void *ctx, struct text form);

/* Call ON_FORM with each form of VALUE (at most LIMIT_VALUE_BYTES): itself;
 * base64 (RFC 4648, both alphabets), once and twice, at each of the three
 * places that it can have in a longer text; hexadecimal; percent, JSON, XML
 * and shell escapes. The same form may come more than once, and short ones
 * come, too. A form is wiped after the call. */
void forms_each(struct text value, form_fn on_form, void *ctx);

#endif
