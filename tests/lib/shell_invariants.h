/* What must hold for every script that the parser returns, whatever the text:
 * for unit tests and the fuzz target. A violation aborts with its name. */
#ifndef LIB_SHELL_INVARIANTS_H
#define LIB_SHELL_INVARIANTS_H

#include "base/limits.h"
#include "diag/source.h"
#include "shell/parse.h"
#include "shell/walk.h"
#include "shell/word.h"

#define HOLDS(condition)                                                       \
	do {                                                                   \
		if (!(condition))                                              \
			BUG("broken: %s", #condition);                         \
	} while (0)

static void
check_span(const struct script *s, uint32_t start, uint32_t end)
{
	HOLDS(start <= end);
	HOLDS(end <= s->source.text.len);
}

static void
check_inside(uint32_t start, uint32_t end, uint32_t outer, uint32_t outer_end)
{
	HOLDS(outer <= start);
	HOLDS(end <= outer_end);
}

/* PARTS follow each other from START to END without a gap. */
static void
check_tiles(struct part *const *parts, uint32_t n, uint32_t start, uint32_t end)
{
	for (uint32_t i = 0; i < n; i++) {
		HOLDS(parts[i]->start == start);
		HOLDS(parts[i]->end > start);
		start = parts[i]->end;
	}
	HOLDS(start == end);
}

static void
check_value(const struct value *value)
{
	const struct map *map = value->text.map;

	HOLDS(value->state != VALUE_EXACT ||
	      text_eq(value->bytes.text, value->text.text));
	HOLDS(value->bytes.text.len <= value->text.text.len);
	HOLDS(!map || map->len == value->text.text.len);
	for (size_t i = 0; map && i < map->n_segments; i++) {
		const struct map_segment *m = &map->segments[i];

		HOLDS(m->src + m->src_len <= map->src->bytes.len);
		if (m->kind == MAP_COPIED)
			HOLDS(memcmp(value->text.text.at + m->at,
				     map->src->bytes.at + m->src, m->len) == 0);
	}
}

struct invariants {
	struct arena arena; /* for values */
	const struct scope *scope;
	uint64_t n_nodes;
};

static bool
check_word(void *ctx, const struct script *s, const struct word *word)
{
	struct invariants *check = ctx;
	struct value value;

	check->n_nodes++;
	check_span(s, word->start, word->end);
	check_tiles(word->parts, word->n_parts, word->start, word->end);
	value = word_value(&check->arena, s, word, check->scope);
	check_value(&value);
	return true;
}

static bool
check_part(void *ctx, const struct script *s, const struct part *part)
{
	struct invariants *check = ctx;

	check->n_nodes++;
	check_span(s, part->start, part->end);
	check_inside(part->inner, part->inner_end, part->start, part->end);
	for (uint32_t i = 0; i < part->n_words; i++)
		check_inside(part->words[i]->start, part->words[i]->end,
			     part->inner, part->inner_end);
	for (uint32_t i = 0; i < part->n_parts; i++)
		check_inside(part->parts[i]->start, part->parts[i]->end,
			     part->inner, part->inner_end);
	if (part->kind == PART_DOUBLE || part->kind == PART_LOCALE ||
	    part->kind == PART_ARITH ||
	    (part->n_parts && !part->name.len && part->kind != PART_PARAM))
		check_tiles(part->parts, part->n_parts, part->inner,
			    part->inner_end);
	if (part->script)
		HOLDS(part->list == part->script->body);
	for (uint32_t i = 0;
	     part->list && !part->script && i < part->list->n_items; i++)
		check_inside(part->list->items[i]->start,
			     part->list->items[i]->end, part->inner,
			     part->inner_end);
	return true;
}

static bool
check_redirect(void *ctx, const struct script *s,
	       const struct redirect *redirect)
{
	struct invariants *check = ctx;
	const struct heredoc *heredoc = redirect->heredoc;
	struct value value;

	check->n_nodes++;
	check_span(s, redirect->start, redirect->end);
	check_inside(redirect->target->start, redirect->target->end,
		     redirect->start, redirect->end);
	if (!heredoc)
		return true;
	check_span(s, heredoc->body, heredoc->body_end);
	HOLDS(heredoc->body_end <= heredoc->end);
	HOLDS(heredoc->terminated || heredoc->has_error);
	if (!heredoc->quoted)
		check_tiles(heredoc->parts, heredoc->n_parts, heredoc->body,
			    heredoc->body_end);
	value = heredoc_value(&check->arena, s, heredoc, check->scope);
	check_value(&value);
	HOLDS(value.one_field);
	return true;
}

static bool
check_assignment(void *ctx, const struct script *s, const struct assignment *a)
{
	(void)ctx;
	check_span(s, a->start, a->end);
	if (a->value)
		check_inside(a->value->start, a->value->end, a->start, a->end);
	if (a->subscript)
		check_inside(a->subscript->start, a->subscript->end, a->start,
			     a->end);
	for (uint32_t i = 0; i < a->n_elements; i++)
		check_inside(a->elements[i]->start, a->elements[i]->end,
			     a->start, a->end);
	return true;
}

static void
check_list(const struct script *s, const struct list *list)
{
	for (uint32_t i = 0; list && i < list->n_items; i++) {
		const struct statement *statement = list->items[i];

		check_span(s, statement->start, statement->end);
		HOLDS(statement->node->start == statement->start);
		HOLDS(statement->node->end <= statement->end);
		if (i > 0)
			HOLDS(list->items[i - 1]->node->end <=
			      statement->start);
	}
}

static void
check_children(const struct script *s, const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++)
		check_inside(node->words[i]->start, node->words[i]->end,
			     node->start, node->end);
	for (uint32_t i = 0; i < node->n_redirects; i++)
		check_inside(node->redirects[i]->start, node->redirects[i]->end,
			     node->start, node->end);
	for (uint32_t i = 0; i < node->n_assignments; i++)
		check_inside(node->assignments[i]->start,
			     node->assignments[i]->end, node->start, node->end);
	for (uint32_t i = 0; i < node->n_items; i++)
		check_inside(node->items[i]->start, node->items[i]->end,
			     node->start, node->end);
	for (uint32_t i = 0; i < node->n_cases; i++)
		check_list(s, node->cases[i]->body);
	check_list(s, node->cond);
	check_list(s, node->body);
	check_list(s, node->other);
	HOLDS(node->n_prefix <= node->n_assignments);
}

