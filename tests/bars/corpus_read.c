/* Many documents in one process, for the bars over whole collections of them.
 *
 * Reads paths from standard input, one a line. Answers each with one line of
 * JSON: the processor time, the errors, what `show --json` says, and for each
 * procedure what `plan` would show without a terminal. It is the code of these
 * commands; nothing is executed. */
#include <time.h>

#include "base/json.h"
#include "cli/planning.h"
#include "report/show.h"
#include "want/want.h"

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct jval *
json_errors(const struct diag_sink *sink)
{
	struct jval *list = jval_array();

	for (size_t i = 0; i < sink->n_items; i++) {
		const struct diag *d = sink->items[i];
		struct jval *o;

		if (d->level != LEVEL_ERROR)
			continue;
		o = jval_object();
		jval_set(o, "line",
			 jval_int(d->where.src ? span_line(d->where) : 0));
		jval_set(o, "code", jval_string(diag_info(d->code)->number));
		jval_set(o, "message", jval_string(d->message));
		jval_push(list, o);
	}
	return list;
}

static struct jval *
json_stops(const struct plan_item *item)
{
	struct jval *list = jval_array();

	for (unsigned bit = 1; bit <= STOP_REFUSED; bit <<= 1) {
		if (item->stops & bit)
			jval_push(list, jval_string(plan_stop_name(
						(enum plan_stop)bit)));
	}
	return list;
}

static struct jval *
json_plan(struct loaded *l, struct procedure *p)
{
	struct plan_options options = { .steps = NULL };
	struct values values = { .arena = l->doc->arena };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *o = jval_object(), *steps = jval_array();
	enum exit_status status;
	struct plan *plan = plan_make(p, p->runbook->rules, &options, &values,
				      &error, &status);

	l->procedure = p;
	jval_set(o, "procedure", jval_text(p->path));
	jval_set(o, "refused", jval_bool(!plan || procedure_has_errors(l)));
	for (uint32_t i = 0; plan && i < plan->n_items; i++) {
		struct jval *step = jval_object();

		jval_set(step, "line", jval_int(plan->items[i].step->line));
		jval_set(step, "step", jval_string(plan->items[i].step->id));
		jval_set(step, "effect",
			 jval_string(effect_level_name(
				 plan->items[i].resolved->level)));
		jval_set(step, "stops", json_stops(&plan->items[i]));
		jval_push(steps, step);
	}
	jval_set(o, "steps", steps);
	return o;
}

static void
answer(const char *path)
{
	struct loaded l = { .sink = DIAG_SINK_INIT };
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct jval *o = jval_object(), *plans = jval_array();
	int64_t began = cpu_us();

	l.doc = document_load(path, &l.sink, &b);
	if (!l.doc) {
		fprintf(stderr, "%s\n", buf_cstr(&b));
		exit(2);
	}
	l.rb = runbook_build(l.doc, effect_rules_builtin(), &l.sink);
	jval_set(o, "path", jval_string(path));
	jval_set(o, "show", show_json(l.rb, NULL, true));
	for (uint32_t i = 0; i < l.rb->n_procedures; i++)
		jval_push(plans, json_plan(&l, l.rb->procedures[i]));
	jval_set(o, "plans", plans);
	jval_set(o, "errors", json_errors(&l.sink));
	jval_set(o, "cpu_us", jval_int(cpu_us() - began));
	buf_clear(&b);
	jval_write(o, false, &b);
	puts(buf_cstr(&b));
	jval_free(o);
	loaded_release(&l);
}

int
main(void)
{
	char path[4096];

	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		answer(path);
	}
	return 0;
}
