/* Running the rules over one document. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
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

struct last {
	const struct source *src;
	uint32_t start;
	int code;
};

static bool
is_first(const struct diag *d, void *ctx)
{
	struct last *last = ctx;
	bool repeated = last->src == d->where.src &&
			last->start == d->where.start &&
			last->code == (int)d->code && family_of[d->code] &&
			d->code != DIAG_SHELLCHECK;

	*last = (struct last){ d->where.src, d->where.start, (int)d->code };
	return !repeated;
}

/* Of what the rules found twice, as rules that look at steps and at commands
 * do, the first one stays. */
static void
drop_repeated(struct diag_sink *sink)
{
	struct last last = { NULL, 0, -1 };

	diag_sink_sort(sink);
	diag_sink_filter(sink, is_first, &last);
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
		drop_repeated(sink);
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
