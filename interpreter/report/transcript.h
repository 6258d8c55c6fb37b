/* A run for people: each step with what it is and what it prints, then how it
 * ended. On a terminal with colours, marks and times; elsewhere plain and the
 * same from run to run. */
#ifndef REPORT_TRANSCRIPT_H
#define REPORT_TRANSCRIPT_H

#include "report/style.h"
#include "run/observer.h"

struct transcript;

struct transcript_options {
	struct style out; /* of standard output */
	struct style err; /* of standard error, for diagnostics */
	bool err_brief;   /* diagnostics without their snippet */
	bool live;        /* standard output is a terminal: show times */
	bool utf8;        /* the terminal shows more than ASCII */
	bool quiet;       /* nothing of the document's prose, no warnings */
	bool verbose;     /* what each step does */
	bool alone;       /* nobody is there to end what does not end */
	const struct clock *clock;
	const char *resume; /* how the call is repeated: "runbook run f p" */
	const char *accept; /* how what came is taken over, or NULL */
};

struct transcript *transcript_new(const struct transcript_options *options);
struct transcript *transcript_free(struct transcript *t); /* NULL to NULL */

/* Why not all of it could be written, as errno, or 0; a reader that has gone is
 * no error. */
int transcript_error(const struct transcript *t);

/* The observer that writes to standard output and standard error; it lives as
 * long as T. */
const struct observer *transcript_observer(struct transcript *t);

#endif
