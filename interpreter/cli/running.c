/* Setting a run up. */
#include "cli/running.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/advice.h"
#include "cli/prompter.h"
#include "cli/questions.h"
#include "doc/keys.h"
#include "doc/setting.h"
#include "exec/local.h"
#include "exec/remote.h"
#include "exec/rundir.h"
#include "exec/shell_session.h"
#include "exec/shim_server.h"
#include "exec/terminal.h"
#include "report/events.h"
#include "report/transcript.h"
#include "shell/quote.h"

/* All that lives as long as the run. */
struct running {
	struct cli *cli;
	struct loop *loop;
	struct rundir *dir;
	struct terminal *terminal;   /* the operator's, or NULL */
	struct prompter *prompter;   /* with an operator */
	struct questions *questions; /* likewise */
	struct remote_pool *pool;    /* NULL: no host is needed yet */
	struct shim_server *shim;    /* NULL: there is no ssh to stand before */
	struct transcript *transcript;
	struct events *events;
	struct mask *mask;
	char **resume; /* words of the call to repeat, NULL at the end */
	size_t n_resume;
	char *resume_text, *accept_text;
	char *cwd;
	char *ssh_config;     /* absolute; NULL: the user's */
	unsigned kept;        /* see local_settings */
	const char *document; /* its name without folders */
	const char *shell_options[SHELL_OPTIONS_MAX + 1];
};

/* ---- the call to repeat
 * ---------------------------------------------------------- */

static void
add_word(struct running *r, const char *word)
{
	r->resume = xreallocarray(r->resume, r->n_resume + 2, sizeof(char *));
	r->resume[r->n_resume++] = xstrdup(word);
	r->resume[r->n_resume] = NULL;
}

