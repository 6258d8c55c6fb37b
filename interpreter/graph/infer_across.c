/* Shells that a block opens and later blocks are meant for. Their lines must
 * not run on this machine, and no document can feed them to a shell that is
 * left open; so they are refused until the author says where they run. */
#include "graph/infer.h"

bool
opens_shell(const struct step *s)
{
	if (s->kind != STEP_COMMAND || !s->effect || s->context.text.len)
		return false;
	for (uint32_t i = 0; i < s->effect->n_findings; i++) {
		const struct finding *f = &s->effect->findings[i];

		if (f->level == EFFECT_UNKNOWN &&
		    (f->tags & EFFECT_TAG_INTERACTIVE))
			return true;
	}
	return false;
}

bool
leaves_shell(const struct step *s)
{
	struct text t = s->text.text;

	return s->kind == STEP_COMMAND &&
	       (text_is(t, "exit") || text_is(t, "logout"));
}

static bool
is_last_of_block(const struct procedure *p, uint32_t i)
{
	return i + 1 == p->n_steps ||
	       p->steps[i + 1]->block != p->steps[i]->block;
}

/* What opens the shell. */
static const char *
program_of(struct arena *arena, const struct step *opener)
{
	const struct effect *e = opener->effect;

	for (uint32_t i = 0; e && i < e->n_findings; i++) {
		const struct finding *f = &e->findings[i];

		if (f->level != EFFECT_UNKNOWN ||
		    !(f->tags & EFFECT_TAG_INTERACTIVE))
			continue;
		if (f->hop)
			return f->hop->name;
		if (f->verb.len)
			return arena_printf(arena, "%.*s", TEXT_ARG(f->verb));
	}
	return "the command";
}

static void
refuse(struct builder *b, struct step *s, const struct step *opener)
{
	if (s->refusal)
		return;
	s->context_line = opener->line;
	s->context_program = program_of(b->arena, opener);
	s->refusal = arena_printf(
		b->arena,
		"it may belong to the shell that line %u opens; say with "
		"'host' where it runs",
		opener->line);
	s->dispatch = DISPATCH_NONE;
	reason_add(b->arena, &s->reasons, INFER_CONTEXT_ACROSS, "context",
		   opener->where, "%.*s", TEXT_ARG(opener->title));
}

/* "This gets you a shell", "once inside the pod"; "Inside the container:" in
 * front of a paragraph, where in the middle it may be said of anything. */
static bool
speaks_of_inside(struct text t)
{
	static const char *const phrases[] = {
		"get you a shell",   "gives you a shell", "drop you into",
		"drops you into",    "once inside",       "once logged in",
		"you are logged in",
	};
	static const char *const heads[] = {
		"inside the",   "from inside the", "within the",
		"in the shell", "now inside",      "from within the",
	};

	t = text_trim(t);
	for (size_t i = 0; i < ARRAY_LEN(phrases); i++) {
		if (has_word(t, phrases[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		if (begins_with_word(t, heads[i]))
			return true;
	}
	return false;
}

/* The prose between step I and the one after it. */
static bool
prose_opens(const struct builder *b, uint32_t i)
{
	const struct procedure *p = b->p;
	uint32_t at = p->steps[i]->block->ordinal + 1;
	uint32_t end = i + 1 < p->n_steps ? p->steps[i + 1]->block->ordinal
					  : p->section->own_end;

	for (; at < end; at++) {
		const struct block *block = b->doc->blocks[at];

		if (block->kind == BLOCK_PARAGRAPH &&
		    speaks_of_inside(block->text))
			return true;
	}
	return false;
}

/* Nothing is known to have opened the shell that step I leaves: what did is
 * the nearest program above that nothing is known of. */
static void
refuse_backwards(struct builder *b, uint32_t i)
{
	struct procedure *p = b->p;
	uint32_t opener = i;

	while (opener > 0 && (p->steps[opener - 1]->level != EFFECT_UNKNOWN ||
			      p->steps[opener - 1]->kind != STEP_COMMAND))
		opener--;
	if (opener == 0)
		return;
	for (uint32_t k = opener; k < i; k++) {
		struct step *s = p->steps[k];

		if (s->kind == STEP_COMMAND && s->host.len == 0)
			refuse(b, s, p->steps[opener - 1]);
	}
}

static void
leave(struct builder *b, uint32_t i, const struct step *opener)
{
	struct procedure *p = b->p;
	struct step *s = p->steps[i];

	if (!opener && is_last_of_block(p, i) &&
	    (i == 0 || p->steps[i - 1]->block != s->block))
		refuse_backwards(b, i);
	if (s->refusal)
		return;
	s->refusal = "it leaves a shell that somebody has opened, and this "
		     "run has opened none";
	s->dispatch = DISPATCH_NONE;
}

void
infer_across(struct builder *b)
{
	struct procedure *p = b->p;
	const struct step *open = NULL;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];
		bool same = open && open->block == s->block;

		if (s->kind != STEP_COMMAND)
			continue;
		if (leaves_shell(s)) {
			leave(b, i, open);
			open = NULL;
			continue;
		}
		/* a call of ssh stands on this side again */
		if (open && s->host.len == 0 && (!same || s->prompted))
			refuse(b, s, open);
		else if (s->host.len)
			open = NULL;
		if (s->refusal || s->relation == RELATION_ALTERNATIVE)
			continue;
		if (opens_shell(s) ? is_last_of_block(p, i) || s->prompted
				   : prose_opens(b, i))
			open = s;
	}
}
