/* Running the rules over one document. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/visible.h"
#include "diag/source.h"
#include "lint/rule.h"
#include "lint/suppress.h"

static const struct lint_family *const families[] = {
#define FAMILY(name) &lint_family_##name,
#define RULE(family, code)
#include "lint/rules.def"
#undef FAMILY
#undef RULE
};

/* The family of each code, NULL for those that are no rule of ours. */
static const struct lint_family *const family_of[DIAG_CODE_COUNT] = {
#define FAMILY(name)
#define RULE(family, code) [DIAG_##code] = &lint_family_##family,
#include "lint/rules.def"
#undef FAMILY
#undef RULE
};

/* ---- what the rules look at ------------------------------------------------
 */

struct collector {
	struct lint_pass *pass;
	const struct step *step;
	const struct script *last; /* of depth 0 */
};

static void
on_script(void *ctx, const struct script *s, const struct hop *hop,
	  unsigned depth)
{
	struct collector *c = ctx;
	struct lint_script script = { c->step, s, hop, depth };

	ARENA_PUSH(c->pass->arena, c->pass->scripts, c->pass->n_scripts,
		   script);
	if (depth == 0 && s == c->last)
		return;
	if (depth == 0)
		c->last = s;
	ARENA_PUSH(c->pass->arena, c->pass->texts, c->pass->n_texts, s);
}

static void
on_command(void *ctx, const struct command *command)
{
	struct collector *c = ctx;
	struct lint_command one = { c->step, *command };

	ARENA_PUSH(c->pass->arena, c->pass->commands, c->pass->n_commands, one);
}

static void
collect_step(struct collector *c, const struct step *step)
{
	struct lint_pass *pass = c->pass;
	const struct unwrap_visitor v = { .on_script = on_script,
					  .on_command = on_command,
					  .ctx = c };
	const struct effect_state state = { NULL, pass->rb->rules, true };

	if (step->kind != STEP_COMMAND)
		return;
	c->step = step;
	for (uint32_t i = step->first; i <= step->last; i++)
		effect_unwrap(pass->arena, step->script,
			      step->script->body->items[i], &state, &v);
}

static void
collect(struct lint_pass *pass)
{
	struct collector c = { .pass = pass };

	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			collect_step(&c, p->steps[k]);
	}
}

/* ---- reporting -------------------------------------------------------------
 */

struct diag *
lint_report(struct lint_pass *pass, enum diag_code code, struct span where,
	    const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	va_list ap;

	if (family_of[code] != pass->family)
		BUG("%s is no rule of the family %s", diag_info(code)->alias,
		    pass->family->name);
	if (where.src != pass->doc->src)
		return NULL;
	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	return diag_report(pass->sink, code, where, "%s", buf_cstr(&b));
}

/* Going through the findings in order. */
struct dropping {
	const struct document *doc;
	uint32_t start;          /* of the last one … */
	int code;                /* … and what it was */
	uint32_t syntax_end;     /* of the block with a mistake in it */
	uint32_t lookalike_line; /* with one in it */
};

