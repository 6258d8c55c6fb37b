/* Steps that were handed over in an earlier part of a run, and of which no
 * status ever came: what is known of them, and what is to become of them. */
#include "base/alloc.h"
#include "run/log.h"
#include "run/lost.h"
#include "run/shell_keep.h"

/* ---- what is known ------------------------------------------------------- */

static void
add_values(const struct run *run, const struct step *s, struct buf *b)
{
	for (uint32_t i = 0; i < s->n_uses; i++) {
		const struct param *p = s->uses[i].param;
		struct text value = values_lookup(run->plan->values, p);

		if (!p->secret && value.at)
			buf_addf(b, "%s%.*s = %.*s",
				 b->len ? ", " : "values: ", TEXT_ARG(p->name),
				 TEXT_ARG(value));
	}
	if (b->len)
		buf_addc(b, '\n');
}

/* A line for each fact, for who has to decide. WHY: what its host says. */
static void
add_facts(const struct run *run, const struct plan_item *item,
	  const struct step_progress *known, const char *why, struct buf *b)
{
	const struct progress_host *h =
		progress_host(run->config->resumed, item->resolved->host);
	CLEANUP(buf_release) struct buf values = BUF_INIT;

	buf_addf(b, "handed over at %.*s, attempt %u", TEXT_ARG(known->started),
		 (unsigned)known->attempts);
	if (h)
		buf_addf(b, ", to %.*s (%.*s)", TEXT_ARG(h->identity),
			 TEXT_ARG(h->key));
	buf_addf(b, "\ncommand: sha256 %.*s\n",
		 TEXT_ARG(text_sub(known->cmd, 0, 16)));
	add_values(run, item->step, &values);
	buf_addt(b, buf_text(&values));
	if (why[0])
		buf_addf(b, "its host: %s\n", why);
}

/* ---- what its host says -------------------------------------------------- */

/* Ask the host of ITEM. False when there is nothing to be asked. */
static bool
ask_host(struct run *run, struct plan_item *item,
	 const struct step_progress *known, struct lost_answer *ret)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *id = NULL;
	struct target *target;
	int64_t now = clock_wall_ms(loop_clock(run->config->loop));

	if (known->once.len == 0 || item->resolved->dispatch != DISPATCH_REMOTE)
		return false;
	target = run_target(run, item, &error);
	if (!target)
		return false;
	id = xmemdup0(known->once.at, known->once.len);
	lost_ask(run, target, id, now - known->at_ms, ret);
	return true;
}

static void
tell_settled(struct run *run, const struct plan_item *item, const char *why)
{
	tell_diag(run, DIAG_STEP_SETTLED, item->step->where, NULL,
		  "what became of step '%s' is known now: %s", item->step->id,
		  why);
}

static enum verdict
resolve(struct run *run, struct plan_item *item, const char *decision,
	enum verdict verdict)
{
	return log_resolve(run, item, decision) == 0 ? verdict : VERDICT_STOP;
}

/* ---- what becomes of it -------------------------------------------------- */

static enum verdict
ask_operator(struct run *run, struct plan_item *item, const char *facts)
{
	const struct asker *a = run->config->asker;

	tell_step_show(run, item);
	switch (a->unknown(a->ctx, run->plan, item, facts)) {
	case SETTLED_SUCCEEDED:
		run->take_end = shell_keep_matters(run, item);
		return resolve(run, item, "succeeded", VERDICT_SKIP);
	case SETTLED_AGAIN:
		return resolve(run, item, "again", VERDICT_RUN);
	case SETTLED_FAILED:
		return resolve(run, item, "failed", VERDICT_STOP);
	case SETTLED_QUIT:
		break;
	}
	return VERDICT_STOP;
}

/* Of a step that may have happened. */
static const char *
what_is_known(const struct step_progress *known, enum lost_kind kind)
{
	if (kind == LOST_ENDED)
		return "what it had done by its end is not known";
	if (text_is(known->status, run_status_name(RUN_STATUS_INTERRUPTED)))
		return "it was interrupted: it may have run in part, or "
		       "completely";
	if (text_is(known->status, run_status_name(RUN_STATUS_TIMEOUT)))
		return "it reached its time limit: it may have run in part, or "
		       "completely";
	return "no status ever came: it may have run completely, in part or "
	       "not at all";
}

