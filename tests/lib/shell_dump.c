/* Trees and words of shell texts as short lines. */
#include "lib/shell_dump.h"

#include "base/compiler.h"

static void dump_node(struct buf *b, const struct script *s,
		      const struct node *node);

static void
dump_text(struct buf *b, const struct script *s, uint32_t start, uint32_t end)
{
	struct text t = script_text(s, start, end);

	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] == '\n')
			buf_adds(b, "\\n");
		else
			buf_addc(b, t.at[i]);
	}
}

/* ---- nodes -------------------------------------------------------------- */

/* What stands between two items of one command. */
static void
comma(struct buf *b, size_t empty_len)
{
	if (b->len > empty_len)
		buf_adds(b, ", ");
}

static void
dump_redirect(struct buf *b, const struct script *s,
	      const struct redirect *redirect)
{
	const struct heredoc *heredoc = redirect->heredoc;

	dump_text(b, s, redirect->start, redirect->end);
	if (!heredoc)
		return;
	buf_addc(b, '{');
	dump_text(b, s, heredoc->body, heredoc->body_end);
	buf_adds(b, heredoc->quoted ? "}quoted" : "}");
	if (!heredoc->terminated)
		buf_adds(b, "open");
}

static void
dump_redirects(struct buf *b, const struct script *s, const struct node *node)
{
	for (uint32_t i = 0; i < node->n_redirects; i++) {
		buf_addc(b, ' ');
		dump_redirect(b, s, node->redirects[i]);
	}
}

/* Assignments and redirections of a simple command that begin before AT. */
static void
dump_until(struct buf *b, const struct script *s, const struct node *node,
	   uint32_t at, uint32_t *assignment, uint32_t *redirect, size_t empty)
{
	for (;;) {
		const struct assignment *a =
			*assignment < node->n_prefix
				? node->assignments[*assignment]
				: NULL;
		const struct redirect *r = *redirect < node->n_redirects
						   ? node->redirects[*redirect]
						   : NULL;

		if (a && a->start < at && (!r || a->start < r->start)) {
			comma(b, empty);
			dump_text(b, s, a->start, a->end);
			(*assignment)++;
		} else if (r && r->start < at) {
			comma(b, empty);
			dump_redirect(b, s, r);
			(*redirect)++;
		} else {
			return;
		}
	}
}

static void
dump_simple(struct buf *b, const struct script *s, const struct node *node)
{
	uint32_t assignment = 0, redirect = 0;
	size_t empty;

	buf_adds(b, "cmd(");
	empty = b->len;
	for (uint32_t i = 0; i < node->n_words; i++) {
		dump_until(b, s, node, node->words[i]->start, &assignment,
			   &redirect, empty);
		comma(b, empty);
		dump_text(b, s, node->words[i]->start, node->words[i]->end);
	}
	dump_until(b, s, node, UINT32_MAX, &assignment, &redirect, empty);
	buf_addc(b, ')');
}

static void
dump_pipeline(struct buf *b, const struct script *s, const struct node *node)
{
	buf_adds(b, node->timed ? "time " : "");
	buf_adds(b, node->negated ? "! " : "");
	buf_adds(b, "pipe(");
	for (uint32_t i = 0; i < node->n_items; i++) {
		dump_node(b, s, node->items[i]);
		if (i + 1 < node->n_items)
			buf_adds(b, node->both[i] ? " |& " : " | ");
	}
	buf_addc(b, ')');
}

static void
dump_andor(struct buf *b, const struct script *s, const struct node *node)
{
	buf_adds(b, "andor(");
	for (uint32_t i = 0; i < node->n_items; i++) {
		if (i)
			buf_adds(b, node->ops[i - 1] == ANDOR_AND ? " && "
								  : " || ");
		dump_node(b, s, node->items[i]);
	}
	buf_addc(b, ')');
}

static void
dump_words(struct buf *b, const struct script *s, const char *before,
	   struct word *const *words, uint32_t n)
{
	buf_adds(b, before);
	buf_addc(b, '(');
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_adds(b, ", ");
		dump_text(b, s, words[i]->start, words[i]->end);
	}
	buf_addc(b, ')');
}

static void
dump_part_list(struct buf *b, const struct script *s, const char *name,
	       const struct list *list)
{
	if (!list)
		return;
	buf_addf(b, "%s[", name);
	dump_list(b, s, list);
	buf_addc(b, ']');
}

static void
dump_case(struct buf *b, const struct script *s, const struct node *node)
{
	static const char *const ends[] = { ";;", ";&", ";;&" };

	buf_adds(b, "case ");
	dump_text(b, s, node->subject->start, node->subject->end);
	for (uint32_t i = 0; i < node->n_cases; i++) {
		const struct case_item *item = node->cases[i];

		dump_words(b, s, " ", item->patterns, item->n_patterns);
		dump_part_list(b, s, "", item->body);
		buf_adds(b, ends[item->ended]);
	}
}

static void
dump_named(struct buf *b, const char *kind, struct text name)
{
	buf_addf(b, "%s %.*s ", kind, TEXT_ARG(name));
}