static bool
check_node(void *ctx, const struct script *s, const struct node *node)
{
	struct invariants *check = ctx;
	const struct value *values;
	uint32_t n;

	check->n_nodes++;
	check_span(s, node->start, node->end);
	check_children(s, node);
	if (node->kind == NODE_ERROR)
		HOLDS(s->n_errors > 0 && node->has_error);
	if (s->n_errors == 0)
		HOLDS(!node->has_error);
	if (node->kind != NODE_SIMPLE)
		return true;
	values = words_expand(&check->arena, s, node->words, node->n_words,
			      check->scope, &n);
	for (uint32_t i = 0; i < n; i++)
		check_value(&values[i]);
	return true;
}

static void
check_units(const struct script *s)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < s->body->n_items;) {
		uint32_t first, last, again, more;

		shell_unit(s, i, &first, &last);
		HOLDS(first == i && last >= i);
		HOLDS(s->body->items[i]->start >= end);
		for (uint32_t k = first; k <= last; k++) {
			shell_unit(s, k, &again, &more);
			HOLDS(again == first && more == last);
			if (s->body->items[k]->end > end)
				end = s->body->items[k]->end;
		}
		i = last + 1;
	}
}

static void
check_comments(const struct script *s)
{
	for (uint32_t i = 0; i < s->n_comments; i++) {
		const struct comment *c = &s->comments[i];

		check_span(s, c->start, c->end);
		HOLDS(s->source.text.at[c->start] == '#');
		HOLDS(c->place == COMMENT_ORPHAN ||
		      c->statement < s->body->n_items);
		if (i > 0)
			HOLDS(s->comments[i - 1].end <= c->start);
	}
}

/* Check all of S; how many nodes, words and parts it has. */
static uint64_t
check_script(const struct script *s)
{
	struct invariants check = { .arena = ARENA_INIT };
	struct shell_visitor v = { .on_node = check_node,
				   .on_redirect = check_redirect,
				   .on_assignment = check_assignment,
				   .on_word = check_word,
				   .on_part = check_part,
				   .ctx = &check };
	struct scope *scope = scope_new(&check.arena);

	check.scope = scope;
	check_list(s, s->body);
	check_units(s);
	check_comments(s);
	for (uint32_t i = 0; i < s->n_errors; i++)
		check_span(s, s->errors[i].start, s->errors[i].end);
	for (uint32_t i = 0; i < s->body->n_items; i++) {
		shell_walk_node(s, s->body->items[i]->node, &v);
		scope_run(scope, s, s->body->items[i], NULL);
	}
	arena_release(&check.arena);
	return check.n_nodes;
}

#endif
