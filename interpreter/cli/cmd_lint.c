/* runbook lint: what an author should mend. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unified.h"
#include "cli/linting.h"
#include "diag/source.h"
#include "lint/fix.h"
#include "lint/programs.h"
#include "report/lint_format.h"

enum {
	FIX_ROUNDS = 8 /* what is mended may show more to mend */
};

static const struct opt options[] = {
	{ "format", 'f', OPT_TEXT, "FORMAT",
	  "text, json, sarif, github, rdjson or junit", true },
	{ "severity", 0, OPT_TEXT, "LEVEL",
	  "report from here on: error, warning, info, hint (or note)", true },
	{ "fail-on", 0, OPT_TEXT, "LEVEL",
	  "exit 1 from here on, or never; warning when not given", true },
	{ "only-runbooks", 0, OPT_FLAG, NULL,
	  "pass over named files that are no runbooks", false },
	{ "no-suppressions", 0, OPT_FLAG, NULL,
	  "comments that switch rules off do not count", false },
	{ "with", 0, OPT_TEXT, "PROGRAMS",
	  "ask bash (-n), shellcheck, or both with a comma; or present", true },
	{ "fix", 0, OPT_FLAG, NULL,
	  "mend what can be mended without a look, in the files", false },
	{ "diff", 0, OPT_FLAG, NULL, "print what --fix would change", false },
	{ "jobs", 'j', OPT_TEXT, "N", "lint with N processes", true },
	{ "cache", 0, OPT_TEXT, "DIR",
	  "keep findings there, and lint only what has changed", true },
	{ "stdin-filename", 0, OPT_TEXT, "PATH",
	  "what standard input, '-', is called", false },
	{ "list", 0, OPT_FLAG, NULL, "name all rules", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* One call of the command. */
struct lint_call {
	struct linting files;
	const struct lint_format *format;
	const char *summary; /* file of the job's page on GitHub, or NULL */
	struct lint_report report;
	bool fix, diff;
	size_t n_failed; /* files that could not be read or written */
	size_t n_differ; /* of --diff */
	bool any;        /* there was a runbook */
};

/* ---- options ---------------------------------------------------------------
 */

/* LEVEL as given by OPTION, else by .runbook.yaml (-1: nothing said there). */
static bool
read_level(const struct cli *cli, const char *option, const char *more,
	   int configured, enum diag_level *ret)
{
	const char *text = opts_text(&cli->opts, option);
	int level = text ? lint_level_by_name(text) : configured;

	if (level >= 0)
		*ret = (enum diag_level)level;
	if (level >= 0 || !text)
		return true;
	cli_error(cli, NULL,
		  "--%s takes error, warning, info%s or note, not '%s'", option,
		  more, text);
	return false;
}

static bool
read_levels(const struct cli *cli, struct lint_report *report)
{
	const struct config_lint *c = &cli->config->lint;
	const char *fail_on = opts_text(&cli->opts, "fail-on");

	report->least = LEVEL_HINT;
	report->fail_on = LEVEL_WARNING;
	report->never_fails =
		fail_on ? strcmp(fail_on, "never") == 0 : c->never_fails;
	return read_level(cli, "severity", ", hint", c->severity,
			  &report->least) &&
	       (report->never_fails ||
		read_level(cli, "fail-on", ", hint, never", c->fail_on,
			   &report->fail_on));
}

static bool
read_format(const struct cli *cli, struct lint_call *l)
{
	const char *name = opts_text(&cli->opts, "format");

	l->format = lint_format_find(name ? name : "text");
	if (!l->format)
		cli_error(cli,
			  "text, json, sarif, github, rdjson and junit are "
			  "there",
			  "no format '%s'", name);
	return l->format != NULL;
}

/* GitHub Actions names a file to whose end Markdown for the job's page goes. */
static void
read_summary(struct lint_call *l)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");

	if (strcmp(l->format->name, "github") == 0 && path && *path)
		l->summary = path;
	l->report.has_summary = l->summary != NULL;
}

static bool
read_programs(const struct cli *cli, struct lint_options *o)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	const char *given = opts_text(&cli->opts, "with");
	struct text rest = text_of(given), name;
	bool bash = !given && cli->config->lint.bash;
	bool shellcheck = !given && cli->config->lint.shellcheck;
	bool present = !given && cli->config->lint.present;

	while (text_next_field(&rest, ',', &name)) {
		if (text_is(name, "bash")) {
			bash = true;
		} else if (text_is(name, "shellcheck")) {
			shellcheck = true;
		} else if (text_is(name, "present")) {
			present = true;
		} else {
			cli_error(cli, NULL,
				  "--with takes bash, shellcheck, "
				  "bash,shellcheck or present, not '%s'",
				  given);
			return false;
		}
	}
	bash |= present && lint_programs_has("bash");
	shellcheck |= present && lint_programs_has("shellcheck");
	if (!bash && !shellcheck)
		return true;
	o->programs = lint_programs_new(bash, shellcheck, &error);
	if (!o->programs)
		cli_error(cli,
			  given ? "install it, or leave it out of --with"
				: "install it, or run with '--with='",
			  "%s", buf_cstr(&error));
	return o->programs != NULL;
}

