/* Whether a patch changes only what it should. */
#include "edit/recheck.h"

#include "base/alloc.h"
#include "graph/runbook.h"
#include "lint/lint.h"

/* A document as it would be read from a file. */
struct read_again {
	struct document *doc;
	struct runbook *rb;
	struct diag_sink sink;
};

static void
read_bytes(struct read_again *r, const struct document *doc,
	   const struct effect_rules *rules, struct text bytes)
{
	struct lint_options options = { .no_suppression = true };
	struct lint_result result;

	*r = (struct read_again){ .sink = DIAG_SINK_INIT };
	r->doc = document_parse(doc->src->path, xmemdup0(bytes.at, bytes.len),
				bytes.len, &clock_system, &r->sink);
	r->rb = runbook_build(r->doc, rules, &r->sink);
	result = lint_runbook(r->rb, &options, &r->sink);
	lint_result_release(&result);
}

static void
read_release(struct read_again *r)
{
	r->doc = document_free(r->doc);
	diag_sink_release(&r->sink);
}

static uint32_t
count(const struct read_again *r, enum diag_code code)
{
	uint32_t n = 0;

	for (size_t i = 0; i < r->sink.n_items; i++)
		n += r->sink.items[i]->code == code;
	return n;
}

static bool
is_taken(const struct taken *taken, uint32_t n, const char *id, uint32_t want)
{
	for (uint32_t i = 0; i < n; i++) {
		if (taken[i].want == want && strcmp(taken[i].id, id) == 0)
			return true;
	}
	return false;
}

static bool
same_want(const struct want *a, const struct want *b)
{
	return a->kind == b->kind && a->stream == b->stream &&
	       a->inferred == b->inferred && a->within_ms == b->within_ms &&
	       text_eq(a->text, b->text);
}

static bool
same_conditions(const struct condition *a, const struct condition *b)
{
	for (; a && b; a = a->outer, b = b->outer) {
		if (!text_eq(a->words, b->words))
			return false;
	}
	return !a && !b;
}

static bool
same_branches(const struct branch *a, const struct branch *b)
{
	for (; a && b; a = a->choice->inside, b = b->choice->inside) {
		if (a->number != b->number ||
		    strcmp(a->choice->name, b->choice->name) != 0)
			return false;
	}
	return !a && !b;
}

static bool
same_step(const struct step *a, const struct step *b)
{
	return a->kind == b->kind && strcmp(a->id, b->id) == 0 &&
	       text_eq(a->text.text, b->text.text) &&
	       text_eq(a->title, b->title) && text_eq(a->host, b->host) &&
	       text_eq(a->path, b->path) && text_eq(a->name, b->name) &&
	       a->io == b->io && a->level == b->level &&
	       a->dispatch == b->dispatch && a->relation == b->relation &&
	       same_branches(a->branch, b->branch) &&
	       same_conditions(a->condition, b->condition) &&
	       a->n_uses == b->n_uses && a->n_captures == b->n_captures &&
	       a->n_exit_codes == b->n_exit_codes &&
	       a->timeout_ms == b->timeout_ms;
}

static bool
same_wants(const struct step *old, const struct step *new,
	   const struct taken *taken, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < old->n_wants && i < new->n_wants; i++) {
		if (!is_taken(taken, n, old->id, i) &&
		    !same_want(old->wants[i], new->wants[i]))
			return false;
	}
	if (new->n_wants == 1 && old->n_wants == 0)
		return is_taken(taken, n, old->id, 0);
	return i == old->n_wants && i == new->n_wants;
}

static const struct procedure *
differs(const struct read_again *old, const struct read_again *new,
	const struct taken *taken, uint32_t n, const struct step **ret_step)
{
	*ret_step = NULL;
	for (uint32_t i = 0; i < old->rb->n_procedures; i++) {
		const struct procedure *a = old->rb->procedures[i];
		const struct procedure *b = i < new->rb->n_procedures
						    ? new->rb->procedures[i]
						    : NULL;

		if (!b || !text_eq(a->path, b->path) || a->mode != b->mode ||
		    a->n_steps != b->n_steps || a->n_params != b->n_params)
			return a;
		for (uint32_t k = 0; k < a->n_steps; k++) {
			*ret_step = a->steps[k];
			if (!same_step(a->steps[k], b->steps[k]) ||
			    !same_wants(a->steps[k], b->steps[k], taken, n))
				return a;
		}
		*ret_step = NULL;
	}
	return NULL;
}

static struct step *
step_of(const struct runbook *rb, const char *id)
{
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		for (uint32_t k = 0; k < rb->procedures[i]->n_steps; k++) {
			if (strcmp(rb->procedures[i]->steps[k]->id, id) == 0)
				return rb->procedures[i]->steps[k];
		}
	}
	return NULL;
}

static bool
is_met(struct read_again *r, const struct taken *t)
{
	const struct step *s = step_of(r->rb, t->id);
	CLEANUP(want_result_release)
	struct want_result result = WANT_RESULT_INIT;

	if (!s || t->want >= s->n_wants ||
	    !want_compile(s->wants[t->want], &r->sink))
		return false;
	want_check(s->wants[t->want], &t->input, &clock_system, &result);
	want_close(s->wants[t->want]);
	return result.met;
}

/* Mark those of TAKEN that are not met; true when all are. */
static bool
check_taken(struct read_again *r, struct taken *taken, uint32_t n)
{
	bool all = true;

	for (uint32_t i = 0; i < n; i++) {
		taken[i].unmet = !is_met(r, &taken[i]);
		all &= !taken[i].unmet;
	}
	return all;
}

static enum recheck_verdict
compare(const struct read_again *old, struct read_again *new,
	struct taken *taken, uint32_t n, struct buf *reterr)
{
	const struct step *step;
	const struct procedure *p;

	if (!check_taken(new, taken, n))
		return RECHECK_UNMET;
	p = differs(old, new, taken, n, &step);
	if (p || new->rb->n_procedures != old->rb->n_procedures) {
		buf_adds(reterr, "with these outputs the document would be "
				 "another one");
		if (p)
			buf_addf(reterr, ": '%.*s' changes", TEXT_ARG(p->path));
		if (step)
			buf_addf(reterr, " at step %u", step->ordinal);
		return RECHECK_DIFFERS;
	}
	if (count(new, DIAG_SECRET_IN_TEXT) > count(old, DIAG_SECRET_IN_TEXT)) {
		buf_adds(reterr, "an output holds what looks like a live "
				 "credential");
		return RECHECK_DIFFERS;
	}
	return RECHECK_OK;
}

enum recheck_verdict
recheck(const struct document *doc, const struct effect_rules *rules,
	const struct patch *patch, struct taken *taken, uint32_t n,
	struct buf *reterr)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	struct read_again old, new;
	enum recheck_verdict verdict;

	patch_apply(patch, &bytes);
	read_bytes(&old, doc, rules, doc->src->bytes);
	read_bytes(&new, doc, rules, buf_text(&bytes));
	verdict = compare(&old, &new, taken, n, reterr);
	read_release(&old);
	read_release(&new);
	return verdict;
}
