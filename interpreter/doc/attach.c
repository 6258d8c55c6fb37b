/* Annotations and what they speak of. */
#include "doc/attach.h"

#include "doc/directive.h"
#include "doc/html.h"
#include "doc/keys.h"

enum {
	HINTS_MAX = 20,      /* for unknown procedures of one document */
	HINT_SECTIONS = 1000 /* that are looked at for one */
};

/* ---- the document ------------------------------------------------------- */

static int
compare_rows(const void *left, const void *right)
{
	const struct procedure_row *a = left, *b = right;
	int order = text_cmp(a->path->text, b->path->text);

	if (order == 0)
		order = a->path->where.start < b->path->where.start ? -1 : 1;
	return order;
}

/* Read `procedures`, path by path, so that each row is judged once even when
 * no section has its path. */
static void
read_procedures(struct attacher *a)
{
	const struct ynode *rows =
		annotation_get(a->doc->annotation, KEY_PROCEDURES);

	a->procedures = NULL;
	a->n_procedures = 0;
	for (uint32_t i = 0; rows && i < rows->n_items; i++) {
		struct procedure_row row = { rows->keys[i], NULL, false };

		row.annotation = annotation_read(a->doc->arena, rows->items[i],
						 SCOPE_PROCEDURE, a->sink);
		ARENA_PUSH(a->doc->arena, a->procedures, a->n_procedures, row);
	}
	if (a->n_procedures)
		qsort(a->procedures, a->n_procedures, sizeof(*a->procedures),
		      compare_rows);
}

void
attacher_init(struct attacher *a, struct document *doc, struct diag_sink *sink)
{
	*a = (struct attacher){
		.doc = doc, .sink = sink, .at_head = true, .n_hints = HINTS_MAX
	};
	doc->annotation = doc->front.runbook;
	read_procedures(a);
}

/* Whether the mapping NODE, first in the body, is the document's. */
static bool
speaks_for_document(const struct ynode *node)
{
	bool others = false;

	for (uint32_t i = 0; i < node->n_items; i++) {
		int key = key_by_name(node->keys[i]->text);

		if (key < 0)
			continue;
		if (key_info((enum key)key)->scopes == SCOPE_DOCUMENT)
			return true;
		if (!(key_info((enum key)key)->scopes & SCOPE_DOCUMENT))
			others = true;
	}
	return !others;
}

static void
take_for_document(struct attacher *a, const struct ynode *node)
{
	struct document *doc = a->doc;
	const struct annotation *more =
		annotation_read(doc->arena, node, SCOPE_DOCUMENT, a->sink);

	doc->annotation = annotation_merge(doc->arena, doc->annotation, more);
	if (annotation_get(more, KEY_PROCEDURES))
		read_procedures(a);
}

/* ---- comments ----------------------------------------------------------- */

static void
add_waiting(struct attacher *a, const struct ynode *node, struct span where,
	    const struct container *in)
{
	struct waiting *w = ARENA_NEW(a->doc->arena, struct waiting);

	*w = (struct waiting){ node, where, in, NULL };
	if (a->waiting)
		a->last_waiting->next = w;
	else
		a->waiting = w;
	a->last_waiting = w;
}

void
attach_comment(struct attacher *a, struct excerpt html, size_t start,
	       size_t end, const struct container *in)
{
	struct excerpt yaml;
	struct ynode *node;
	struct span where;

	if (!directive_in_comment(a->doc->arena, html, start, end, &yaml))
		return;
	where = map_span(html.map, (uint32_t)start, (uint32_t)end);
	node = ytree_parse(a->doc->arena, yaml, a->sink);
	if (node && node->kind != Y_MAPPING) {
		diag_report(a->sink, DIAG_BAD_VALUE, node->where,
			    "an annotation is a mapping such as "
			    "{timeout: 30s}");
		node = NULL;
	}
	if (node && a->at_head && !a->waiting && speaks_for_document(node)) {
		a->at_head = false;
		take_for_document(a, node);
		return;
	}
	add_waiting(a, node, where, in);
}

static void
report_lost(struct attacher *a, struct span where)
{
	struct diag *d = diag_report(
		a->sink, DIAG_LOST_ANNOTATION, where,
		"this annotation stands above nothing that it could be about");

	diag_help(d, "put it right above a heading, a code block, a paragraph "
		     "or a list item");
}

void
attach_to_nothing(struct attacher *a)
{
	a->at_head = false;
	for (struct waiting *w = a->waiting; w; w = w->next)
		report_lost(a, w->where);
	a->waiting = NULL;
}

