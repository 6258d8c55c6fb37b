/* runbook show: a document as it is understood. */
#include <unistd.h>

#include "cli/cmd.h"
#include "report/show.h"

static const struct opt options[] = {
	{ "why", 0, OPT_FLAG, NULL, "the rule and reason of every inference",
	  false },
	{ "outline", 0, OPT_FLAG, NULL,
	  "one line a step, as for a whole document on a terminal", false },
	{ "full", 0, OPT_FLAG, NULL, "each step in full, on a terminal too",
	  false },
	{ "json", 0, OPT_FLAG, NULL,
	  "one JSON document (schema/graph.schema.json)", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* On a terminal a procedure begins with its outline; of a whole document that
 * is all, unless more is asked for. */
static void
show_for_people(const struct cli *cli, const struct loaded *l, struct buf *b)
{
	const struct opts *o = &cli->opts;
	bool full = opts_flag(o, "full"), why = opts_flag(o, "why");
	bool outline = opts_flag(o, "outline") ||
		       (isatty(STDOUT_FILENO) && !full && !why);

	for (uint32_t i = 0; outline && i < l->rb->n_procedures; i++) {
		if (l->procedure && l->rb->procedures[i] != l->procedure)
			continue;
		if (b->len)
			buf_addc(b, '\n');
		show_outline(b, l->rb->procedures[i], cli_shows_utf8(cli),
			     &cli->out);
	}
	if (outline && (!l->procedure || opts_flag(o, "outline")))
		return;
	if (b->len)
		buf_addc(b, '\n');
	show_text(b, l->rb, l->procedure, why, &cli->out);
}

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct opts *o = &cli->opts;
	enum exit_status status;
	struct loaded l;
	bool why = opts_flag(o, "why");

	if (o->n_operands < 1 || o->n_operands > 2) {
		cli_error(cli, "runbook show FILE [PROCEDURE]",
			  "show wants a file");
		return EXIT_STATUS_USAGE;
	}
	if (!cli_load(cli, o->operands[0],
		      o->n_operands > 1 ? o->operands[1] : NULL, &l, &status)) {
		loaded_release(&l);
		return status;
	}
	cli_diagnostics(cli, &l.sink);
	if (opts_flag(o, "json")) {
		struct jval *json = show_json(l.rb, l.procedure, why);

		jval_write(json, true, &b);
		buf_addc(&b, '\n');
		jval_free(json);
	} else {
		show_for_people(cli, &l, &b);
	}
	cli_output(&b);
	status = l.sink.n_errors ? EXIT_STATUS_USAGE : EXIT_STATUS_OK;
	loaded_release(&l);
	return status;
}

const struct cmd cmd_show = {
	.name = "show",
	.operands = "FILE [PROCEDURE]",
	.summary = "one document or procedure as understood",
	.about =
		"Shows the procedures of FILE, their steps, and for each where "
		"it runs, what it does,\nwhat it needs and expects. Nothing is "
		"executed.",
	.options = options,
	.configured = true,
	.run = run,
};
