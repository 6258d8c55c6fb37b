/* Reading journals back. */
#include "run/progress.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "exec/ptree.h"

void
progress_release(struct progress *p)
{
	journal_records_release(&p->records);
	free(p->steps);
	free(p->values);
	free(p->hosts);
	*p = (struct progress){ .steps = NULL };
}

static struct step_progress *
step_of(struct progress *p, struct text id)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		if (text_eq(p->steps[i].id, id))
			return &p->steps[i];
	}
	p->steps = xreallocarray(p->steps, p->n_steps + 1, sizeof(*p->steps));
	p->steps[p->n_steps] = (struct step_progress){ .id = id };
	return &p->steps[p->n_steps++];
}

static enum run_status
status_by_name(struct text name)
{
	for (int i = 0; i < RUN_STATUS_COUNT; i++) {
		if (text_is(name, run_status_name((enum run_status)i)))
			return (enum run_status)i;
	}
	return RUN_STATUS_UNKNOWN;
}

static void
read_intent(struct progress *p, const struct jval *r)
{
	struct step_progress *s = step_of(p, jval_get_text(r, "step"));

	p->closed = false;        /* it was gone on with */
	s->state = STATE_UNKNOWN; /* until an end says otherwise */
	s->host = jval_get_text(r, "host");
	s->started = jval_get_text(r, "wall");
	s->cmd = jval_get_text(r, "cmd");
	s->once = jval_get_text(r, "once");
	s->at_ms = jval_get_int(r, "at_ms", 0);
	s->title = jval_get_text(r, "title");
	s->status = s->out = s->err = (struct text){ NULL, 0 };
	s->exit = -1;
	s->attempts = jval_get_int(r, "attempt", 1);
	if (!effect_level_parse(jval_get_text(r, "effect"), &s->level))
		s->level = EFFECT_UNKNOWN;
}

/* A step above reads that was timed out or interrupted may have happened in
 * part; one that was never handed over has not. */
static void
read_end(struct progress *p, const struct jval *r)
{
	struct step_progress *s = step_of(p, jval_get_text(r, "step"));
	bool dispatched = jval_get_bool(r, "dispatched", true);

	p->kept = (unsigned)jval_get_int(r, "kept", p->kept);
	s->status = jval_get_text(r, "status");
	s->exit = jval_get_int(r, "exit", -1);
	s->out = jval_get_text(r, "out");
	s->err = jval_get_text(r, "err");
	switch (status_by_name(jval_get_text(r, "status"))) {
	case RUN_STATUS_SUCCEEDED:
		s->state = STATE_SUCCEEDED;
		break;
	case RUN_STATUS_SKIPPED:
		s->state = STATE_SKIPPED;
		break;
	case RUN_STATUS_FAILED:
		s->state = STATE_FAILED;
		break;
	case RUN_STATUS_STOPPED:
	case RUN_STATUS_UNREACHABLE:
		s->state = STATE_PENDING;
		break;
	case RUN_STATUS_TIMEOUT:
	case RUN_STATUS_INTERRUPTED:
	case RUN_STATUS_UNKNOWN:
	case RUN_STATUS_COUNT:
		s->state = !dispatched                ? STATE_PENDING
			   : s->level == EFFECT_READS ? STATE_FAILED
						      : STATE_UNKNOWN;
		break;
	}
}

static void
read_resolve(struct progress *p, const struct jval *r)
{
	struct step_progress *s = step_of(p, jval_get_text(r, "step"));
	struct text decision = jval_get_text(r, "decision");

	if (text_is(decision, "succeeded"))
		s->state = STATE_SUCCEEDED;
	else if (text_is(decision, "failed"))
		s->state = STATE_FAILED;
	else if (text_is(decision, "again"))
		s->state = STATE_PENDING;
	else if (text_is(decision, "skip"))
		s->state = STATE_PASSED;
}

static void
read_skip(struct progress *p, const struct jval *r)
{
	step_of(p, jval_get_text(r, "step"))->state = STATE_SKIPPED;
}

