/* Steps that cannot be run as they are written, whatever is said: bash would
 * take them, and do something that nobody has meant. */
#include "graph/infer.h"
#include "shell/walk.h"

struct finder {
	struct builder *b;
	const struct step *step;
	uint32_t start, end; /* of the step, in its script */
	struct text *set;    /* variables that something sets */
	uint32_t n_set;
	bool anything;          /* something may set any variable */
	bool has_arguments;     /* something may set $1 */
	struct text unset;      /* the first that nothing sets */
	struct text positional; /* "1" */
	bool quoted_quotes;     /* a word that begins with an escaped quote */
};

/* ---- variables --------------------------------------------------------------
 */

/* What a session has by itself (exec/environ.h) and what bash sets. */
static bool
is_always_set(struct text name)
{
	static const char *const names[] = {
		"HOME",     "USER",   "LOGNAME", "PATH",     "LANG",
		"TZ",       "TERM",   "PWD",     "OLDPWD",   "HOSTNAME",
		"UID",      "EUID",   "PPID",    "RANDOM",   "SECONDS",
		"SHELL",    "IFS",    "LINENO",  "HOSTTYPE", "OSTYPE",
		"MACHTYPE", "TMPDIR", "REPLY",   "OPTARG",   "OPTIND",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (text_is(name, names[i]))
			return true;
	}
	return text_starts(name, "BASH") || text_starts(name, "LC_") ||
	       text_starts(name, "SSH_");
}

static bool
is_set(const struct finder *f, struct text name)
{
	if (f->anything || is_always_set(name))
		return true;
	for (uint32_t i = 0; i < f->n_set; i++) {
		if (text_eq(f->set[i], name))
			return true;
	}
	for (const char *const *env = f->step->env; env && *env; env++) {
		struct text t = text_of(*env);

		if (text_eq(text_sub(t, 0, text_chr(t, '=', 0)), name))
			return true;
	}
	return false;
}

static void
note_set(struct finder *f, struct text name)
{
	ARENA_PUSH(f->b->arena, f->set, f->n_set, name);
}

static bool
set_by_assignment(void *ctx, const struct script *s UNUSED,
		  const struct assignment *a)
{
	note_set(ctx, a->name);
	return true;
}

/* Commands whose words name variables, and those that can set any. */
static void
set_by_command(struct finder *f, const struct script *s,
	       const struct node *node)
{
	static const char *const setters[] = {
		"read",   "mapfile", "readarray", "getopts", "declare",
		"export", "local",   "typeset",   "printf"
	};
	static const char *const any[] = { "source", ".", "eval" };
	struct text program =
		script_text(s, node->words[0]->start, node->words[0]->end);

	for (size_t i = 0; i < ARRAY_LEN(any); i++)
		f->anything |= text_is(program, any[i]);
	f->has_arguments |= text_is(program, "set");
	for (size_t i = 0; i < ARRAY_LEN(setters); i++) {
		if (!text_is(program, setters[i]))
			continue;
		for (uint32_t k = 1; k < node->n_words; k++)
			note_set(f, script_text(s, node->words[k]->start,
						node->words[k]->end));
	}
}

static bool
set_by_node(void *ctx, const struct script *s, const struct node *node)
{
	struct finder *f = ctx;

	if (node->kind == NODE_SIMPLE && node->n_words)
		set_by_command(f, s, node);
	else if (node->kind == NODE_FOR || node->kind == NODE_SELECT ||
		 node->kind == NODE_COPROC)
		note_set(f, node->name);
	else if (node->kind == NODE_FOR_ARITH || node->kind == NODE_ARITH)
		f->anything = true;
	return true;
}

static void
note_statements(struct finder *f, const struct step *s)
{
	struct shell_visitor v = { .on_node = set_by_node,
				   .on_assignment = set_by_assignment,
				   .ctx = f };

	for (uint32_t i = s->first; i <= s->last; i++)
		shell_walk_node(s->script, s->script->body->items[i]->node, &v);
}

/* ---- what a step reads ------------------------------------------------------
 */

static bool
is_positional(struct text name)
{
	return name.len && byte_is_digit(name.at[0]) && !text_is(name, "0");
}

static bool
read_part(void *ctx, const struct script *s UNUSED, const struct part *part)
{
	struct finder *f = ctx;
	bool guarded = part->op.len && !part->prefix &&
		       strchr(":-=?+", part->op.at[0]);

	if (part->kind != PART_PARAM || part->name.len == 0 || guarded)
		return true;
	if (is_positional(part->name)) {
		if (!f->positional.len && !f->has_arguments)
			f->positional = part->name;
	} else if (f->step->level == EFFECT_DESTROYS &&
		   (byte_is_alnum(part->name.at[0]) ||
		    part->name.at[0] == '_') &&
		   !f->unset.len && !is_set(f, part->name)) {
		f->unset = part->name;
	}
	return true;
}

