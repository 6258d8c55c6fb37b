/* Repeatable randomness. */
#include "lib/random.h"

uint64_t
random_next(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

size_t
random_below(uint64_t *seed, size_t limit)
{
	return (size_t)(random_next(seed) % limit);
}

void
random_text(uint64_t *seed, struct buf *b, const char *alphabet, size_t least,
	    size_t most)
{
	size_t n = least + random_below(seed, most - least + 1);

	while (n--)
		buf_addc(b, alphabet[random_below(seed, strlen(alphabet))]);
}