static void
dump_compound(struct buf *b, const struct script *s, const struct node *node)
{
	static const char *const kinds[] = {
		[NODE_SUBSHELL] = "sub",  [NODE_GROUP] = "group",
		[NODE_IF] = "if",         [NODE_FOR] = "for",
		[NODE_FOR_ARITH] = "for", [NODE_WHILE] = "while",
		[NODE_UNTIL] = "until",   [NODE_SELECT] = "select",
		[NODE_COPROC] = "coproc", [NODE_ARITH] = "arith",
		[NODE_COND] = "cond",     [NODE_FUNCTION] = "function",
	};

	if (node->name.len)
		dump_named(b, kinds[node->kind], node->name);
	else
		buf_adds(b, kinds[node->kind]);
	if (node->n_words || node->has_in)
		dump_words(b, s, "", node->words, node->n_words);
	dump_part_list(b, s, " cond", node->cond);
	dump_part_list(b, s, " body", node->body);
	dump_part_list(b, s, " else", node->other);
	if (node->function)
		dump_node(b, s, node->function);
}

static void
dump_node(struct buf *b, const struct script *s, const struct node *node)
{
	switch (node->kind) {
	case NODE_SIMPLE:
		dump_simple(b, s, node);
		return;
	case NODE_PIPELINE:
		dump_pipeline(b, s, node);
		return;
	case NODE_ANDOR:
		dump_andor(b, s, node);
		return;
	case NODE_ERROR:
		buf_adds(b, "error(");
		dump_text(b, s, node->start, node->end);
		buf_addc(b, ')');
		return;
	case NODE_CASE:
		dump_case(b, s, node);
		break;
	default:
		dump_compound(b, s, node);
		break;
	}
	dump_redirects(b, s, node);
}

void
dump_list(struct buf *b, const struct script *s, const struct list *list)
{
	for (uint32_t i = 0; i < list->n_items; i++) {
		if (i)
			buf_adds(b, "; ");
		dump_node(b, s, list->items[i]->node);
		if (list->items[i]->background)
			buf_adds(b, " &");
	}
}

/* ---- words -------------------------------------------------------------- */

static const char *
part_name(enum part_kind kind)
{
	static const char *const names[] = {
		[PART_LITERAL] = "lit",       [PART_ESCAPE] = "escape",
		[PART_SINGLE] = "single",     [PART_DOUBLE] = "double",
		[PART_ANSI_C] = "ansi",       [PART_LOCALE] = "locale",
		[PART_PARAM] = "param",       [PART_COMMAND] = "command",
		[PART_BACKTICK] = "backtick", [PART_PROCESS] = "process",
		[PART_ARITH] = "arith",       [PART_TILDE] = "tilde",
		[PART_GLOB] = "glob",         [PART_EXTGLOB] = "extglob",
		[PART_BRACE] = "brace",       [PART_PLACEHOLDER] = "hole",
		[PART_ARRAY] = "array",       [PART_OPAQUE] = "opaque",
	};

	return names[kind];
}

static void dump_parts(struct buf *b, const struct script *s,
		       struct part *const *parts, uint32_t n);

static void
dump_param(struct buf *b, const struct script *s, const struct part *part)
{
	buf_addc(b, ':');
	if (part->prefix)
		buf_addt(b, part->op);
	buf_addt(b, part->name);
	if (part->n_words) {
		buf_addc(b, '[');
		dump_word(b, s, part->words[0]);
		buf_addc(b, ']');
	}
	if (!part->prefix)
		buf_addt(b, part->op);
	if (part->n_parts) {
		buf_addc(b, '(');
		dump_parts(b, s, part->parts, part->n_parts);
		buf_addc(b, ')');
	}
}

static void
dump_part(struct buf *b, const struct script *s, const struct part *part)
{
	buf_adds(b, part_name(part->kind));
	if (part->kind == PART_PARAM) {
		dump_param(b, s, part);
	} else if (part->list) {
		buf_addc(b, '[');
		dump_list(b, part->script ? part->script : s, part->list);
		buf_addc(b, ']');
	} else if (part->n_words) {
		buf_addt(b, part->op);
		buf_addc(b, '(');
		for (uint32_t i = 0; i < part->n_words; i++) {
			buf_adds(b, i ? ", " : "");
			dump_word(b, s, part->words[i]);
		}
		buf_addc(b, ')');
	} else if (part->n_parts || part->kind == PART_DOUBLE) {
		buf_addc(b, '(');
		dump_parts(b, s, part->parts, part->n_parts);
		buf_addc(b, ')');
	} else {
		buf_addc(b, ':');
		dump_text(b, s, part->inner, part->inner_end);
	}
}

static void
dump_parts(struct buf *b, const struct script *s, struct part *const *parts,
	   uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, ' ');
		dump_part(b, s, parts[i]);
	}
}

void
dump_word(struct buf *b, const struct script *s, const struct word *w)
{
	dump_parts(b, s, w->parts, w->n_parts);
}