/* What the journal does not know and the next call needs again. */
static void
repeat_options(struct running *r, bool resumed)
{
	static const char *const again[] = { "ssh-config", "allow", "confirm",
					     "set-file",   "step",  "skip" };
	static const char *const flags[] = { "step-by-step", "json" };
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	/* What `run --step` selected is in the journal. */
	size_t n_again = ARRAY_LEN(again) - (resumed ? 0 : 2);

	for (size_t i = 0; i < n_again; i++) {
		size_t n;
		CLEANUP(free_ptr)
		const char **values = opts_list(&r->cli->opts, again[i], &n);

		for (size_t k = 0; k < n; k++) {
			buf_clear(&b);
			buf_addf(&b, "--%s", again[i]);
			add_word(r, buf_cstr(&b));
			add_word(r, values[k]);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		buf_clear(&b);
		buf_addf(&b, "--%s", flags[i]);
		if (opts_flag(&r->cli->opts, flags[i]))
			add_word(r, buf_cstr(&b));
	}
}

static void
make_resume(struct running *r, const char *run_id, bool resumed)
{
	CLEANUP(free_ptr) char *id = xmemdup0(run_id, 8);
	struct buf b = BUF_INIT;

	add_word(r, "runbook");
	add_word(r, "resume");
	add_word(r, id);
	repeat_options(r, resumed);
	for (size_t i = 0; i < r->n_resume; i++) {
		if (i)
			buf_addc(&b, ' ');
		if (text_starts(text_of(r->resume[i]), "--"))
			buf_adds(&b, r->resume[i]); /* our own */
		else
			quote_add_word(&b, text_of(r->resume[i]));
	}
	r->resume_text = buf_detach(&b, NULL);
	buf_addf(&b, "runbook accept %s", id);
	r->accept_text = buf_detach(&b, NULL);
}

static void
free_resume(struct running *r)
{
	for (char **word = r->resume; word && *word; word++)
		free(*word);
	free(r->resume);
	free(r->resume_text);
	free(r->accept_text);
}

/* ---- places
 * ------------------------------------------------------------------------ */

static struct remote_pool *
open_pool(struct running *r, struct buf *reterr)
{
	struct remote_settings settings = {
		.dir = rundir_path(r->dir),
		.config_file = r->ssh_config,
		.ask = r->prompter ? prompter_ask(r->prompter) : NULL,
		.terminal = r->terminal,
	};

	if (!r->pool)
		r->pool = remote_pool_new(r->loop, &settings, reterr);
	return r->pool;
}

/* Without an ssh on this machine local steps have none before theirs. */
static bool
open_shim(struct running *r, struct buf *reterr)
{
	CLEANUP(buf_release) struct buf no_ssh = BUF_INIT;
	struct shim_settings settings = {
		.dir = rundir_path(r->dir),
		.config_file = r->ssh_config,
		.operator= r->prompter != NULL,
	};

	if (!open_pool(r, &no_ssh))
		return true;
	r->shim = shim_server_new(r->loop, r->pool, &settings, reterr);
	return r->shim != NULL;
}

static const char *
name_of(const struct plan *plan)
{
	const char *path = plan->runbook->doc->src->path;
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* `defaults: {shell: …}` of the document. */
static void
take_shell_options(struct running *r, const struct plan *plan)
{
	const struct document *doc = plan->runbook->doc;
	const struct ynode *list = setting_shell_options(doc->annotation);
	const char *const *known = key_words(KEY_TYPE_SHELL_OPTIONS);
	uint32_t n = 0;

	for (; *known && n < SHELL_OPTIONS_MAX; known++) {
		for (uint32_t i = 0; list && i < setting_count(list); i++) {
			if (text_is(setting_at(list, i)->text, *known)) {
				r->shell_options[n++] = *known;
				break;
			}
		}
	}
}

/* Every step has it in its environment, for ssh in it; what `env` prints is
 * for others to read. */
static int
take_token(struct running *r, struct buf *reterr)
{
	return mask_add(r->mask, text_of(shim_server_token(r->shim)), reterr);
}

static struct target *
open_local(struct running *r, struct buf *reterr)
{
	struct local_settings settings = { .dir = rundir_path(r->dir),
					   .kept = r->kept,
					   .options = r->shell_options,
					   .document = r->document,
					   .terminal = r->terminal };
	struct target *local;

	if (!open_shim(r, reterr))
		return NULL;
	if (r->shim) {
		settings.path_first = shim_server_folder(r->shim);
		settings.env = shim_server_env(r->shim);
	}
	local = target_new_local(r->loop, &settings, reterr);
	if (local && r->shim && take_token(r, reterr) < 0)
		return target_free(local);
	if (local && r->shim)
		shim_server_serve(r->shim, local);
	return local;
}

static struct target *
open_target(void *ctx, struct text host, struct buf *reterr)
{
	struct running *r = ctx;
	CLEANUP(free_ptr) char *name = xmemdup0(host.at, host.len);

	if (host.len == 0)
		return open_local(r, reterr);
	if (!open_pool(r, reterr))
		return NULL;
	return target_new_ssh(r->pool, name, reterr);
}

static void
on_interrupt(void *ctx)
{
	struct running *r = ctx;

	if (r->prompter)
		prompter_interrupt(r->prompter);
}

/* ---- set up and tear down
 * ------------------------------------------------------------ */

static void
open_reports(struct running *r, const char *run_id, bool json)
{
	struct transcript_options o = {
		.out = r->cli->out,
		.err = r->cli->err,
		.err_brief = r->cli->err_brief,
		.live = isatty(STDOUT_FILENO),
		.utf8 = cli_shows_utf8(r->cli),
		.quiet = r->cli->quiet,
		.verbose = r->cli->verbose,
		.alone = r->questions == NULL,
		.clock = &clock_system,
		.resume = r->resume_text,
		.accept = r->accept_text,
	};

	if (json)
		r->events = events_new(STDOUT_FILENO, &clock_system, run_id,
				       RUNBOOK_VERSION, RUNBOOK_COMMIT,
				       (const char *const *)r->resume);
	else
		r->transcript = transcript_new(&o);
}

/* The file that leads to hosts: as it is given, or as it was when the run
 * began. */
static bool
find_ssh_config(struct running *r, const struct progress *resumed,
		struct buf *reterr)
{
	const char *given = opts_text(&r->cli->opts, "ssh-config");
	struct text then =
		resumed ? jval_get_text(resumed->options, "ssh_config")
			: TEXT("");

	if (given)
		r->ssh_config = realpath(given, NULL);
	else if (then.len)
		r->ssh_config = xmemdup0(then.at, then.len);
	else
		return true;
	if (r->ssh_config && access(r->ssh_config, R_OK) == 0)
		return true;
	buf_addf(reterr, "cannot read the ssh_config '%s': %s",
		 r->ssh_config ? r->ssh_config : given, strerror(errno));
	return false;
}

/* What is in our memory, secrets among it, is nobody else's: no core, and no
 * debugger of another process (PR_SET_DUMPABLE, prctl(2)). The sanitizers debug
 * themselves. */
static void
keep_memory_private(void)
{
	if (!SANITIZED)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* When it fails, tear_down is still to be called. */
static bool
set_up(struct running *r, struct cli *cli, const char *run_id,
       const struct progress *resumed, struct buf *reterr)
{
	bool asks = cli->may_ask && !opts_flag(&cli->opts, "json");

	*r = (struct running){ .cli = cli };
	keep_memory_private();
	make_resume(r, run_id, resumed != NULL);
	r->cwd = getcwd(NULL, 0);
	r->loop = loop_new(&clock_system);
	if (!find_ssh_config(r, resumed, reterr))
		return false;
	r->dir = rundir_new(run_id, reterr);
	if (!r->dir)
		return false;
	if (asks)
		r->terminal = terminal_open(reterr);
	buf_clear(reterr);
	if (r->terminal)
		terminal_guard();
	if (asks && r->terminal) {
		r->prompter = prompter_new(r->loop);
		r->questions = questions_new(r->prompter, &cli->err,
					     !isatty(STDOUT_FILENO));
	}
	r->mask = mask_new();
	return true;
}

static void
tear_down(struct running *r)
{
	r->transcript = transcript_free(r->transcript);
	r->events = events_free(r->events);
	shim_server_free(r->shim);
	remote_pool_free(r->pool);
	questions_free(r->questions);
	prompter_free(r->prompter);
	terminal_free(r->terminal);
	mask_free(r->mask);
	rundir_free(r->dir);
	loop_free(r->loop);
	free_resume(r);
	free(r->ssh_config);
	free(r->cwd);
}

/* What was run is as it is, but nobody has read of it: not status 0. */
static int
check_reports(const struct running *r, int status)
{
	int error = r->events ? events_error(r->events)
			      : transcript_error(r->transcript);

	if (!error)
		return status;
	cli_error(r->cli, NULL, "cannot write the output: %s", strerror(error));
	return status == EXIT_STATUS_OK ? EXIT_STATUS_FAILED : status;
}

static struct journal *
begin_journal(const char *run_id, struct buf *reterr)
{
	CLEANUP(free_ptr) char *runs = runs_folder(true, reterr);

	return runs ? journal_new(runs, run_id, &clock_system, reterr) : NULL;
}

enum exit_status
running_run(struct cli *cli, struct plan *plan, const char *run_id,
	    struct journal *j, const struct resuming *resuming)
{
	const struct progress *resumed = resuming ? resuming->progress : NULL;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	const struct observer *observers[2];
	struct advice *advice;
	struct running r = { .cli = cli };
	struct run_end end;
	int status = EXIT_STATUS_USAGE;

	if (!j)
		j = begin_journal(run_id, &error);
	if (j && set_up(&r, cli, run_id, resumed, &error)) {
		open_reports(&r, run_id, opts_flag(&cli->opts, "json"));
		take_shell_options(&r, plan);
		r.document = name_of(plan);
		r.kept = resumed ? resumed->kept : 0;
		observers[0] = r.events ? events_observer(r.events)
					: transcript_observer(r.transcript);
		advice = advice_new(cli, observers[0]);
		observers[1] = advice_observer(advice);
		struct run_config config = {
			.plan = plan,
			.loop = r.loop,
			.asker = r.questions ? questions_asker(r.questions)
					     : NULL,
			.observers = observers,
			.n_observers = ARRAY_LEN(observers),
			.open_target = open_target,
			.open_ctx = &r,
			.mask = r.mask,
			.journal = j,
			.cwd = r.cwd,
			.ssh_config = r.ssh_config,
			.dir = rundir_path(r.dir),
			.allow_lost_shell =
				resumed &&
				opts_flag(&cli->opts, "allow-lost-shell"),
			.run_id = run_id,
			.no_fence = cli->config->no_fence,
			.n_no_fence = cli->config->n_no_fence,
			.version = RUNBOOK_VERSION,
			.commit = RUNBOOK_COMMIT,
			.resumed = resumed,
			.skip = resuming ? resuming->skip : NULL,
			.n_skip = resuming ? resuming->n_skip : 0,
			.on_interrupt = on_interrupt,
			.interrupt_ctx = &r,
		};

		status = check_reports(&r, run_plan(&config, &end));
		advice_free(advice);
	} else {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
	}
	tear_down(&r);
	journal_free(j);
	return (enum exit_status)status;
}

enum exit_status
running_probe(struct cli *cli, struct plan *plan, struct probe **ret_probe)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	char id[RUN_ID_HEX + 1];
	struct running r;
	int status = EXIT_STATUS_USAGE;

	*ret_probe = NULL;
	run_id_new(id);
	if (set_up(&r, cli, id, NULL, &error)) {
		*ret_probe = probe_list(plan);
		status = probe_look(*ret_probe, r.loop, open_target, &r);
	} else {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
	}
	tear_down(&r);
	return (enum exit_status)status;
}

void
running_reraise(enum exit_status status)
{
	int number = (int)status - EXIT_STATUS_SIGNAL;

	if (number <= 0 || number >= NSIG)
		return;
	signal(number, SIG_DFL);
	raise(number);
}