static void
add_value(struct progress *p, struct text name, const struct jval *value)
{
	struct progress_value v = { .name = name,
				    .value = jval_as_text(value),
				    .hmac = jval_get_text(value, "hmac") };
	size_t i = 0;

	while (i < p->n_values && !text_eq(p->values[i].name, name))
		i++;
	if (i == p->n_values)
		p->values = xreallocarray(p->values, ++p->n_values,
					  sizeof(*p->values));
	p->values[i] = v;
}

static void
read_value(struct progress *p, const struct jval *r)
{
	add_value(p, jval_get_text(r, "name"), jval_get(r, "value"));
}

static void
read_started(struct progress *p, const struct jval *r)
{
	struct progress_host h = { jval_get_text(r, "host"),
				   jval_get_text(r, "identity"),
				   jval_get_text(r, "key") };

	if (h.name.len == 0) {
		p->shell.pid = jval_get_int(r, "pid", 0);
		p->shell.ticks = jval_get_int(r, "ticks", 0);
		p->shell.boot = jval_get_text(r, "boot");
		return;
	}
	p->hosts = xreallocarray(p->hosts, p->n_hosts + 1, sizeof(*p->hosts));
	p->hosts[p->n_hosts++] = h;
}

static void
read_run(struct progress *p, const struct jval *r)
{
	const struct jval *params = jval_get(r, "params");
	const char *name = NULL;

	p->file = jval_get_text(r, "file");
	p->cwd = jval_get_text(r, "cwd");
	p->sha256 = jval_get_text(r, "sha256");
	p->procedure = jval_get_text(r, "procedure");
	p->started = jval_get_text(r, "wall");
	p->n_planned = jval_get_int(r, "n_steps", 0);
	p->options = r;
	while ((name = jval_next_key(params, name)))
		add_value(p, text_of(name), jval_get(params, name));
}

static void
read_close(struct progress *p, const struct jval *r)
{
	p->closed = true;
	p->complete = jval_get_text(r, "next").len == 0;
	p->status = status_by_name(jval_get_text(r, "status"));
	p->exit = jval_get_int(r, "exit", -1);
}

static void
read_record(struct progress *p, const struct jval *r)
{
	static const struct {
		const char *type;
		void (*read)(struct progress *p, const struct jval *r);
	} readers[] = {
		{ "run", read_run },       { "value", read_value },
		{ "intent", read_intent }, { "started", read_started },
		{ "end", read_end },       { "skip", read_skip },
		{ "close", read_close },   { "resolve", read_resolve },
	};
	struct text type = jval_get_text(r, "t");

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		if (text_is(type, readers[i].type))
			readers[i].read(p, r);
	}
}

bool
progress_read(const char *runs, const char *id, struct progress *ret,
	      struct buf *reterr)
{
	*ret = (struct progress){ .steps = NULL };
	if (!journal_read(runs, id, &ret->records, reterr))
		return false;
	for (size_t i = 0; i < ret->records.n_items; i++) {
		/* Whatever comes behind a close belongs to a resumed run. */
		ret->closed = false;
		read_record(ret, ret->records.items[i]);
	}
	if (ret->options)
		return true;
	if (ret->records.damage)
		buf_adds(reterr, ret->records.damage);
	else
		buf_addf(reterr,
			 "the journal of run '%s' does not say what was run",
			 id);
	progress_release(ret);
	return false;
}

const struct step_progress *
progress_step(const struct progress *p, const char *id)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		if (text_is(p->steps[i].id, id))
			return &p->steps[i];
	}
	return NULL;
}

enum step_state
progress_state(const struct progress *p, const char *id)
{
	const struct step_progress *s = progress_step(p, id);

	return s ? s->state : STATE_PENDING;
}

enum run_status
progress_status(const struct progress *p, const char *id)
{
	const struct step_progress *s = progress_step(p, id);

	return s ? status_by_name(s->status) : RUN_STATUS_UNKNOWN;
}

bool
progress_begun(const struct progress *p)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i].started.len)
			return true;
	}
	return false;
}

const struct progress_value *
progress_value(const struct progress *p, struct text name)
{
	for (size_t i = 0; i < p->n_values; i++) {
		if (text_eq(p->values[i].name, name))
			return &p->values[i];
	}
	return NULL;
}

