/* runbook schema: the JSON schema of a runbook's front matter. */
#include "cli/cmd.h"
#include "doc/schema.h"

static const struct opt options[] = {
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (cli->opts.n_operands) {
		cli_error(cli, NULL, "usage: runbook schema");
		return EXIT_STATUS_USAGE;
	}
	schema_write(&b);
	cli_output(&b);
	return EXIT_STATUS_OK;
}

const struct cmd cmd_schema = {
	.name = "schema",
	.operands = "",
	.summary = "the JSON schema of front matter, for editors",
	.about = "Prints the JSON schema (draft-07) of what the front matter "
		 "of a runbook may hold.",
	.options = options,
	.run = run,
};
