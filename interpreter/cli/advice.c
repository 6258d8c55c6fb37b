/* What lint says of a step that has failed. */
#include "cli/advice.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "cli/linting.h"
#include "diag/source.h"

struct advice {
	struct cli *cli;
	const struct observer *to;
	struct observer observer;
	const struct document *doc; /* of the run */
	const struct step *step;    /* under way */
	bool failed;                /* … as was told */
	struct linted linted;
	bool has_linted;
};

/* Findings that explain a status; others say what could be better. */
static const enum diag_code explaining[] = {
	DIAG_TTY_MISSING,
	DIAG_TTY_IMPLICIT,
	DIAG_EDITOR_WITHOUT_TERMINAL,
	DIAG_SUDO_WITHOUT_TERMINAL,
	DIAG_SSH_EATS_INPUT,
	DIAG_EXPANDS_HERE,
	DIAG_QUOTE_SLIP,
	DIAG_SUDO_REDIRECT,
	DIAG_HIDDEN_CHARACTER,
	DIAG_FOLDER_NEVER_MADE,
	DIAG_AGAINST_OWN_RULE,
	DIAG_UNKNOWN_SERVICE,
};

static bool
explains(enum diag_code code)
{
	for (size_t i = 0; i < ARRAY_LEN(explaining); i++) {
		if (explaining[i] == code)
			return true;
	}
	return false;
}

static void
lint(struct advice *a)
{
	struct linting l = { .cli = a->cli };
	struct lint_target target = { a->doc->src->path, true };

	linting_text(&l, &target, a->doc->src->bytes, &a->linted);
	a->has_linted = true;
}

static void
on_run_start(void *ctx, struct plan *plan)
{
	struct advice *a = ctx;

	a->doc = plan->runbook->doc;
}

static void
on_step_start(void *ctx, const struct plan_item *item, uint32_t attempt UNUSED)
{
	struct advice *a = ctx;

	a->step = item->step;
}

/* Those of the step that runs for which SHOWS is true. */
static void
tell(struct advice *a, bool (*shows)(enum diag_code code))
{
	if (!a->has_linted)
		lint(a);
	for (size_t i = 0; i < a->linted.outcome.sink.n_items; i++) {
		const struct diag *found = a->linted.outcome.sink.items[i];

		if (shows(found->code) &&
		    found->where.start >= a->step->where.start &&
		    found->where.end <= a->step->where.end)
			a->to->on_diag(a->to->ctx, found);
	}
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct advice *a = ctx;

	if (d->code != DIAG_STEP_FAILED || !a->step || !a->to->on_diag)
		return;
	tell(a, explains);
	a->failed = true;
}

static bool
is_about_answers(enum diag_code code)
{
	return code == DIAG_STATUS_AS_ANSWER;
}

/* That its status may be an answer is no help where something else failed. */
static void
on_step_end(void *ctx, const struct plan_item *item UNUSED,
	    const struct step_end *end)
{
	struct advice *a = ctx;

	if (a->failed && !end->upstream)
		tell(a, is_about_answers);
	a->failed = false;
}

struct advice *
advice_new(struct cli *cli, const struct observer *to)
{
	struct advice *a = xcalloc(1, sizeof(*a));

	a->cli = cli;
	a->to = to;
	a->observer = (struct observer){ .on_run_start = on_run_start,
					 .on_step_start = on_step_start,
					 .on_diag = on_diag,
					 .on_step_end = on_step_end,
					 .ctx = a };
	return a;
}

struct advice *
advice_free(struct advice *a)
{
	if (a) {
		if (a->has_linted)
			linted_release(&a->linted);
		free(a);
	}
	return NULL;
}

const struct observer *
advice_observer(const struct advice *a)
{
	return &a->observer;
}
