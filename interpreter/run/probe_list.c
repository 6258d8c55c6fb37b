/* What a plan will need of its hosts, read out of its commands. */
#include <string.h>

#include "effect/unwrap.h"
#include "run/probe.h"
#include "shell/parse.h"
#include "shell/walk.h"

/* Where relative names of one shell text begin. */
struct folder {
	const struct script *script; /* the text */
	struct text at;              /* empty: where the shell began */
	bool lost;                   /* it has gone somewhere unknown */
};

/* What an earlier command may make: not missed before. */
struct made {
	struct text host, name;
};

struct list_maker {
	struct probe *probe;
	struct arena *arena;
	const struct plan_item *item;
	struct text base; /* the host of the outermost text */
	struct folder local, inner;
	struct made *made;
	uint32_t n_made;
	struct text *functions;
	uint32_t n_functions;
};

/* ---- the list
 * ------------------------------------------------------------------ */

static struct probe_host *
host_named(struct list_maker *m, struct text name)
{
	struct probe *p = m->probe;

	for (uint32_t i = 0; i < p->n_hosts; i++) {
		if (text_eq(p->hosts[i].name, name))
			return &p->hosts[i];
	}
	ARENA_PUSH(m->arena, p->hosts, p->n_hosts,
		   ((struct probe_host){ .name = name }));
	return &p->hosts[p->n_hosts - 1];
}

static void
need(struct list_maker *m, struct text host, enum probe_kind kind,
     struct text name)
{
	struct probe_host *h = host_named(m, host);

	for (uint32_t i = 0; i < h->n_items; i++) {
		if (h->items[i].kind == kind && text_eq(h->items[i].name, name))
			return;
	}
	ARENA_PUSH(m->arena, h->items, h->n_items,
		   ((struct probe_item){ .kind = kind,
					 .name = arena_text(m->arena, name),
					 .item = m->item,
					 .where = m->item->step->where }));
}

/* ---- what comes to be on the way
 * ----------------------------------------------- */

static bool
is_within(struct text inner, struct text outer)
{
	return inner.len >= outer.len &&
	       text_eq(text_sub(inner, 0, outer.len), outer) &&
	       (inner.len == outer.len || inner.at[outer.len] == '/');
}

/* NAME, what is in it, or what it is in may come of an earlier command. */
static bool
is_made(const struct list_maker *m, struct text host, struct text name)
{
	for (uint32_t i = 0; i < m->n_made; i++) {
		const struct made *made = &m->made[i];

		if (text_eq(made->host, host) && (is_within(name, made->name) ||
						  is_within(made->name, name)))
			return true;
	}
	return false;
}

static void
may_make(struct list_maker *m, struct text host, struct text name)
{
	if (name.len)
		ARENA_PUSH(m->arena, m->made, m->n_made,
			   ((struct made){ host, name }));
}

static bool
is_function(const struct list_maker *m, struct text name)
{
	for (uint32_t i = 0; i < m->n_functions; i++) {
		if (text_eq(m->functions[i], name))
			return true;
	}
	return false;
}

/* ---- places
 * -------------------------------------------------------------------- */

/* The host where what HOP stands around runs. False inside of a container, a
 * database and the like, which is somewhere else. */
static bool
host_of(const struct list_maker *m, const struct hop *hop, struct text *ret)
{
	*ret = m->base;
	for (bool known = false; hop; hop = hop->outer) {
		if (strcmp(hop->name, "ssh") != 0) {
			if (hop->target.len)
				return false;
			continue;
		}
		if (hop->target.len == 0)
			return false;
		if (!known)
			*ret = hop->target;
		known = true;
	}
	return true;
}

/* What is known of where SCRIPT is. Only the steps of this machine share a
 * shell from one to the next. */
static struct folder *
folder_of(struct list_maker *m, const struct script *script,
	  const struct hop *hop)
{
	if (!hop && m->base.len == 0)
		return &m->local;
	if (m->inner.script != script)
		m->inner = (struct folder){ .script = script };
	return &m->inner;
}

