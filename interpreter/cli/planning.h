/* What `plan` and `run` have in common: naming a procedure, choosing steps,
 * giving values and approvals. */
#ifndef CLI_PLANNING_H
#define CLI_PLANNING_H

#include "base/sha256.h"
#include "cli/cmd.h"
#include "run/plan.h"
#include "run/probe.h"

#define PLANNING_OPTIONS                                                       \
	{ "step", 0, OPT_LIST, "STEP", "only this step, by number or name",    \
	  false },                                                             \
		{ "from", 0, OPT_TEXT, "STEP", "begin at this step", false },  \
		{ "read-only",                                                 \
		  0,                                                           \
		  OPT_FLAG,                                                    \
		  NULL,                                                        \
		  "refuse every step that does more "                          \
		  "than read",                                                 \
		  true },                                                      \
		RESUMING_OPTIONS

/* Values and approvals: also of a run that is gone on with. */
#define RESUMING_OPTIONS                                                       \
	{                                                                      \
		"set", 0, OPT_LIST, "NAME=VALUE", "a value for a parameter",   \
		false                                                          \
	},                                                                     \
		{ "set-file",                                                  \
		  0,                                                           \
		  OPT_LIST,                                                    \
		  "NAME=PATH",                                                 \
		  "a value from a file, - for standard input",                 \
		  false },                                                     \
		{ "allow",                                                     \
		  0,                                                           \
		  OPT_LIST,                                                    \
		  "LEVEL",                                                     \
		  "run steps that are disrupts or unknown without asking",     \
		  false },                                                     \
		{ "confirm",                                                   \
		  0,                                                           \
		  OPT_LIST,                                                    \
		  "STEP@HASH",                                                 \
		  "run this very step, as the plan printed it",                \
		  false },                                                     \
	{                                                                      \
		"step-by-step", 0, OPT_FLAG, NULL, "ask before each step",     \
			true                                                   \
	}

struct planned {
	struct loaded loaded;
	struct plan_options options;
	/* Owned arrays behind options. */
	const char **steps, **confirm, **takes, **leaves;
	char *cwd; /* owned, of options */
	char *who; /* owned, of options */
	char hosts[SHA256_HEX + 1];
	char machine[256]; /* of options */
	struct values values;
	struct plan *plan;
};

/* Load the document and make the plan that the options ask for. After an
 * error, which was printed, anything but EXIT_STATUS_OK. Always call
 * planned_release. NAME is the command's, for messages. */
enum exit_status plan_from_options(struct cli *cli, const char *name,
				   struct planned *ret);
void planned_release(struct planned *p);

/* The second half of it: values and approvals of the options, then the plan,
 * for a document that RET has loaded and steps that it has chosen. */
enum exit_status plan_with_options(struct cli *cli, struct planned *ret);

/* True when the part of the document that L->procedure stands in, or what holds
 * for all of it, has errors: it is not planned. */
bool procedure_has_errors(const struct loaded *l);

/* The plan on standard output, with what a probe has found (NULL: none). */
void plan_print(struct cli *cli, struct plan *plan, const struct probe *probe,
		bool json);

#endif
