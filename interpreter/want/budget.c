/* A deadline that is cheap to ask about. */
#include "want/budget.h"

enum {
	ASKED_PER_READING = 16
};

void
budget_start(struct budget *b, const struct clock *clock, int64_t ms)
{
	*b = (struct budget){ clock, clock_mono_ns(clock) + ms * 1000000, 0,
			      false };
}

bool
budget_spent(struct budget *b)
{
	if (!b->spent && ++b->asked == ASKED_PER_READING) {
		b->asked = 0;
		b->spent = clock_mono_ns(b->clock) >= b->end_ns;
	}
	return b->spent;
}
