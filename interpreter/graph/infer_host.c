/* Where a step runs. */
#include "graph/infer.h"
#include "graph/ssh_step.h"

static void
set_local(struct builder *b, struct step *s)
{
	s->dispatch = DISPATCH_LOCAL;
	reason_add(b->arena, &s->reasons, INFER_HOST_LOCAL, "host", s->where,
		   "no call of ssh around it");
}

static void
set_host(struct builder *b, struct step *s, const struct ssh_step *step)
{
	const struct node *node = step->node;
	const struct ssh_call *call = &step->call;

	s->host = step->host;
	s->host_open = step->open;
	s->tty |= call->tty;
	if (call->has_command &&
	    !memchr(call->command.text.at, 0, call->command.text.len))
		s->inner = call->command.text;
	s->dispatch = step->whole ? DISPATCH_REMOTE : DISPATCH_LOCAL;
	if (step->whole)
		s->ssh = call;
	reason_add(b->arena, &s->reasons, INFER_HOST_SSH, "host",
		   script_span(s->script, node->start, node->end),
		   step->open ? "ssh %.*s, which is not known yet" : "ssh %.*s",
		   TEXT_ARG(s->host));
}

void
infer_host(struct builder *b, struct step *s)
{
	struct ssh_step *step = ARENA_NEW(b->arena, struct ssh_step);

	if (sshstep_read(b->arena, s->script, s->first, s->last, b->state.scope,
			 step))
		set_host(b, s, step);
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
			s->host_open = only->host_open;
			s->host_of = only;
			reason_add(b->arena, &s->reasons, INFER_HOST_ONLY,
				   "host", only->where,
				   "every command of the procedure runs there");
		}
	}
}
