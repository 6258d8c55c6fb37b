/* Steps that cannot be run as they are written, whatever is said: bash would
 * take them, and do something that nobody has meant. */
#include "graph/infer.h"
#include "shell/walk.h"

struct finder {
	struct builder *b;
	const struct step *step;
	bool quoted_quotes; /* a word that begins with an escaped quote */
	bool noexec;        /* set -n */
	bool debug;         /* trap … DEBUG */
};

/* ---- what a step reads ------------------------------------------------------
 */

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

/* "-n", also among other letters: bash(1), set. */
static bool
has_letter_n(struct text option)
{
	return option.len > 1 && option.at[0] == '-' && option.at[1] != '-' &&
	       text_chr(option, 'n', 1) < option.len &&
	       text_chr(option, 'o', 1) == option.len;
}

/* From `set -n` on a shell executes nothing, not even what would take it
 * back. */
static bool
is_noexec(const struct script *s, const struct node *node)
{
	struct text word = TEXT(""), before;

	for (uint32_t i = 0; node->kind == NODE_SIMPLE && i < node->n_words;
	     i++) {
		before = word;
		word = script_text(s, node->words[i]->start,
				   node->words[i]->end);
		if ((i == 0 && !text_is(word, "set")) || text_is(word, "--"))
			return false;
		if (has_letter_n(word) ||
		    (text_is(word, "noexec") && text_is(before, "-o")))
			return true;
	}
	return false;
}

/* A trap on DEBUG is run before each command, also before those with which the
 * shell ends this step and begins the next. Taking it back does no harm. */
static bool
is_debug_trap(const struct script *s, const struct node *node)
{
	struct text word;

	if (node->kind != NODE_SIMPLE || node->n_words < 3)
		return false;
	for (uint32_t i = 0; i < node->n_words; i++) {
		word = script_text(s, node->words[i]->start,
				   node->words[i]->end);
		if (i == 0 && !text_is(word, "trap"))
			return false;
		if (i == 1 && (text_is(word, "-") || text_is(word, "-p") ||
			       text_is(word, "''") || text_is(word, "\"\"")))
			return false;
		if (i > 1 && text_eq_nocase(word, TEXT("DEBUG")))
			return true;
	}
	return false;
}

/* A subshell and its trap end within the step, and a function need not be
 * called. */
static bool
read_trap(void *ctx, const struct script *s, const struct node *node)
{
	struct finder *f = ctx;

	f->debug |= is_debug_trap(s, node);
	return node->kind != NODE_FUNCTION && node->kind != NODE_SUBSHELL;
}

/* The body of a function has arguments of its own. */
static bool
read_node(void *ctx, const struct script *s, const struct node *node)
{
	struct finder *f = ctx;

	f->noexec |= is_noexec(s, node);
	return node->kind != NODE_FUNCTION;
}

static void
read_statements(struct finder *f)
{
	struct shell_visitor v = { .on_node = read_node,
				   .on_word = read_word,
				   .ctx = f };
	struct shell_visitor traps = { .on_node = read_trap, .ctx = f };
	const struct step *s = f->step;

	for (uint32_t i = s->first; i <= s->last; i++) {
		const struct node *node = s->script->body->items[i]->node;

		shell_walk_node(s->script, node, &v);
		shell_walk_node(s->script, node, &traps);
	}
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
	if (f->noexec)
		return "after 'set -n' the shell would execute nothing any "
		       "more, this step's end among it";
	if (f->debug && !s->host.len)
		return "a trap on DEBUG would also be run by the shell that "
		       "leads from one step to the next; in '( … )' or a "
		       "script of its own it does no harm";
	return NULL;
}

void
infer_refusal(struct builder *b)
{
	struct procedure *p = b->p;
	struct finder f = { .b = b };

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct step *s = p->steps[i];
		const char *why;

		if (s->kind != STEP_COMMAND)
			continue;
		f.step = s;
		f.quoted_quotes = f.noexec = f.debug = false;
		why = written_wrong(b, s);
		if (!why)
			why = reads_wrong(&f);
		if (!why || s->refusal)
			continue;
		s->refusal = why;
		s->dispatch = DISPATCH_NONE;
	}
}
