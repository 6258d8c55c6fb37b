/* Variables that a step reads and nothing in the procedure sets: in 30
 * repositories they stand for what the reader has to fill in as often as
 * <names> do. A session begins with hardly any variable, so that bash would
 * take each of them for empty. */
#include "graph/infer.h"
#include "graph/names.h"
#include "shell/walk.h"
#include "shell/word.h"

enum {
	ARGUMENTS_MAX = 9
};

/* What the steps so far have set. */
struct variables {
	struct names set;
	bool anything;      /* something may set any variable */
	bool has_arguments; /* something may set $1 */
};

struct variables *
variables_new(struct builder *b)
{
	struct variables *v = ARENA_NEW(b->arena, struct variables);

	/* what is needed runs first and may set anything */
	v->anything = annotation_get(b->p->annotation, KEY_NEEDS) != NULL;
	return v;
}

/* What a session has by itself (exec/environ.h) and what bash sets. */
static bool
is_always_set(struct text name)
{
	static const char *const names[] = {
		"HOME",       "USER",     "LOGNAME", "PATH",         "LANG",
		"TZ",         "TERM",     "PWD",     "OLDPWD",       "HOSTNAME",
		"UID",        "EUID",     "PPID",    "RANDOM",       "SECONDS",
		"SHELL",      "IFS",      "LINENO",  "HOSTTYPE",     "OSTYPE",
		"MACHTYPE",   "TMPDIR",   "REPLY",   "OPTARG",       "OPTIND",
		"EDITOR",     "VISUAL",   "PAGER",   "COLUMNS",      "LINES",
		"PIPESTATUS", "FUNCNAME", "GROUPS",  "EPOCHSECONDS", "DISPLAY",
		"SHLVL",      "_",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(name, names[i]))
			return true;
	}
	return text_starts(name, "BASH") || text_starts(name, "LC_") ||
	       text_starts(name, "SSH_") || text_starts(name, "XDG_");
}

/* ---- what a step sets ------------------------------------------------------
 */

struct setter {
	struct builder *b;
	struct variables *v;
};

/* "set -- a b", "set a": in contrast to "set -euo pipefail". */
static bool
sets_arguments(const struct script *s, const struct node *node)
{
	for (uint32_t i = 1; i < node->n_words; i++) {
		struct text t = script_text(s, node->words[i]->start,
					    node->words[i]->end);

		if (text_is(t, "--"))
			return true;
		if (t.len == 0 || !strchr("-+", t.at[0]))
			return true;
		i += text_ends(t, "o"); /* the option's name follows */
	}
	return false;
}

/* Commands whose words name variables, and those that can set any. */
static void
set_by_command(struct setter *f, const struct script *s,
	       const struct node *node)
{
	static const char *const setters[] = { "read", "mapfile", "readarray",
					       "getopts", "printf" };
	static const char *const any[] = { "source", ".", "eval" };
	struct text program =
		script_text(s, node->words[0]->start, node->words[0]->end);

	for (size_t i = 0; i < ARRAY_LEN(any); i++)
		f->v->anything |= text_is(program, any[i]);
	f->v->has_arguments |=
		text_is(program, "set") && sets_arguments(s, node);
	for (size_t i = 0; i < ARRAY_LEN(setters); i++) {
		if (!text_is(program, setters[i]))
			continue;
		for (uint32_t k = 1; k < node->n_words; k++)
			names_add(f->b->arena, &f->v->set,
				  script_text(s, node->words[k]->start,
					      node->words[k]->end));
	}
}

/* "NAME=x" alone lasts, "NAME=x command" does not. */
static void
set_by_assignments(struct setter *f, const struct node *node)
{
	uint32_t i = node->n_words ? node->n_prefix : 0;

	for (; i < node->n_assignments; i++)
		names_add(f->b->arena, &f->v->set, node->assignments[i]->name);
}

static bool
set_by_node(void *ctx, const struct script *s, const struct node *node)
{
	struct setter *f = ctx;

	if (node->kind == NODE_SIMPLE) {
		if (node->n_words)
			set_by_command(f, s, node);
		set_by_assignments(f, node);
	} else if (node->kind == NODE_FOR || node->kind == NODE_SELECT ||
		   node->kind == NODE_COPROC) {
		names_add(f->b->arena, &f->v->set, node->name);
	} else if (node->kind == NODE_FOR_ARITH || node->kind == NODE_ARITH) {
		f->v->anything = true;
	}
	return true;
}

/* "${NAME:=x}" sets it too. */
static bool
set_by_part(void *ctx, const struct script *s UNUSED, const struct part *part)
{
	struct setter *f = ctx;

	if (part->kind == PART_PARAM && !part->prefix &&
	    (text_is(part->op, ":=") || text_is(part->op, "=")))
		names_add(f->b->arena, &f->v->set, part->name);
	return true;
}

/* ---- what a step reads -----------------------------------------------------
 */

struct reader {
	struct builder *b;
	struct variables *v;
	struct step *step;
	struct span function;                /* the last one that began */
	const struct assignment *assignment; /* the last one that began */
};

