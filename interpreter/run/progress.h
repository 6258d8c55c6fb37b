/* How far a run came, as its journal says. */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include "base/json.h"
#include "run/journal.h"
#include "run/observer.h"

/* What is known about one step. */
enum step_state {
	STATE_PENDING, /* never handed over */
	STATE_SUCCEEDED,
	STATE_FAILED, /* it certainly ended, and not well */
	STATE_SKIPPED,
	STATE_UNKNOWN /* handed over, and no status ever came */
};

struct step_progress {
	struct text id; /* borrowed from the records */
	enum step_state state;
	enum effect_level level;
	struct text host;
	struct text started; /* wall clock of the last intent */
	int64_t attempts;
};

struct progress {
	struct journal_records records; /* owned */
	struct text file, cwd, sha256, procedure, started;
	const struct jval *options;  /* the run record */
	struct step_progress *steps; /* in the order of their intents */
	size_t n_steps;
	int64_t n_planned;
	bool closed;
	enum run_status status; /* of the close record */
	int64_t exit;
};

void progress_release(struct progress *p);

/* Read the journal of run ID in RUNS. False with a message. */
bool progress_read(const char *runs, const char *id, struct progress *ret,
		   struct buf *reterr);

/* The state of step ID; PENDING when the journal does not know it. */
enum step_state progress_state(const struct progress *p, const char *id);
const struct step_progress *progress_step(const struct progress *p,
					  const char *id);

/* The full id of the only run that begins with PREFIX, or of the newest when
 * PREFIX is NULL. The caller frees; NULL with a message. */
char *progress_find(const char *runs, const char *prefix, struct buf *reterr);

/* All run ids, newest first, NULL at the end; the caller frees each and the
 * list. */
char **progress_list(const char *runs, size_t *ret_n);

#endif
