/* What `run` and `resume` have in common: the loop, the places, who listens,
 * who is asked, the journal. */
#ifndef CLI_RUNNING_H
#define CLI_RUNNING_H

#include "cli/cmd.h"
#include "run/runner.h"

#define RUNNING_OPTIONS                                                        \
	{ "json",                                                              \
	  0,                                                                   \
	  OPT_FLAG,                                                            \
	  NULL,                                                                \
	  "events as JSON Lines (schema/events.schema.json)",                  \
	  false },                                                             \
	{                                                                      \
		"ssh-config", 'F', OPT_TEXT, "FILE",                           \
			"use this ssh_config instead of the user's", true      \
	}

/* Run PLAN and say how it went. RUN_ID names the journal; RESUMED, when not
 * NULL, is what is known of it, and J its open journal, else a new one is
 * begun. Takes J over. Returns the exit status; a signal that ended the run
 * is raised again by the caller (running_reraise). */
enum exit_status running_run(struct cli *cli, struct plan *plan,
			     const char *run_id, struct journal *j,
			     const struct progress *resumed);

/* End as a signal ends a program when STATUS says that one did. */
void running_reraise(enum exit_status status);

#endif
