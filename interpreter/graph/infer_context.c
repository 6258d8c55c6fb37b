/* Lines that belong to a shell which the line above them opens: a bare ssh, a
 * docker exec -it … sh, sudo su, psql. As written, bash would run them on this
 * machine after that shell has ended; they must never run here. A context
 * lasts until a comment says that something else begins. */
#include "graph/infer.h"

struct opener {
	bool found;
	bool is_ssh; /* a bare ssh with a host, nothing around it */
	struct text host;
	const char *program; /* what opens the shell, for the message */
};

static void
take_opener(struct builder *b, const struct finding *f, struct opener *ret)
{
	const struct hop *hop = f->hop;

	ret->found = true;
	ret->program = hop           ? arena_strdup(b->arena, hop->name)
		       : f->verb.len ? arena_printf(b->arena, "%.*s",
						    TEXT_ARG(f->verb))
				     : "the command";
	ret->is_ssh = hop && !hop->outer && strcmp(hop->name, "ssh") == 0;
	ret->host = hop ? arena_text(b->arena, hop->target)
			: (struct text){ NULL, 0 };
}

/* It is judged once more when it is known what the shell holds then; of this
 * time nothing else is to stay. */
static void
find_opener(struct builder *b, const struct step *s, struct opener *ret)
{
	CLEANUP(arena_release) struct arena scratch = ARENA_INIT;
	struct effect_state state = b->state;
	struct effect *e;
	const struct statement *st = s->script->body->items[s->first];

	*ret = (struct opener){ .found = false };
	if (s->kind != STEP_COMMAND || s->first != s->last || st->background)
		return;
	state.scope = scope_copy(&scratch, b->state.scope);
	e = effect_judge(&scratch, s->script, st, &state);
	for (uint32_t i = 0; i < e->n_findings; i++) {
		const struct finding *f = &e->findings[i];

		if (f->level == EFFECT_UNKNOWN &&
		    (f->tags & EFFECT_TAG_INTERACTIVE))
			take_opener(b, f, ret);
	}
}

/* RIGHT stands below LEFT with no comment of its own between. A blank line
 * alone ends nothing. */
static bool
same_group(const struct step *left, const struct step *right)
{
	return left->kind == STEP_COMMAND && left->script == right->script &&
	       (left->comment_group == right->comment_group ||
		!right->title_where.src);
}

/* The steps from I + 1 on that are lines of the shell that step I opens; at
 * least one when I + 1 is of the same group. */
static uint32_t
count_lines(const struct procedure *p, uint32_t i)
{
	uint32_t n = 0;

	while (i + n + 1 < p->n_steps &&
	       same_group(p->steps[i], p->steps[i + n + 1])) {
		n++;
		if (leaves_shell(p->steps[i + n]))
			break;
	}
	return n;
}

static void
drop_steps(struct procedure *p, uint32_t at, uint32_t n)
{
	memmove(&p->steps[at], &p->steps[at + n],
		(p->n_steps - at - n) * sizeof(struct step *));
	p->n_steps -= n;
	for (uint32_t i = at; i < p->n_steps; i++)
		p->steps[i]->ordinal = i + 1;
}

/* What opens a shell of its own among the N lines below step I, when more
 * lines follow it; NULL: nothing. */
static const char *
inner_opener(struct builder *b, uint32_t i, uint32_t n)
{
	for (uint32_t k = i + 1; k < i + n; k++) {
		struct opener opener;

		find_opener(b, b->p->steps[k], &opener);
		if (opener.found)
			return opener.program;
	}
	return NULL;
}

static void
merge(struct builder *b, uint32_t i, uint32_t n, const struct opener *opener)
{
	struct procedure *p = b->p;
	struct step *s = p->steps[i], *last = p->steps[i + n];
	struct list *body = s->script->body;
	const char *inner = inner_opener(b, i, n);
	uint32_t end = body->items[last->last]->end;

	s->context = excerpt_sub(b->arena, s->script->source,
				 body->items[s->last + 1]->start, end);
	s->text = excerpt_sub(b->arena, s->script->source,
			      body->items[s->first]->start, end);
	s->where = map_span(s->text.map, 0, (uint32_t)s->text.text.len);
	s->last = last->last;
	reason_add(b->arena, &s->reasons, INFER_CONTEXT_SHELL, "context",
		   last->where,
		   "the %s below it belong%s to the shell that %s opens",
		   n == 1 ? "line" : "lines", n == 1 ? "s" : "",
		   opener->program);
	s->context_line = s->line;
	s->context_program = opener->program;
	if (opener->is_ssh && opener->host.len) {
		s->host = arena_text(b->arena, opener->host);
		reason_add(b->arena, &s->reasons, INFER_HOST_CONTEXT, "host",
			   s->where, "ssh %.*s", TEXT_ARG(s->host));
	}
	if (inner) {
		s->dispatch = DISPATCH_NONE;
		s->refusal = arena_printf(b->arena,
					  "one of the lines below it opens "
					  "another shell (%s), and the rest "
					  "belongs there",
					  inner);
	} else if (opener->is_ssh && opener->host.len) {
		s->dispatch = DISPATCH_REMOTE;
	} else {
		s->dispatch = DISPATCH_NONE;
		s->refusal = arena_printf(
			b->arena,
			"the lines below it belong to the shell that %s opens, "
			"which cannot be fed from a document",
			opener->program);
	}
	drop_steps(p, i + 1, n);
}

void
infer_context(struct builder *b)
{
	struct procedure *p = b->p;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct opener opener, next;

		if (p->steps[i]->kind != STEP_COMMAND || i + 1 == p->n_steps ||
		    !same_group(p->steps[i], p->steps[i + 1]))
			continue;
		find_opener(b, p->steps[i], &opener);
		if (!opener.found)
			continue;
		/* Another login right below: two logins, no context. */
		find_opener(b, p->steps[i + 1], &next);
		if (!next.found || !next.is_ssh)
			merge(b, i, count_lines(p, i), &opener);
	}
}
