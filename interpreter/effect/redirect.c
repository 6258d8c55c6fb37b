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

/* TARGET, which LOOK sees, is written to, as DEED says, by what prints PRINTED:
 * judge that by the rows. What a finding says of it besides is LEAST. */
static void
judge_target(struct walk *w, const struct place *place,
	     const struct file_look *look, const char *deed,
	     const struct arg *target, enum printed printed, struct spot spot,
	     struct finding least)
{
	uint32_t operands[] = { 1, 2 };
	struct option_use empties = { .name = printed == PRINTED_LINE
						      ? TEXT("line")
						      : TEXT("empty") };
	struct arg v[3] = { *target, *target, *target };
	struct args args = { .program = table_need(":redirect"),
			     .v = v,
			     .n = 3,
			     .operands = operands,
			     .n_operands = 2,
			     .n_before_dashes = 2,
			     .look = *look,
			     .options = &empties,
			     .n_options = printed ? 1 : 0 };

	v[1].text = text_of(deed);
	v[1].exact = true;
	v[1].opaque = false;
	least.object = said_object(w->arena, &args, 1);
	least.open = said_is_open(&args, 1);
	least.relative = said_is_relative(&args, 1);
	walk_words(w, place, &args, spot, &least);
}

/* What is PRINTED into TARGET, at PLACE. An empty line into one file after the
 * other leaves nothing of any of them. */
static enum printed
printed_into(const struct place *place, const struct arg *target,
	     enum printed printed)
{
	struct text name = target->text;

	if (printed == PRINTED_LINE && place->turns && name.len &&
	    name.at[name.len - 1] == '\0')
		return PRINTED_NOTHING;
	return printed;
}

/* The operator and its target as the words of a command. */
static void
walk_redirect(struct walk *w, const struct place *place,
	      const struct redirect *r, enum printed printed)
{
	const char *deed = deed_of(r);
	struct finding least = { .level = EFFECT_READS };
	struct spot spot = { &place->script->source, r->start, r->end };
	struct file_look look = look_from(w, place);
	struct arg *target;
	uint32_t n;

	if (!deed || !r->target)
		return;
	target = walk_expand(w, place, &r->target, 1, &n);
	if (n == 0 || (r->op == REDIRECT_DUP_OUT &&
		       (is_descriptor(target[0].text) || target[0].opaque)))
		return;
	least.verb = text_trim(text_sub(place->script->source.text, r->start,
					r->target->start));
	judge_target(w, place, &look, deed, &target[0],
		     r->fd <= 1 ? printed_into(place, &target[0], printed)
				: PRINTED_SOMETHING,
		     spot, least);
}

void
walk_redirects(struct walk *w, const struct place *place,
	       struct redirect *const *redirects, uint32_t n,
	       enum printed printed)
{
	for (uint32_t i = 0; i < n; i++)
		walk_redirect(w, place, redirects[i], printed);
}

/* ---- files that are named otherwise -----------------------------------------
 */

/* A file that C writes to besides its standard output. */
struct output {
	const struct wrapped *c;
	struct text said;        /* what writes it: "curl -o" */
	enum effect_level level; /* from which on it is worth a finding */
};

/* Standard output, or a command that is fed (strace(1), psql(1)). */
static bool
is_no_file(struct text name)
{
	return text_is(name, "-") || text_starts(name, "|") ||
	       text_starts(name, "!");
}

/* FILE, which stands in word LAST, is written as ">" writes. */
static void
walk_output(struct walk *w, const struct output *o, const struct arg *file,
	    uint32_t last)
{
	const struct args *a = o->c->args;
	struct finding least = { .level = o->level, .verb = o->said };

	if (!is_no_file(file->text))
		judge_target(w, o->c->place, &a->look,
			     a->adds ? "append" : "write", file,
			     PRINTED_SOMETHING, spot_of_args(a->v, last),
			     least);
}

/* The value of USE, which is such a file. */
static void
walk_output_option(struct walk *w, const struct wrapped *c,
		   const struct option_use *use, enum effect_level level)
{
	struct text program = said_program(c->args->v[0].text);
	struct output o = { c, TEXT(""), level };
	struct arg file;

	if (!use->has_value)
		return;
	file = option_arg(w, c->args, use);
	o.said = text_of(arena_printf(w->arena, "%.*s %.*s", TEXT_ARG(program),
				      TEXT_ARG(use->name)));
	walk_output(w, &o, &file, use->value_arg);
}

void
walk_output_options(struct walk *w, const struct place *place,
		    const struct args *a, enum effect_level level)
{
	struct wrapped c = { .place = place, .args = a };

	for (uint32_t i = 0; i < a->n_options; i++)
		if (a->options[i].writes)
			walk_output_option(w, &c, &a->options[i], level);
}

/* The last part of a path, of HOST:PATH or of an address. */
static struct text
last_part(struct text path)
{
	size_t at;

	if (text_find(path, TEXT("://"), 0) < path.len)
		path = text_sub(path, 0, text_chr(path, '?', 0));
	at = path.len;
	while (at > 0 && path.at[at - 1] != '/' && path.at[at - 1] != ':')
		at--;
	return text_sub(path, at, path.len);
}

static bool
is_folder(struct text path)
{
	return text_ends(path, "/") || text_is(path, ".") ||
	       text_is(path, "..");
}

/* The operands of O's command from the verb up to END are written into FOLDER
 * under the names that they have. */
static void
walk_outputs_in(struct walk *w, const struct output *o, struct text folder,
		uint32_t end)
{
	const struct args *a = o->c->args;
	const char *slash = text_ends(folder, "/") ? "" : "/";

	for (uint32_t i = o->c->n_verb; i < end; i++) {
		struct arg file = a->v[a->operands[i]];
		struct text name = last_part(file.text);

		if (name.len == 0 || !file.exact)
			continue;
		file.text = text_of(arena_printf(w->arena, "%.*s%s%.*s",
						 TEXT_ARG(folder), slash,
						 TEXT_ARG(name)));
		walk_output(w, o, &file, a->operands[i]);
	}
}

void
walk_output_of_rule(struct walk *w, const struct wrapped *c,
		    enum effect_level level)
{
	const struct args *a = c->args;
	const char *onto = c->rule->onto;
	struct output o = { c, said_verb(w->arena, a, c->n_verb), level };
	const struct option_use *use;
	uint64_t number = a->n_operands - c->n_verb;
	const struct arg *target;
	uint32_t at;

	if (onto[0] == '-') {
		use = args_option(a, onto);
		if (use)
			walk_output_option(w, c, use, level);
		return;
	}
	if (strcmp(onto, "here") == 0) {
		walk_outputs_in(w, &o, TEXT("."), a->n_operands);
		return;
	}
	if (strcmp(onto, "last") != 0 &&
	    !text_to_uint(text_of(onto), UINT32_MAX / 2, &number))
		BUG("a rule writes onto '%s'", onto);
	at = c->n_verb + (uint32_t)number - 1;
	if (number == 0 || at >= a->n_operands)
		return;
	target = &a->v[a->operands[at]];
	if (is_folder(target->text))
		walk_outputs_in(w, &o, target->text, at);
	else
		walk_output(w, &o, target, a->operands[at]);
}
