/* Secrets kept out of all that is shown or stored: every occurrence of a
 * registered value, also encoded, becomes "***".
 *
 * Life cycle: one struct mask per run; mask_add for each secret as it becomes
 * known; one struct mask_stream per stream of output (the two of a step are
 * apart), which outlives neither its mask nor its step. Masking stops
 * accidents, not a command that wants to give a secret away.
 *
 * The order of the gates is: decode, mask, terminal filter. */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/text.h"

struct mask;
struct needles; /* base/needles.h */

struct mask *mask_new(void);
struct mask *mask_free(struct mask *m); /* takes NULL, returns NULL */
void mask_free_ptr(struct mask **m);

/* Register VALUE, which is copied; line ends at its end do not count. Of a
 * value of several lines each of LIMIT_SECRET_LINE_BYTES or more is masked
 * alone, too. Returns 0, or -1 with one message in RETERR, which does not
 * tell the value: shorter than LIMIT_SECRET_LEAST_BYTES, one byte repeated, a
 * word that would be masked everywhere ("true"), longer than
 * LIMIT_VALUE_BYTES, one more than LIMIT_SECRETS or LIMIT_VALUES_BYTES. */
int mask_add(struct mask *m, struct text value, struct buf *reterr);

/* Nothing is registered: every text passes as it is. */
bool mask_is_empty(const struct mask *m);

/* What is searched for; for mask_stream.c. */
struct needles *mask_needles(const struct mask *m);

struct mask_stream;

/* A stream masked by M (borrowed); with M NULL everything passes. */
struct mask_stream *mask_stream_new(const struct mask *m);
struct mask_stream *mask_stream_free(struct mask_stream *s);
void mask_stream_free_ptr(struct mask_stream **s);

/* Append to OUT what of TEXT can be told by now. What may be the beginning of
 * a secret is held back, so that the result does not depend on where a stream
 * is cut into texts. A secret counts also with line ends, CSI and OSC
 * sequences in it (base64 wraps its lines, grep colours its hits) when it is
 * of 8 bytes and more; its first three bytes may then stay. */
void mask_write(struct mask_stream *s, struct text text, struct buf *out);

/* How many bytes are held back. */
size_t mask_held(const struct mask_stream *s);

/* Nothing came for LIMIT_MASK_HOLD_MS: let go of a beginning of one to three
 * bytes, so that a prompt is seen; longer ones stay held. Should the secret
 * be gone on with after all, the rest of it is masked. */
void mask_flush_short(struct mask_stream *s, struct buf *out);

/* The stream has ended: append what was held back; S is as new. */
void mask_flush(struct mask_stream *s, struct buf *out);

/* All of a TEXT at once. M may be NULL. */
void mask_text(const struct mask *m, struct text text, struct buf *out);

#endif
