/* runbook plan: what a run would do. */
#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/planning.h"
#include "cli/running.h"
#include "report/plan_report.h"

static const struct opt options[] = {
	PLANNING_OPTIONS,
	{ "probe", 0, OPT_FLAG, NULL,
	  "look on the hosts for programs, folders and files", false },
	REACHING_OPTIONS,
	{ "json", 0, OPT_FLAG, NULL,
	  "one JSON document (schema/plan.schema.json)", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static enum exit_status
run(struct cli *cli)
{
	struct planned p;
	enum exit_status status = plan_from_options(cli, "plan", &p);
	struct probe *probe = NULL;

	if (status == EXIT_STATUS_OK) {
		cli_diagnostics(cli, &p.loaded.sink);
		if (opts_flag(&cli->opts, "probe"))
			status = running_probe(cli, p.plan, &probe);
		plan_print(cli, p.plan, probe, opts_flag(&cli->opts, "json"));
	}
	planned_release(&p);
	running_reraise(status);
	return status;
}

const struct cmd cmd_plan = {
	.name = "plan",
	.operands = "FILE [PROCEDURE]",
	.summary = "what a run would do, step by step",
	.about =
		"Prints every step of PROCEDURE in order, with its values, its "
		"effect and what\nwould stop it. Nothing is executed and no "
		"connection made.\n\nWith --probe the hosts are connected to, "
		"and only looked at: are they reached, are the\nprograms, "
		"folders and files there that the steps need, are the files "
		"that would be\ninstalled as the document says? Status 1 says "
		"that something is missing.",
	.options = options,
	.configured = true,
	.run = run,
};
