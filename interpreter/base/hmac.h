/* HMAC-SHA-256 (RFC 2104): whether a secret is the one that it was, for who has
 * the key and not the secret. */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/sha256.h"

enum {
	HMAC_KEY_BYTES = 32
};

/* Write 64 lower-case hexadecimal digits and a NUL. */
void hmac_hex(const unsigned char key[HMAC_KEY_BYTES], struct text t,
	      char ret_hex[SHA256_HEX + 1]);

#endif
