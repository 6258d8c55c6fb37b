/* What a lint rule sees, and how it reports.
 *
 * To add a rule: its row in schema/diagnostics/lint-*.yaml with the next free
 * number, a bad and a good example; a row in lint/rules.def; its code in the
 * family's file; CHANGELOG. A family reports no code of another one. */
#ifndef LINT_RULE_H
#define LINT_RULE_H

#include "effect/unwrap.h"
#include "graph/runbook.h"
#include "lint/lint.h"

/* A command of the document, however deep inside ssh, sudo and the like. */
struct lint_command {
	const struct step *step;
	struct command c; /* its parts live in the document's arena */
};

/* A shell text: a step's own (depth 0), or one within. */
struct lint_script {
	const struct step *step;
	const struct script *script;
	const struct hop *hop;
	unsigned depth;
};

/* One document on its way through the rules. All is borrowed. */
struct lint_pass {
	struct arena *arena; /* the document's */
	const struct document *doc;
	const struct runbook *rb;
	struct diag_sink *sink;
	struct lint_result *result;
	struct lint_programs *programs; /* NULL: none is asked */
	int64_t today;                  /* days since 1970-01-01 */
	const struct lint_family *family;

	struct lint_command *commands; /* of all steps, in order */
	uint32_t n_commands;
	struct lint_script *scripts;
	uint32_t n_scripts;
	const struct script **texts; /* the scripts, each once: the steps of a
				      * block share one */
	uint32_t n_texts;
};

struct lint_family {
	const char *name;
	void (*check)(struct lint_pass *pass);
};

#define FAMILY(name) extern const struct lint_family lint_family_##name;
#define RULE(family, code)
#include "lint/rules.def"
#undef FAMILY
#undef RULE

/* diag_report; NULL for a place outside the document. Of several findings of
 * one code that begin at the same place one is kept in the end. CODE must
 * belong to the family that is being run. */
struct diag *lint_report(struct lint_pass *pass, enum diag_code code,
			 struct span where, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* True when there is a file PATH. */
bool lint_exists(struct lint_pass *pass, const char *path);

/* What was found today may be otherwise from DAY on, when DAY is to come. */
void lint_changes_on(struct lint_pass *pass, int64_t day);

/* diag_help of what lint_report returned, which may be NULL. */
#define LINT_HELP(d, ...)                                                      \
	do {                                                                   \
		struct diag *reported_ = (d);                                  \
		if (reported_)                                                 \
			diag_help(reported_, __VA_ARGS__);                     \
	} while (0)

#endif
