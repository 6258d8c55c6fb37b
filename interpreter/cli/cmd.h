/* What a command is, and what all of them share.
 *
 * To add one: cli/cmds.def says what to touch. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/exit.h"
#include "cli/config.h"
#include "cli/opt.h"
#include "diag/diag.h"
#include "graph/runbook.h"
#include "report/style.h"

/* One call of the program. */
struct cli {
	struct opts opts;
	struct style out, err; /* of standard output and standard error */
	bool err_brief;        /* diagnostics without their snippet */
	bool may_ask;          /* there is an operator at a terminal */
	bool quiet, verbose;
	const char *program;   /* "runbook" */
	struct config *config; /* owned; see cli_configure */
	uint32_t n_other;      /* files that cli_each_runbook came across in
				* folders and that are no Markdown */
	uint32_t n_ignored;    /* Markdown files there that .runbook.yaml
				* leaves out */
};

struct cmd {
	const char *name;
	const char *operands; /* "FILE [PROCEDURE]" */
	const char *summary;  /* one line */
	const char *about;    /* paragraphs for --help */
	const struct opt *options;
	bool configured; /* it needs what .runbook.yaml says */
	enum exit_status (*run)(struct cli *cli);
};

#define COMMAND(name, symbol) extern const struct cmd symbol;
#include "cli/cmds.def"
#undef COMMAND

/* All of them, NULL at the end; and the one called NAME, or NULL. */
extern const struct cmd *const cmds[];
const struct cmd *cmd_find(const char *name);

/* The options that every command takes. */
extern const struct opt common_options[];

/* The whole program: parse, run, return the exit status. */
int cli_main(int argc, char **argv);

/* "runbook: MESSAGE" and, when HELP is not NULL, "help: HELP" on standard
 * error. Both are made safe for a terminal. */
void cli_error(const struct cli *cli, const char *help, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Write B to standard output; a closed pipe ends the program quietly. */
void cli_output(const struct buf *b);

/* True when standard output is a terminal that shows more than ASCII, and may
 * show it in colours. */
bool cli_shows_utf8(const struct cli *cli);

/* All of SINK to standard error, sorted. */
void cli_diagnostics(const struct cli *cli, struct diag_sink *sink);

/* ---- documents (cli/load.c) ------------------------------------------------
 */

/* A document, the runbook made of it, what was wrong with it. */
struct loaded {
	struct document *doc;
	struct runbook *rb;
	struct diag_sink sink;
	struct procedure *procedure; /* when one was named, else NULL */
};

void loaded_release(struct loaded *l);

/* Load the runbook that NAME means: a path, or the id or file stem of a
 * runbook below the folders of .runbook.yaml (runbooks/, docs/runbooks/).
 * "FILE#PROCEDURE" names a procedure too, as does PROCEDURE when not NULL.
 * False after an error was printed; *RET_STATUS is the exit status. */
bool cli_load(struct cli *cli, const char *name, const char *procedure,
	      struct loaded *ret, enum exit_status *ret_status);

/* Runbooks below the folder or in the file PATH, by path: calls FN for each
 * path. False after an error was printed. */
bool cli_each_runbook(struct cli *cli, const char *path,
		      bool (*fn)(struct cli *cli, const char *path, void *ctx),
		      void *ctx);

/* Print the error that no runbook was found, and where they are looked for. */
void cli_no_runbooks(const struct cli *cli);

/* True when every Markdown file at PATH counts as a runbook: it lies below a
 * folder of .runbook.yaml or one called "runbooks". Elsewhere only what says
 * `type: runbook` does, and what is named outright. */
bool cli_in_folders(const struct cli *cli, const char *path);

bool cli_is_folder(const char *path);

/* Read .runbook.yaml, once; false after an error was printed. It has been done
 * before a command with CONFIGURED runs. */
bool cli_configure(struct cli *cli);

/* Rules for effects: built in, and those of .runbook.yaml; after
 * cli_configure. A document adds its own (graph/runbook.h). */
const struct effect_rules *cli_effect_rules(const struct cli *cli);

/* The same, by which files that commands name are looked at on this machine:
 * for what is to run here. */
const struct effect_rules *cli_effect_rules_here(const struct cli *cli);

#endif
