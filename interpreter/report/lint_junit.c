/* Findings as JUnit XML: a suite per file, a case per code with a finding, or
 * one that has passed. A case fails when one of its findings makes the call
 * fail; what others say is its output. */
#include "report/lint_format.h"

/* The characters that XML 1.0 allows. */
static bool
is_xml(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' ||
	       (code >= 0x20 && code < 0xd800) ||
	       (code >= 0xe000 && code < 0xfffe) || code >= 0x10000;
}

static void
add_xml(struct buf *b, const char *s, bool attribute)
{
	struct text t = text_of(s);

	while (t.len) {
		uint32_t code = 0;
		size_t n = text_utf8(t, &code);

		if (n == 0 || !is_xml(code))
			buf_adds(b, "\xef\xbf\xbd");
		else if (code == '&')
			buf_adds(b, "&amp;");
		else if (code == '<')
			buf_adds(b, "&lt;");
		else if (code == '>')
			buf_adds(b, "&gt;");
		else if (code == '\r' ||
			 (attribute && (code == '\t' || code == '\n')))
			buf_addf(b, "&#%u;", code);
		else if (attribute && code == '"')
			buf_adds(b, "&quot;");
		else
			buf_addt(b, text_sub(t, 0, n));
		t = text_sub(t, n ? n : 1, t.len);
	}
}

static void
attribute(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, " %s=\"", name);
	add_xml(b, value, true);
	buf_addc(b, '"');
}

/* What a file has of each code: one case. */
struct cases {
	bool any[DIAG_CODE_COUNT], fails[DIAG_CODE_COUNT];
	unsigned n, n_failing;
};

static void
find_cases(const struct lint_report *r, const struct diag_sink *sink,
	   struct cases *ret)
{
	for (size_t i = 0; i < sink->n_items; i++) {
		const struct diag *d = sink->items[i];

		if (!lint_shows(r, d))
			continue;
		ret->n += !ret->any[d->code];
		ret->any[d->code] = true;
		if (lint_fails(r, d) && !ret->fails[d->code]) {
			ret->fails[d->code] = true;
			ret->n_failing++;
		}
	}
}

/* All findings of the code of item FIRST. */
static void
add_case(struct lint_report *r, const struct lint_file *f, size_t first,
	 bool fails)
{
	const struct diag *d = f->sink->items[first];
	const struct diag_info *info = diag_info(d->code);
	CLEANUP(buf_release) struct buf text = BUF_INIT;
	struct buf *b = &r->later;

	buf_adds(b, "    <testcase");
	attribute(b, "name", info->alias);
	attribute(b, "classname", f->path);
	buf_addf(b, " time=\"0\"");
	attribute(b, "file", f->path);
	buf_addf(b, " line=\"%u\">\n      <", lint_place_of(d->where).line);
	buf_adds(b, fails ? "failure" : "system-out");
	if (fails) {
		attribute(b, "message", d->message);
		attribute(b, "type", info->number);
	}
	buf_addc(b, '>');
	for (size_t i = first; i < f->sink->n_items; i++) {
		if (f->sink->items[i]->code == d->code &&
		    lint_shows(r, f->sink->items[i]))
			snippet_print(&text, f->sink->items[i],
				      (struct snippet_style){ true, false });
	}
	add_xml(b, buf_cstr(&text), false);
	buf_addf(b, "</%s>\n    </testcase>\n",
		 fails ? "failure" : "system-out");
}

static void
file(struct lint_report *r, const struct lint_file *f)
{
	struct cases cases = { .n = 0 };
	struct buf *b = &r->later;
	unsigned n;

	find_cases(r, f->sink, &cases);
	n = cases.n ? cases.n : 1;
	buf_adds(b, "  <testsuite");
	attribute(b, "name", f->path);
	buf_addf(b,
		 " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"0\" "
		 "time=\"0\"",
		 n, cases.n_failing);
	attribute(b, "file", f->path);
	buf_adds(b, ">\n");
	for (size_t i = 0; i < f->sink->n_items; i++) {
		const struct diag *d = f->sink->items[i];

		if (!lint_shows(r, d) || !cases.any[d->code])
			continue;
		cases.any[d->code] = false; /* it has its case */
		add_case(r, f, i, cases.fails[d->code]);
	}
	if (cases.n == 0) {
		buf_adds(b, "    <testcase name=\"lint\"");
		attribute(b, "classname", f->path);
		buf_adds(b, " time=\"0\"");
		attribute(b, "file", f->path);
		buf_adds(b, "/>\n");
	}
	buf_adds(b, "  </testsuite>\n");

	r->n_cases += n;
	r->n_failed_cases += cases.n_failing;
}

static void
end(struct lint_report *r)
{
	buf_addf(r->out,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<testsuites name=\"runbook lint\" tests=\"%u\" "
		 "failures=\"%u\" errors=\"0\" skipped=\"0\" time=\"0\">\n",
		 r->n_cases, r->n_failed_cases);
	buf_addt(r->out, buf_text(&r->later));
	buf_adds(r->out, "</testsuites>\n");
}

const struct lint_format lint_format_junit = {
	.name = "junit",
	.file = file,
	.end = end,
};
