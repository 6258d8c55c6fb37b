/* Findings of lint for people and programs: file by file into a buffer. */
#ifndef REPORT_LINT_FORMAT_H
#define REPORT_LINT_FORMAT_H

#include "base/json.h"
#include "diag/diag.h"
#include "diag/snippet.h"

/* One linted file; all is borrowed for the call. */
struct lint_file {
	const char *path;  /* as given */
	const char *place; /* from the root of the repository */
	const struct source *src;
	const struct diag_sink *sink; /* sorted */
	uint32_t n_suppressed;
};

/* How many files were come across and passed over, and why. */
struct lint_passed {
	uint32_t no_runbook;  /* other Markdown */
	uint32_t no_markdown; /* in a folder */
	uint32_t ignored;     /* by .runbook.yaml */
};

/* A report in the making. */
struct lint_report {
	struct buf *out;
	struct snippet_style style; /* text */
	bool every_place;    /* text: nothing is told once for several places */
	const char *version; /* of this program */
	enum diag_level least; /* what is below it is left out */
	enum diag_level fail_on;
	bool never_fails;
	uint32_t n_files, n_suppressed;
	struct lint_passed passed;
	uint32_t n[LEVEL_HINT + 1];       /* findings by level */
	uint32_t n_failing;               /* at or above fail_on */
	struct jval *list;                /* of formats in JSON */
	struct buf later;                 /* of github and junit */
	bool has_summary;                 /* the job has a page for it … */
	struct buf summary;               /* … whose Markdown this is */
	uint32_t n_cases, n_failed_cases; /* of junit */
};

struct lint_format {
	const char *name;
	void (*begin)(struct lint_report *r); /* NULL: nothing */
	void (*file)(struct lint_report *r, const struct lint_file *file);
	void (*end)(struct lint_report *r); /* NULL: nothing */
};

#define FORMAT(name, help) extern const struct lint_format lint_format_##name;
#include "report/formats.def"
#undef FORMAT

/* The format called NAME, or NULL. */
const struct lint_format *lint_format_find(const char *name);

/* Life of a report: begin, file for each, end, release. */
void lint_report_begin(struct lint_report *r, const struct lint_format *f);
void lint_report_file(struct lint_report *r, const struct lint_format *f,
		      const struct lint_file *file);
void lint_report_end(struct lint_report *r, const struct lint_format *f);

/* "error" … "hint" and back, "note" being "hint"; -1 when NAME is none. */
const char *lint_level_name(enum diag_level level);
int lint_level_by_name(const char *name);

/* ---- for the formats ------------------------------------------------------
 */

/* True when D belongs into the report. */
bool lint_shows(const struct lint_report *r, const struct diag *d);

/* True when D makes the call end with status 1. */
bool lint_fails(const struct lint_report *r, const struct diag *d);

/* Where a finding begins and ends: 1-based, the end exclusive. */
struct lint_place {
	uint32_t line, column, end_line, end_column; /* in code points */
	uint32_t bytes, end_bytes;                   /* in UTF-8 bytes */
	uint32_t units, end_units;                   /* in UTF-16 units */
};

struct lint_place lint_place_of(struct span where);

#endif
