/* From a document to a runbook. */
#include "base/limits.h"
#include "doc/effect_rows.h"
#include "graph/infer.h"

static struct text
path_of(struct builder *b, const struct section *section)
{
	if (section->path.len)
		return section->path;
	if (section->heading)
		return slug_of(b->arena, section->title);
	return slug_of(b->arena, b->doc->title);
}

static struct procedure *
new_procedure(struct builder *b, const struct section *section)
{
	struct procedure *p = ARENA_NEW(b->arena, struct procedure);

	p->runbook = b->rb;
	p->section = section;
	p->path = path_of(b, section);
	p->heading = section->heading ? section->title : b->doc->title;
	p->line = section->heading ? span_line(section->heading->where) : 1;
	p->annotation = section->annotation;
	p->name = setting_text(p->annotation, KEY_NAME);
	return p;
}

const struct surroundings *
around(const struct builder *b, const struct block *block)
{
	return &b->around[block->ordinal - b->p->section->first];
}

/* The prose that belongs to each step: the blocks between the one before it
 * and its own. */
static void
assign_prose(struct procedure *p)
{
	uint32_t at = p->section->first + (p->section->heading ? 1 : 0);

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];

		if (s->block->ordinal < at) {
			s->prose = s->prose_end = at;
			continue;
		}
		s->prose = at;
		s->prose_end = s->block->ordinal;
		at = s->block_end;
	}
}

static void
name_steps(struct builder *b)
{
	for (uint32_t i = 0; i < b->p->n_steps; i++) {
		struct step *s = b->p->steps[i];

		s->ordinal = i + 1;
		s->id = arena_printf(b->arena, "%.*s.%u", TEXT_ARG(b->p->path),
				     s->ordinal);
		infer_title(b, s);
	}
	infer_labels(b);
}

/* In the order in which each inference needs the ones before it. */
static void
infer_all(struct builder *b)
{
	struct procedure *p = b->p;
	struct variables *variables = variables_new(b);

	b->state.scope = scope_new(b->arena);
	b->around = surroundings_of(b->arena, b->doc, p->section);
	infer_context(b);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];

		if (s->kind != STEP_COMMAND)
			continue;
		if (!s->context.text.len)
			infer_host(b, s);
		infer_params(b, s);
		infer_variables(b, s, variables);
		infer_effect(b, s);
	}
	infer_file_hosts(b);
	infer_output(b);
	infer_phase(b);
	infer_condition(b);
	infer_option(b);
	infer_branch(b);
	infer_menu(b);
	infer_across(b);
	infer_danger(b);
	for (uint32_t i = 0; i < p->n_steps; i++)
		apply_annotation(b, p->steps[i]);
	apply_procedure_annotation(b);
	infer_relation(b);
	infer_refusal(b);
	assign_prose(p);
	name_steps(b);
	infer_foreseen(b);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i]->foreseen > p->level)
			p->level = p->steps[i]->foreseen;
	}
}

static void
build_section(struct builder *b, const struct section *section)
{
	b->p = new_procedure(b, section);
	for (uint32_t i = section->first; i < section->own_end; i++)
		block_steps(b, b->doc->blocks[i]);
	manual_steps(b);
	if (b->p->n_steps == 0)
		return;
	if (b->rb->n_steps + b->p->n_steps > LIMIT_STEPS) {
		diag_report(b->sink, DIAG_TOO_MANY_STEPS,
			    section->heading ? section->heading->where
					     : b->p->steps[0]->where,
			    "more than %d steps", LIMIT_STEPS);
		return;
	}
	b->rb->n_steps += b->p->n_steps;
	ARENA_PUSH(b->arena, b->rb->procedures, b->rb->n_procedures, b->p);
}

static struct text
file_stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text stem = text_of(slash ? slash + 1 : path);

	return text_sub(stem, 0, text_chr(stem, '.', 0));
}

static struct builder
builder_for(struct runbook *rb, struct procedure *p)
{
	return (struct builder){ .arena = rb->doc->arena,
				 .doc = rb->doc,
				 .rb = rb,
				 .p = p,
				 .sink = rb->sink,
				 .state = { .rules = rb->rules } };
}

struct runbook *
runbook_open(struct document *doc, const struct effect_rules *rules,
	     struct diag_sink *sink)
{
	struct runbook *rb = ARENA_NEW(doc->arena, struct runbook);
	struct builder b;

	rb->doc = doc;
	rb->rules = effect_rows_over(
		doc->arena, rules, annotation_get(doc->annotation, KEY_EFFECTS),
		EFFECT_DOCUMENT, sink);
	rb->sink = sink;
	rb->id = frontmatter_text(&doc->front, FRONT_ID);
	if (rb->id.len == 0)
		rb->id = file_stem(doc->src->path);
	rb->title = doc->title;
	if (doc->refused)
		return rb;
	b = builder_for(rb, NULL);
	rb->defined = setting_params(b.arena, doc->annotation, &rb->n_defined);
	build_section(&b, doc->root);
	for (uint32_t i = 0; i < doc->n_sections; i++)
		build_section(&b, doc->sections[i]);
	functions_find(rb);
	return rb;
}

void
procedure_understand(struct procedure *p)
{
	struct builder b = builder_for(p->runbook, p);

	if (p->understood)
		return;
	p->understood = true;
	p->defined = setting_params(b.arena, p->annotation, &p->n_defined);
	infer_all(&b);
	resolve_references(&b);
	for (uint32_t i = 0; i < p->n_needs; i++)
		procedure_understand(p->needs[i]);
}

struct runbook *
runbook_build(struct document *doc, const struct effect_rules *rules,
	      struct diag_sink *sink)
{
	struct runbook *rb = runbook_open(doc, rules, sink);

	for (uint32_t i = 0; i < rb->n_procedures; i++)
		procedure_understand(rb->procedures[i]);
	return rb;
}
