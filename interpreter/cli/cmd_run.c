/* runbook run: a procedure, step by step. */
#include "cli/cmd.h"
#include "cli/planning.h"
#include "cli/running.h"

static const struct opt options[] = {
	PLANNING_OPTIONS,
	RUNNING_OPTIONS,
	{ "dry-run", 'n', OPT_FLAG, NULL, "print the plan and run nothing",
	  false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static enum exit_status
run(struct cli *cli)
{
	struct planned p;
	enum exit_status status = plan_from_options(cli, "run", &p);
	char id[RUN_ID_HEX + 1];

	if (status == EXIT_STATUS_OK) {
		cli_diagnostics(cli, &p.loaded.sink);
		if (opts_flag(&cli->opts, "dry-run")) {
			plan_print(cli, p.plan, NULL,
				   opts_flag(&cli->opts, "json"));
		} else {
			run_id_new(id);
			status = running_run(cli, p.plan, id, NULL, NULL);
		}
	}
	planned_release(&p);
	running_reraise(status);
	return status;
}

const struct cmd cmd_run = {
	.name = "run",
	.operands = "FILE [PROCEDURE]",
	.summary = "run a procedure, step by step",
	.about = "Runs PROCEDURE of FILE: each step with what it prints, up to "
		 "the first that fails.\nBefore a step that disrupts or that "
		 "nobody can judge it asks; before one that destroys,\na name "
		 "must be typed. Without a terminal it stops there with status "
		 "3 and says which\noption would have allowed it.",
	.options = options,
	.configured = true,
	.run = run,
};
