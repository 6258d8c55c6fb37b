/* Base64. */
#include "base/base64.h"

void
base64_add(struct buf *b, struct text t)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < t.len; i += 3) {
		size_t n = t.len - i < 3 ? t.len - i : 3;
		unsigned v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)t.at[i + k] : 0u);
		buf_addc(b, digits[v >> 18]);
		buf_addc(b, digits[v >> 12 & 63]);
		buf_addc(b, n > 1 ? digits[v >> 6 & 63] : '=');
		buf_addc(b, n > 2 ? digits[v & 63] : '=');
	}
}
