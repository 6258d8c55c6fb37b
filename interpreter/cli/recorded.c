/* From journals back to plans. */
#include "cli/recorded.h"

#include "base/alloc.h"

static const char **
texts_of(const struct jval *list, struct arena *arena, size_t *ret_n)
{
	const char **texts;

	*ret_n = jval_count(list);
	texts = xcalloc(*ret_n + 1, sizeof(*texts));
	for (size_t i = 0; i < *ret_n; i++)
		texts[i] = arena_text(arena, jval_as_text(jval_at(list, i))).at;
	return texts;
}

static void
take_record(struct planned *ret, const struct progress *p)
{
	struct arena *arena = ret->loaded.doc->arena;
	struct text from = jval_get_text(p->options, "from");

	ret->steps = texts_of(jval_get(p->options, "steps"), arena,
			      &ret->options.n_steps);
	ret->options.steps = ret->steps;
	if (from.at)
		ret->options.from = arena_text(arena, from).at;
	ret->options.read_only = jval_get_bool(p->options, "read_only", false);
}

static void
take_recorded_values(struct values *values, const struct progress *p)
{
	for (size_t i = 0; i < p->n_values; i++) {
		const struct progress_value *v = &p->values[i];

		if (v->value.at)
			values_set(values, v->name, v->value, VALUE_OPTION);
	}
}

void
recorded_options(struct planned *ret, const struct progress *p)
{
	take_record(ret, p);
	take_recorded_values(&ret->values, p);
}

void
recorded_plan(const struct progress *p, const char *folder, struct planned *ret)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct loaded *l = &ret->loaded;
	struct procedure *found;
	enum exit_status status;
	uint32_t n = 0;

	*ret = (struct planned){ .loaded = { .sink = DIAG_SINK_INIT } };
	buf_addf(&path, "%s/document.md", folder);
	l->doc = document_load(buf_cstr(&path), &l->sink, &error);
	if (!l->doc)
		return;
	l->rb = runbook_open(l->doc, effect_rules_builtin(), &l->sink);
	if (!l->doc->refused)
		runbook_find(l->rb, p->procedure, &found, 1, &n);
	if (n == 0)
		return;
	l->procedure = found;
	procedure_understand(found);
	ret->values.arena = l->doc->arena;
	recorded_options(ret, p);
	ret->plan = plan_make(found, l->rb->rules, &ret->options, &ret->values,
			      &error, &status);
}
