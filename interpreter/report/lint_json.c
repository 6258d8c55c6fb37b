/* Findings as one JSON document. */
#include "diag/source.h"
#include "report/lint_format.h"

static struct jval *
note(const struct diag_note *n, const char *path)
{
	struct jval *o = jval_object();
	struct lint_place p = lint_place_of(n->where);

	jval_set(o, "path", jval_string(path));
	jval_set(o, "line", jval_int(p.line));
	jval_set(o, "column", jval_int(p.column));
	jval_set(o, "message", jval_string(n->message));
	return o;
}

static struct jval *
fix(const struct diag_fix *f)
{
	struct jval *o, *edits;

	if (!f)
		return jval_null();
	o = jval_object();
	edits = jval_array();
	for (const struct diag_edit *e = f->edits; e; e = e->next) {
		struct jval *one = jval_object();

		jval_set(one, "offset", jval_int(e->start));
		jval_set(one, "length", jval_int(e->end - e->start));
		jval_set(one, "text", jval_string(e->text));
		jval_push(edits, one);
	}
	jval_set(o, "description", jval_string(f->description));
	jval_set(o, "safe", jval_bool(f->safe));
	jval_set(o, "edits", edits);
	return o;
}

/* Where more stands about D: of ours 'runbook explain' has it. */
static struct jval *
url(const struct diag *d)
{
	static const char wiki[] = "https://www.shellcheck.net/wiki/";
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text t = text_of(d->message);

	if (d->code != DIAG_SHELLCHECK || !text_starts(t, "SC"))
		return jval_null();
	buf_addf(&b, "%s%.*s", wiki,
		 TEXT_ARG(text_sub(t, 0, text_chr(t, ':', 0))));
	return jval_text(buf_text(&b));
}

static struct jval *
finding(const struct diag *d, const char *path)
{
	struct jval *o = jval_object(), *related = jval_array();
	struct lint_place p = lint_place_of(d->where);
	const struct diag_info *info = diag_info(d->code);

	jval_set(o, "path", jval_string(path));
	jval_set(o, "line", jval_int(p.line));
	jval_set(o, "column", jval_int(p.column));
	jval_set(o, "end_line", jval_int(p.end_line));
	jval_set(o, "end_column", jval_int(p.end_column));
	jval_set(o, "offset", jval_int(d->where.start));
	jval_set(o, "length", jval_int(d->where.end - d->where.start));
	jval_set(o, "level", jval_string(lint_level_name(d->level)));
	jval_set(o, "code", jval_string(info->number));
	jval_set(o, "rule", jval_string(info->alias));
	jval_set(o, "message", jval_string(d->message));
	jval_set(o, "help", jval_string(d->help));
	jval_set(o, "url", url(d));
	/* what a comment switches off is left out */
	jval_set(o, "suppressed", jval_bool(false));
	for (const struct diag_note *n = d->notes; n; n = n->next)
		jval_push(related, note(n, path));
	jval_set(o, "related", related);
	jval_set(o, "fix", fix(d->fix));
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
			jval_push(r->list, finding(f->sink->items[i], f->path));
	}
}

static void
end(struct lint_report *r)
{
	struct jval *all = jval_object(), *tool = jval_object();
	struct jval *summary = jval_object();

	jval_set(tool, "name", jval_string("runbook"));
	jval_set(tool, "version", jval_string(r->version));
	jval_set(summary, "files", jval_int(r->n_files));
	for (int i = LEVEL_ERROR; i <= LEVEL_HINT; i++)
		jval_set(summary, lint_level_name((enum diag_level)i),
			 jval_int(r->n[i]));
	jval_set(summary, "suppressed", jval_int(r->n_suppressed));
	jval_set(summary, "no_runbook", jval_int(r->passed.no_runbook));
	jval_set(summary, "no_markdown", jval_int(r->passed.no_markdown));
	jval_set(summary, "ignored", jval_int(r->passed.ignored));
	jval_set(all, "format_version", jval_string("1.0"));
	jval_set(all, "tool", tool);
	jval_set(all, "findings", r->list);
	jval_set(all, "summary", summary);
	r->list = NULL;
	jval_write(all, true, r->out);
	buf_addc(r->out, '\n');
	jval_free(all);
}

const struct lint_format lint_format_json = {
	.name = "json",
	.begin = begin,
	.file = file,
	.end = end,
};
