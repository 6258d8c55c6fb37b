/* Findings for reviewdog (reviewdog.proto): columns count bytes. */
#include "report/lint_format.h"

static struct jval *
position(uint32_t line, uint32_t column)
{
	struct jval *o = jval_object();

	jval_set(o, "line", jval_int(line));
	jval_set(o, "column", jval_int(column));
	return o;
}

static struct jval *
range_of(struct span where)
{
	struct jval *range = jval_object();
	struct lint_place p = lint_place_of(where);

	jval_set(range, "start", position(p.line, p.bytes));
	jval_set(range, "end", position(p.end_line, p.end_bytes));
	return range;
}

static struct jval *
location(const char *path, struct span where)
{
	struct jval *o = jval_object();

	jval_set(o, "path", jval_string(path));
	jval_set(o, "range", range_of(where));
	return o;
}

/* Each becomes a change that is made by one click, and by nobody else. */
static struct jval *
suggestions(const struct diag *d)
{
	struct jval *list = jval_array();

	for (const struct diag_edit *e = d->fix->edits; e; e = e->next) {
		struct jval *one = jval_object();

		jval_set(one, "range",
			 range_of((struct span){ d->where.src, e->start,
						 e->end }));
		jval_set(one, "text", jval_string(e->text));
		jval_push(list, one);
	}
	return list;
}

static struct jval *
finding(const struct diag *d, const char *path)
{
	static const char *const severities[] = { "ERROR", "WARNING", "INFO",
						  "INFO" };
	struct jval *o = jval_object(), *code = jval_object();

	jval_set(o, "message", jval_string(d->message));
	jval_set(o, "location", location(path, d->where));
	jval_set(o, "severity", jval_string(severities[d->level]));
	jval_set(code, "value", jval_string(diag_info(d->code)->number));
	jval_set(o, "code", code);
	if (d->fix)
		jval_set(o, "suggestions", suggestions(d));
	if (d->notes) {
		struct jval *related = jval_array();

		for (const struct diag_note *n = d->notes; n; n = n->next) {
			struct jval *one = jval_object();

			jval_set(one, "message", jval_string(n->message));
			jval_set(one, "location", location(path, n->where));
			jval_push(related, one);
		}
		jval_set(o, "related_locations", related);
	}
	return o;
}

static void
begin(struct lint_report *r)
{
	r->list = jval_array();
}

static void
file(struct lint_report *r, const struct lint_file *f)
{
	for (size_t i = 0; i < f->sink->n_items; i++) {
		if (lint_shows(r, f->sink->items[i]))
			jval_push(r->list,
				  finding(f->sink->items[i], f->place));
	}
}

static void
end(struct lint_report *r)
{
	struct jval *all = jval_object(), *source = jval_object();

	jval_set(source, "name", jval_string("runbook"));
	jval_set(all, "source", source);
	jval_set(all, "diagnostics", r->list);
	r->list = NULL;
	jval_write(all, true, r->out);
	buf_addc(r->out, '\n');
	jval_free(all);
}

const struct lint_format lint_format_rdjson = {
	.name = "rdjson",
	.begin = begin,
	.file = file,
	.end = end,
};
