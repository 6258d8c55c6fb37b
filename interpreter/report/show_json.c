/* A runbook for machines: schema/graph.schema.json. Keys stand in the order of
 * the schema, arrays in the order of the document. */
#include "graph/expansion.h"
#include "report/explain.h"
#include "report/show.h"
#include "want/want.h"

struct jval *
show_json_runbook(const struct runbook *rb)
{
	struct jval *o = jval_object();

	jval_set(o, "id", jval_text(rb->id));
	jval_set(o, "title", jval_text(rb->title));
	jval_set(o, "path", jval_string(rb->doc->src->path));
	return o;
}

struct jval *
show_json_text(struct text t)
{
	return t.len ? jval_text(t) : jval_null();
}

static struct jval *
json_param(const struct param *p, const char *kind, struct span where)
{
	struct jval *o = jval_object();

	jval_set(o, "name", jval_text(p->name));
	jval_set(o, "text", jval_text(p->text));
	jval_set(o, "kind", jval_string(kind));
	jval_set(o, "secret", jval_bool(p->secret));
	jval_set(o, "type", jval_string(param_type_name(param_type(p))));
	jval_set(o, "default", show_json_text(param_default(p)));
	jval_set(o, "elsewhere", show_json_text(p->elsewhere));
	jval_set(o, "line", jval_int(span_line(where)));
	return o;
}

static struct jval *
json_params(const struct step *s)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < s->n_uses; i++)
		jval_push(list, json_param(s->uses[i].param, "placeholder",
					   s->uses[i].where));
	for (uint32_t i = 0; i < s->n_variables; i++)
		jval_push(list,
			  json_param(s->variables[i].param,
				     s->variables[i].argument ? "argument"
							      : "variable",
				     s->variables[i].where));
	return list;
}

/* What an example became; null for other kinds, whose text is it. */
static struct jval *
json_pattern(struct want *w)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (w->kind != WANT_EXAMPLE)
		return jval_null();
	want_describe(w, &b);
	return jval_text(buf_text(&b));
}

struct jval *
show_json_wants(const struct step *s)
{
	static const char *const streams[] = { "stdout", "stderr", "both" };
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < s->n_wants; i++) {
		const struct want *w = s->wants[i];
		struct jval *o = jval_object();

		jval_set(o, "kind", jval_string(want_kind_name(w->kind)));
		jval_set(o, "text", jval_text(w->text));
		jval_set(o, "stream", jval_string(streams[w->stream]));
		jval_set(o, "inferred", jval_bool(w->inferred));
		jval_set(o, "within_ms", jval_int(w->within_ms));
		jval_set(o, "pattern", json_pattern(s->wants[i]));
		jval_set(o, "line", jval_int(span_line(w->where)));
		jval_push(list, o);
	}
	return list;
}

static struct jval *
json_exit(const struct step *s)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < s->n_exit_codes; i++)
		jval_push(list, jval_int(s->exit_codes[i]));
	return list;
}

static struct jval *
json_procedures(struct procedure *const *all, uint32_t n)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < n; i++)
		jval_push(list, jval_text(all[i]->path));
	return list;
}

/* What annotations set, as far as it is set. */
static void
add_settings(struct jval *o, const struct step *s)
{
	jval_set(o, "name", show_json_text(s->name));
	jval_set(o, "cwd", jval_string(s->cwd));
	jval_set(o, "timeout_ms", jval_int(s->timeout_ms));
	jval_set(o, "attempts", jval_int(s->retry.attempts));
	jval_set(o, "until",
		 s->until ? jval_text(s->until->text) : jval_null());
	jval_set(o, "exit", json_exit(s));
	jval_set(o, "confirm", show_json_text(s->confirm));
	jval_set(o, "undo", show_json_text(s->undo));
}

static struct jval *
json_findings(const struct step *s)
{
	const struct effect *e =
		s->foreseen != s->level ? s->foreseen_effect : s->effect;
	struct jval *list = jval_array();

	for (uint32_t i = 0; e && i < e->n_findings; i++)
		jval_push(list, explain_finding_json(&e->findings[i]));
	return list;
}

static struct jval *
json_reasons(const struct reason *r)
{
	struct jval *list = jval_array();

	for (; r; r = r->next) {
		struct jval *o = jval_object();

		jval_set(o, "attribute", jval_string(r->attribute));
		jval_set(o, "rule", jval_string(infer_rule_name(r->rule)));
		jval_set(o, "text", jval_string(r->text));
		jval_set(o, "line", jval_int(span_line(r->where)));
		jval_push(list, o);
	}
	return list;
}