static bool
is_within(struct span where, struct span outer)
{
	return where.src == outer.src && where.start >= outer.start &&
	       where.end <= outer.end;
}

/* The name of the variable that is nothing but argument PART: "NAME=$1". */
static struct text
argument_name(const struct reader *r, const struct part *part)
{
	const struct assignment *a = r->assignment;
	const struct word *w = a ? a->value : NULL;
	const struct part *only = w && w->n_parts == 1 ? w->parts[0] : NULL;

	if (only && only->kind == PART_DOUBLE && only->n_parts == 1)
		only = only->parts[0];
	return only == part ? a->name : part->name;
}

static struct variable_use *
find_use(const struct step *s, struct text name)
{
	for (uint32_t i = 0; i < s->n_variables; i++) {
		if (text_eq(s->variables[i].name, name))
			return &s->variables[i];
	}
	return NULL;
}

static void
add_use(struct reader *r, const struct script *s, const struct part *part,
	struct text name, uint32_t argument)
{
	struct builder *b = r->b;
	struct variable_use use = { .name = part->name,
				    .argument = argument,
				    .where = script_span(s, part->start,
							 part->end) };

	if (find_use(r->step, part->name))
		return;
	use.param = procedure_param(b->p, name);
	if (!use.param) {
		use.param = add_param(b, name,
				      script_text(s, part->start, part->end),
				      use.where);
		use.param->variable = true;
		use.param->secret |= text_is_secret(name);
		if (!argument)
			settings_find(b->rb, use.param);
	}
	ARENA_PUSH(b->arena, r->step->variables, r->step->n_variables, use);
	reason_add(b->arena, &r->step->reasons, INFER_VARIABLE, "parameter",
		   use.where,
		   argument ? "nothing gives it the argument $%.*s"
			    : "nothing above it sets $%.*s",
		   TEXT_ARG(part->name));
}

static bool
is_argument(struct text name, uint32_t *ret)
{
	uint64_t n;

	if (!text_to_uint(name, ARGUMENTS_MAX, &n) || n == 0)
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool
is_name(struct text name)
{
	return name.len && (byte_is_alpha(name.at[0]) || name.at[0] == '_');
}

static bool
set_by_annotation(const struct step *s, struct text name)
{
	const struct ynode *env = annotation_get(s->annotation, KEY_ENV);

	for (uint32_t i = 0; env && i < setting_count(env); i++) {
		if (text_eq(setting_name_at(env, i), name))
			return true;
	}
	return false;
}

/* ${x:-y}, ${x+y}: the document says what holds without it. */
static bool
is_guarded(const struct part *part)
{
	struct text op = part->op;

	if (text_starts(op, ":"))
		op = text_sub(op, 1, op.len);
	return !part->prefix && op.len && strchr("-=+", op.at[0]);
}

static bool
read_part(void *ctx, const struct script *s, const struct part *part)
{
	struct reader *r = ctx;
	uint32_t argument;

	if (part->kind != PART_PARAM || is_guarded(part))
		return true;
	if (is_argument(part->name, &argument)) {
		if (!r->v->has_arguments &&
		    !is_within(script_span(s, part->start, part->end),
			       r->function))
			add_use(r, s, part, argument_name(r, part), argument);
	} else if (is_name(part->name) && !r->v->anything &&
		   !is_always_set(part->name) &&
		   !names_has(&r->v->set, part->name) &&
		   !set_by_annotation(r->step, part->name)) {
		add_use(r, s, part, part->name, 0);
	}
	return true;
}

static bool
read_assignment(void *ctx, const struct script *s UNUSED,
		const struct assignment *a)
{
	((struct reader *)ctx)->assignment = a;
	return true;
}

static bool
read_node(void *ctx, const struct script *s, const struct node *node)
{
	struct reader *r = ctx;

	if (node->kind == NODE_FUNCTION)
		r->function = script_span(s, node->start, node->end);
	return true;
}

/* Its text is expanded by the bash of this machine. */
static bool
is_expanded_here(const struct step *s)
{
	const struct ynode *host = annotation_get(s->annotation, KEY_HOST);

	if (host && !text_is(host->text, "local"))
		return false;
	return s->context.text.len == 0 && !s->ssh;
}

void
infer_variables(struct builder *b, struct step *s, struct variables *v)
{
	struct setter setter = { b, v };
	struct reader reader = { .b = b, .v = v, .step = s };
	struct shell_visitor sets = { .on_node = set_by_node,
				      .on_part = set_by_part,
				      .ctx = &setter };
	struct shell_visitor reads = { .on_node = read_node,
				       .on_assignment = read_assignment,
				       .on_part = read_part,
				       .ctx = &reader };

	if (!is_expanded_here(s))
		return;
	for (uint32_t i = s->first; i <= s->last; i++) {
		const struct node *node = s->script->body->items[i]->node;

		/* what it sets itself it may read, in whatever order */
		shell_walk_node(s->script, node, &sets);
		shell_walk_node(s->script, node, &reads);
	}
}
