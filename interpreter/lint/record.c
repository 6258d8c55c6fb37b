/* What linting one file came to, as bytes. */
#include "lint/record.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "diag/source.h"

void
lint_outcome_release(struct lint_outcome *o)
{
	diag_sink_release(&o->sink);
	lint_result_release(&o->result);
	*o = (struct lint_outcome){ .sink = DIAG_SINK_INIT };
}

/* ---- writing ---------------------------------------------------------------
 */

static void
set_span(struct jval *o, struct span where)
{
	jval_set(o, "start", where.src ? jval_int(where.start) : jval_null());
	jval_set(o, "end", jval_int(where.end));
}

static struct jval *
write_fix(const struct diag_fix *fix)
{
	struct jval *o = jval_object(), *edits = jval_array();

	for (const struct diag_edit *e = fix->edits; e; e = e->next) {
		struct jval *one = jval_object();

		jval_set(one, "start", jval_int(e->start));
		jval_set(one, "end", jval_int(e->end));
		jval_set(one, "text", jval_string(e->text));
		jval_push(edits, one);
	}
	jval_set(o, "description", jval_string(fix->description));
	jval_set(o, "safe", jval_bool(fix->safe));
	jval_set(o, "edits", edits);
	return o;
}

static struct jval *
write_finding(const struct diag *d)
{
	struct jval *o = jval_object(), *notes = jval_array();

	jval_set(o, "code", jval_string(diag_info(d->code)->number));
	jval_set(o, "level", jval_int(d->level));
	set_span(o, d->where);
	jval_set(o, "message", jval_string(d->message));
	jval_set(o, "help", jval_string(d->help));
	for (const struct diag_note *n = d->notes; n; n = n->next) {
		struct jval *note = jval_object();

		set_span(note, n->where);
		jval_set(note, "message", jval_string(n->message));
		jval_push(notes, note);
	}
	jval_set(o, "notes", notes);
	if (d->fix)
		jval_set(o, "fix", write_fix(d->fix));
	return o;
}

void
lint_record_write(const struct lint_outcome *o, const char *key, struct buf *b)
{
	struct jval *all = jval_object(), *probes = jval_array();
	struct jval *findings = jval_array();

	jval_set(all, "key", jval_string(key));
	jval_set(all, "is_runbook", jval_bool(o->is_runbook));
	jval_set(all, "suppressed", jval_int(o->result.n_suppressed));
	jval_set(all, "changes_on", jval_int(o->result.changes_on));
	for (uint32_t i = 0; i < o->result.n_probes; i++) {
		struct jval *p = jval_object();

		jval_set(p, "path", jval_string(o->result.probes[i].path));
		jval_set(p, "found", jval_bool(o->result.probes[i].found));
		jval_push(probes, p);
	}
	jval_set(all, "probes", probes);
	for (size_t i = 0; i < o->sink.n_items; i++)
		jval_push(findings, write_finding(o->sink.items[i]));
	jval_set(all, "findings", findings);
	jval_write(all, false, b);
	jval_free(all);
}

/* ---- reading ---------------------------------------------------------------
 */

/* The span of O; false when it lies outside of SRC. */
static bool
read_span(const struct jval *o, const struct source *src, struct span *ret)
{
	int64_t start = jval_get_int(o, "start", -1);
	int64_t end = jval_get_int(o, "end", -1);

	*ret = (struct span){ NULL, 0, 0 };
	if (start < 0)
		return jval_is_null(jval_get(o, "start"));
	if (end < start || (uint64_t)end > src->bytes.len)
		return false;
	*ret = (struct span){ src, (uint32_t)start, (uint32_t)end };
	return true;
}

static bool
read_fix(const struct jval *o, const struct source *src, struct diag *d)
{
	const struct jval *edits = jval_get(o, "edits");
	struct text description = jval_get_text(o, "description");

	for (size_t i = 0; i < jval_count(edits); i++) {
		const struct jval *one = jval_at(edits, i);
		struct span where;

		if (!read_span(one, src, &where) || !where.src)
			return false;
		diag_fix(d, jval_get_bool(o, "safe", false), where.start,
			 where.end, jval_get_text(one, "text"), "%.*s",
			 TEXT_ARG(description));
	}
	return jval_count(edits) > 0;
}

static bool
read_finding(const struct jval *o, const struct source *src,
	     struct diag_sink *sink)
{
	struct text message = jval_get_text(o, "message");
	struct text help = jval_get_text(o, "help");
	struct text number = jval_get_text(o, "code");
	const struct jval *notes = jval_get(o, "notes");
	int code = number.at ? diag_code_by_name(number.at) : -1;
	int64_t level = jval_get_int(o, "level", -1);
	struct span where;
	struct diag *d;

	if (code < 0 || level < 0 || level > LEVEL_HINT ||
	    !read_span(o, src, &where))
		return false;
	d = diag_report(sink, (enum diag_code)code, where, "%.*s",
			TEXT_ARG(message));
	diag_sink_relevel(sink, d, (enum diag_level)level);
	if (help.at)
		diag_help(d, "%.*s", TEXT_ARG(help));
	for (size_t i = 0; i < jval_count(notes); i++) {
		struct text note = jval_get_text(jval_at(notes, i), "message");

		if (!read_span(jval_at(notes, i), src, &where))
			return false;
		diag_note(d, where, "%.*s", TEXT_ARG(note));
	}
	return !jval_get(o, "fix") || read_fix(jval_get(o, "fix"), src, d);
}

static bool
read_probes(const struct jval *probes, struct lint_result *result)
{
	for (size_t i = 0; i < jval_count(probes); i++) {
		struct text path = jval_get_text(jval_at(probes, i), "path");
		bool found = jval_get_bool(jval_at(probes, i), "found", false);

		if (!path.at || (access(path.at, F_OK) == 0) != found)
			return false;
		lint_result_probe(result, path, found);
	}
	return true;
}

static bool
read_all(const struct jval *all, const struct source *src, int64_t today,
	 struct lint_outcome *o)
{
	const struct jval *findings = jval_get(all, "findings");

	o->is_runbook = jval_get_bool(all, "is_runbook", false);
	o->result.n_suppressed = (uint32_t)jval_get_int(all, "suppressed", 0);
	o->result.changes_on = jval_get_int(all, "changes_on", 0);
	if (o->result.changes_on <= today || !jval_is_array(findings) ||
	    !read_probes(jval_get(all, "probes"), &o->result))
		return false;
	for (size_t i = 0; i < jval_count(findings); i++) {
		if (!read_finding(jval_at(findings, i), src, &o->sink))
			return false;
	}
	return true;
}

bool
lint_record_read(struct text record, const struct source *src, const char *key,
		 int64_t today, struct lint_outcome *ret)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *all = jval_parse(record, &error);
	bool ok;

	*ret = (struct lint_outcome){ .sink = DIAG_SINK_INIT };
	ok = all && text_is(jval_get_text(all, "key"), key) &&
	     read_all(all, src, today, ret);
	if (!ok)
		lint_outcome_release(ret);
	jval_free(all);
	return ok;
}