/* NAME as it is from where the shell began; empty when that is not known. */
static struct text
name_from(struct list_maker *m, const struct folder *f, struct text name)
{
	if (name.len == 0 || memchr(name.at, '\0', name.len))
		return (struct text){ NULL, 0 };
	if (name.at[0] == '/' || text_is(name, "~") || text_starts(name, "~/"))
		return name;
	if (name.at[0] == '~' || f->lost)
		return (struct text){ NULL, 0 };
	if (f->at.len == 0)
		return name;
	return text_of(arena_printf(m->arena, "%.*s/%.*s", TEXT_ARG(f->at),
				    TEXT_ARG(name)));
}

static struct text
parent_of(struct text name)
{
	while (name.len && name.at[name.len - 1] != '/')
		name.len--;
	return name.len > 1 ? text_sub(name, 0, name.len - 1)
			    : (struct text){ NULL, 0 };
}

/* NODE is run whatever else is, as cd is in "cd x && make". */
static bool
is_on_top(const struct script *s, const struct node *node)
{
	for (uint32_t i = 0; i < s->body->n_items; i++) {
		const struct node *top = s->body->items[i]->node;

		if (top == node)
			return true;
		for (uint32_t k = 0;
		     top->kind == NODE_ANDOR && k < top->n_items; k++) {
			if (top->items[k] == node)
				return true;
			if (k < top->n_items - 1 && top->ops[k] != ANDOR_AND)
				break;
		}
	}
	return false;
}

/* ---- commands
 * ------------------------------------------------------------------ */

static void
enter_folder(struct list_maker *m, const struct command *c, struct text host,
	     struct folder *f)
{
	struct text name = { NULL, 0 };

	if (c->argc == 2 && c->argv[1].state == VALUE_EXACT)
		name = name_from(m, f, c->argv[1].text.text);
	if (name.len && !text_is(name, "-") && !is_made(m, host, name))
		need(m, host, PROBE_FOLDER, name);
	f->lost |= name.len == 0 || text_is(name, "-") ||
		   !is_on_top(c->script, c->node);
	f->at = name;
}

/* What is certain of a name that may go on: up to its last slash. */
static struct text
known_folder(const struct value *value)
{
	struct text known = value->state == VALUE_UNKNOWN
				    ? (struct text){ NULL, 0 }
				    : value->bytes.text;

	return parent_of(known);
}

static void
look_at_redirect(struct list_maker *m, const struct command *c,
		 const struct redirect *r, struct text host, struct folder *f)
{
	struct value value = word_value(m->arena, c->script, r->target, NULL);
	struct text name = { NULL, 0 };

	if (value.state == VALUE_EXACT)
		name = name_from(m, f, value.text.text);
	if (r->op == REDIRECT_IN) {
		if (name.len && !text_starts(name, "/dev/") &&
		    !is_made(m, host, name))
			need(m, host, PROBE_FILE, name);
	} else {
		struct text folder = name_from(m, f, known_folder(&value));

		if (folder.len && !text_is(folder, "/dev") &&
		    !is_made(m, host, folder))
			need(m, host, PROBE_FOLDER, folder);
		may_make(m, host, name);
	}
}

static bool
names_a_file(const struct redirect *r)
{
	switch (r->op) {
	case REDIRECT_IN:
	case REDIRECT_OUT:
	case REDIRECT_APPEND:
	case REDIRECT_CLOBBER:
	case REDIRECT_BOTH:
	case REDIRECT_BOTH_APPEND:
		return true;
	case REDIRECT_INOUT:
	case REDIRECT_DUP_IN:
	case REDIRECT_DUP_OUT:
	case REDIRECT_HEREDOC:
	case REDIRECT_HEREDOC_TABS:
	case REDIRECT_HERESTRING:
		break;
	}
	return false;
}

static bool
is_path(struct text name)
{
	return text_chr(name, '/', 0) < name.len;
}

