/* Why a step may have failed: what lint knows about it, told behind the
 * failure. */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include "cli/cmd.h"
#include "run/observer.h"

struct advice; /* opaque */

/* Advice on the steps of one run, told to TO (borrowed) as diagnostics. The
 * document is linted when a step has failed, and not before. */
struct advice *advice_new(struct cli *cli, const struct observer *to);
struct advice *advice_free(struct advice *a); /* NULL to NULL */

/* Comes behind TO in a run's list of observers. */
const struct observer *advice_observer(const struct advice *a);

#endif
