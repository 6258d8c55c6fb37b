/* Clocks and how times are written. */
#include "base/clock.h"

#include <inttypes.h>
#include <time.h>

static int64_t
read_ns(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) < 0)
		BUG("no clock %d", (int)id);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t
system_mono_ns(void *ctx UNUSED)
{
	return read_ns(CLOCK_MONOTONIC);
}

static int64_t
system_wall_ms(void *ctx UNUSED)
{
	return read_ns(CLOCK_REALTIME) / 1000000;
}

const struct clock clock_system = { system_mono_ns, system_wall_ms, NULL };

int64_t
clock_mono_ns(const struct clock *c)
{
	return c->mono_ns(c->ctx);
}

int64_t
clock_mono_ms(const struct clock *c)
{
	return c->mono_ns(c->ctx) / 1000000;
}

int64_t
clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c->ctx);
}

void
clock_format_utc(int64_t wall_ms, struct buf *b)
{
	int64_t ms = (wall_ms % 1000 + 1000) % 1000; /* also before 1970 */
	time_t seconds = (time_t)((wall_ms - ms) / 1000);
	struct tm tm;

	if (!gmtime_r(&seconds, &tm))
		BUG("time %" PRId64 " has no date", wall_ms);
	buf_addf(b, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (int)ms);
}

void
clock_format_local(struct text utc, struct buf *b)
{
	CLEANUP(buf_release) struct buf copy = BUF_INIT;
	struct tm tm = { .tm_year = 0 };
	char out[40];
	const char *end;
	time_t seconds;

	buf_addt(&copy, utc);
	end = strptime(buf_cstr(&copy), "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end || (*end != '.' && *end != 'Z')) {
		buf_addt(b, utc);
		return;
	}
	seconds = timegm(&tm);
	if (!localtime_r(&seconds, &tm) ||
	    strftime(out, sizeof(out), "%Y-%m-%dT%H:%M:%S%z", &tm) == 0)
		BUG("time %" PRId64 " has no date", (int64_t)seconds);
	buf_adds(b, out);
}

void
clock_format_duration(int64_t ms, struct buf *b)
{
	int64_t s = (ms + 500) / 1000;

	if (ms < 9950)
		buf_addf(b, "%" PRId64 ".%" PRId64 "s", (ms + 50) / 1000,
			 (ms + 50) / 100 % 10);
	else if (s < 60)
		buf_addf(b, "%" PRId64 "s", s);
	else if (s < 3600)
		buf_addf(b, "%" PRId64 "m%02" PRId64 "s", s / 60, s % 60);
	else
		buf_addf(b, "%" PRId64 "h%02" PRId64 "m", s / 3600,
			 s / 60 % 60);
}

bool
clock_has_day(uint64_t year, uint64_t month, uint64_t day)
{
	static const unsigned char lengths[] = { 31, 29, 31, 30, 31, 30,
						 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= lengths[month - 1] && (month != 2 || day != 29 || leap);
}
