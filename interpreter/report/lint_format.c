/* What all formats of lint share. */
#include "report/lint_format.h"

#include <string.h>

#include "diag/source.h"

static const struct lint_format *const formats[] = {
#define FORMAT(name, help) &lint_format_##name,
#include "report/formats.def"
#undef FORMAT
};

static const char *const level_names[] = { "error", "warning", "info", "hint" };

const struct lint_format *
lint_format_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

const char *
lint_level_name(enum diag_level level)
{
	return level_names[level];
}

int
lint_level_by_name(const char *name)
{
	/* as the text, after gcc, calls both of the last */
	if (strcmp(name, "note") == 0)
		return LEVEL_HINT;
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (strcmp(level_names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

bool
lint_shows(const struct lint_report *r, const struct diag *d)
{
	return d->level <= r->least;
}

bool
lint_fails(const struct lint_report *r, const struct diag *d)
{
	return !r->never_fails && d->level <= r->fail_on;
}

void
lint_report_begin(struct lint_report *r, const struct lint_format *f)
{
	if (f->begin)
		f->begin(r);
}

void
lint_report_file(struct lint_report *r, const struct lint_format *f,
		 const struct lint_file *file)
{
	r->n_files++;
	r->n_suppressed += file->n_suppressed;
	for (size_t i = 0; i < file->sink->n_items; i++) {
		const struct diag *d = file->sink->items[i];

		if (lint_shows(r, d))
			r->n[d->level]++;
		r->n_failing += lint_fails(r, d);
	}
	f->file(r, file);
}

void
lint_report_end(struct lint_report *r, const struct lint_format *f)
{
	if (f->end)
		f->end(r);
	r->list = jval_free(r->list);
	buf_release(&r->later);
}

/* ---- places ----------------------------------------------------------------
 */

struct lint_place
lint_place_of(struct span where)
{
	struct lint_place p = { 1, 1, 1, 1, 1, 1, 1, 1 };
	struct place start, end;

	if (!where.src)
		return p;
	start = source_place(where.src, where.start);
	end = source_place(where.src, where.end);
	p.line = start.line;
	p.column = start.column;
	p.end_line = end.line;
	p.end_column = end.column;
	p.bytes = start.byte_column;
	p.end_bytes = end.byte_column;
	p.units = start.unit_column;
	p.end_units = end.unit_column;
	return p;
}
