/* Clocks, and how times are written. */
#include <time.h>

#include "base/clock.h"
#include "lib/unit.h"

static void
test_system(void **state UNUSED)
{
	int64_t before = clock_mono_ns(&clock_system);
	int64_t after = clock_mono_ns(&clock_system);
	int64_t wall = clock_wall_ms(&clock_system);

	assert_true(before > 0);
	assert_true(after >= before);
	assert_true(clock_mono_ms(&clock_system) >= after / 1000000);
	assert_in_range(wall / 1000 - time(NULL) + 5, 0, 10);
}

struct fake {
	int64_t ns, ms;
};

static int64_t
fake_ns(void *ctx)
{
	return ((struct fake *)ctx)->ns;
}

static int64_t
fake_ms(void *ctx)
{
	return ((struct fake *)ctx)->ms;
}

static void
test_injected(void **state UNUSED)
{
	struct fake fake = { 1999999, 42 };
	const struct clock c = { fake_ns, fake_ms, &fake };

	assert_int_equal(clock_mono_ns(&c), 1999999);
	assert_int_equal(clock_mono_ms(&c), 1);
	assert_int_equal(clock_wall_ms(&c), 42);
}

static void
assert_utc(int64_t ms, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	clock_format_utc(ms, &b);
	assert_string_equal(b.bytes, want);
}

/* Checked with date -u -d @N. */
static void
test_utc(void **state UNUSED)
{
	assert_utc(0, "1970-01-01T00:00:00.000Z");
	assert_utc(1, "1970-01-01T00:00:00.001Z");
	assert_utc(-1, "1969-12-31T23:59:59.999Z");
	assert_utc(-1000, "1969-12-31T23:59:59.000Z");
	assert_utc(951782400000, "2000-02-29T00:00:00.000Z");
	assert_utc(1795423362123, "2026-11-23T08:42:42.123Z");
	assert_utc(4102444799999, "2099-12-31T23:59:59.999Z");
}

static void
assert_local(const char *zone, const char *utc, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	setenv("TZ", zone, 1);
	tzset();
	clock_format_local(text_of(utc), &b);
	assert_string_equal(buf_cstr(&b), want);
}

/* Zones by rule, so that no table of zones is needed (POSIX TZ). */
static void
test_local(void **state UNUSED)
{
	static const char cet[] = "CET-1CEST,M3.5.0,M10.5.0/3";

	assert_local("UTC0", "2026-11-23T08:42:42.123Z",
		     "2026-11-23T08:42:42+0000");
	assert_local(cet, "2026-11-23T08:42:42.123Z",
		     "2026-11-23T09:42:42+0100");
	assert_local(cet, "2026-07-23T23:42:42Z", "2026-07-24T01:42:42+0200");
	assert_local("PST8", "2026-01-01T00:00:00.000Z",
		     "2025-12-31T16:00:00-0800");
	assert_local(cet, "yesterday", "yesterday");
	assert_local(cet, "", "");
	assert_local("UTC0", "2026-11-23T08:42:42.123Z",
		     "2026-11-23T08:42:42+0000");
}

static void
assert_duration(int64_t ms, const char *want)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	clock_format_duration(ms, &b);
	assert_string_equal(b.bytes, want);
}

static void
test_duration(void **state UNUSED)
{
	assert_duration(0, "0.0s");
	assert_duration(49, "0.0s");
	assert_duration(50, "0.1s");
	assert_duration(949, "0.9s");
	assert_duration(950, "1.0s");
	assert_duration(9949, "9.9s");
	assert_duration(9950, "10s");
	assert_duration(12499, "12s");
	assert_duration(59499, "59s");
	assert_duration(59500, "1m00s");
	assert_duration(184000, "3m04s");
	assert_duration(3599499, "59m59s");
	assert_duration(3599500, "1h00m");
	assert_duration(7500000, "2h05m");
	assert_duration(360000000, "100h00m");
}

static void
test_day(void **state UNUSED)
{
	assert_true(clock_has_day(2026, 1, 31));
	assert_true(clock_has_day(2024, 2, 29));
	assert_true(clock_has_day(2000, 2, 29));
	assert_false(clock_has_day(2026, 2, 29));
	assert_false(clock_has_day(2026, 2, 30));
	assert_false(clock_has_day(1900, 2, 29));
	assert_false(clock_has_day(2026, 4, 31));
	assert_false(clock_has_day(2026, 13, 1));
	assert_false(clock_has_day(2026, 0, 1));
	assert_false(clock_has_day(2026, 1, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_system),
		cmocka_unit_test(test_injected),
		cmocka_unit_test(test_utc),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
