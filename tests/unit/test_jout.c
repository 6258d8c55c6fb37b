/* Writing JSON straight: the same bytes as by way of values. */
#include "base/jout.h"
#include "base/json.h"
#include "lib/random.h"
#include "lib/unit.h"

static void
nesting_has_its_commas(void **state UNUSED)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct jout j = JOUT_INIT(&b);

	jout_open(&j, '{');
	jout_key(&j, "a");
	jout_open(&j, '[');
	jout_int(&j, -1);
	jout_null(&j);
	jout_open(&j, '{');
	jout_close(&j, '}');
	jout_open(&j, '[');
	jout_close(&j, ']');
	jout_string(&j, NULL);
	jout_close(&j, ']');
	jout_key(&j, "b");
	jout_int(&j, INT64_MIN);
	jout_close(&j, '}');
	assert_string_equal(buf_cstr(&b), "{\"a\":[-1,null,{},[],null],"
					  "\"b\":-9223372036854775808}");
}

/* Every byte, alone and among others, as base/json.c writes it. */
static void
texts_are_escaped(void **state UNUSED)
{
	uint64_t seed = 7;
	char bytes[16];

	for (int i = 0; i < 20000; i++) {
		CLEANUP(buf_release) struct buf straight = BUF_INIT;
		CLEANUP(buf_release) struct buf made = BUF_INIT;
		struct jout j = JOUT_INIT(&straight);
		size_t n = random_below(&seed, sizeof(bytes));
		struct jval *v;

		for (size_t k = 0; k < n; k++)
			bytes[k] = i < 256 ? (char)i
					   : (char)random_below(&seed, 256);
		v = jval_text((struct text){ bytes, n });
		jval_write(v, false, &made);
		jout_text(&j, (struct text){ bytes, n });
		assert_string_equal(buf_cstr(&straight), buf_cstr(&made));
		jval_free(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting_has_its_commas),
		cmocka_unit_test(texts_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
