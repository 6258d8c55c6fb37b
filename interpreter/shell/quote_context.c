/* What quotes the bytes at one place of a shell text. */
#include "shell/quote.h"
#include "shell/walk.h"

/* What is known while the walk goes from the outside to the offset. */
struct search {
	uint32_t offset;
	enum quote_context context;
	const char *why; /* of REFUSED; NULL: nothing has been found yet */
	const struct heredoc *heredoc;
};

static void
refuse(struct search *s, const char *why)
{
	s->context = QUOTE_REFUSED;
	s->why = why;
}

static void
allow(struct search *s, enum quote_context context)
{
	s->context = context;
	s->why = NULL;
}

/* Quotes around the offset: they change how text is encoded, not whether. */
static void
allow_inside(struct search *s, enum quote_context context)
{
	if (s->context != QUOTE_REFUSED && s->context != QUOTE_INT_ONLY)
		allow(s, context);
}

static bool
holds(uint32_t start, uint32_t end, uint32_t offset)
{
	return start <= offset && offset < end;
}

/* ---- simple commands ---------------------------------------------------- */

/* Commands whose arguments are more than text (bash manual, 4.1, 4.2). */
static const struct {
	const char *name;
	enum quote_context context;
	const char *why;
} takers[] = {
	{ "eval", QUOTE_REFUSED, "in an argument of eval" },
	{ "trap", QUOTE_REFUSED, "in an argument of trap" },
	{ "alias", QUOTE_REFUSED, "in an argument of alias" },
	{ "let", QUOTE_INT_ONLY, NULL },
	{ "unset", QUOTE_INT_ONLY, NULL },
	{ "read", QUOTE_INT_ONLY, NULL },
	{ "mapfile", QUOTE_INT_ONLY, NULL },
	{ "readarray", QUOTE_INT_ONLY, NULL },
	{ "getopts", QUOTE_INT_ONLY, NULL },
};

static bool
has_word(const struct script *s, const struct node *node, const char *text)
{
	for (uint32_t i = 0; i < node->n_words; i++) {
		const struct word *w = node->words[i];

		if (text_is(script_text(s, w->start, w->end), text))
			return true;
	}
	return false;
}

static struct text
word_text(const struct script *s, const struct node *node, uint32_t i)
{
	return script_text(s, node->words[i]->start, node->words[i]->end);
}

/* Index of the command's name: behind "command" and "builtin". */
static uint32_t
command_index(const struct script *s, const struct node *node)
{
	uint32_t i = 0;

	while (i + 1 < node->n_words &&
	       (text_is(word_text(s, node, i), "command") ||
		text_is(word_text(s, node, i), "builtin")))
		i++;
	return i;
}

/* Arguments of test, [ and printf with -v name a variable, whose subscript is
 * evaluated. */
static bool
names_variable(const struct script *s, const struct node *node,
	       struct text name)
{
	return (text_is(name, "test") || text_is(name, "[") ||
		text_is(name, "printf")) &&
	       has_word(s, node, "-v");
}

static bool
is_declaration(struct text name)
{
	return text_is(name, "declare") || text_is(name, "typeset") ||
	       text_is(name, "local") || text_is(name, "export") ||
	       text_is(name, "readonly");
}

/* The value of NAME=value among the arguments of declare. */
static const struct word *
declared_value(const struct node *node, uint32_t offset)
{
	for (uint32_t i = node->n_prefix; i < node->n_assignments; i++) {
		const struct assignment *a = node->assignments[i];

		if (a->value && holds(a->value->start, a->value->end, offset))
			return a->value;
	}
	return NULL;
}

static void
see_declaration(struct search *search, const struct script *s,
		const struct node *node)
{
	bool integer = has_word(s, node, "-i");

	if (!declared_value(node, search->offset))
		refuse(search, "in an argument of a declaration");
	else
		allow(search, integer ? QUOTE_INT_ONLY : QUOTE_BARE);
}