/* The block that holds OFFSET, or the one before it; NULL: none. */
static const struct block *
block_at(const struct document *doc, uint32_t offset)
{
	uint32_t low = 0, high = doc->n_blocks;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (doc->blocks[middle]->where.start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? doc->blocks[low - 1] : NULL;
}

static uint32_t
end_of_block(const struct document *doc, uint32_t offset)
{
	const struct block *b = block_at(doc, offset);

	return b ? b->where.end : offset + 1;
}

/* A tree of folders, whatever its tag says: "├──", "└──". */
static bool
is_drawing(const struct document *doc, uint32_t offset)
{
	uint32_t end = end_of_block(doc, offset);
	struct text t = text_sub(doc->src->bytes, 0, end);

	return text_find(t, TEXT("\xe2\x94\x9c"), offset) < end ||
	       text_find(t, TEXT("\xe2\x94\x94"), offset) < end;
}

/* What follows from a mistake is no news: bash stops at the first one of a
 * text, and quotes that are none come in pairs. */
static bool
follows_from_another(struct dropping *x, const struct diag *d)
{
	uint32_t line, code = 0;

	if (d->code == DIAG_SHELL_SYNTAX) {
		if (d->where.start < x->syntax_end)
			return true;
		x->syntax_end = end_of_block(x->doc, d->where.start);
	}
	if (d->code == DIAG_SHELL_LOOKALIKE) {
		/* RB3605 tells of what is not seen at all */
		if (text_utf8(span_text(d->where), &code) &&
		    visible_is_hidden(code))
			return true;
		line = span_line(d->where);
		if (line == x->lookalike_line ||
		    is_drawing(x->doc, d->where.start))
			return true;
		x->lookalike_line = line;
	}
	return false;
}

static bool
is_kept(const struct diag *d, void *ctx)
{
	struct dropping *x = ctx;
	bool repeated = x->start == d->where.start && x->code == (int)d->code &&
			family_of[d->code] && d->code != DIAG_SHELLCHECK;

	if (d->where.src != x->doc->src)
		return true;
	x->start = d->where.start;
	x->code = (int)d->code;
	return !repeated && !follows_from_another(x, d);
}

/* Of what was found twice, as rules that look at steps and at commands do, the
 * first one stays. */
static void
drop_repeated(const struct document *doc, struct diag_sink *sink)
{
	struct dropping x = { .doc = doc, .code = -1 };

	diag_sink_sort(sink);
	diag_sink_filter(sink, is_kept, &x);
}

/* The first heading that the unclosed fence at D has swallowed. */
static void
note_lost_heading(const struct document *doc, struct diag *d)
{
	uint32_t end = end_of_block(doc, d->where.start);
	uint32_t line = span_line(d->where) + 1;

	for (; line <= doc->src->n_lines; line++) {
		struct text t = source_line_text(doc->src, line);
		uint32_t at = source_line_start(doc->src, line);

		if (at >= end)
			return;
		if (!text_starts(t, "## ") && !text_starts(t, "### ") &&
		    !text_starts(t, "#### "))
			continue;
		diag_note(d,
			  (struct span){ doc->src, at, at + (uint32_t)t.len },
			  "this heading is lost in it");
		return;
	}
}

/* A directive of MyST within a block that is never run: in a definition list
 * of MyST the block has ended before. */
static bool
is_shown_directive(const struct document *doc, uint32_t offset)
{
	struct text line =
		source_line_text(doc->src, source_line(doc->src, offset));
	const struct block *b = block_at(doc, offset);

	line = text_trim(line);
	while (line.len && line.at[0] == '`')
		line = text_sub(line, 1, line.len);
	return text_starts(line, "{") && b && b->kind == BLOCK_CODE &&
	       b->code->kind != CODE_SCRIPT && b->code->kind != CODE_CONSOLE;
}

/* What reading cannot know to say: what to do about a text that is no shell,
 * and what a fence has swallowed. */
static void
add_help(const struct document *doc, struct diag_sink *sink)
{
	for (size_t i = 0; i < sink->n_items; i++) {
		struct diag *d = sink->items[i];

		if (d->code == DIAG_SHELL_SYNTAX && !d->help)
			diag_help(d, "a shell reads every line of the block: "
				     "give output one of its own, or tag it as "
				     "what it is");
		if (d->code == DIAG_SWALLOWED_FENCE &&
		    is_shown_directive(doc, d->where.start))
			diag_sink_relevel(sink, d, LEVEL_INFO);
		if (d->code == DIAG_UNCLOSED_FENCE && d->where.src == doc->src)
			note_lost_heading(doc, d);
	}
}

bool
lint_exists(struct lint_pass *pass, const char *path)
{
	bool found = access(path, F_OK) == 0;

	lint_result_probe(pass->result, text_of(path), found);
	return found;
}

void
lint_changes_on(struct lint_pass *pass, int64_t day)
{
	if (day > pass->today && day < pass->result->changes_on)
		pass->result->changes_on = day;
}

/* ---- results ---------------------------------------------------------------
 */

void
lint_result_release(struct lint_result *result)
{
	for (uint32_t i = 0; i < result->n_probes; i++)
		free(result->probes[i].path);
	free(result->probes);
	*result = (struct lint_result){ .changes_on = INT64_MAX };
}

void
lint_result_probe(struct lint_result *result, struct text path, bool found)
{
	struct lint_probe *p;
	uint32_t n = result->n_probes;
	struct buf b = BUF_INIT;

	/* the capacity is the power of two from 8 on that holds them */
	if (n == 0 || (n >= 8 && (n & (n - 1)) == 0))
		result->probes = xreallocarray(result->probes, n ? 2 * n : 8,
					       sizeof(*p));
	p = &result->probes[result->n_probes++];
	buf_addt(&b, path);
	p->path = buf_detach(&b, NULL);
	p->found = found;
}

struct lint_result
lint_runbook(const struct runbook *rb, const struct lint_options *options,
	     struct diag_sink *sink)
{
	struct lint_result result = { .changes_on = INT64_MAX };
	struct lint_pass pass = { .arena = rb->doc->arena,
				  .doc = rb->doc,
				  .rb = rb,
				  .sink = sink,
				  .result = &result,
				  .programs = options->programs,
				  .today = options->today };

	if (!rb->doc->refused) {
		collect(&pass);
		for (size_t i = 0; i < ARRAY_LEN(families); i++) {
			pass.family = families[i];
			families[i]->check(&pass);
		}
		drop_repeated(rb->doc, sink);
		add_help(rb->doc, sink);
		if (!options->no_suppression)
			result.n_suppressed = suppress(rb, sink);
	}
	if (options->settings)
		lint_settle(options->settings, options->place, sink);
	diag_sink_sort(sink);
	return result;
}

/* ---- codes -----------------------------------------------------------------
 */

/* Numbers are four digits behind "RB". */
static unsigned
code_number(enum diag_code code)
{
	uint64_t n = 0;

	text_to_uint(text_of(diag_info(code)->number + 2), 9999, &n);
	return (unsigned)n;
}

bool
lint_has_code(enum diag_code code)
{
	unsigned n = code_number(code);

	return n < 4000 || (n >= 4010 && n < 4020);
}

const char *
lint_family_name(enum diag_code code)
{
	return family_of[code] ? family_of[code]->name : NULL;
}
