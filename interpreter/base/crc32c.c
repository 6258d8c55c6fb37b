/* CRC-32C by a table that is made once. */
#include "base/crc32c.h"

static const uint32_t polynomial_reversed = 0x82f63b78;

static uint32_t table[256];

static void
make_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? (c >> 1) ^ polynomial_reversed : c >> 1;
		table[i] = c;
	}
}

uint32_t
crc32c(struct text t)
{
	uint32_t crc = 0xffffffff;

	if (table[1] == 0)
		make_table();
	for (size_t i = 0; i < t.len; i++)
		crc = table[(crc ^ (unsigned char)t.at[i]) & 0xff] ^ (crc >> 8);
	return ~crc;
}
