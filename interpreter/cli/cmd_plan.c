/* runbook plan: what a run would do. */
#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/planning.h"
#include "report/plan_report.h"

static const struct opt options[] = {
	PLANNING_OPTIONS,
	{ "json", 0, OPT_FLAG, NULL,
	  "one JSON document (schema/plan.schema.json)", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static enum exit_status
run(struct cli *cli)
{
	struct planned p;
	enum exit_status status = plan_from_options(cli, "plan", &p);

	if (status == EXIT_STATUS_OK) {
		cli_diagnostics(cli, &p.loaded.sink);
		plan_print(cli, p.plan, opts_flag(&cli->opts, "json"));
	}
	planned_release(&p);
	return status;
}

const struct cmd cmd_plan = {
	.name = "plan",
	.operands = "FILE [PROCEDURE]",
	.summary = "what a run would do, step by step",
	.about =
		"Prints every step of PROCEDURE in order, with its values, its "
		"effect and what\nwould stop it. Nothing is executed and no "
		"connection made.",
	.options = options,
	.configured = true,
	.run = run,
};