static bool
read_jobs(const struct cli *cli, struct linting *files)
{
	const char *text = opts_text(&cli->opts, "jobs");
	uint64_t n = 1;

	if (text &&
	    (!text_to_uint(text_of(text), LIMIT_LINT_JOBS, &n) || n == 0)) {
		cli_error(cli, NULL,
			  "--jobs takes a number from 1 to %d, not "
			  "'%s'",
			  LIMIT_LINT_JOBS, text);
		return false;
	}
	files->n_jobs = (unsigned)n;
	return true;
}

static bool
read_options(struct cli *cli, struct lint_call *l)
{
	const struct opts *o = &cli->opts;
	const char *name = opts_text(o, "stdin-filename");
	const int64_t day_ms = 24 * 60 * 60 * 1000;
	struct linting *files = &l->files;

	files->cli = cli;
	files->only_runbooks = opts_flag(o, "only-runbooks");
	files->stdin_name = name ? name : "<stdin>";
	files->cache = opts_text(o, "cache");
	files->options.today = clock_wall_ms(&clock_system) / day_ms;
	files->options.no_suppression = opts_flag(o, "no-suppressions");
	files->options.settings = &cli->config->lint.rules;
	l->fix = opts_flag(o, "fix");
	l->diff = opts_flag(o, "diff");
	l->report.version = RUNBOOK_VERSION;
	l->report.every_place = cli->verbose;
	l->report.style = (struct snippet_style){ !isatty(STDOUT_FILENO),
						  cli->out.color };
	if (!read_format(cli, l))
		return false;
	read_summary(l);
	return read_levels(cli, &l->report) && read_jobs(cli, files) &&
	       read_programs(cli, &files->options);
}

/* ---- reporting -------------------------------------------------------------
 */

static void
report(const struct lint_target *t UNUSED, struct linted *linted, void *ctx)
{
	struct lint_call *l = ctx;
	CLEANUP(buf_release) struct buf place = BUF_INIT;
	struct lint_file file = { .path = linted->src->path,
				  .src = linted->src,
				  .sink = &linted->outcome.sink,
				  .n_suppressed =
					  linted->outcome.result.n_suppressed };

	if (!linted->outcome.is_runbook) {
		l->report.passed.no_runbook++;
		return;
	}
	l->any = true;
	if (!config_place_in_repository(l->files.cli->config, file.path,
					&place))
		buf_adds(&place, file.path);
	file.place = buf_cstr(&place);
	lint_report_file(&l->report, l->format, &file);
}

static void
report_files(struct lint_call *l, const struct lint_targets *targets)
{
	struct linting *files = &l->files;

	if (files->n_jobs > targets->n)
		files->n_jobs = targets->n ? (unsigned)targets->n : 1;
	if (files->cache || files->n_jobs > 1)
		lint_cache_identify(files);
	if (files->n_jobs > 1) {
		l->n_failed += lint_jobs_run(files, targets, report, l);
		return;
	}
	for (size_t i = 0; i < targets->n; i++) {
		struct linted linted;

		if (!linting_file(files, &targets->at[i], &linted)) {
			l->n_failed++;
			continue;
		}
		report(&targets->at[i], &linted, l);
		linted_release(&linted);
	}
}

/* ---- mending ---------------------------------------------------------------
 */

/* Lint and mend T until nothing is left that can be mended. RET is what the
 * last text came to. */
