/* Public keys of OpenSSH's as files have them: "TYPE BASE64 COMMENT". */
#ifndef EXEC_SSHKEY_H
#define EXEC_SSHKEY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

struct sshkey_public {
	struct buf type, base64;
};

void sshkey_release(struct sshkey_public *k);

/* The key in the text of a .pub file; false when there is none. */
bool sshkey_parse(struct text t, struct sshkey_public *k);

/* The key in the file PATH; false when there is none. */
bool sshkey_read(const char *path, struct sshkey_public *k);

/* Is CERTIFICATE one of the key K? */
bool sshkey_certifies(const struct sshkey_public *certificate,
		      const struct sshkey_public *k);

/* Decode standard base64 with padding; false when T is none. */
bool sshkey_base64(struct text t, struct buf *b);

/* Take a number or a string off the front of T (RFC 4251, 5). */
bool sshkey_take_u32(struct text *t, uint32_t *ret);
bool sshkey_take_string(struct text *t, struct text *ret);

#endif
