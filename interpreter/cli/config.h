/* .runbook.yaml: what the operator settles for all runbooks of a repository.
 *
 *   folders: [ops, docs/runbooks]     # where names are looked for
 *   effects:                          # what the team's own tools do
 *     deployctl status: reads
 *
 * To add a key: a row in cli/config.def, its reading in config.c,
 * schema/config.schema.json, tests/schema/cases.txt, runbook.5. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "diag/diag.h"
#include "effect/judge.h"

struct config {
	struct arena arena;
	struct source *src;   /* owned; NULL: there is no such file */
	const char *path;     /* "../.runbook.yaml"; NULL without a file */
	const char **folders; /* as seen from the working folder */
	size_t n_folders;
	bool named; /* the file names them; they must be there */
	const struct effect_rules *rules;
};

/* Read .runbook.yaml of the working folder or, in a repository, of its nearest
 * parent up to the repository's root. What is wrong in it is reported to SINK.
 * NULL with a message in RETERR when it cannot be read; else the caller
 * frees. */
struct config *config_load(struct diag_sink *sink, struct buf *reterr);

/* The same of LEN bytes (made by malloc, taken over) of PATH, whose folder is
 * UP ("" or "../") from the working folder. */
struct config *config_parse(const char *path, const char *up, char *bytes,
			    size_t len, struct diag_sink *sink);

struct config *config_free(struct config *config); /* NULL to NULL */

/* True when PATH lies in one of the folders. */
bool config_holds(const struct config *config, const char *path);

#endif