const struct progress_host *
progress_host(const struct progress *p, struct text name)
{
	/* the last word counts */
	for (size_t i = p->n_hosts; i > 0; i--) {
		if (text_eq(p->hosts[i - 1].name, name))
			return &p->hosts[i - 1];
	}
	return NULL;
}

pid_t
progress_living_shell(const struct progress *p)
{
	pid_t pid = (pid_t)p->shell.pid;
	char boot[PTREE_BOOT_ID + 1];
	struct ptree_process now;

	ptree_boot_id(boot);
	if (pid <= 0 || !text_is(p->shell.boot, boot) ||
	    !ptree_look(pid, &now) || (int64_t)now.started != p->shell.ticks)
		return 0;
	return pid;
}

/* ---- which run
 * ---------------------------------------------------------------- */

struct entry {
	char *id;
	struct timespec made;
};

static int
newest_first(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->made.tv_sec != b->made.tv_sec)
		return a->made.tv_sec > b->made.tv_sec ? -1 : 1;
	if (a->made.tv_nsec != b->made.tv_nsec)
		return a->made.tv_nsec > b->made.tv_nsec ? -1 : 1;
	return strcmp(a->id, b->id);
}

static bool
is_run_id(const char *name)
{
	return strlen(name) == RUN_ID_HEX &&
	       strspn(name, "0123456789abcdef") == RUN_ID_HEX;
}

/* The document is written once, when a run begins; its time orders runs. */
static bool
time_of(const char *runs, const char *id, struct timespec *ret)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	struct stat st;

	buf_addf(&path, "%s/%s/document.md", runs, id);
	if (stat(buf_cstr(&path), &st) < 0)
		return false;
	*ret = st.st_mtim;
	return true;
}

static bool
is_empty(const char *runs, const char *id, const char *name)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	struct stat st;

	buf_addf(&path, "%s/%s/%s", runs, id, name);
	return stat(buf_cstr(&path), &st) < 0 ? errno == ENOENT
					      : st.st_size == 0;
}

/* A run that was killed before its first record has done nothing. Of one that
 * lost its records the mark is left. */
static bool
has_begun(const char *runs, const char *id)
{
	return !is_empty(runs, id, "journal.jsonl") ||
	       !is_empty(runs, id, "mark");
}

char **
progress_list(const char *runs, size_t *ret_n)
{
	struct entry *entries = NULL;
	DIR *dir = opendir(runs);
	struct dirent *d;
	char **ids;

	*ret_n = 0;
	while (dir && (d = readdir(dir))) {
		struct entry e = { NULL, { 0, 0 } };

		if (!is_run_id(d->d_name) ||
		    !time_of(runs, d->d_name, &e.made) ||
		    !has_begun(runs, d->d_name))
			continue;
		e.id = xstrdup(d->d_name);
		entries = xreallocarray(entries, *ret_n + 1, sizeof(e));
		entries[(*ret_n)++] = e;
	}
	if (dir)
		closedir(dir);
	if (*ret_n)
		qsort(entries, *ret_n, sizeof(*entries), newest_first);
	ids = xcalloc(*ret_n + 1, sizeof(*ids));
	for (size_t i = 0; i < *ret_n; i++)
		ids[i] = entries[i].id;
	free(entries);
	return ids;
}

char *
progress_find(const char *runs, const char *prefix, struct buf *reterr)
{
	size_t n, hits = 0;
	char **ids = progress_list(runs, &n);
	char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (prefix && strncmp(ids[i], prefix, strlen(prefix)) != 0)
			continue;
		if (hits == 0 || prefix)
			hits++;
		if (!found)
			found = xstrdup(ids[i]);
	}
	for (size_t i = 0; i < n; i++)
		free(ids[i]);
	free(ids);
	if (hits == 1)
		return found;
	if (hits > 1)
		buf_addf(reterr, "%zu runs begin with '%s'", hits, prefix);
	else if (prefix)
		buf_addf(reterr, "no run '%s'", prefix);
	else
		buf_adds(reterr, "no run has been made yet");
	free(found);
	return NULL;
}