/* The host behind the outermost ssh around F, or an empty text. */
static struct text
host_of(const struct finding *f)
{
	struct text host = { NULL, 0 };

	for (const struct hop *h = f->hop; h; h = h->outer) {
		if (strcmp(h->name, "ssh") == 0)
			host = h->target;
	}
	return host;
}

/* Where ITEM has changed something: where it runs, or, of a pipeline that leads
 * to a host, there. */
static void
add_places(struct buf *b, const struct plan_item *item)
{
	const struct resolved *r = item->resolved;
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct text last = { NULL, 0 };
	bool here = false;

	if (r->host.len) {
		buf_adds(b, resolved_host_name(r, &scratch));
		return;
	}
	for (uint32_t i = 0; r->effect && i < r->effect->n_findings; i++) {
		const struct finding *f = &r->effect->findings[i];
		struct text host = host_of(f);

		if (f->level <= EFFECT_READS)
			continue;
		here |= host.len == 0;
		if (host.len == 0 || text_eq(host, last))
			continue;
		last = host;
		buf_adds(b, b->len ? ", " : "");
		buf_addt(b, host);
	}
	if (b->len == 0 || here)
		buf_addf(b, "%sthis machine", b->len ? " and " : "");
}

/* Nobody but an operator can say. */
static enum verdict
unsettled(struct run *run, struct plan_item *item,
	  const struct step_progress *known, enum lost_kind kind,
	  const char *why)
{
	CLEANUP(buf_release) struct buf facts = BUF_INIT;
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	CLEANUP(buf_release) struct buf places = BUF_INIT;
	const struct asker *a = run->config->asker;

	add_places(&places, item);
	buf_addf(&help,
		 "look on %s at what it did, then resume at a terminal and say "
		 "what is the case",
		 buf_cstr(&places));
	tell_diag(run, DIAG_STEP_UNSETTLED, item->step->where,
		  a ? NULL : buf_cstr(&help),
		  "step '%s' was handed over at %.*s, and %s%s%s",
		  item->step->id, TEXT_ARG(known->started),
		  what_is_known(known, kind), why[0] ? "; " : "", why);
	if (!a)
		return VERDICT_STOP;
	add_facts(run, item, known, why, &facts);
	return ask_operator(run, item, buf_cstr(&facts));
}

/* Its host remembers STATUS. One that is not well may be of the loss itself
 * (SIGPIPE), and what was done by then is not known; one that is well is not
 * enough where the output counts, which is gone. */
static enum verdict
ended(struct run *run, struct plan_item *item,
      const struct step_progress *known, int status, const char *why)
{
	if (!step_accepts(item->step, status) || lost_needs_output(item))
		return unsettled(run, item, known, LOST_ENDED, why);
	tell_settled(run, item, why);
	return resolve(run, item, "succeeded", VERDICT_SKIP);
}

static enum verdict
still_runs(struct run *run, struct plan_item *item, const char *why)
{
	tell_diag(run, DIAG_STEP_UNSETTLED, item->step->where,
		  "wait until it has ended, then resume",
		  "step '%s' was handed over, and %s", item->step->id, why);
	return VERDICT_STOP;
}

enum verdict
settle_unknown(struct run *run, struct plan_item *item)
{
	const struct progress *p = run->config->resumed;
	const struct step_progress *known =
		p ? progress_step(p, item->step->id) : NULL;
	struct lost_answer answer = { .why = BUF_INIT };
	enum verdict verdict = VERDICT_STOP;

	if (!known || known->state != STATE_UNKNOWN ||
	    known->level == EFFECT_READS)
		return VERDICT_RUN;
	ask_host(run, item, known, &answer);
	switch (answer.kind) {
	case LOST_ENDED:
		verdict = ended(run, item, known, answer.status,
				buf_cstr(&answer.why));
		break;
	case LOST_NEVER:
		tell_settled(run, item, buf_cstr(&answer.why));
		verdict = resolve(run, item, "again", VERDICT_RUN);
		break;
	case LOST_RUNS:
		verdict = still_runs(run, item, buf_cstr(&answer.why));
		break;
	case LOST_UNKNOWN:
		verdict = unsettled(run, item, known, answer.kind,
				    buf_cstr(&answer.why));
		break;
	}
	buf_release(&answer.why);
	return verdict;
}
