/* runbook resume: go on with a run that did not come to its end. */
#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/sha256.h"
#include "cli/cmd.h"
#include "cli/planning.h"
#include "cli/recorded.h"
#include "cli/running.h"
#include "run/resumed.h"
#include "shell/quote.h"

static const struct opt options[] = {
	RESUMING_OPTIONS,
	RUNNING_OPTIONS,
	{ "step", 0, OPT_LIST, "STEP",
	  "take the branch of a menu in which this step stands, and say yes to "
	  "its condition; what is done is not repeated",
	  false },
	{ "skip", 0, OPT_LIST, "STEP",
	  "say no to the condition of this step; or go on behind it when it "
	  "failed: one that does more than read by its id",
	  false },
	{ "allow-lost-shell", 0, OPT_FLAG, NULL,
	  "go on although what earlier steps left in their shell is gone",
	  false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* "begin a new run with 'runbook run …'": at the first step that this one did
 * not do, as the document numbers it now. */
static void
add_new_run(struct buf *help, const struct progress *p, const struct loaded *l)
{
	const struct procedure *procedure = l->procedure;

	for (uint32_t i = 0; i < procedure->n_steps; i++) {
		const struct step *s = procedure->steps[i];
		enum step_state state = progress_state(p, s->id);

		if (state == STATE_SUCCEEDED || state == STATE_PASSED ||
		    state == STATE_SKIPPED)
			continue;
		buf_adds(help, "begin a new run with 'runbook run ");
		quote_add_word(help, text_of(l->doc->src->path));
		buf_addc(help, ' ');
		quote_add_word(help, procedure->path);
		buf_addf(help,
			 " --from %u', where this one ended if the steps are "
			 "still the same: step %u is '%.*s'",
			 s->ordinal, s->ordinal, TEXT_ARG(s->label));
		return;
	}
	buf_adds(help, "no step of it is left to do");
}

/* The document must be the one that was run. */
static enum exit_status
check_document(struct cli *cli, const struct progress *p,
	       const struct loaded *l, const char *folder)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	char hex[SHA256_HEX + 1];

	sha256_hex(l->doc->src->bytes, hex);
	if (text_is(p->sha256, hex))
		return EXIT_STATUS_OK;
	buf_addf(&help, "diff -u '%s/document.md' '%s' shows what; ", folder,
		 l->doc->src->path);
	add_new_run(&help, p, l);
	cli_error(cli, buf_cstr(&help),
		  "%s: the document has changed since the run began",
		  l->doc->src->path);
	return EXIT_STATUS_STALE;
}

static enum exit_status
plan_again(struct cli *cli, const struct progress *p, const char *folder,
	   struct planned *ret)
{
	CLEANUP(buf_release) struct buf file = BUF_INIT;
	CLEANUP(buf_release) struct buf procedure = BUF_INIT;
	enum exit_status status;

	*ret = (struct planned){ .loaded = { .sink = DIAG_SINK_INIT } };
	buf_addt(&file, p->file);
	buf_addt(&procedure, p->procedure);
	if (!cli_load(cli, buf_cstr(&file), buf_cstr(&procedure), &ret->loaded,
		      &status))
		return status;
	status = check_document(cli, p, &ret->loaded, folder);
	if (status != EXIT_STATUS_OK)
		return status;
	ret->values.arena = ret->loaded.doc->arena;
	ret->options.resumed = p;
	ret->takes = opts_list(&cli->opts, "step", &ret->options.n_takes);
	ret->options.takes = ret->takes;
	ret->leaves = opts_list(&cli->opts, "skip", &ret->options.n_leaves);
	ret->options.leaves = ret->leaves;
	recorded_options(ret, p);
	return plan_with_options(cli, ret);
}

static enum exit_status
enter_folder(struct cli *cli, struct text cwd)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;

	buf_addt(&path, cwd);
	if (cwd.len == 0 || chdir(buf_cstr(&path)) == 0)
		return EXIT_STATUS_OK;
	cli_error(cli, NULL, "cannot go back to '%s', where the run began: %s",
		  buf_cstr(&path), strerror(errno));
	return EXIT_STATUS_USAGE;
}

/* What is done was done with the same values. */
static enum exit_status
check_plan(struct cli *cli, const struct progress *p, struct journal *j,
	   const struct planned *planned)
{
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	CLEANUP(buf_release) struct buf help = BUF_INIT;

	if (resumed_fits(p, j, planned->plan, &why))
		return EXIT_STATUS_OK;
	buf_adds(&help, "go on with the values of then, or ");
	add_new_run(&help, p, &planned->loaded);
	cli_error(cli, buf_cstr(&help), "%s", buf_cstr(&why));
	return EXIT_STATUS_STALE;
}

/* A run that was killed leaves its shell with the step that it was given. */
static enum exit_status
check_shell(struct cli *cli, const struct progress *p, const char *id)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	pid_t pid = progress_living_shell(p);

	if (!pid)
		return EXIT_STATUS_OK;
	buf_addf(&help,
		 "wait until it has ended, or end it with 'kill -TERM -- -%d'",
		 (int)pid);
	cli_error(
		cli, buf_cstr(&help),
		"the shell of run %.8s is still there (process %d) and may be "
		"running its last step",
		id, (int)pid);
	return EXIT_STATUS_UNKNOWN;
}

