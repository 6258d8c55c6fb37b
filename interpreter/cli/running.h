/* What `run` and `resume` have in common: the loop, the places, who listens,
 * who is asked, the journal. */
#ifndef CLI_RUNNING_H
#define CLI_RUNNING_H

#include "cli/cmd.h"
#include "run/probe.h"
#include "run/runner.h"

#define REACHING_OPTIONS                                                       \
	{                                                                      \
		"ssh-config", 'F', OPT_TEXT, "FILE",                           \
			"use this ssh_config instead of the user's", true      \
	}

#define RUNNING_OPTIONS                                                        \
	{ "json",                                                              \
	  0,                                                                   \
	  OPT_FLAG,                                                            \
	  NULL,                                                                \
	  "events as JSON Lines (schema/events.schema.json)",                  \
	  false },                                                             \
		REACHING_OPTIONS

/* A run that is gone on with. */
struct resuming {
	const struct progress *progress;
	const struct step *const
		*skip; /* steps that failed, to be passed over */
	size_t n_skip;
};

/* Run PLAN and say how it went. RUN_ID names the journal; RESUMING, when not
 * NULL, is what is known of it, and J its open journal, else a new one is
 * begun. Takes J over. Returns the exit status; a signal that ended the run
 * is raised again by the caller (running_reraise). */
enum exit_status running_run(struct cli *cli, struct plan *plan,
			     const char *run_id, struct journal *j,
			     const struct resuming *resuming);

/* Look on the hosts of PLAN for what it will need. RET_PROBE lives in the
 * plan's arena, and is NULL when that could not even begin. Returns the exit
 * status as probe_look does. */
enum exit_status running_probe(struct cli *cli, struct plan *plan,
			       struct probe **ret_probe);

/* End as a signal ends a program when STATUS says that one did. */
void running_reraise(enum exit_status status);

#endif
