/* Looking for what changes a shell. */
#include "shell/leaves.h"

#include "shell/walk.h"

/* Builtins that change the shell they run in (bash(1), SHELL BUILTIN COMMANDS).
 * Every other name is a program's, or a builtin's that only prints. */
static const char *const changes_state[] = {
	"cd",      "pushd", "popd",     "dirs", "export", "declare",
	"typeset", "local", "unset",    "read", "set",    "readarray",
	"mapfile", "shopt", "readonly", "trap", "umask",  "shift",
	"ulimit",  "exec",  "getopts",  "let",  "hash",   "disown"
};

/* These do with an option (`printf -v x`, `wait -p x`). */
static const char *const changes_with_option[] = { "printf", "wait" };

static const char *const changes_commands[] = { "source",  ".",       "eval",
						"builtin", "command", "alias",
						"unalias", "enable" };

static bool
is_one_of(struct text name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_is(name, list[i]))
			return true;
	}
	return false;
}

static void
raise_to(enum shell_leaves *found, enum shell_leaves what)
{
	if (what > *found)
		*found = what;
}

/* The word as it stands, when it is nothing but ordinary bytes. */
static bool
plain_word(const struct script *s, const struct word *w, struct text *ret)
{
	if (w->n_parts != 1 || w->parts[0]->kind != PART_LITERAL)
		return false;
	*ret = script_text(s, w->start, w->end);
	return true;
}

/* Does, or may, an option follow? */
static bool
has_option(const struct script *s, const struct node *node)
{
	struct text t;

	if (node->n_words < 2)
		return false;
	t = script_text(s, node->words[1]->start, node->words[1]->end);
	if (text_starts(t, "'") || text_starts(t, "\""))
		t = text_sub(t, 1, t.len);
	return t.len == 0 || text_chr(TEXT("-$`\\{<"), t.at[0], 0) < 6;
}

static void
look_at_command(const struct script *s, const struct node *node,
		enum shell_leaves *found)
{
	struct text name;

	if (node->n_words == 0) {
		if (node->n_assignments)
			raise_to(found, SHELL_LEAVES_STATE);
		return;
	}
	if (!plain_word(s, node->words[0], &name) ||
	    is_one_of(name, changes_commands, ARRAY_LEN(changes_commands)))
		raise_to(found, SHELL_LEAVES_COMMANDS);
	else if (is_one_of(name, changes_state, ARRAY_LEN(changes_state)) ||
		 (is_one_of(name, changes_with_option,
			    ARRAY_LEN(changes_with_option)) &&
		  has_option(s, node)))
		raise_to(found, SHELL_LEAVES_STATE);
}

static bool
on_node(void *ctx, const struct script *s, const struct node *node)
{
	enum shell_leaves *found = ctx;

	switch (node->kind) {
	case NODE_SIMPLE:
		look_at_command(s, node, found);
		break;
	case NODE_SUBSHELL:
		return false;
	case NODE_FOR:
	case NODE_FOR_ARITH:
	case NODE_SELECT:
	case NODE_ARITH:
	case NODE_COND: /* BASH_REMATCH */
	case NODE_COPROC:
		raise_to(found, SHELL_LEAVES_STATE);
		break;
	case NODE_FUNCTION:
	case NODE_ERROR:
		raise_to(found, SHELL_LEAVES_COMMANDS);
		break;
	case NODE_PIPELINE:
	case NODE_ANDOR:
	case NODE_GROUP:
	case NODE_IF:
	case NODE_WHILE:
	case NODE_UNTIL:
	case NODE_CASE:
		break;
	}
	return true;
}

static bool
on_redirect(void *ctx, const struct script *s UNUSED,
	    const struct redirect *redirect)
{
	if (redirect->fd_name.len)
		raise_to(ctx, SHELL_LEAVES_STATE);
	return true;
}

/* `${x:=1}`, `${x=1}`, `$((x++))`. What stands in a substitution happens in a
 * shell of its own. */
static bool
on_part(void *ctx, const struct script *s, const struct part *part)
{
	switch (part->kind) {
	case PART_COMMAND:
	case PART_BACKTICK:
	case PART_PROCESS:
		return false;
	case PART_PARAM:
		if (text_is(part->op, "=") || text_is(part->op, ":="))
			raise_to(ctx, SHELL_LEAVES_STATE);
		break;
	case PART_ARITH: {
		struct text t = script_text(s, part->inner, part->inner_end);

		if (text_chr(t, '=', 0) < t.len ||
		    text_find(t, TEXT("++"), 0) < t.len ||
		    text_find(t, TEXT("--"), 0) < t.len)
			raise_to(ctx, SHELL_LEAVES_STATE);
		break;
	}
	default:
		break;
	}
	return true;
}

enum shell_leaves
shell_leaves(const struct script *s, uint32_t first, uint32_t last)
{
	enum shell_leaves found = SHELL_LEAVES_NOTHING;
	const struct shell_visitor v = { .on_node = on_node,
					 .on_redirect = on_redirect,
					 .on_part = on_part,
					 .ctx = &found };

	for (uint32_t i = first; i <= last && i < s->body->n_items; i++)
		shell_walk_node(s, s->body->items[i]->node, &v);
	return found;
}
