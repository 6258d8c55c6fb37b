/* HMAC-SHA-256, by RFC 4231: shorter keys are the same with zeros behind. */
#include "base/hmac.h"
#include "lib/unit.h"

static void
assert_hmac(const unsigned char key[HMAC_KEY_BYTES], struct text t,
	    const char *want)
{
	char hex[SHA256_HEX + 1];

	hmac_hex(key, t, hex);
	assert_string_equal(hex, want);
}

static void
test_rfc(void **state UNUSED)
{
	unsigned char key[HMAC_KEY_BYTES] = { 0 };
	char data[50];

	memset(key, 0x0b, 20);
	assert_hmac(key, TEXT("Hi There"),
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7");
	memset(key, 0, sizeof(key));
	memcpy(key, "Jefe", 4);
	assert_hmac(key, TEXT("what do ya want for nothing?"),
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0, sizeof(key));
	memset(key, 0xaa, 20);
	memset(data, 0xdd, sizeof(data));
	assert_hmac(key, (struct text){ data, sizeof(data) },
		    "773ea91e36800e46854db8ebd09181a7"
		    "2959098b3ef8c122d9635514ced565fe");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
