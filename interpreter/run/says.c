/* What the statuses of commands say. */
#include "effect/answer.h"
#include "effect/unwrap.h"
#include "run/run.h"

enum {
	WORDS = 8
};

struct last_command {
	struct text words[WORDS];
	uint32_t n;
};

static void
note_command(void *ctx, const struct command *c)
{
	struct last_command *last = ctx;

	last->n = 0;
	while (last->n < c->argc && last->n < ARRAY_LEN(last->words)) {
		last->words[last->n] = c->argv[last->n].text.text;
		last->n++;
	}
}

/* The status of ITEM is that of its last command; none without a script. */
static void
find_last(const struct run *run, const struct plan_item *item,
	  struct last_command *last)
{
	const struct resolved *r = item->resolved;
	struct unwrap_visitor visitor = { .on_command = note_command,
					  .ctx = last };
	struct effect_state state = { .rules = run->plan->rules };

	last->n = 0;
	if (r->script)
		effect_unwrap(run->plan->arena, r->script,
			      r->script->body->items[r->last], &state,
			      &visitor);
}

bool
says_nothing(const struct run *run, const struct plan_item *item, int status)
{
	struct last_command last;

	find_last(run, item, &last);
	return effect_answer(last.words, last.n, 0) &&
	       !effect_answer(last.words, last.n, status);
}

const char *
says_status(const struct run *run, const struct plan_item *item, int status)
{
	const struct resolved *r = item->resolved;
	const char *answer = NULL;
	struct last_command last;

	if (status <= 0 || !r->script)
		return NULL;
	find_last(run, item, &last);
	if (r->level == EFFECT_READS)
		answer = effect_answer(last.words, last.n, status);
	return answer ? answer : effect_fault(last.words, last.n, status);
}

/* The pipeline of N commands that NODE ends with, or NULL. */
static const struct node *
find_pipeline(const struct node *node, unsigned n)
{
	if (node->kind == NODE_PIPELINE && node->n_items == n)
		return node;
	for (uint32_t i = node->n_items; node->kind == NODE_ANDOR && i > 0;
	     i--) {
		const struct node *found = find_pipeline(node->items[i - 1], n);

		if (found)
			return found;
	}
	return NULL;
}

static uint32_t
words_of(const struct script *s, const struct node *n, struct text *ret)
{
	uint32_t count = 0;

	while (n->kind == NODE_SIMPLE && count < n->n_words && count < WORDS) {
		const struct word *w = n->words[count];

		ret[count++] = script_text(s, w->start, w->end);
	}
	return count;
}

void
says_upstream(const struct attempt *a, struct buf *b)
{
	const struct resolved *r = a->item->resolved;
	const struct pipe_status *pipe = &a->outcome.pipe;
	const struct node *n =
		r->script ? find_pipeline(r->script->body->items[r->last]->node,
					  pipe->n)
			  : NULL;
	struct text words[WORDS] = { { NULL, 0 } };
	uint32_t n_words =
		n ? words_of(r->script, n->items[pipe->failed - 1], words) : 0;
	const char *fault = effect_fault(words, n_words, pipe->code);

	buf_adds(b, ": ");
	if (n_words)
		buf_addf(b, "%.*s, ", TEXT_ARG(words[0]));
	buf_addf(b, "command %u of %u in its pipeline%s ended with %d",
		 pipe->failed, pipe->n, n_words ? "," : "", pipe->code);
	if (fault)
		buf_addf(b, ": %s", fault);
}
