/* SHA-256 (FIPS 180-4), for identities and digests. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/buf.h"
#include "base/text.h"

enum {
	SHA256_BYTES = 32,
	SHA256_HEX = 64
};

struct sha256; /* a digest in the making */

struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, struct text t);

/* The digest itself; frees H. */
void sha256_end_bytes(struct sha256 *h, unsigned char ret[SHA256_BYTES]);

/* Write 64 lower-case hexadecimal digits and a NUL, and free H. */
void sha256_end(struct sha256 *h, char ret_hex[SHA256_HEX + 1]);

/* The digest of one text. */
void sha256_hex(struct text t, char ret_hex[SHA256_HEX + 1]);

#endif
