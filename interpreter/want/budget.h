/* How long a piece of work may go on. */
#ifndef WANT_BUDGET_H
#define WANT_BUDGET_H

#include <stdbool.h>

#include "base/clock.h"

struct budget {
	const struct clock *clock; /* borrowed */
	int64_t end_ns;
	unsigned asked; /* how often, since the clock was read */
	bool spent;     /* once true, always true */
};

void budget_start(struct budget *b, const struct clock *clock, int64_t ms);

/* True when the time is over. Cheap: the clock is read on every 16th call. */
bool budget_spent(struct budget *b);

#endif
