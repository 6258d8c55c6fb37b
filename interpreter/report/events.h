/* A run as JSON Lines (schema/events.schema.json): the version first, then one
 * object per event, each line whole and written at once. */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include "run/observer.h"

struct events;

/* Writes to FD; times from CLOCK. RUN_ID is copied; VERSION and COMMIT are the
 * program's, RESUME the call to repeat as words, NULL at the end (borrowed). */
struct events *events_new(int fd, const struct clock *clock, const char *run_id,
			  const char *version, const char *commit,
			  const char *const *resume);
struct events *events_free(struct events *e); /* NULL to NULL */

/* As transcript_error. */
int events_error(const struct events *e);

const struct observer *events_observer(struct events *e);

#endif
