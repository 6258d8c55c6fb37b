/* What a plan will need, looked up before anything runs: whether its hosts are
 * reached, the programs that its steps call, the folders that they go into and
 * the files that they read are there, and whether the files that it installs
 * are as the document says.
 *
 * Only looked at: no step is executed and nothing is written (design, 8). What
 * stands in a container, behind a value that is not known or in a folder that
 * an earlier step makes cannot be looked up, and is left out. */
#ifndef RUN_PROBE_H
#define RUN_PROBE_H

#include "exec/loop.h"
#include "exec/target.h"
#include "run/plan.h"

enum probe_kind {
	PROBE_PROGRAM,
	PROBE_FOLDER,
	PROBE_FILE,   /* some step reads it */
	PROBE_CONTENT /* a file step would install it */
};

enum probe_found {
	PROBE_UNKNOWN, /* it could not be looked at */
	PROBE_MISSING,
	PROBE_THERE,    /* CONTENT: as the document says */
	PROBE_DIFFERENT /* CONTENT only */
};

/* One thing of a host; each once, by the first step that needs it. */
struct probe_item {
	enum probe_kind kind;
	struct text name; /* as the step calls it */
	const struct plan_item *item;
	struct span where; /* in the document; may lack a source */
	enum probe_found found;
	struct text difference; /* MISSING or DIFFERENT content: a diff */
};

struct probe_host {
	struct text name; /* empty: this machine */
	bool reached;
	const char *message; /* why not, or NULL */
	struct probe_item *items;
	uint32_t n_items;
};

/* Lives in the plan's arena. */
struct probe {
	struct plan *plan;
	struct probe_host *hosts; /* in the order of the plan */
	uint32_t n_hosts;
};

/* "program", "folder" …; "missing", "there" … */
const char *probe_kind_name(enum probe_kind kind);
const char *probe_found_name(enum probe_found found);

/* What there is to be looked for; connects to nothing. */
struct probe *probe_list(struct plan *plan);

/* Look for it over LOOP; OPEN_TARGET as in struct run_config. Returns
 * EXIT_STATUS_OK, EXIT_STATUS_FAILED when something is missing, or
 * EXIT_STATUS_UNREACHABLE when a host was not reached. */
int probe_look(struct probe *probe, struct loop *loop,
	       struct target *(*open_target)(void *ctx, struct text host,
					     struct buf *reterr),
	       void *ctx);

#endif