void
show_json_branch(struct jval *o, const struct branch *branch)
{
	jval_set(o, "group", jval_string(branch ? branch->choice->name : NULL));
	jval_set(o, "branch", branch ? jval_int(branch->number) : jval_null());
	jval_set(o, "branch_label",
		 show_json_text(branch ? branch->label
				       : (struct text){ NULL, 0 }));
}

/* Innermost first. */
static struct jval *
json_conditions(const struct condition *c)
{
	struct jval *list = jval_array();

	for (; c; c = c->outer) {
		struct jval *o = jval_object();

		jval_set(o, "text", jval_text(c->words));
		jval_set(o, "line", jval_int(span_line(c->where)));
		jval_push(list, o);
	}
	return list;
}

/* The shell that a step, or the lines below its first, belong to. */
static struct jval *
json_context(const struct step *s)
{
	struct jval *o;

	if (s->context_line == 0)
		return jval_null();
	o = jval_object();
	jval_set(o, "line", jval_int(s->context_line));
	jval_set(o, "program", jval_string(s->context_program));
	jval_set(o, "within", jval_bool(s->context.text.len > 0));
	return o;
}

static struct jval *
json_expansions(const struct step *s)
{
	const struct runbook *rb = s->procedure->runbook;
	struct jval *list = jval_array();
	uint32_t n;
	const struct expansion *e =
		step_expansions(rb->doc->arena, s, rb->rules, &n);

	for (uint32_t i = 0; i < n; i++) {
		CLEANUP(buf_release) struct buf place = BUF_INIT;
		struct jval *o = jval_object();

		if (e[i].hop)
			effect_place(&place, e[i].hop);
		else
			buf_adds(&place, "here");
		jval_set(o, "text", jval_text(e[i].text));
		jval_set(o, "place", jval_text(buf_text(&place)));
		if (e[i].where.src)
			jval_set(o, "line", jval_int(span_line(e[i].where)));
		jval_push(list, o);
	}
	return list;
}

static struct jval *
json_step(const struct step *s, bool why)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	struct jval *o = jval_object();

	jval_set(o, "id", jval_string(s->id));
	jval_set(o, "title", jval_text(s->title));
	jval_set(o, "line", jval_int(s->line));
	jval_set(o, "kind", jval_string(step_kind_name(s->kind)));
	jval_set(o, "text", jval_text(s->text.text));
	jval_set(o, "host",
		 s->kind == STEP_MANUAL
			 ? jval_null()
			 : jval_string(step_host_name(s, &scratch)));
	jval_set(o, "io", jval_string(step_io_name(s->io)));
	jval_set(o, "effect", jval_string(effect_level_name(s->level)));
	jval_set(o, "foreseen", jval_string(effect_level_name(s->foreseen)));
	jval_set(o, "parameters", json_params(s));
	jval_set(o, "wants", show_json_wants(s));
	jval_set(o, "relation", jval_string(step_relation_name(s->relation)));
	show_json_branch(o, s->branch);
	jval_set(o, "condition",
		 s->condition ? jval_text(s->condition->words) : jval_null());
	jval_set(o, "conditions", json_conditions(s->condition));
	jval_set(o, "phase", show_json_text(s->phase));
	jval_set(o, "context", json_context(s));
	jval_set(o, "expansions", json_expansions(s));
	jval_set(o, "path", show_json_text(s->path));
	jval_set(o, "refusal", jval_string(s->refusal));
	add_settings(o, s);
	jval_set(o, "findings", json_findings(s));
	if (why)
		jval_set(o, "why", json_reasons(s->reasons));
	return o;
}

static struct jval *
json_procedure(const struct procedure *p, bool why)
{
	struct jval *o = jval_object(), *steps = jval_array();

	jval_set(o, "path", jval_text(p->path));
	jval_set(o, "heading", jval_text(p->heading));
	jval_set(o, "line", jval_int(p->line));
	jval_set(o, "mode", jval_string(procedure_mode_name(p->mode)));
	jval_set(o, "effect", jval_string(effect_level_name(p->level)));
	jval_set(o, "danger", show_json_text(p->danger));
	jval_set(o, "needs", json_procedures(p->needs, p->n_needs));
	for (uint32_t i = 0; i < p->n_steps; i++)
		jval_push(steps, json_step(p->steps[i], why));
	jval_set(o, "steps", steps);
	if (why)
		jval_set(o, "why", json_reasons(p->reasons));
	return o;
}

struct jval *
show_json(const struct runbook *rb, const struct procedure *one, bool why)
{
	struct jval *o = jval_object(), *list = jval_array();

	jval_set(o, "format_version", jval_string("1.0"));
	jval_set(o, "runbook", show_json_runbook(rb));
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		if (!one || rb->procedures[i] == one)
			jval_push(list, json_procedure(rb->procedures[i], why));
	}
	jval_set(o, "procedures", list);
	return o;
}
