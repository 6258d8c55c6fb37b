/* Names that statements share through their shell. */
#include "shell/uses.h"

#include "shell/walk.h"
#include "shell/word.h"

/* ---- names --------------------------------------------------------------- */

bool
shell_names_have(const struct shell_names *names, struct text name)
{
	for (uint32_t i = 0; i < names->n; i++) {
		if (text_eq(names->items[i], name))
			return true;
	}
	return false;
}

static void
add_name(struct arena *arena, struct shell_names *names, struct text name)
{
	if (name.len && !shell_names_have(names, name))
		ARENA_PUSH(arena, names->items, names->n, name);
}

static bool
is_variable(struct text t)
{
	if (t.len == 0 || byte_is_digit(t.at[0]))
		return false;
	for (size_t i = 0; i < t.len; i++) {
		if (!byte_is_alnum(t.at[i]) && t.at[i] != '_')
			return false;
	}
	return true;
}

/* What looks like a variable in the arithmetic T. */
static void
add_arithmetic(struct arena *arena, struct shell_names *names, struct text t)
{
	for (size_t at = 0; at < t.len;) {
		size_t end = at;

		while (end < t.len &&
		       (byte_is_alnum(t.at[end]) || t.at[end] == '_'))
			end++;
		if (is_variable(text_sub(t, at, end)))
			add_name(arena, names, text_sub(t, at, end));
		at = end > at ? end : at + 1;
	}
}

static bool
assigns(struct text arithmetic)
{
	return text_chr(arithmetic, '=', 0) < arithmetic.len ||
	       text_find(arithmetic, TEXT("++"), 0) < arithmetic.len ||
	       text_find(arithmetic, TEXT("--"), 0) < arithmetic.len;
}

/* What word I of NODE is in the end, as far as that can be told. */
static struct value
value_of(struct arena *arena, const struct script *s, const struct node *node,
	 uint32_t i)
{
	return word_value(arena, s, node->words[i], NULL);
}

/* The index of the word that is called: behind `command` and `builtin`. */
static uint32_t
called_word(struct arena *arena, const struct script *s,
	    const struct node *node)
{
	uint32_t i = 0;

	while (i + 1 < node->n_words) {
		struct value v = value_of(arena, s, node, i);

		if (v.state != VALUE_EXACT ||
		    (!text_is(v.bytes.text, "command") &&
		     !text_is(v.bytes.text, "builtin")))
			break;
		i++;
	}
	return i;
}

static bool
is_one_of(struct text name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_is(name, list[i]))
			return true;
	}
	return false;
}

/* These run a text that is not read here. */
static bool
runs_text(struct text name)
{
	static const char *const list[] = { "eval", "source", ".", "trap" };

	return is_one_of(name, list, ARRAY_LEN(list));
}

static void
on_top(const struct script *s, uint32_t first, uint32_t last,
       const struct shell_visitor *v, bool (*counts)(const struct statement *))
{
	for (uint32_t i = first; i <= last && i < s->body->n_items; i++) {
		if (counts(s->body->items[i]))
			shell_walk_node(s, s->body->items[i]->node, v);
	}
}

/* ---- what is left behind --------------------------------------------------
 */

struct giver {
	struct arena *arena;
	struct shell_gives *r;
};

/* What the environment has from the start: whoever sets it, exports it. */
static bool
is_exported(struct text name)
{
	static const char *const list[] = { "HOME", "USER",         "LOGNAME",
					    "PATH", "LANG",         "TZ",
					    "TERM", "SSH_AUTH_SOCK" };

	return is_one_of(name, list, ARRAY_LEN(list)) ||
	       text_starts(name, "LC_");
}

static void
give(struct giver *g, struct text name, bool exported)
{
	if (exported || is_exported(name))
		add_name(g->arena, &g->r->exports, name);
	add_name(g->arena, &g->r->variables, name);
}

/* Each argument may be the name of a variable, or hold one. */
static void
give_arguments(struct giver *g, const struct script *s, const struct node *node,
	       uint32_t from, bool exported)
{
	for (uint32_t i = from; i < node->n_words; i++) {
		struct value v = value_of(g->arena, s, node, i);
		struct text t = v.bytes.text;

		if (v.state == VALUE_UNKNOWN)
			g->r->any = true;
		t = text_sub(t, 0, text_chr(t, '=', 0));
		t = text_sub(t, 0, text_chr(t, '[', 0));
		if (is_variable(t))
			give(g, t, exported);
	}
}

