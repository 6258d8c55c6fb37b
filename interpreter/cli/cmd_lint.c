/* runbook lint: what an author should mend. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cmd.h"
#include "lint/lint.h"
#include "report/lint_format.h"
#include "want/want.h"

static const struct opt options[] = {
	{ "format", 'f', OPT_TEXT, "FORMAT",
	  "text, json, sarif, github, rdjson or junit", true },
	{ "severity", 0, OPT_TEXT, "LEVEL",
	  "report from here on: error, warning, info, hint", true },
	{ "fail-on", 0, OPT_TEXT, "LEVEL",
	  "exit 1 from here on, or never; warning when not given", true },
	{ "only-runbooks", 0, OPT_FLAG, NULL,
	  "pass over named files that are no runbooks", false },
	{ "no-suppressions", 0, OPT_FLAG, NULL,
	  "comments that switch rules off do not count", false },
	{ "list", 0, OPT_FLAG, NULL, "name all rules", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* One call of the command. */
struct linting {
	const struct lint_format *format;
	struct lint_report report;
	struct lint_options options;
	bool named, only_runbooks;
	unsigned n_failed; /* files that could not be read */
};

/* ---- files -----------------------------------------------------------------
 */

static void
close_wants(const struct runbook *rb)
{
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++) {
			for (uint32_t w = 0; w < p->steps[k]->n_wants; w++)
				want_close(p->steps[k]->wants[w]);
		}
	}
}

static void
lint_document(struct cli *cli, struct linting *l, const char *path,
	      struct document *doc, struct diag_sink *sink)
{
	struct runbook *rb = runbook_build(doc, cli_effect_rules(cli), sink);
	struct lint_file file = { path, doc->src, sink, 0 };

	for (uint32_t i = 0; i < rb->n_procedures; i++)
		want_verify(rb->procedures[i], sink);
	file.n_suppressed = lint_runbook(rb, &l->options, sink).n_suppressed;
	lint_report_file(&l->report, l->format, &file);
	close_wants(rb);
}

static bool
lint_path(struct cli *cli, const char *path, void *ctx)
{
	struct linting *l = ctx;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(diag_sink_release) struct diag_sink sink = DIAG_SINK_INIT;
	CLEANUP(document_free_ptr)
	struct document *doc = document_load(path, &sink, &error);

	if (!doc) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		l->n_failed++;
		return true;
	}
	if ((l->named && !l->only_runbooks) || document_is_runbook(doc) ||
	    cli_in_folders(cli, path))
		lint_document(cli, l, path, doc, &sink);
	return true;
}

static bool
lint_paths(struct cli *cli, struct linting *l)
{
	const struct opts *o = &cli->opts;
	bool ok = true;

	for (size_t i = 0; i < o->n_operands && ok; i++) {
		l->named = !cli_is_folder(o->operands[i]);
		ok = cli_each_runbook(cli, o->operands[i], lint_path, l);
	}
	l->named = false;
	if (o->n_operands == 0)
		ok = cli_each_runbook(cli, NULL, lint_path, l);
	return ok;
}

/* ---- options ---------------------------------------------------------------
 */

static bool
read_level(const struct cli *cli, const char *option, const char *more,
	   enum diag_level *ret)
{
	const char *text = opts_text(&cli->opts, option);
	int level;

	if (!text)
		return true;
	level = lint_level_by_name(text);
	if (level < 0) {
		cli_error(cli, NULL,
			  "--%s takes error, warning, info or hint%s, not "
			  "'%s'",
			  option, more, text);
		return false;
	}
	*ret = (enum diag_level)level;
	return true;
}

static bool
read_options(const struct cli *cli, struct linting *l)
{
	const char *format = opts_text(&cli->opts, "format");
	const char *fail_on = opts_text(&cli->opts, "fail-on");
	const int64_t day_ms = 24 * 60 * 60 * 1000;

	l->format = lint_format_find(format ? format : "text");
	if (!l->format) {
		cli_error(cli,
			  "text, json, sarif, github, rdjson and junit are "
			  "there",
			  "no format '%s'", format);
		return false;
	}
	l->only_runbooks = opts_flag(&cli->opts, "only-runbooks");
	l->options.today = clock_wall_ms(&clock_system) / day_ms;
	l->options.no_suppression = opts_flag(&cli->opts, "no-suppressions");
	l->report.version = RUNBOOK_VERSION;
	l->report.style = (struct snippet_style){ !isatty(STDOUT_FILENO),
						  cli->out.color };
	l->report.least = LEVEL_HINT;
	l->report.fail_on = LEVEL_WARNING;
	l->report.never_fails = fail_on && strcmp(fail_on, "never") == 0;
	return read_level(cli, "severity", "", &l->report.least) &&
	       (l->report.never_fails ||
		read_level(cli, "fail-on", " or never", &l->report.fail_on));
}

static enum exit_status
list_rules(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const struct diag_info *info = diag_info((enum diag_code)i);

		if (lint_has_code((enum diag_code)i))
			buf_addf(&b, "%s  %-8s %-28s %s\n", info->number,
				 lint_level_name(info->level), info->alias,
				 info->summary);
	}
	cli_output(&b);
	return EXIT_STATUS_OK;
}

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	struct linting l = { .report = { .out = &out, .later = BUF_INIT } };
	bool ok;

	if (opts_flag(&cli->opts, "list"))
		return list_rules();
	if (!read_options(cli, &l))
		return EXIT_STATUS_USAGE;
	lint_report_begin(&l.report, l.format);
	ok = lint_paths(cli, &l);
	lint_report_end(&l.report, l.format);
	cli_output(&out);
	if (!ok || l.n_failed)
		return EXIT_STATUS_USAGE;
	return l.report.n_failing ? EXIT_STATUS_FAILED : EXIT_STATUS_OK;
}

const struct cmd cmd_lint = {
	.name = "lint",
	.operands = "[PATH…]",
	.summary = "what an author should mend",
	.about =
		"Checks the runbooks in PATH (files or folders; without one, "
		"in the folders that\n.runbook.yaml names, or runbooks/ and "
		"docs/runbooks/). Nothing is executed, no\nconnection made, no "
		"file written. 'runbook explain CODE' says what a finding\n"
		"means and how to silence it.",
	.options = options,
	.configured = true,
	.run = run,
};
