/* A plan for machines: schema/plan.schema.json. */
#include "base/sha256.h"
#include "report/explain.h"
#include "report/plan_report.h"
#include "report/show.h"
#include "report/why.h"

static struct jval *
json_stops(const struct plan_item *item)
{
	struct jval *list = jval_array();

	for (unsigned bit = 1; bit <= STOP_REFUSED; bit <<= 1) {
		if (item->stops & bit)
			jval_push(list, jval_string(plan_stop_name(
						(enum plan_stop)bit)));
	}
	return list;
}

static struct jval *
json_missing(const struct plan_item *item)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; i < item->resolved->n_missing; i++)
		jval_push(list, jval_text(item->resolved->missing[i]->name));
	return list;
}

static void
command_digest(const struct resolved *r, char ret_hex[SHA256_HEX + 1])
{
	sha256_hex(r->shown, ret_hex);
}

/* What is asked and typed at a terminal, what would do without one, and the
 * folder in which it happens. */
static void
add_questions(struct jval *o, struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf folder = BUF_INIT;
	CLEANUP(buf_release) struct buf option = BUF_INIT;
	bool typed = item->stops & STOP_TYPED;
	struct plan_word w = { .is_host = false };

	if (typed)
		w = plan_word(plan, item);
	plan_say_folder(&folder, plan, item);
	plan_option(&option, plan, item);
	jval_set(o, "question", show_json_text(text_trim(item->step->confirm)));
	jval_set(o, "typed", typed ? jval_text(w.word) : jval_null());
	jval_set(o, "typed_for", show_json_text(w.unknown));
	jval_set(o, "option", show_json_text(buf_text(&option)));
	jval_set(o, "where", show_json_text(buf_text(&folder)));
}

/* The choice that is to be made before ITEM, and the condition to be judged. */
static void
add_choice(struct jval *o, const struct plan *plan,
	   const struct plan_item *item)
{
	const struct condition *c = plan_open_condition(plan, item);

	show_json_branch(o, item->step->branch);
	jval_set(o, "condition", c ? jval_text(c->words) : jval_null());
}

/* What there is to say of its level besides what was found. */
static void
add_level(struct jval *o, const struct plan *plan, const struct plan_item *item)
{
	const struct effect *e = item->resolved->effect;
	CLEANUP(buf_release) struct buf why = BUF_INIT;
	CLEANUP(buf_release) struct buf document = BUF_INIT;
	CLEANUP(buf_release) struct buf reach = BUF_INIT;

	why_worst(&why, plan, item);
	why_document(&document, item);
	why_reach(&reach, item);
	jval_set(o, "effect",
		 jval_string(effect_level_name(item->resolved->level)));
	jval_set(o, "why", show_json_text(buf_text(&why)));
	jval_set(o, "document", show_json_text(buf_text(&document)));
	jval_set(o, "reach", show_json_text(buf_text(&reach)));
	jval_set(o, "partly_unknown", jval_bool(e && e->partly_unknown));
}

static struct jval *
json_findings(const struct effect *e)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; e && i < e->n_findings; i++)
		jval_push(list, explain_finding_json(&e->findings[i]));
	return list;
}

/* Files that decide: they are read as commands or SQL. */
static struct jval *
json_inputs(const struct effect *e)
{
	struct jval *list = jval_array();

	for (uint32_t i = 0; e && i < e->n_inputs; i++) {
		struct jval *o = jval_object();

		jval_set(o, "path", jval_text(e->inputs[i].path));
		jval_set(o, "sha256", jval_string(e->inputs[i].sha256));
		jval_push(list, o);
	}
	return list;
}

static struct jval *
json_item(struct plan *plan, struct plan_item *item)
{
	CLEANUP(buf_release) struct buf scratch = BUF_INIT;
	const struct step *s = item->step;
	struct jval *o = jval_object();
	char hex[SHA256_HEX + 1];

	command_digest(item->resolved, hex);
	jval_set(o, "step", jval_string(s->id));
	jval_set(o, "number",
		 jval_int(s->procedure == plan->procedure ? s->ordinal
							  : item->number));
	jval_set(o, "title", jval_text(s->title));
	jval_set(o, "line", jval_int(s->line));
	jval_set(o, "kind", jval_string(step_kind_name(s->kind)));
	jval_set(o, "command", jval_text(item->resolved->shown));
	jval_set(o, "command_sha256", jval_string(hex));
	jval_set(o, "with", show_json_text(item->resolved->with));
	jval_set(o, "path", show_json_text(s->path));
	jval_set(o, "host",
		 s->kind == STEP_MANUAL ? jval_null()
					: jval_string(resolved_host_name(
						  item->resolved, &scratch)));
	add_level(o, plan, item);
	jval_set(o, "findings", json_findings(item->resolved->effect));
	jval_set(o, "inputs", json_inputs(item->resolved->effect));
	jval_set(o, "io", jval_string(step_io_name(item->resolved->io)));
	add_choice(o, plan, item);
	jval_set(o, "missing", json_missing(item));
	jval_set(o, "wants", show_json_wants(s));
	jval_set(o, "stops", json_stops(item));
	jval_set(o, "refusal", jval_string(item->refusal));
	jval_set(o, "confirm",
		 jval_string(item->settled ? plan_confirm_id(plan, item)
					   : NULL));
	add_questions(o, plan, item);
	return o;
}

static struct jval *
json_values(const struct plan *plan)
{
	struct jval *o = jval_object();
	const struct procedure *p = plan->procedure;
	CLEANUP(buf_release) struct buf name = BUF_INIT;

	for (uint32_t i = 0; i < p->n_params; i++) {
		struct text value = values_lookup(plan->values, p->params[i]);

		buf_clear(&name);
		buf_addt(&name, p->params[i]->name);
		jval_set(o, buf_cstr(&name),
			 p->params[i]->secret || !value.at ? jval_null()
							   : jval_text(value));
	}
	return o;
}

struct jval *
plan_json(struct plan *plan)
{
	struct jval *o = jval_object(), *list = jval_array();
	char hex[SHA256_HEX + 1];

	sha256_hex(plan->runbook->doc->src->bytes, hex);
	jval_set(o, "format_version", jval_string("1.0"));
	jval_set(o, "runbook", show_json_runbook(plan->runbook));
	jval_set(o, "sha256", jval_string(hex));
	jval_set(o, "procedure", jval_text(plan->procedure->path));
	jval_set(o, "heading", jval_text(plan->procedure->heading));
	jval_set(o, "danger", show_json_text(plan->procedure->danger));
	jval_set(o, "mode",
		 jval_string(procedure_mode_name(plan->procedure->mode)));
	jval_set(o, "effect", jval_string(effect_level_name(plan->worst)));
	jval_set(o, "params", json_values(plan));
	for (uint32_t i = 0; i < plan->n_items; i++)
		jval_push(list, json_item(plan, &plan->items[i]));
	jval_set(o, "steps", list);
	return o;
}
