/* Where a step runs. */
#include "graph/infer.h"

/* The single simple command that S is, or NULL. */
static const struct node *
single_command(const struct step *s)
{
	const struct statement *st;

	if (s->first != s->last)
		return NULL;
	st = s->script->body->items[s->first];
	return st->node->kind == NODE_SIMPLE ? st->node : NULL;
}

/* Nothing but the call itself: then its text can be handed to the host as it
 * is, without a local bash in between. */
static bool
is_bare_call(const struct step *s, const struct node *node)
{
	return node->n_redirects == 0 && node->n_assignments == 0 &&
	       !s->script->body->items[s->first]->background;
}

static void
set_local(struct builder *b, struct step *s)
{
	s->dispatch = DISPATCH_LOCAL;
	reason_add(b->arena, &s->reasons, INFER_HOST_LOCAL, "host", s->where,
		   "no call of ssh around it");
}

static void
set_remote(struct builder *b, struct step *s, const struct node *node,
	   struct ssh_call *call)
{
	s->host = arena_text(b->arena, call->host);
	s->tty |= call->tty;
	if (call->has_command &&
	    !memchr(call->command.text.at, 0, call->command.text.len))
		s->inner = call->command.text;
	reason_add(b->arena, &s->reasons, INFER_HOST_SSH, "host",
		   script_span(s->script, node->start, node->end), "ssh %.*s",
		   TEXT_ARG(s->host));
	if (is_bare_call(s, node) && call->plain && call->exact &&
	    call->has_command && call->user.len == 0 && call->port.len == 0) {
		s->ssh = call;
		s->dispatch = DISPATCH_REMOTE;
	} else {
		s->dispatch = DISPATCH_LOCAL;
	}
}

void
infer_host(struct builder *b, struct step *s)
{
	const struct node *node = single_command(s);
	struct ssh_call *call;
	struct value *argv;
	uint32_t argc;

	if (!node || node->n_words == 0) {
		set_local(b, s);
		return;
	}
	argv = words_expand(b->arena, s->script, node->words, node->n_words,
			    b->state.scope, &argc);
	call = ARENA_NEW(b->arena, struct ssh_call);
	if (sshcall_parse(b->arena, s->script, argv, argc, call) &&
	    call->host.len)
		set_remote(b, s, node, call);
	else
		set_local(b, s);
}

/* A file belongs to the only host of its procedure. */
void
infer_file_hosts(struct builder *b)
{
	struct procedure *p = b->p;
	const struct step *only = NULL;
	bool several = false;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct step *s = p->steps[i];

		if (s->kind != STEP_COMMAND)
			continue;
		if (only && !text_eq(only->host, s->host))
			several = true;
		only = s;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];

		if (s->kind != STEP_FILE ||
		    annotation_get(s->annotation, KEY_HOST))
			continue;
		if (several) {
			s->refusal = "the procedure has several hosts, and "
				     "nothing says where this file belongs";
		} else if (only) {
			s->host = only->host;
			reason_add(b->arena, &s->reasons, INFER_HOST_ONLY,
				   "host", only->where,
				   "every command of the procedure runs there");
		}
	}
}
