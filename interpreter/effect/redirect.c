/* Where output goes, by the rows of ":redirect". */
#include "effect/walk.h"

/* What R does, in the words of the table. */
static const char *
deed_of(const struct redirect *r)
{
	switch (r->op) {
	case REDIRECT_IN:
		return "read";
	case REDIRECT_OUT:
	case REDIRECT_BOTH:
		return "write";
	case REDIRECT_CLOBBER:
		return "clobber";
	case REDIRECT_APPEND:
	case REDIRECT_BOTH_APPEND:
		return "append";
	case REDIRECT_INOUT:
		return "open";
	case REDIRECT_DUP_OUT: /* ">&2", or ">& file" */
		return r->fd == -1 ? "write" : NULL;
	default:
		return NULL;
	}
}

static bool
is_descriptor(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if (!byte_is_digit(t.at[i]) && t.at[i] != '-')
			return false;
	return t.len > 0;
}

/* The operator and its target as the words of a command. */
static void
walk_redirect(struct walk *w, const struct place *place,
	      const struct redirect *r, enum printed printed)
{
	const char *deed = deed_of(r);
	uint32_t operands[] = { 1, 2 };
	struct option_use empties = { .name = printed == PRINTED_LINE
						      ? TEXT("line")
						      : TEXT("empty") };
	struct arg v[3];
	uint32_t n;
	struct arg *target;
	struct args args = { .program = table_need(":redirect"),
			     .v = v,
			     .n = 3,
			     .operands = operands,
			     .n_operands = 2,
			     .n_before_dashes = 2,
			     .look = look_from(w, place),
			     .options = &empties,
			     .n_options = printed && r->fd <= 1 ? 1 : 0 };
	struct finding least = { .level = EFFECT_READS };

	if (!deed || !r->target)
		return;
	target = walk_expand(w, place, &r->target, 1, &n);
	if (n == 0 || (r->op == REDIRECT_DUP_OUT &&
		       (is_descriptor(target[0].text) || target[0].opaque)))
		return;
	for (uint32_t i = 0; i < 3; i++)
		v[i] = target[0];
	v[1].text = text_of(deed);
	v[1].exact = true;
	v[1].opaque = false;
	least.verb = text_trim(text_sub(place->script->source.text, r->start,
					r->target->start));
	least.object = said_object(w->arena, &args, 1);
	least.open = said_is_open(&args, 1);
	least.relative = said_is_relative(&args, 1);
	walk_words(w, place, &args,
		   (struct spot){ &place->script->source, r->start, r->end },
		   &least);
}

void
walk_redirects(struct walk *w, const struct place *place,
	       struct redirect *const *redirects, uint32_t n,
	       enum printed printed)
{
	for (uint32_t i = 0; i < n; i++)
		walk_redirect(w, place, redirects[i], printed);
}