/* The argument that holds the offset, of a command named NAME. */
static void
see_argument(struct search *search, const struct script *s,
	     const struct node *node, struct text name)
{
	allow(search, QUOTE_BARE);
	for (size_t i = 0; i < ARRAY_LEN(takers); i++) {
		if (text_is(name, takers[i].name)) {
			search->context = takers[i].context;
			search->why = takers[i].why;
		}
	}
	if (names_variable(s, node, name))
		allow(search, QUOTE_INT_ONLY);
	if (is_declaration(name))
		see_declaration(search, s, node);
}

static void
see_words(struct search *search, const struct script *s,
	  const struct node *node)
{
	uint32_t command = command_index(s, node);

	for (uint32_t i = 0; i < node->n_words; i++) {
		const struct word *w = node->words[i];

		if (!holds(w->start, w->end, search->offset))
			continue;
		if (i <= command)
			refuse(search, "in the name of a command");
		else
			see_argument(search, s, node,
				     word_text(s, node, command));
	}
}

/* ---- conditions --------------------------------------------------------- */

static bool
is_numeric(struct text t)
{
	static const char *const names[] = { "-eq", "-ne", "-lt",
					     "-le", "-gt", "-ge" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(t, names[i]))
			return true;
	}
	return false;
}

/* [[ x -eq y ]] evaluates both sides, -v its operand. */
static void
see_condition(struct search *search, const struct script *s,
	      const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++) {
		const struct word *w = node->words[i];
		struct text before = { NULL, 0 }, behind = { NULL, 0 };

		if (!holds(w->start, w->end, search->offset))
			continue;
		if (i > 0)
			before = word_text(s, node, i - 1);
		if (i + 1 < node->n_words)
			behind = word_text(s, node, i + 1);
		allow(search, is_numeric(before) || is_numeric(behind) ||
					      text_is(before, "-v") ||
					      text_is(before, "-R")
				      ? QUOTE_INT_ONLY
				      : QUOTE_BARE);
	}
}

/* (( )) and for (( )). */
static void
see_expressions(struct search *search, const struct node *node)
{
	for (uint32_t i = 0; i < node->n_words; i++) {
		if (holds(node->words[i]->start, node->words[i]->end,
			  search->offset))
			allow(search, QUOTE_INT_ONLY);
	}
}

/* ---- the walk ----------------------------------------------------------- */

static bool
on_node(void *ctx, const struct script *s, const struct node *node)
{
	struct search *search = ctx;

	if (node->kind == NODE_ERROR &&
	    holds(node->start, node->end, search->offset))
		refuse(search, "in text that cannot be read");
	if (node->kind == NODE_SIMPLE)
		see_words(search, s, node);
	if (node->kind == NODE_COND)
		see_condition(search, s, node);
	if (node->kind == NODE_ARITH || node->kind == NODE_FOR_ARITH)
		see_expressions(search, node);
	return true;
}

static bool
on_redirect(void *ctx, const struct script *s, const struct redirect *redirect)
{
	const struct heredoc *heredoc = redirect->heredoc;
	struct search *search = ctx;

	(void)s;
	if (holds(redirect->target->start, redirect->target->end,
		  search->offset)) {
		if (heredoc)
			refuse(search, "in the end word of a here-document");
		else
			allow(search, QUOTE_BARE);
	}
	if (!heredoc ||
	    !holds(heredoc->body, heredoc->body_end, search->offset))
		return true;
	search->heredoc = heredoc;
	if (heredoc->has_error)
		refuse(search, "in a here-document that cannot be read");
	else
		allow(search,
		      heredoc->quoted ? QUOTE_HEREDOC_QUOTED : QUOTE_HEREDOC);
	return true;
}

/* The elements of an array; [i]= in front of one is evaluated. */
static void
see_elements(struct search *search, const struct script *s,
	     const struct assignment *a)
{
	for (uint32_t i = 0; i < a->n_elements; i++) {
		const struct word *w = a->elements[i];

		if (holds(w->start, w->end, search->offset))
			allow(search,
			      text_starts(script_text(s, w->start, w->end), "[")
				      ? QUOTE_INT_ONLY
				      : QUOTE_BARE);
	}
}