/* printf -v NAME, wait -p NAME: the option comes first. */
static void
give_option(struct giver *g, const struct script *s, const struct node *node,
	    uint32_t at, const char *option)
{
	struct text t;

	if (at + 1 >= node->n_words)
		return;
	t = value_of(g->arena, s, node, at).bytes.text;
	if (text_is(t, option))
		give(g, value_of(g->arena, s, node, at + 1).bytes.text, false);
	else if (t.len && t.at[0] == '-')
		g->r->any = true;
}

static bool
has_option(struct giver *g, const struct script *s, const struct node *node,
	   uint32_t from, char letter)
{
	for (uint32_t i = from; i < node->n_words; i++) {
		struct text t = value_of(g->arena, s, node, i).bytes.text;

		if (t.len > 1 && t.at[0] == '-' &&
		    text_chr(t, letter, 0) < t.len)
			return true;
	}
	return false;
}

static void
give_aliases(struct giver *g, const struct script *s, const struct node *node,
	     uint32_t from)
{
	for (uint32_t i = from; i < node->n_words; i++) {
		struct text t = value_of(g->arena, s, node, i).bytes.text;

		add_name(g->arena, &g->r->commands,
			 text_sub(t, 0, text_chr(t, '=', 0)));
	}
}

static void
give_command(struct giver *g, const struct script *s, const struct node *node)
{
	static const char *const setters[] = {
		"read",  "mapfile",  "readarray", "getopts", "unset", "let",
		"local", "readonly", "declare",   "typeset", "export"
	};
	static const char *const movers[] = { "cd", "pushd", "popd" };
	uint32_t at = called_word(g->arena, s, node);
	struct value v = value_of(g->arena, s, node, at);
	struct text name = v.bytes.text;

	if (v.state != VALUE_EXACT) {
		g->r->any = true;
		return;
	}
	g->r->any |= runs_text(name);
	if (is_one_of(name, movers, ARRAY_LEN(movers)))
		g->r->folder = true;
	else if (is_one_of(name, setters, ARRAY_LEN(setters)))
		give_arguments(g, s, node, at + 1,
			       text_is(name, "export") ||
				       has_option(g, s, node, at + 1, 'x'));
	else if (text_is(name, "printf"))
		give_option(g, s, node, at + 1, "-v");
	else if (text_is(name, "wait"))
		give_option(g, s, node, at + 1, "-p");
	else if (text_is(name, "set") && has_option(g, s, node, at + 1, 'a'))
		g->r->any = true;
	else if (text_is(name, "alias"))
		give_aliases(g, s, node, at + 1);
}

static bool
on_given_node(void *ctx, const struct script *s, const struct node *node)
{
	struct giver *g = ctx;

	switch (node->kind) {
	case NODE_SUBSHELL:
		return false;
	case NODE_PIPELINE:
		return node->n_items < 2;
	case NODE_SIMPLE:
		if (node->n_words)
			give_command(g, s, node);
		break;
	case NODE_FUNCTION:
		add_name(g->arena, &g->r->commands, node->name);
		return false;
	case NODE_FOR:
	case NODE_SELECT:
	case NODE_COPROC:
		give(g, node->name, false);
		break;
	case NODE_ARITH:
	case NODE_FOR_ARITH:
		for (uint32_t i = 0; i < node->n_words; i++)
			add_arithmetic(g->arena, &g->r->variables,
				       script_text(s, node->words[i]->start,
						   node->words[i]->end));
		break;
	case NODE_ERROR:
		g->r->any = true;
		break;
	default:
		break;
	}
	/* An assignment in front of a command is gone with it. */
	for (uint32_t i = 0; node->n_words == 0 && i < node->n_prefix; i++)
		give(g, node->assignments[i]->name, false);
	return true;
}

static bool
on_given_redirect(void *ctx, const struct script *s UNUSED,
		  const struct redirect *redirect)
{
	struct giver *g = ctx;

	give(g, redirect->fd_name, false);
	return true;
}

