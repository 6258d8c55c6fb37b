/* Linting files: one by one, from a cache, or by several processes. */
#ifndef CLI_LINTING_H
#define CLI_LINTING_H

#include "base/sha256.h"
#include "cli/cmd.h"
#include "lint/record.h"

/* One call of the command, as far as files are concerned. */
struct linting {
	struct cli *cli;
	struct lint_options options;
	bool only_runbooks;     /* named files that are none are passed over */
	const char *stdin_name; /* of standard input, "-" */
	const char *cache;      /* folder, or NULL */
	unsigned n_jobs;
	char identity[SHA256_HEX + 1]; /* all that findings depend on but the
					* file and its neighbours */
	bool cache_failed;             /* it has been told */
};

/* A file to be linted. */
struct lint_target {
	char *path;
	bool named; /* by the user, not found in a folder */
};

struct lint_targets {
	struct lint_target *at; /* owned, with the paths */
	size_t n;
};

/* A linted file. */
struct linted {
	struct document *doc;     /* owned; NULL when it came as a record */
	struct source *own;       /* owned; then */
	const struct source *src; /* of either */
	struct lint_outcome outcome;
};

void linted_release(struct linted *l);

/* The files that operands name, or the configuration; false after an error was
 * printed. The caller releases. */
bool lint_targets_find(struct linting *l, struct lint_targets *ret);
void lint_targets_release(struct lint_targets *targets);

/* The bytes of T into B; false after an error was printed. */
bool linting_read(struct linting *l, const struct lint_target *t,
		  struct buf *b);

/* Lint BYTES, the text of T; RET is released by the caller. */
void linting_text(struct linting *l, const struct lint_target *t,
		  struct text bytes, struct linted *ret);

/* linting_read and linting_text, through the cache when there is one. */
bool linting_file(struct linting *l, const struct lint_target *t,
		  struct linted *ret);

/* ---- cli/lint_cache.c ------------------------------------------------------
 */

/* What findings in BYTES of T depend on, as a digest. */
void lint_cache_key(const struct linting *l, const struct lint_target *t,
		    struct text bytes, char ret[SHA256_HEX + 1]);

/* The bytes of the record of T into B; false when there is none. */
bool lint_cache_get(const struct linting *l, const struct lint_target *t,
		    struct buf *b);
void lint_cache_put(struct linting *l, const struct lint_target *t,
		    struct text record);

/* Work out l->identity. */
void lint_cache_identify(struct linting *l);

/* ---- cli/lint_jobs.c -------------------------------------------------------
 */

typedef void linted_fn(const struct lint_target *t, struct linted *linted,
		       void *ctx);

/* Lint TARGETS by l->n_jobs processes and call FN for each, in their order.
 * Returns how many could not be read; they have been told. */
size_t lint_jobs_run(struct linting *l, const struct lint_targets *targets,
		     linted_fn *fn, void *ctx);

#endif
