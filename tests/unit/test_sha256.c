/* SHA-256, by the examples of FIPS 180-4 and its length edges. */
#include "base/sha256.h"
#include "lib/unit.h"

static void
assert_digest(struct text t, const char *want)
{
	char hex[SHA256_HEX + 1];

	sha256_hex(t, hex);
	assert_string_equal(hex, want);
}

static void
test_examples(void **state UNUSED)
{
	assert_digest((struct text){ NULL, 0 },
		      "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855");
	assert_digest(TEXT("abc"), "ba7816bf8f01cfea414140de5dae2223"
				   "b00361a396177a9cb410ff61f20015ad");
	assert_digest(TEXT("abcdbcdecdefdefgefghfghighijhijk"
			   "ijkljklmklmnlmnomnopnopq"),
		      "248d6a61d20638b8e5c026930c3e6039"
		      "a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_million(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_fill(&b, 'a', 1000000);
	assert_digest(buf_text(&b), "cdc76e5c9914fb9281a1c7e284d73e67"
				    "f1809a48a497200e046d39ccc7112cd0");
}

/* In pieces it is the same as whole, around the block size of 64. */
static void
test_pieces(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (int n = 0; n < 200; n++) {
		char whole[SHA256_HEX + 1], pieces[SHA256_HEX + 1];
		struct sha256 *h = sha256_new();

		sha256_hex(buf_text(&b), whole);
		for (size_t i = 0; i < b.len; i += 7)
			sha256_add(h, text_sub(buf_text(&b), i, i + 7));
		sha256_end(h, pieces);
		assert_string_equal(pieces, whole);
		buf_addc(&b, (char)n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_million),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