/* ---- steps that failed and are passed over ------------------------------- */

static bool
refuse_skip(struct cli *cli, const char *name, const char *help,
	    const char *why)
{
	cli_error(cli, help, "--skip does not take '%s': %s", name, why);
	return false;
}

/* Only what certainly failed can be passed over: what may have happened is
 * looked at and said at a terminal, what was not begun is not due yet, unless
 * its condition does not hold. What is left out already stays so. */
static bool
may_skip(struct cli *cli, const struct progress *p, const char *name,
	 const struct plan_item *item)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;

	switch (progress_state(p, item->step->id)) {
	case STATE_FAILED:
		break;
	case STATE_PASSED:
	case STATE_SKIPPED:
		return true;
	case STATE_UNKNOWN:
		return refuse_skip(cli, name,
				   "look at what it did, then resume at a "
				   "terminal and say what is the case",
				   "what became of it is not known");
	case STATE_SUCCEEDED:
		return refuse_skip(cli, name,
				   "resume does not repeat it: leave this "
				   "option out",
				   "it is done");
	case STATE_PENDING:
		return item->dropped ||
		       refuse_skip(cli, name,
				   "it passes over what failed, or whose "
				   "condition is open; 'runbook run' leaves "
				   "out more, with --from or a --step for each "
				   "step that is to run",
				   "it has not been begun");
	}
	if (item->resolved->level == EFFECT_READS ||
	    strcmp(name, item->step->id) == 0)
		return true;
	buf_addf(&help, "name it by its id: --skip '%s'", item->step->id);
	return refuse_skip(cli, name, buf_cstr(&help),
			   "the step does more than read");
}

static bool
take_skips(struct cli *cli, const struct progress *p, const struct plan *plan,
	   struct resuming *ret)
{
	size_t n;
	CLEANUP(free_ptr)
	const char **names = opts_list(&cli->opts, "skip", &n);
	const struct step **steps =
		arena_alloc(plan->arena, (n + 1) * sizeof(struct step *));

	for (size_t i = 0; i < n; i++) {
		const struct plan_item *item = plan_find(plan, names[i]);

		if (!item)
			return refuse_skip(cli, names[i],
					   "'runbook history RUN' shows its "
					   "steps",
					   "no step of the run is called so, "
					   "or several are");
		if (!may_skip(cli, p, names[i], item))
			return false;
		if (progress_state(p, item->step->id) == STATE_FAILED)
			steps[ret->n_skip++] = item->step;
	}
	ret->skip = steps;
	return true;
}

static enum exit_status
go_on(struct cli *cli, const char *id, struct journal **j,
      const struct progress *p, const struct planned *planned)
{
	struct plan *plan = planned->plan;
	struct resuming resuming = { .progress = p };
	enum exit_status status = check_plan(cli, p, *j, planned);

	if (status != EXIT_STATUS_OK)
		return status;
	if (!take_skips(cli, p, plan, &resuming))
		return EXIT_STATUS_USAGE;
	status = running_run(cli, plan, id, *j, &resuming);
	*j = NULL;
	return status;
}

static enum exit_status
resume(struct cli *cli, const char *runs, const char *id)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(progress_release) struct progress p = { .steps = NULL };
	struct journal *j = journal_continue(runs, id, &clock_system, &error);
	enum exit_status status = EXIT_STATUS_USAGE;
	struct planned planned = { .loaded = { .sink = DIAG_SINK_INIT } };

	if (!j || !progress_read(runs, id, &p, &error)) {
		cli_error(cli,
			  "'runbook history' shows the runs, and as much as "
			  "can be believed of one",
			  "%s", buf_cstr(&error));
	} else if (p.closed && p.complete) {
		cli_error(cli, NULL, "run %.8s has come to its end", id);
	} else if ((status = check_shell(cli, &p, id)) == EXIT_STATUS_OK &&
		   (status = enter_folder(cli, p.cwd)) == EXIT_STATUS_OK) {
		status = plan_again(cli, &p, journal_folder(j), &planned);
		if (status == EXIT_STATUS_OK)
			status = go_on(cli, id, &j, &p, &planned);
	}
	planned_release(&planned);
	journal_free(j);
	return status;
}

static enum exit_status
run(struct cli *cli)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *runs = runs_folder(false, &error);
	CLEANUP(free_ptr) char *id = NULL;
	enum exit_status status;

	if (cli->opts.n_operands > 1) {
		cli_error(cli, NULL, "usage: runbook resume [RUN]");
		return EXIT_STATUS_USAGE;
	}
	if (runs)
		id = progress_find(runs,
				   cli->opts.n_operands ? cli->opts.operands[0]
							: NULL,
				   &error);
	if (!id) {
		cli_error(cli, "'runbook history' shows the runs", "%s",
			  buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	status = resume(cli, runs, id);
	running_reraise(status);
	return status;
}

const struct cmd cmd_resume = {
	.name = "resume",
	.operands = "[RUN]",
	.summary = "go on with a run that did not come to its end",
	.about = "Goes on where RUN (its id or the beginning of it; the newest "
		 "when none is named) ended.\nSteps that succeeded are not "
		 "repeated; one whose outcome was never known is shown and\n"
		 "asked about. A document that has changed is refused with "
		 "status 5.",
	.options = options,
	.configured = true,
	.run = run,
};
