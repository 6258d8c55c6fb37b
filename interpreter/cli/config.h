/* .runbook.yaml: what the operator settles for all runbooks of a repository.
 *
 *   folders: [ops, docs/runbooks]     # where names are looked for
 *   effects:                          # what the team's own tools do
 *     deployctl status: reads
 *   ignore: [archive]                 # no runbooks, whatever they look like
 *   lint: {fail_on: error, rules: {curl-without-fail: off}}
 *   no_fence: [switch1]               # hosts that are to remember nothing
 *
 * To add a key: a row in cli/config.def, its reading in config.c, runbook.5.
 * Those below `lint:` are rows of cli/config_lint.def, read in
 * config_lint.c. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "diag/diag.h"
#include "effect/judge.h"
#include "lint/settings.h"

/* What `lint:` says. */
struct config_lint {
	struct lint_settings rules;
	int severity, fail_on; /* enum diag_level; -1: not said */
	bool never_fails;
	bool shellcheck, bash; /* ask these programs, too … */
	bool present;          /* … or those of them that are there */
	const char **paths;    /* linted where none is named, as seen from the
				* working folder */
	size_t n_paths;
	const char **ignored; /* patterns, from the file's folder */
	size_t n_ignored;
};

struct config {
	struct arena arena;
	struct source *src;   /* owned; NULL: there is no such file */
	const char *path;     /* "../.runbook.yaml"; NULL without a file */
	const char **folders; /* as seen from the working folder */
	size_t n_folders;
	bool named;            /* the file names them; they must be there */
	const char **no_fence; /* names of hosts */
	size_t n_no_fence;
	const struct effect_rules *rules;
	const char **ignored; /* patterns, from the file's folder */
	size_t n_ignored;
	struct config_lint lint;
	const char *root;       /* absolute: where patterns begin */
	const char *here;       /* absolute: the working folder */
	const char *repository; /* absolute: with .git in it, else `here` */
	struct effect_rules
		*rules_here; /* the rules, and this machine's files are
			      * looked at; NULL before cli_configure */
};

/* Read FILE; when that is NULL, .runbook.yaml of the working folder or, in a
 * repository, of its nearest parent up to the repository's root. What is wrong
 * in it is reported to SINK. NULL with a message in RETERR when it cannot be
 * read; else the caller frees. */
struct config *config_load(const char *file, struct diag_sink *sink,
			   struct buf *reterr);

/* What holds where there is no such file. */
struct config *config_default(void);

/* The same of LEN bytes (made by malloc, taken over) of PATH, whose folder is
 * UP ("" or "../") from the working folder. */
struct config *config_parse(const char *path, const char *up, char *bytes,
			    size_t len, struct diag_sink *sink);

struct config *config_free(struct config *config); /* NULL to NULL */

/* Put PATH, as seen from the working folder, into RET as it is seen from the
 * folder of .runbook.yaml. False: it lies outside. */
bool config_place(const struct config *config, const char *path,
		  struct buf *ret);

/* The same as it is seen from the root of the repository. */
bool config_place_in_repository(const struct config *config, const char *path,
				struct buf *ret);

/* True when PATH fits one of the N PATTERNS. */
bool config_fits(const struct config *config, const char *const *patterns,
		 size_t n, const char *path);

/* True when PATH lies in one of the folders. */
bool config_holds(const struct config *config, const char *path);

/* ---- for cli/config_lint.c -------------------------------------------------
 */

struct ynode; /* doc/ytree.h */

/* Read the mapping below `lint:`. */
void config_read_lint(struct config *config, const char *up,
		      const struct ynode *value, struct diag_sink *sink);

/* VALUE, a text or a list of texts, as N strings; with PATHS as they are seen
 * from the working folder. */
const char **config_strings(struct config *config, const char *up, bool paths,
			    const struct ynode *value, size_t *ret_n);

/* NAME is no key: report it, with the nearest of NAMES (ended by NULL). */
void config_unknown_key(const struct ynode *name, const char *const *names,
			struct diag_sink *sink);

#endif
