/* What the author of a document should be told, collected until it is shown.
 *
 * A code is a row of schema/diagnostics/: to add one, write its row there with
 * the next free number of its family, a bad and a good example, and use
 * DIAG_<NAME> here. Numbers are never used again. */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "diag/span.h"

enum diag_level {
	LEVEL_ERROR,
	LEVEL_WARNING,
	LEVEL_INFO,
	LEVEL_HINT
};

/* One value per row of the code table, in the order of the table. */
enum diag_code {
#define DIAG(number, name, level, silence, alias, summary) DIAG_##name,
#include "diag/codes.def"
#undef DIAG
	DIAG_CODE_COUNT
};

/* How comments may switch a code off. */
enum diag_silence {
	SILENCE_COMMENT, /* as they like */
	SILENCE_REASON,  /* only with the reason behind "--" */
	SILENCE_NEVER
};

struct diag_info {
	const char *number; /* "RB1104" */
	const char *alias;  /* "unknown-key" */
	enum diag_level level;
	const char *summary;
	enum diag_silence silence;
};

/* A second place that belongs to a diagnostic. */
struct diag_note {
	struct span where;
	char *message;
	struct diag_note *next;
};

/* A change of the document that would mend what a diagnostic is about. */
struct diag_edit {
	uint32_t start, end; /* bytes of the source that go */
	char *text;          /* what comes in their place */
	struct diag_edit *next;
};

struct diag_fix {
	char *description; /* "write 'exec -T'" */
	bool safe;         /* it changes nothing that anybody runs: it may be
			    * done without being looked at */
	struct diag_edit *edits; /* by start, none over another; one at least */
};

struct diag {
	enum diag_code code;
	enum diag_level level;
	struct span where;
	char *message;
	char *help;  /* NULL: none */
	char *label; /* said beside the carets; NULL: nothing */
	struct diag_note *notes;
	struct diag_fix *fix; /* NULL: none that a program could do */
};

/* Collects; never prints, never exits. */
struct diag_sink {
	struct diag **items; /* owned, in the order reported */
	size_t n_items;
	size_t n_errors;
};

#define DIAG_SINK_INIT                                                         \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

void diag_sink_release(struct diag_sink *sink);

/* Report CODE at WHERE. FMT is a lower-case phrase without a full stop; the
 * formatted text is copied into SINK. Returns the diagnostic, owned by SINK,
 * so that help and notes can be added. */
struct diag *diag_report(struct diag_sink *sink, enum diag_code code,
			 struct span where, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* What to do next: one lower-case phrase. Replaces an earlier one. */
void diag_help(struct diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What is the case at the place itself, where the document is quoted. */
void diag_label(struct diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "MESSAGE" at another place, printed after the diagnostic. */
void diag_note(struct diag *d, struct span where, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* D could be mended by replacing bytes [START, END) of its source by TEXT. A
 * second call adds an edit behind the first one, and FMT and SAFE of the first
 * call count. */
void diag_fix(struct diag *d, bool safe, uint32_t start, uint32_t end,
	      struct text text, const char *fmt, ...) PRINTF_LIKE(6, 7);

/* Give D another level. */
void diag_sink_relevel(struct diag_sink *sink, struct diag *d,
		       enum diag_level level);

/* Forget the items for which KEEP, called once for each in order, is false. */
void diag_sink_filter(struct diag_sink *sink,
		      bool (*keep)(const struct diag *d, void *ctx), void *ctx);

/* Move all of FROM, which is empty then, to the end of SINK. */
void diag_sink_append(struct diag_sink *sink, struct diag_sink *from);

/* Order by path, offset and code; then by end and message, so that the order
 * is always the same. */
void diag_sink_sort(struct diag_sink *sink);

const struct diag_info *diag_info(enum diag_code code);
const char *diag_level_name(enum diag_level level); /* "error", "note" … */

/* What schema/diagnostics/ says about a code beyond its summary. */
struct diag_explanation {
	const char *why, *bad, *good;
};

const struct diag_explanation *diag_explanation(enum diag_code code);

/* The code whose number or alias is NAME, in any case; -1 when none is. */
int diag_code_by_name(const char *name);

#endif