static bool
read_word(void *ctx, const struct script *s UNUSED, const struct word *word)
{
	struct finder *f = ctx;
	const struct part *first = word->n_parts ? word->parts[0] : NULL;

	if (first && first->kind == PART_ESCAPE) {
		char c = s->source.text.at[first->inner];

		f->quoted_quotes |= c == '"' || c == '\'';
	}
	return true;
}

/* The body of a function has arguments of its own. */
static bool
read_node(void *ctx UNUSED, const struct script *s UNUSED,
	  const struct node *node)
{
	return node->kind != NODE_FUNCTION;
}

static void
read_statements(struct finder *f)
{
	struct shell_visitor v = { .on_node = read_node,
				   .on_word = read_word,
				   .on_part = read_part,
				   .ctx = f };
	const struct step *s = f->step;

	for (uint32_t i = s->first; i <= s->last; i++)
		shell_walk_node(s->script, s->script->body->items[i]->node, &v);
}

/* ---- lines that are no commands ---------------------------------------------
 */

/* "GET /path", as interfaces are described. */
static bool
is_http(struct text t)
{
	static const char *const methods[] = {
		"GET /", "POST /", "PUT /", "PATCH /", "DELETE /", "HEAD /"
	};

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (text_starts(t, methods[i]))
			return true;
	}
	return false;
}

/* A row of a pasted table: tabs between its words, outside of quotes. */
static bool
is_table_row(const struct step *s)
{
	const struct node *node = s->script->body->items[s->first]->node;

	if (node->kind != NODE_SIMPLE || s->first != s->last)
		return false;
	for (uint32_t i = 1; i < node->n_words; i++) {
		struct text gap =
			script_text(s->script, node->words[i - 1]->end,
				    node->words[i]->start);

		if (text_chr(gap, '\n', 0) == gap.len &&
		    text_chr(gap, '\t', 0) < gap.len)
			return true;
	}
	return false;
}

/* A backslash whose blank hides the end of the line. */
static bool
has_lost_continuation(const struct builder *b, const struct step *s)
{
	for (size_t i = 0; i < b->sink->n_items; i++) {
		const struct diag *d = b->sink->items[i];

		if (d->code == DIAG_SHELL_BACKSLASH_BLANK &&
		    d->where.src == s->where.src &&
		    d->where.start >= s->where.start &&
		    d->where.start <= s->where.end)
			return true;
	}
	return false;
}

static const char *
written_wrong(const struct builder *b, const struct step *s)
{
	if (has_lost_continuation(b, s))
		return "a blank behind the backslash ends the line, so that "
		       "the next one would be a command of its own";
	if (is_http(s->text.text))
		return "this is HTTP as it is described, and no command";
	if (s->level == EFFECT_UNKNOWN && is_table_row(s))
		return "tabs between its words: this looks like output, and "
		       "like no command";
	return NULL;
}

static const char *
reads_wrong(struct finder *f)
{
	const struct step *s = f->step;

	read_statements(f);
	if (f->quoted_quotes && s->host.len)
		return "escaped quotes hold nothing together: the other shell "
		       "would look for one program of that name";
	if (f->positional.len)
		return arena_printf(f->b->arena,
				    "nothing gives it the argument $%.*s",
				    TEXT_ARG(f->positional));
	if (f->unset.len)
		return arena_printf(f->b->arena,
				    "nothing above it sets the variable $%.*s, "
				    "and it destroys",
				    TEXT_ARG(f->unset));
	return NULL;
}

void
infer_refusal(struct builder *b)
{
	struct procedure *p = b->p;
	/* what needs runs first may set anything */
	bool needs = annotation_get(p->annotation, KEY_NEEDS) != NULL;
	struct finder f = { .b = b, .anything = needs };

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];
		const char *why;

		if (s->kind != STEP_COMMAND)
			continue;
		f.step = s;
		f.unset = f.positional = (struct text){ NULL, 0 };
		f.quoted_quotes = false;
		note_statements(&f, s);
		why = written_wrong(b, s);
		if (!why)
			why = reads_wrong(&f);
		if (!why || s->refusal)
			continue;
		s->refusal = why;
		s->dispatch = DISPATCH_NONE;
	}
}
