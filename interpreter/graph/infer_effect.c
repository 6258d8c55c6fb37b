/* What a step does to the world, and how it must be run. Both come from the
 * effect layer, which sees through ssh, docker exec and the rest. */
#include "graph/infer.h"
#include "graph/resolve.h"

/* A script with "#!" runs on its own and leaves nothing behind; nor do the
 * lines for another shell. */
void
judge_step(struct builder *b, struct step *s,
	   const struct unwrap_visitor *visitor)
{
	struct effect_state own;
	bool apart = s->whole || s->context.text.len;

	b->state.elsewhere = step_is_elsewhere(s);
	own = b->state;
	if (apart)
		own.scope = scope_copy(b->arena, b->state.scope);
	s->effect = effect_judge_visited(b->arena, s->script, s->first, s->last,
					 !s->whole, apart ? &own : &b->state,
					 visitor);
}

bool
context_only_reads(const struct step *s, const struct effect *lines)
{
	return s->dispatch == DISPATCH_REMOTE && lines->level == EFFECT_READS &&
	       lines->io == EFFECT_IO_BATCH;
}

/* The lines for the shell that S opens, without what opens it: where all of
 * them read, it does no harm should they be meant for another shell. */
static void
judge_context(struct builder *b, struct step *s)
{
	struct effect_state state = { .rules = b->state.rules,
				      .scope = scope_new(b->arena),
				      .elsewhere = true };
	struct effect *lines = effect_judge_range(
		b->arena, s->script, s->first + 1, s->last, false, &state);

	if (context_only_reads(s, lines))
		s->effect = lines;
}

static const struct finding *
io_finding(const struct effect *e)
{
	for (uint32_t i = 0; i < e->n_findings; i++) {
		if (e->findings[i].io == e->io)
			return &e->findings[i];
	}
	return NULL;
}

static bool
any_hop_wants_tty(const struct effect *e)
{
	for (uint32_t i = 0; i < e->n_findings; i++) {
		for (const struct hop *h = e->findings[i].hop; h;
		     h = h->outer) {
			if (h->tty)
				return true;
		}
	}
	return false;
}

bool
step_is_elsewhere(const struct step *s)
{
	return s->context.text.len || annotation_get(s->annotation, KEY_HOST) ||
	       annotation_get(s->annotation, KEY_CWD);
}

void
infer_effect(struct builder *b, struct step *s)
{
	const struct effect *e;
	const struct finding *f;

	if (!s->effect)
		judge_step(b, s, NULL);
	if (s->context.text.len)
		judge_context(b, s);
	e = s->effect;
	f = io_finding(e);
	s->level = e->level;
	s->io = e->io;
	s->tty |= any_hop_wants_tty(e);
	if (s->context.text.len) {
		/* Fed with lines, the shell is no longer interactive. That they
		 * are meant for it is not certain. */
		s->io = EFFECT_IO_BATCH;
		if (s->level < EFFECT_UNKNOWN && !context_only_reads(s, e))
			s->level = EFFECT_UNKNOWN;
	}
	if (e->worst)
		reason_add(b->arena, &s->reasons, INFER_EFFECT_RULE, "effect",
			   e->worst->where, "%s: %s", e->worst->rule,
			   e->worst->why);
	else
		reason_add(b->arena, &s->reasons, INFER_DEFAULT, "effect",
			   s->where, "no command in it does anything");
	if (s->io != EFFECT_IO_BATCH && f)
		reason_add(b->arena, &s->reasons, INFER_IO_COMMAND, "io",
			   f->where, "%s",
			   s->io == EFFECT_IO_FOLLOW ? "it never ends by itself"
						     : "it wants a terminal");
	else
		reason_add(b->arena, &s->reasons, INFER_DEFAULT, "io", s->where,
			   "%s",
			   s->context.text.len
				   ? "it is fed with the lines below it"
				   : "it ends by itself and asks nothing");
}