static void
on_command(void *ctx, const struct command *c)
{
	struct list_maker *m = ctx;
	struct text host, program;
	struct folder *f;

	if (c->argc == 0 || !host_of(m, c->hop, &host))
		return;
	f = folder_of(m, c->script, c->hop);
	for (uint32_t i = 0; i < c->node->n_redirects; i++) {
		if (names_a_file(c->node->redirects[i]))
			look_at_redirect(m, c, c->node->redirects[i], host, f);
	}
	program = c->argv[0].text.text;
	if (c->argv[0].state != VALUE_EXACT || program.len == 0)
		return;
	if (text_is(program, "cd")) {
		enter_folder(m, c, host, f);
		return;
	}
	if (is_path(program)) {
		program = name_from(m, f, program);
		if (program.len && !is_made(m, host, program))
			need(m, host, PROBE_PROGRAM, program);
	} else if (!text_is(program, "ssh") && !is_function(m, program)) {
		/* ours stands before ssh, and reaching the host asks for it */
		need(m, host, PROBE_PROGRAM, program);
	}
	for (uint32_t i = 1;
	     m->item->resolved->level > EFFECT_READS && i < c->argc; i++) {
		if (c->argv[i].state == VALUE_EXACT)
			may_make(m, host,
				 name_from(m, f, c->argv[i].text.text));
	}
}

static bool
on_node(void *ctx, const struct script *s UNUSED, const struct node *node)
{
	struct list_maker *m = ctx;

	if (node->kind == NODE_FUNCTION)
		ARENA_PUSH(m->arena, m->functions, m->n_functions, node->name);
	return true;
}

/* Functions count everywhere below: too few programs are better looked up than
 * one that nobody misses. */
static void
on_script(void *ctx, const struct script *s, const struct hop *hop UNUSED,
	  unsigned depth UNUSED)
{
	struct shell_visitor visitor = { .on_node = on_node, .ctx = ctx };

	shell_walk_list(s, s->body, &visitor);
}

/* ---- steps
 * --------------------------------------------------------------------- */

static void
look_at_text(struct list_maker *m, struct text text)
{
	struct unwrap_visitor visitor = { .on_script = on_script,
					  .on_command = on_command,
					  .ctx = m };
	struct effect_state state = { NULL, m->probe->plan->rules, true };
	struct script *s =
		shell_parse(m->arena, (struct excerpt){ text, NULL });

	for (uint32_t i = 0; i < s->body->n_items; i++)
		effect_unwrap(m->arena, s, s->body->items[i], &state, &visitor);
}

static void
look_at_step(struct list_maker *m, const struct plan_item *item)
{
	const struct step *s = item->step;
	const struct resolved *r = item->resolved;
	struct text folder;

	m->item = item;
	m->base = (struct text){ NULL, 0 };
	m->inner = (struct folder){ .script = NULL };
	if (s->kind == STEP_FILE) {
		folder = parent_of(s->path);
		if (folder.len && !is_made(m, r->host, folder))
			need(m, r->host, PROBE_FOLDER, folder);
		need(m, r->host, PROBE_CONTENT, s->path);
		may_make(m, r->host, s->path);
	}
	if (s->kind != STEP_COMMAND)
		return;
	if (s->context.text.len)
		m->base = r->host; /* of the lines; the login reaches it */
	else if (r->dispatch == DISPATCH_REMOTE && !s->ssh)
		m->base = r->host;
	if (r->dispatch == DISPATCH_REMOTE)
		host_named(m, r->host);
	look_at_text(m, s->context.text.len ? s->context.text
					    : item->resolved->shown);
}

struct probe *
probe_list(struct plan *plan)
{
	struct probe *p = ARENA_NEW(plan->arena, struct probe);
	struct list_maker m = { .probe = p, .arena = plan->arena };

	p->plan = plan;
	for (uint32_t i = 0; i < plan->n_items; i++) {
		if (!plan->items[i].dropped)
			look_at_step(&m, &plan->items[i]);
	}
	return p;
}

const char *
probe_kind_name(enum probe_kind kind)
{
	switch (kind) {
	case PROBE_PROGRAM:
		return "program";
	case PROBE_FOLDER:
		return "folder";
	case PROBE_FILE:
		return "file";
	case PROBE_CONTENT:
		return "content";
	}
	return "program";
}

const char *
probe_found_name(enum probe_found found)
{
	switch (found) {
	case PROBE_UNKNOWN:
		return "unknown";
	case PROBE_MISSING:
		return "missing";
	case PROBE_THERE:
		return "there";
	case PROBE_DIFFERENT:
		return "different";
	}
	return "unknown";
}
