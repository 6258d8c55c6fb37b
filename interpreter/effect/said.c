/* How a finding calls what a command does and what it does it to, so that a
 * person can read and type it. */
#include "effect/walk.h"

enum {
	OBJECT_BYTES = 120
};

struct text
said_program(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return text_sub(path, at, path.len);
}

struct text
said_verb(struct arena *arena, const struct args *a, uint32_t n_verb)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;

	buf_addt(&b, said_program(a->v[0].text));
	for (uint32_t i = 0; i < n_verb && i < a->n_operands; i++) {
		if (b.len)
			buf_addc(&b, ' ');
		buf_addt(&b, args_operand(a, i));
	}
	for (size_t i = 0; a->program->nocase && i < b.len; i++)
		if (b.bytes[i] >= 'a' && b.bytes[i] <= 'z')
			b.bytes[i] = (char)(b.bytes[i] - 'a' + 'A');
	return arena_text(arena, buf_text(&b));
}

/* PARTS without their quotes, expansions as they are written. */
static void
add_parts(struct buf *b, const struct script *s, struct part *const *parts,
	  uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct part *p = parts[i];

		switch (p->kind) {
		case PART_DOUBLE:
		case PART_LOCALE:
			add_parts(b, s, p->parts, p->n_parts);
			break;
		case PART_SINGLE:
		case PART_ESCAPE:
			buf_addt(b, script_text(s, p->inner, p->inner_end));
			break;
		default:
			buf_addt(b, script_text(s, p->start, p->end));
			break;
		}
	}
}

static void
add_operand(struct buf *b, const struct arg *arg)
{
	if (!arg->opaque || !arg->source)
		buf_addt(b, arg->text);
	else if (arg->word)
		add_parts(b, arg->script, arg->word->parts, arg->word->n_parts);
	else
		buf_addt(b, text_sub(arg->source->text, arg->start, arg->end));
}

/* The first operand that a command is about: of sed the first may be its
 * script. */
static uint32_t
objects_begin(const struct args *a, uint32_t n_verb)
{
	return strcmp(a->program->name, "sed") == 0 && n_verb == 0 &&
			       !args_option(a, "-e -f")
		       ? 1
		       : n_verb;
}

/* Behind the operands that a command is about. */
static uint32_t
objects_end(const struct args *a, uint32_t n_verb)
{
	uint32_t end = a->n_operands;

	if (a->n_objects && n_verb < end && end - n_verb > a->n_objects)
		end = n_verb + a->n_objects;
	return end;
}

bool
said_is_open(const struct args *a, uint32_t n_verb)
{
	for (uint32_t i = n_verb; i < objects_end(a, n_verb); i++) {
		if (a->v[a->operands[i]].opaque)
			return true;
	}
	return false;
}

/* Counted from the root, from a home, or no path at all; of "of=/dev/sdb" the
 * value counts. */
static bool
is_absolute(struct text t)
{
	size_t equals = text_chr(t, '=', 0);

	if (equals < t.len && text_chr(t, '/', 0) > equals)
		t = text_sub(t, equals + 1, t.len);
	return text_starts(t, "/") || text_starts(t, "~") ||
	       text_find(t, TEXT("://"), 0) < t.len;
}

bool
said_is_relative(const struct args *a, uint32_t n_verb)
{
	uint32_t begin = objects_begin(a, n_verb), end = objects_end(a, n_verb);

	for (uint32_t i = begin; i < end; i++) {
		if (!is_absolute(a->v[a->operands[i]].text))
			return true;
	}
	return end <= begin;
}

struct text
said_words(struct arena *arena, const struct arg *v, uint32_t n)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;

	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_addc(&b, ' ');
		add_operand(&b, &v[i]);
	}
	return arena_text(arena, buf_text(&b));
}

struct text
said_object(struct arena *arena, const struct args *a, uint32_t n_verb)
{
	struct buf CLEANUP(buf_release) b = BUF_INIT;
	uint32_t end = objects_end(a, n_verb);

	for (uint32_t i = objects_begin(a, n_verb); i < end; i++) {
		if (b.len > OBJECT_BYTES) {
			buf_adds(&b, " …");
			break;
		}
		if (b.len)
			buf_addc(&b, ' ');
		add_operand(&b, &a->v[a->operands[i]]);
	}
	return arena_text(arena, buf_text(&b));
}