static bool
holds(const struct container *outer, const struct container *inner)
{
	while (inner && inner != outer)
		inner = inner->outer;
	return inner == outer;
}

/* All that waits for a block within IN, read for SCOPE; NULL: nothing. */
static const struct annotation *
take_waiting(struct attacher *a, const struct container *in, unsigned scope)
{
	const struct annotation *all = NULL;

	a->at_head = false;
	for (struct waiting *w = a->waiting; w; w = w->next) {
		if (!holds(w->in, in))
			report_lost(a, w->where);
		else
			all = annotation_merge(a->doc->arena, all,
					       annotation_read(a->doc->arena,
							       w->node, scope,
							       a->sink));
	}
	a->waiting = NULL;
	return all;
}

void
attach_to_block(struct attacher *a, struct block *block)
{
	block->annotation = take_waiting(a, block->in, SCOPE_STEP);
}

/* ---- code --------------------------------------------------------------- */

/* The excerpt of T, a slice of the document. */
static struct excerpt
slice(struct attacher *a, struct text t)
{
	struct map *m = map_new(a->doc->arena, a->doc->src);

	map_add(a->doc->arena, m, (uint32_t)t.len,
		(uint32_t)(t.at - a->doc->src->bytes.at), (uint32_t)t.len,
		MAP_COPIED);
	return (struct excerpt){ t, m };
}

void
attach_to_code(struct attacher *a, struct block *block)
{
	struct code *code = block->code;
	bool ours = code->kind == CODE_SCRIPT || code->kind == CODE_CONSOLE;
	struct text braces = directive_in_info(code->info, ours);
	const struct ynode *node;

	block->annotation = take_waiting(a, block->in, SCOPE_STEP);
	if (braces.len == 0)
		return;
	node = ytree_parse(a->doc->arena, slice(a, braces), a->sink);
	block->annotation = annotation_merge(
		a->doc->arena, block->annotation,
		annotation_read(a->doc->arena, node, SCOPE_STEP, a->sink));
}

/* ---- sections ----------------------------------------------------------- */

/* What the document says of the section at PATH. A path that stands there
 * twice has been reported as a repeated key: the first one counts. */
static const struct annotation *
find_procedure(struct attacher *a, struct text path)
{
	uint32_t low = 0, high = a->n_procedures;
	const struct annotation *found = NULL;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (text_cmp(a->procedures[middle].path->text, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < a->n_procedures &&
	       text_eq(a->procedures[low].path->text, path);
	     low++) {
		if (!a->procedures[low].used && !found)
			found = a->procedures[low].annotation;
		a->procedures[low].used = true;
	}
	return found;
}

void
attach_to_section(struct attacher *a, struct block *heading,
		  struct section *section)
{
	heading->annotation = take_waiting(a, heading->in, SCOPE_PROCEDURE);
	section->annotation = annotation_merge(a->doc->arena,
					       find_procedure(a, section->path),
					       heading->annotation);
	attach_inline(a, heading);
}

static void
report_procedure(struct attacher *a, const struct procedure_row *row)
{
	struct nearest n = { NULL, 0 };
	struct diag *d = diag_report(
		a->sink, DIAG_UNKNOWN_PROCEDURE, row->path->where,
		"no section has the path '%.*s'", TEXT_ARG(row->path->text));

	if (a->n_hints == 0)
		return;
	a->n_hints--;
	for (uint32_t i = 0; i < a->doc->n_sections && i < HINT_SECTIONS; i++)
		nearest_try(&n, row->path->text, a->doc->sections[i]->path.at);
	if (n.best)
		diag_help(d, "did you mean '%s'?", n.best);
}

void
attacher_end(struct attacher *a)
{
	attach_to_nothing(a);
	for (uint32_t i = 0; i < a->n_procedures; i++) {
		if (!a->procedures[i].used)
			report_procedure(a, &a->procedures[i]);
	}
}

/* ---- within lines ------------------------------------------------------- */

void
attach_inline(struct attacher *a, const struct block *block)
{
	for (uint32_t i = 0; i < block->n_runs; i++) {
		struct excerpt html = { block->runs[i].text, NULL }, yaml;
		struct html_token token;
		size_t at = 0;
		struct diag *d;

		if (block->runs[i].kind != INLINE_HTML ||
		    !html_next(html.text, &at, &token) ||
		    token.kind != HTML_COMMENT ||
		    !directive_in_comment(a->doc->arena, html,
					  token.inner_start, token.inner_end,
					  &yaml))
			continue;
		d = diag_report(a->sink, DIAG_LOST_ANNOTATION, block->where,
				"an annotation within a line is not read");
		diag_help(d, "put it on a line of its own, above");
	}
}
