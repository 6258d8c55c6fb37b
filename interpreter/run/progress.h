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
	STATE_PASSED, /* likewise, and somebody went on behind it */
	STATE_SKIPPED,
	STATE_UNKNOWN /* handed over, and no status ever came */
};

struct step_progress {
	struct text id; /* borrowed from the records */
	enum step_state state;
	enum effect_level level;
	struct text host;
	struct text started; /* wall clock of the last intent */
	struct text cmd;     /* SHA-256 of what was shown of it then */
	struct text once;    /* the name under which its host remembers it */
	int64_t at_ms;       /* wall clock of the last intent, or 0 */
	int64_t attempts;
	struct text title;
	/* Of the last attempt: the word for how it ended, or empty; its exit
	 * status or -1; the files in the run's folder with what it printed. */
	struct text status;
	int64_t exit;
	struct text out, err;
};

/* What a parameter was, or for a secret how to tell. */
struct progress_value {
	struct text name, value; /* at NULL: a secret, or not known */
	struct text hmac;        /* empty: no secret, or not known */
};

/* The process of the last shell that local steps ran in. */
struct progress_shell {
	int64_t pid, ticks; /* 0: none is known */
	struct text boot;
};

/* What the name of a host led to. */
struct progress_host {
	struct text name, identity, key;
};

struct progress {
	struct journal_records records; /* owned */
	struct text file, cwd, sha256, procedure, started;
	const struct jval *options;  /* the run record */
	struct step_progress *steps; /* in the order of their intents */
	size_t n_steps;
	struct progress_value *values;
	size_t n_values;
	struct progress_host *hosts;
	size_t n_hosts;
	struct progress_shell shell;
	unsigned kept; /* number of the kept state of the shell, or 0 */
	int64_t n_planned;
	bool closed;
	bool complete;          /* … and no step is left */
	enum run_status status; /* of the close record */
	int64_t exit;
};

void progress_release(struct progress *p);

/* Read the journal of run ID in RUNS, as far as it can be believed
 * (records.damage says why no further). False with a message. */
bool progress_read(const char *runs, const char *id, struct progress *ret,
		   struct buf *reterr);

/* The state of step ID; PENDING when the journal does not know it. */
enum step_state progress_state(const struct progress *p, const char *id);
const struct step_progress *progress_step(const struct progress *p,
					  const char *id);

/* How the last attempt of step ID ended; UNKNOWN when no word tells. */
enum run_status progress_status(const struct progress *p, const char *id);

/* Was any step handed over? */
bool progress_begun(const struct progress *p);

const struct progress_value *progress_value(const struct progress *p,
					    struct text name);
const struct progress_host *progress_host(const struct progress *p,
					  struct text name);

/* Is the shell of a run that was killed still there, and with it perhaps the
 * step that it was given? Its pid, or 0. */
pid_t progress_living_shell(const struct progress *p);

/* The full id of the only run that begins with PREFIX, or of the newest when
 * PREFIX is NULL. The caller frees; NULL with a message. */
char *progress_find(const char *runs, const char *prefix, struct buf *reterr);

/* All run ids but those of runs that did not begin, newest first, NULL at the
 * end; the caller frees each and the list. */
char **progress_list(const char *runs, size_t *ret_n);

#endif
