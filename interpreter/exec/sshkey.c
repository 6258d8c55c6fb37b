/* Reading public keys (RFC 4253, 6.6; PROTOCOL.certkeys). */
#include "exec/sshkey.h"

#include "base/fd.h"
#include "base/limits.h"

void
sshkey_release(struct sshkey_public *k)
{
	buf_release(&k->type);
	buf_release(&k->base64);
}

bool
sshkey_parse(struct text t, struct sshkey_public *k)
{
	CLEANUP(buf_release) struct buf blob = BUF_INIT;
	struct text line, type, base64;

	if (!text_next_line(&t, &line))
		return false;
	line = text_trim(line);
	if (!text_next_field(&line, ' ', &type) ||
	    !text_next_field(&line, ' ', &base64) || base64.len == 0 ||
	    !sshkey_base64(base64, &blob))
		return false;
	buf_clear(&k->type);
	buf_clear(&k->base64);
	buf_addt(&k->type, type);
	buf_addt(&k->base64, base64);
	return true;
}

bool
sshkey_read(const char *path, struct sshkey_public *k)
{
	CLEANUP(buf_release) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf reterr = BUF_INIT;

	return file_read(path, LIMIT_SSH_OUTPUT_BYTES, &all, &reterr) == 0 &&
	       sshkey_parse(buf_text(&all), k);
}

bool
sshkey_take_u32(struct text *t, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)t->at;

	if (t->len < 4)
		return false;
	*ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
	*t = text_sub(*t, 4, t->len);
	return true;
}

bool
sshkey_take_string(struct text *t, struct text *ret)
{
	uint32_t len;

	if (!sshkey_take_u32(t, &len) || len > t->len)
		return false;
	*ret = text_sub(*t, 0, len);
	*t = text_sub(*t, len, t->len);
	return true;
}

static int
base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool
sshkey_base64(struct text t, struct buf *b)
{
	if (t.len % 4)
		return false;
	for (size_t i = 0; i < t.len; i += 4) {
		uint32_t bits = 0;
		size_t n = 0;

		for (size_t k = 0; k < 4; k++) {
			int v = base64_value(t.at[i + k]);

			if (v >= 0 && n == k)
				n++;
			else if (t.at[i + k] != '=' || k < 2 || i + 4 < t.len)
				return false;
			bits = bits << 6 | (v >= 0 ? (uint32_t)v : 0);
		}
		for (size_t k = 0; k + 1 < n; k++)
			buf_addc(b, (char)(bits >> (16 - 8 * k) & 0xff));
	}
	return true;
}

/* A certificate is its type, a nonce, the fields of the key, and more. */
bool
sshkey_certifies(const struct sshkey_public *certificate,
		 const struct sshkey_public *k)
{
	CLEANUP(buf_release) struct buf cert = BUF_INIT;
	CLEANUP(buf_release) struct buf key = BUF_INIT;
	struct text c, t, type, nonce;

	if (!sshkey_base64(buf_text(&certificate->base64), &cert) ||
	    !sshkey_base64(buf_text(&k->base64), &key))
		return false;
	c = buf_text(&cert);
	t = buf_text(&key);
	return sshkey_take_string(&c, &type) &&
	       sshkey_take_string(&c, &nonce) &&
	       sshkey_take_string(&t, &type) && t.len > 0 &&
	       text_eq(text_sub(c, 0, t.len), t);
}
