/* SHA-256 through libcrypto, which is loaded when the first digest is asked
 * for: linked in, it would add 0.7 ms to the start of every command, and most
 * commands need no digest. (systemd loads its optional libraries like this.) */
#include "base/sha256.h"

#include <dlfcn.h>
#include <openssl/evp.h>

#include "base/alloc.h"

struct sha256 {
	EVP_MD_CTX *ctx;
};

static struct {
	__typeof__(EVP_MD_CTX_new) *ctx_new;
	__typeof__(EVP_MD_CTX_free) *ctx_free;
	__typeof__(EVP_sha256) *sha256;
	__typeof__(EVP_DigestInit_ex) *init;
	__typeof__(EVP_DigestUpdate) *update;
	__typeof__(EVP_DigestFinal_ex) *final;
} crypto;

static const char crypto_soname[] = "libcrypto.so.3";

/* ISO C has no conversion from a data to a function pointer; POSIX dlsym(3)
 * prescribes this one. */
static void
look_up(void *library, const char *name, void *ret_function)
{
	void *symbol = dlsym(library, name);

	if (!symbol) {
		fprintf(stderr, "runbook: %s has no '%s'\n", crypto_soname,
			name);
		abort();
	}
	memcpy(ret_function, &symbol, sizeof(symbol));
}

static void
load(void)
{
	void *library;

	if (crypto.ctx_new)
		return;
	library = dlopen(crypto_soname, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		fprintf(stderr, "runbook: cannot load %s: %s\n", crypto_soname,
			dlerror());
		exit(2);
	}
	look_up(library, "EVP_MD_CTX_free", &crypto.ctx_free);
	look_up(library, "EVP_sha256", &crypto.sha256);
	look_up(library, "EVP_DigestInit_ex", &crypto.init);
	look_up(library, "EVP_DigestUpdate", &crypto.update);
	look_up(library, "EVP_DigestFinal_ex", &crypto.final);
	look_up(library, "EVP_MD_CTX_new", &crypto.ctx_new);
}

struct sha256 *
sha256_new(void)
{
	struct sha256 *h = xcalloc(1, sizeof(*h));

	load();
	h->ctx = crypto.ctx_new();
	if (!h->ctx || !crypto.init(h->ctx, crypto.sha256(), NULL))
		BUG("libcrypto cannot start SHA-256");
	return h;
}

void
sha256_add(struct sha256 *h, struct text t)
{
	if (!crypto.update(h->ctx, t.at, t.len))
		BUG("libcrypto cannot go on with SHA-256");
}

void
sha256_end(struct sha256 *h, char ret_hex[SHA256_HEX + 1])
{
	unsigned char digest[SHA256_BYTES];
	unsigned len = 0;

	if (!crypto.final(h->ctx, digest, &len) || len != SHA256_BYTES)
		BUG("libcrypto cannot end SHA-256");
	crypto.ctx_free(h->ctx);
	free(h);
	for (unsigned i = 0; i < len; i++)
		snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
}

void
sha256_hex(struct text t, char ret_hex[SHA256_HEX + 1])
{
	struct sha256 *h = sha256_new();

	sha256_add(h, t);
	sha256_end(h, ret_hex);
}