static void
mend(struct lint_call *l, const struct lint_target *t, struct text before,
     struct buf *after, struct linted *ret)
{
	buf_addt(after, before);
	linting_text(&l->files, t, before, ret);
	for (int i = 0; i < FIX_ROUNDS; i++) {
		struct buf next = BUF_INIT;

		if (lint_fix_text(ret->src, &ret->outcome.sink, &next) == 0) {
			buf_release(&next);
			return;
		}
		buf_release(after);
		*after = next;
		linted_release(ret);
		linting_text(&l->files, t, buf_text(after), ret);
	}
}

static void
write_text(struct lint_call *l, const struct lint_target *t, struct text text)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (strcmp(t->path, "-") == 0) {
		buf_addt(l->report.out, text);
	} else if (file_replace(t->path, text.at, text.len, 0644, &error) < 0) {
		cli_error(l->files.cli, "nothing of it was changed", "%s",
			  buf_cstr(&error));
		l->n_failed++;
	}
}

static void
mend_file(struct lint_call *l, const struct lint_target *t)
{
	CLEANUP(buf_release) struct buf before = BUF_INIT;
	CLEANUP(buf_release) struct buf after = BUF_INIT;
	struct linted linted;
	bool differs;

	if (!linting_read(&l->files, t, &before)) {
		l->n_failed++;
		return;
	}
	mend(l, t, buf_text(&before), &after, &linted);
	differs = !text_eq(buf_text(&before), buf_text(&after));
	l->any |= linted.outcome.is_runbook;
	if (l->diff) {
		unified_diff(l->report.out, linted.src->path, buf_text(&before),
			     buf_text(&after));
		l->n_differ += differs;
	} else {
		if (differs || strcmp(t->path, "-") == 0)
			write_text(l, t, buf_text(&after));
		if (strcmp(t->path, "-") != 0)
			report(t, &linted, l);
	}
	linted_release(&linted);
}

/* ---- the command -----------------------------------------------------------
 */

/* It is no loss when it cannot be written: the log has everything. */
static void
write_summary(struct lint_call *l)
{
	const struct buf *b = &l->report.summary;
	CLEANUP(fd_close_ptr) int fd = -1;

	if (!l->summary || b->len == 0)
		return;
	fd = open(l->summary, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fd_write_all(fd, b->bytes, b->len) < 0)
		cli_error(l->files.cli, NULL, "cannot write '%s': %s",
			  l->summary, strerror(errno));
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
lint(struct lint_call *l)
{
	struct lint_targets targets;
	bool ok = lint_targets_find(&l->files, &targets);

	if (!l->diff)
		lint_report_begin(&l->report, l->format);
	if (l->fix || l->diff) {
		for (size_t i = 0; i < targets.n; i++)
			mend_file(l, &targets.at[i]);
	} else {
		report_files(l, &targets);
	}
	l->report.passed.no_markdown = l->files.cli->n_other;
	l->report.passed.ignored = l->files.cli->n_ignored;
	if (!l->diff)
		lint_report_end(&l->report, l->format);
	cli_output(l->report.out);
	write_summary(l);
	buf_release(&l->report.summary);
	lint_targets_release(&targets);
	if (!ok || l->n_failed)
		return EXIT_STATUS_USAGE;
	/* A check that has looked at nothing has passed nothing. Hooks name
	 * whatever was changed. */
	if (!l->any && !l->files.only_runbooks) {
		cli_no_runbooks(l->files.cli);
		return EXIT_STATUS_USAGE;
	}
	return l->report.n_failing || l->n_differ ? EXIT_STATUS_FAILED
						  : EXIT_STATUS_OK;
}

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	struct lint_call l = { .report = { .out = &out, .later = BUF_INIT } };
	enum exit_status status = EXIT_STATUS_USAGE;

	if (opts_flag(&cli->opts, "list"))
		return list_rules();
	if (read_options(cli, &l))
		status = lint(&l);
	lint_programs_free(l.files.options.programs);
	return status;
}

const struct cmd cmd_lint = {
	.name = "lint",
	.operands = "[PATH…]",
	.summary = "what an author should mend",
	.about =
		"Checks the runbooks in PATH (files or folders; '-' is "
		"standard input; without one,\nin the folders that "
		".runbook.yaml names, or runbooks/ and docs/runbooks/). "
		"Nothing\nis executed, no connection made, and no file written "
		"without --fix or --cache.\n'runbook explain CODE' says what a "
		"finding means and how to silence it.",
	.options = options,
	.configured = true,
	.run = run,
};
