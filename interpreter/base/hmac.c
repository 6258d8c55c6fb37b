/* HMAC over base/sha256.h. */
#include "base/hmac.h"

enum {
	BLOCK = 64
};

/* A digest in the making that begins with KEY xor PAD. */
static struct sha256 *
begin(const unsigned char key[HMAC_KEY_BYTES], unsigned char pad)
{
	struct sha256 *h = sha256_new();
	char block[BLOCK];

	memset(block, pad, sizeof(block));
	for (size_t i = 0; i < HMAC_KEY_BYTES; i++)
		block[i] = (char)(key[i] ^ pad);
	sha256_add(h, (struct text){ block, sizeof(block) });
	explicit_bzero(block, sizeof(block));
	return h;
}

void
hmac_hex(const unsigned char key[HMAC_KEY_BYTES], struct text t,
	 char ret_hex[SHA256_HEX + 1])
{
	struct sha256 *inner = begin(key, 0x36);
	struct sha256 *outer = begin(key, 0x5c);
	unsigned char digest[SHA256_BYTES];

	sha256_add(inner, t);
	sha256_end_bytes(inner, digest);
	sha256_add(outer, (struct text){ (const char *)digest, SHA256_BYTES });
	sha256_end(outer, ret_hex);
}
