/* runbook completion: the script by which a shell completes our words. */
#include <string.h>

#include "cli/cmd.h"

static const struct opt options[] = {
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static const char bash[] =
	"# bash completion for runbook(1), printed by 'runbook completion "
	"bash'.\n"
	"_runbook() {\n"
	"	local line word\n"
	"	COMPREPLY=()\n"
	"	while IFS= read -r line; do\n"
	"		case $line in\n"
	"		:files) compopt -o default 2> /dev/null ;;\n"
	"		:nospace) compopt -o nospace 2> /dev/null ;;\n"
	"		:*) ;;\n"
	"		*)\n"
	"			printf -v word %q \"${line%%$'\\t'*}\"\n"
	"			COMPREPLY+=(\"$word\")\n"
	"			;;\n"
	"		esac\n"
	"	done < <(\"${COMP_WORDS[0]}\" __complete \"$COMP_CWORD\" -- "
	"\"${COMP_WORDS[@]}\" 2> /dev/null)\n"
	"}\n"
	"complete -F _runbook runbook\n";

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (cli->opts.n_operands != 1 ||
	    strcmp(cli->opts.operands[0], "bash") != 0) {
		cli_error(cli, "runbook completion bash",
			  "completion wants the name of a shell; bash is the "
			  "one there is");
		return EXIT_STATUS_USAGE;
	}
	buf_adds(&b, bash);
	cli_output(&b);
	return EXIT_STATUS_OK;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.operands = "SHELL",
	.summary = "a script by which a shell completes words; for bash",
	.about = "Prints a script that completes commands, options, documents "
		 "and their procedures.\nFor one session: eval \"$(runbook "
		 "completion bash)\"; 'make install' puts it where\nbash looks "
		 "for it.",
	.options = options,
	.run = run,
};
