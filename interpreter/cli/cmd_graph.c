/* runbook graph: procedures as pictures. */
#include "cli/cmd.h"
#include "report/graph.h"

static const struct opt options[] = {
	{ "format", 'f', OPT_TEXT, "FORMAT", "mermaid (default), dot or svg",
	  true },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

static enum exit_status
print(struct cli *cli, const struct loaded *l,
      const struct graph_format *format)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	const struct picture *picture =
		picture_of(l->doc->arena, l->rb, l->procedure);

	if (format->write(picture, &b, &error) < 0) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	cli_output(&b);
	return EXIT_STATUS_OK;
}

static enum exit_status
run(struct cli *cli)
{
	const struct opts *o = &cli->opts;
	const char *name = opts_text(o, "format");
	const struct graph_format *format =
		graph_format_find(name ? name : "mermaid");
	enum exit_status status;
	struct loaded l;

	if (o->n_operands < 1 || o->n_operands > 2) {
		cli_error(cli, NULL, "usage: runbook graph FILE [PROCEDURE]");
		return EXIT_STATUS_USAGE;
	}
	if (!format) {
		cli_error(cli, "mermaid, dot and svg are there",
			  "no format '%s'", name);
		return EXIT_STATUS_USAGE;
	}
	if (cli_load(cli, o->operands[0],
		     o->n_operands > 1 ? o->operands[1] : NULL, &l, &status)) {
		cli_diagnostics(cli, &l.sink);
		status = print(cli, &l, format);
		if (status == EXIT_STATUS_OK && l.sink.n_errors)
			status = EXIT_STATUS_USAGE;
	}
	loaded_release(&l);
	return status;
}

const struct cmd cmd_graph = {
	.name = "graph",
	.operands = "FILE [PROCEDURE]",
	.summary = "procedures as a picture",
	.about = "Prints FILE, or one procedure of it, as a picture: steps in "
		 "the colours of their\neffects, hosts as frames, choices, "
		 "conditions, and what procedures have to do with\neach other. "
		 "mermaid is drawn by GitHub and others inside Markdown; svg "
		 "wants\nGraphviz's dot.",
	.options = options,
	.configured = true,
	.run = run,
};
