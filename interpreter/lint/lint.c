/* Running the rules over one document. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdlib.h>

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
};

static void
on_script(void *ctx, const struct script *s, const struct hop *hop,
	  unsigned depth)
{
	struct collector *c = ctx;
	struct lint_script script = { c->step, s, hop, depth };

	ARENA_PUSH(c->pass->arena, c->pass->scripts, c->pass->n_scripts,
		   script);
}

static void
on_command(void *ctx, const struct command *command)
{
	struct collector *c = ctx;
	struct lint_command one = { c->step, *command };

	ARENA_PUSH(c->pass->arena, c->pass->commands, c->pass->n_commands, one);
}

static void
collect_step(struct lint_pass *pass, const struct step *step)
{
	struct collector c = { pass, step };
	const struct unwrap_visitor v = { .on_script = on_script,
					  .on_command = on_command,
					  .ctx = &c };
	const struct effect_state state = { NULL, pass->rb->rules };

	if (step->kind != STEP_COMMAND)
		return;
	for (uint32_t i = step->first; i <= step->last; i++)
		effect_unwrap(pass->arena, step->script,
			      step->script->body->items[i], &state, &v);
}

static void
collect(struct lint_pass *pass)
{
	for (uint32_t i = 0; i < pass->rb->n_procedures; i++) {
		const struct procedure *p = pass->rb->procedures[i];

		for (uint32_t k = 0; k < p->n_steps; k++)
			collect_step(pass, p->steps[k]);
	}
}

/* ---- reporting -------------------------------------------------------------
 */

static bool
is_new(struct lint_pass *pass, enum diag_code code, struct span where)
{
	for (uint32_t i = 0; i < pass->n_reported; i++) {
		if (pass->reported_codes[i] == (int)code &&
		    pass->reported[i].start == where.start)
			return false;
	}
	ARENA_PUSH(pass->arena, pass->reported, pass->n_reported, where);
	ARENA_PUSH(pass->arena, pass->reported_codes, pass->n_reported_codes,
		   (int)code);
	return true;
}

struct diag *
lint_report(struct lint_pass *pass, enum diag_code code, struct span where,
	    const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	va_list ap;

	if (family_of[code] != pass->family)
		BUG("%s is no rule of the family %s", diag_info(code)->alias,
		    pass->family->name);
	if (where.src != pass->doc->src || !is_new(pass, code, where))
		return NULL;
	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	return diag_report(pass->sink, code, where, "%s", buf_cstr(&b));
}

struct lint_result
lint_runbook(const struct runbook *rb, const struct lint_options *options,
	     struct diag_sink *sink)
{
	struct lint_pass pass = { .arena = rb->doc->arena,
				  .doc = rb->doc,
				  .rb = rb,
				  .sink = sink,
				  .today = options->today };
	struct lint_result result = { 0 };

	if (!rb->doc->refused) {
		collect(&pass);
		for (size_t i = 0; i < ARRAY_LEN(families); i++) {
			pass.family = families[i];
			pass.n_reported = pass.n_reported_codes = 0;
			pass.reported = NULL;
			pass.reported_codes = NULL;
			families[i]->check(&pass);
		}
		if (!options->no_suppression)
			result.n_suppressed = suppress(rb, sink);
	}
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

bool
lint_is_suppressible(enum diag_code code)
{
	if (code == DIAG_HIDDEN_CHARACTER)
		return false;
	return code_number(code) >= 2000 ||
	       diag_info(code)->level != LEVEL_ERROR;
}