static bool
on_given_part(void *ctx, const struct script *s, const struct part *part)
{
	struct giver *g = ctx;

	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		return false;
	case PART_PARAM:
		if (text_is(part->op, "=") || text_is(part->op, ":="))
			give(g, part->name, false);
		return true;
	case PART_ARITH: {
		struct text t = script_text(s, part->inner, part->inner_end);

		if (assigns(t))
			add_arithmetic(g->arena, &g->r->variables, t);
		return true;
	}
	default:
		return true;
	}
}

static bool
stays_here(const struct statement *statement)
{
	return !statement->background;
}

void
shell_gives(struct arena *arena, const struct script *s, uint32_t first,
	    uint32_t last, struct shell_gives *ret)
{
	struct giver g = { arena, ret };
	const struct shell_visitor v = { .on_node = on_given_node,
					 .on_redirect = on_given_redirect,
					 .on_part = on_given_part,
					 .ctx = &g };

	*ret = (struct shell_gives){ .any = false };
	on_top(s, first, last, &v, stays_here);
}

/* ---- what is used ----------------------------------------------------------
 */

struct taker {
	struct arena *arena;
	struct shell_takes *r;
	struct shell_names set;  /* by the commands before this one */
	struct shell_names soon; /* by this one */
};

static void
take(struct taker *t, struct text name)
{
	if (is_variable(name) && !shell_names_have(&t->set, name))
		add_name(t->arena, &t->r->variables, name);
}

static void
take_arithmetic(struct taker *t, struct text text)
{
	struct shell_names names = { NULL, 0 };

	add_arithmetic(t->arena, &names, text);
	for (uint32_t i = 0; i < names.n; i++)
		take(t, names.items[i]);
}

/* What NODE, which does not hold others, sets counts for those behind it. */
static void
note_set(struct taker *t, const struct script *s, const struct node *node)
{
	struct shell_gives gives = { .any = false };
	struct giver g = { t->arena, &gives };

	for (uint32_t i = 0; i < t->soon.n; i++)
		add_name(t->arena, &t->set, t->soon.items[i]);
	on_given_node(&g, s, node);
	t->soon = gives.variables;
}

static bool
on_taken_node(void *ctx, const struct script *s, const struct node *node)
{
	struct taker *t = ctx;

	switch (node->kind) {
	case NODE_SIMPLE:
		note_set(t, s, node);
		if (node->n_words) {
			uint32_t at = called_word(t->arena, s, node);
			struct value v = value_of(t->arena, s, node, at);

			t->r->any |= v.state != VALUE_EXACT ||
				     runs_text(v.bytes.text);
			add_name(t->arena, &t->r->commands, v.bytes.text);
		}
		break;
	case NODE_FOR:
	case NODE_SELECT:
		add_name(t->arena, &t->set, node->name);
		break;
	case NODE_ARITH:
	case NODE_FOR_ARITH:
		for (uint32_t i = 0; i < node->n_words; i++)
			take_arithmetic(t, script_text(s, node->words[i]->start,
						       node->words[i]->end));
		break;
	case NODE_ERROR:
		t->r->any = true;
		break;
	default:
		break;
	}
	return true;
}

static bool
on_taken_part(void *ctx, const struct script *s, const struct part *part)
{
	struct taker *t = ctx;

	if (part->kind == PART_ARITH) {
		take_arithmetic(t,
				script_text(s, part->inner, part->inner_end));
	} else if (part->kind == PART_PARAM) {
		t->r->any |= part->prefix && text_is(part->op, "!");
		take(t, part->name);
	}
	return true;
}

static bool
always(const struct statement *statement UNUSED)
{
	return true;
}

void
shell_takes(struct arena *arena, const struct script *s, uint32_t first,
	    uint32_t last, struct shell_takes *ret)
{
	struct taker t = { .arena = arena, .r = ret };
	const struct shell_visitor v = { .on_node = on_taken_node,
					 .on_part = on_taken_part,
					 .ctx = &t };

	*ret = (struct shell_takes){ .any = false };
	on_top(s, first, last, &v, always);
}
