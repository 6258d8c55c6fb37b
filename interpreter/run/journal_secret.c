/* What a journal says of a secret. */
#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/hmac.h"
#include "run/journal.h"

int
secret_key(const char *runs, unsigned char key[HMAC_KEY_BYTES],
	   struct buf *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_wipe) struct buf bytes = BUF_INIT;

	buf_addf(&path, "%s/../key", runs);
	if (access(buf_cstr(&path), F_OK) < 0 && errno == ENOENT) {
		if (getrandom(key, HMAC_KEY_BYTES, 0) != HMAC_KEY_BYTES)
			BUG("no random bytes");
		if (file_replace(buf_cstr(&path), key, HMAC_KEY_BYTES, 0600,
				 reterr) < 0)
			return -1;
	}
	if (file_read_stored(buf_cstr(&path), HMAC_KEY_BYTES, &bytes, reterr) <
	    0)
		return -1;
	if (bytes.len != HMAC_KEY_BYTES) {
		buf_addf(reterr, "'%s' is no key", buf_cstr(&path));
		return -1;
	}
	memcpy(key, bytes.bytes, HMAC_KEY_BYTES);
	return 0;
}

int
journal_secret(struct journal *j, struct text name, struct text value,
	       char ret_hex[SHA256_HEX + 1], struct buf *reterr)
{
	unsigned char key[HMAC_KEY_BYTES];
	CLEANUP(buf_wipe) struct buf all = BUF_INIT;
	CLEANUP(buf_release) struct buf runs = BUF_INIT;

	buf_addf(&runs, "%s/..", journal_folder(j));
	if (secret_key(buf_cstr(&runs), key, reterr) < 0)
		return -1;
	/* Bound to the run and the name: the same secret elsewhere does not
	 * look the same. */
	buf_adds(&all, strrchr(journal_folder(j), '/') + 1);
	buf_addc(&all, '\0');
	buf_addt(&all, name);
	buf_addc(&all, '\0');
	buf_addt(&all, value);
	hmac_hex(key, buf_text(&all), ret_hex);
	explicit_bzero(key, sizeof(key));
	return 0;
}
