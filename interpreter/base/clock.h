/* Time, injected: whoever needs it gets a clock, so that tests own it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

struct clock {
	int64_t (*mono_ns)(void *ctx); /* never runs backwards */
	int64_t (*wall_ms)(void *ctx); /* since 1970-01-01 UTC */
	void *ctx;
};

/* The machine's own: CLOCK_MONOTONIC and CLOCK_REALTIME. */
extern const struct clock clock_system;

int64_t clock_mono_ms(const struct clock *c);
int64_t clock_mono_ns(const struct clock *c);
int64_t clock_wall_ms(const struct clock *c);

/* "2026-11-23T08:36:02.123Z" (RFC 3339, UTC, milliseconds). */
void clock_format_utc(int64_t wall_ms, struct buf *b);

/* UTC as clock_format_utc writes it, as time of this place with its zone:
 * "2026-11-23T09:36:02+0100". What is no such time is appended as it is. */
void clock_format_local(struct text utc, struct buf *b);

/* Is there such a day? Of the Gregorian calendar; months and days from 1. */
bool clock_has_day(uint64_t year, uint64_t month, uint64_t day);

/* A duration for people: "0.4s", "12s", "3m04s", "2h05m". */
void clock_format_duration(int64_t ms, struct buf *b);

#endif