static bool
on_assignment(void *ctx, const struct script *s, const struct assignment *a)
{
	struct search *search = ctx;
	const struct word *subscript = a->subscript;

	if (!holds(a->start, a->end, search->offset))
		return false;
	if (subscript &&
	    holds(subscript->start, subscript->end, search->offset))
		allow(search, QUOTE_INT_ONLY);
	else if (a->value && search->offset >= a->value->start)
		allow(search, QUOTE_BARE);
	else if (a->is_array)
		see_elements(search, s, a);
	else
		refuse(search, "in the name of a variable");
	return true;
}

/* Words that no node has looked at yet (of for, case …) are plain ones. */
static bool
on_word(void *ctx, const struct script *s, const struct word *word)
{
	struct search *search = ctx;

	(void)s;
	if (!holds(word->start, word->end, search->offset))
		return false;
	if (search->context == QUOTE_REFUSED && !search->why)
		allow(search, QUOTE_BARE);
	return true;
}

static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	struct search *search = ctx;

	(void)s;
	if (!holds(part->start, part->end, search->offset))
		return false;
	switch (part->kind) {
	case PART_SINGLE:
		allow_inside(search, QUOTE_SINGLE);
		return true;
	case PART_DOUBLE:
	case PART_LOCALE:
		allow_inside(search, QUOTE_DOUBLE);
		return true;
	case PART_ANSI_C:
		refuse(search, "in $'…'");
		return false;
	case PART_BACKTICK: /* a text of its own */
		refuse(search, "in backquotes");
		return false;
	case PART_PARAM:
		refuse(search, "in ${…}");
		return true;
	case PART_ARITH:
		allow(search, QUOTE_INT_ONLY);
		return true;
	case PART_COMMAND:
	case PART_PROCESS:
		refuse(search, NULL);
		return true;
	default:
		return true;
	}
}

static bool
is_in_comment(const struct script *s, uint32_t offset)
{
	for (uint32_t i = 0; i < s->n_comments; i++) {
		if (holds(s->comments[i].start, s->comments[i].end, offset))
			return true;
	}
	return false;
}

/* No line ends between LEFT and RIGHT, which stands behind it. */
static bool
share_a_line(const struct script *s, const struct statement *left,
	     const struct statement *right)
{
	struct text t = s->source.text;

	return text_chr(text_sub(t, 0, right->start), '\n', left->node->end) >=
	       right->start;
}

/* Only the statements that OFFSET may be in are looked at: the last one that
 * begins in front of it, and those before it on its line, for the bodies of
 * their here-documents stand behind it. */
static void
walk_around(const struct script *s, uint32_t offset,
	    const struct shell_visitor *v)
{
	const struct list *body = s->body;
	uint32_t first = 0, over = body->n_items;

	while (first < over) {
		uint32_t middle = first + (over - first) / 2;

		if (body->items[middle]->start <= offset)
			first = middle + 1;
		else
			over = middle;
	}
	if (first == 0)
		return;
	while (--first &&
	       share_a_line(s, body->items[first - 1], body->items[first]))
		shell_walk_node(s, body->items[first]->node, v);
	shell_walk_node(s, body->items[first]->node, v);
}

struct quote_place
quote_place_at(const struct script *s, uint32_t offset)
{
	struct search search = { .offset = offset, .context = QUOTE_REFUSED };
	struct shell_visitor v = { .on_node = on_node,
				   .on_redirect = on_redirect,
				   .on_assignment = on_assignment,
				   .on_word = on_word,
				   .on_part = on_part,
				   .ctx = &search };

	walk_around(s, offset, &v);
	if (is_in_comment(s, offset))
		refuse(&search, "in a comment");
	if (search.context == QUOTE_REFUSED && !search.why)
		search.why = "outside the words of a command";
	return (struct quote_place){ search.context, search.why,
				     search.heredoc };
}
