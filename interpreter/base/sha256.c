/* SHA-256 through libcrypto's own functions for it, which are linked in
 * statically where the archive is there (see the Makefile): the shared library
 * would add 0.7 ms to the start of every command, and its EVP interface
 * another millisecond for finding its own implementation [measured, OpenSSL
 * 3.0.17]. These functions are deprecated since 3.0 in favour of EVP and stay
 * as long as major version 3 does. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256.h"

#include <openssl/sha.h>

#include "base/alloc.h"

struct sha256 {
	SHA256_CTX ctx;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *h = xcalloc(1, sizeof(*h));

	if (!SHA256_Init(&h->ctx))
		BUG("libcrypto cannot start SHA-256");
	return h;
}

void
sha256_add(struct sha256 *h, struct text t)
{
	if (t.len && !SHA256_Update(&h->ctx, t.at, t.len))
		BUG("libcrypto cannot go on with SHA-256");
}

void
sha256_end_bytes(struct sha256 *h, unsigned char ret[SHA256_BYTES])
{
	if (!SHA256_Final(ret, &h->ctx))
		BUG("libcrypto cannot end SHA-256");
	explicit_bzero(h, sizeof(*h));
	free(h);
}

void
sha256_end(struct sha256 *h, char ret_hex[SHA256_HEX + 1])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[SHA256_BYTES];

	sha256_end_bytes(h, digest);
	for (unsigned i = 0; i < SHA256_BYTES; i++) {
		*ret_hex++ = hex[digest[i] >> 4];
		*ret_hex++ = hex[digest[i] & 15];
	}
	*ret_hex = '\0';
}

void
sha256_hex(struct text t, char ret_hex[SHA256_HEX + 1])
{
	struct sha256 *h = sha256_new();

	sha256_add(h, t);
	sha256_end(h, ret_hex);
}
