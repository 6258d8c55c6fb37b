/* runbook accept: the real output of a run, taken into the document. */
#include <limits.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/unified.h"
#include "base/width.h"
#include "cli/cmd.h"
#include "cli/letters.h"
#include "edit/accept.h"

static const struct opt options[] = {
	{ "step", 0, OPT_LIST, "STEP", "only this step, by number or name",
	  false },
	{ "add", 0, OPT_FLAG, NULL,
	  "also where the document shows no output yet", false },
	{ "all", 0, OPT_FLAG, NULL,
	  "also where the output is of the shape that is shown", false },
	{ "yes", 'y', OPT_FLAG, NULL, "write without asking", false },
	{ "check", 0, OPT_FLAG, NULL,
	  "write nothing; exit 1 if something would change", false },
	{ "diff", 0, OPT_FLAG, NULL,
	  "print the difference only; exit 1 if there is one", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* One call of the command. */
struct accepting {
	struct cli *cli;
	char *runs, *id; /* owned */
	char *folder;    /* of the run; owned */
	struct progress run;
	struct loaded loaded;
	struct accept accept;
};

static void
accepting_release(struct accepting *a)
{
	loaded_release(&a->loaded);
	progress_release(&a->run);
	free(a->runs);
	free(a->id);
	free(a->folder);
}

/* ---- which run -------------------------------------------------------------
 */

/* Where the document of run P is, as seen from here. */
static char *
path_of(const struct progress *p)
{
	CLEANUP(free_ptr) char *here = getcwd(NULL, 0);
	struct buf b = BUF_INIT;

	if (!text_starts(p->file, "/") && !(here && text_is(p->cwd, here)))
		buf_addf(&b, "%.*s/", TEXT_ARG(p->cwd));
	buf_addt(&b, p->file);
	return buf_detach(&b, NULL);
}

static bool
is_same_file(const char *a, const char *b)
{
	CLEANUP(free_ptr) char *real_a = realpath(a, NULL);
	CLEANUP(free_ptr) char *real_b = realpath(b, NULL);

	return real_a && real_b && strcmp(real_a, real_b) == 0;
}

/* A run's id or the beginning of it, and no file. */
static bool
looks_like_run(const char *name)
{
	size_t n = strspn(name, "0123456789abcdef");

	return n >= 4 && n <= RUN_ID_HEX && !name[n] && access(name, F_OK) < 0;
}

/* The newest run of PATH and, unless NULL, of PROCEDURE. */
static char *
newest_of(const char *runs, const char *path, const struct procedure *procedure)
{
	size_t n;
	char **ids = progress_list(runs, &n), *found = NULL;

	for (size_t i = 0; i < n; i++) {
		CLEANUP(progress_release)
		struct progress p = { .steps = NULL };
		CLEANUP(buf_release) struct buf ignored = BUF_INIT;

		if (!found && progress_read(runs, ids[i], &p, &ignored)) {
			CLEANUP(free_ptr) char *its = path_of(&p);

			if (is_same_file(its, path) &&
			    (!procedure ||
			     text_eq(p.procedure, procedure->path)))
				found = xstrdup(ids[i]);
		}
		free(ids[i]);
	}
	free(ids);
	return found;
}

static enum exit_status
take_run(struct accepting *a, const char *name)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf procedure = BUF_INIT;
	CLEANUP(free_ptr) char *path = NULL;
	enum exit_status status;

	a->id = progress_find(a->runs, name, &error);
	if (!a->id || !progress_read(a->runs, a->id, &a->run, &error)) {
		cli_error(a->cli, "'runbook history' shows the runs", "%s",
			  buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	path = path_of(&a->run);
	buf_addt(&procedure, a->run.procedure);
	if (!cli_load(a->cli, path, buf_cstr(&procedure), &a->loaded, &status))
		return status;
	return EXIT_STATUS_OK;
}

static enum exit_status
take_document(struct accepting *a, const char *file, const char *procedure)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	const struct loaded *l = &a->loaded;
	enum exit_status status;

	if (!cli_load(a->cli, file, procedure, &a->loaded, &status))
		return status;
	a->id = newest_of(a->runs, l->doc->src->path, l->procedure);
	if (a->id && progress_read(a->runs, a->id, &a->run, &error))
		return EXIT_STATUS_OK;
	if (l->procedure)
		cli_error(a->cli, "'runbook run' makes one",
			  "no run of '%.*s' in %s",
			  TEXT_ARG(l->procedure->path), l->doc->src->path);
	else
		cli_error(a->cli, "'runbook run' makes one", "no run of %s",
			  l->doc->src->path);
	return EXIT_STATUS_USAGE;
}

/* Only what is the same, byte for byte, has its outputs at the places where
 * they were asked for. */
static enum exit_status
check_document(const struct accepting *a)
{
	const struct source *src = a->loaded.doc->src;
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	char hex[SHA256_HEX + 1];

	sha256_hex(src->bytes, hex);
	if (text_is(a->run.sha256, hex))
		return EXIT_STATUS_OK;
	buf_addf(&help,
		 "diff -u '%s/document.md' '%s' shows what; run it "
		 "again and accept that run",
		 a->folder, src->path);
	cli_error(a->cli, buf_cstr(&help),
		  "%s: the document has changed since run %.8s", src->path,
		  a->id);
	return EXIT_STATUS_STALE;
}

static enum exit_status
find(struct accepting *a)
{
	const struct opts *o = &a->cli->opts;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	enum exit_status status;

	a->runs = runs_folder(false, &b);
	if (!a->runs) {
		cli_error(a->cli, NULL, "%s", buf_cstr(&b));
		return EXIT_STATUS_USAGE;
	}
	if (o->n_operands == 1 && looks_like_run(o->operands[0]))
		status = take_run(a, o->operands[0]);
	else
		status = take_document(a, o->operands[0],
				       o->n_operands > 1 ? o->operands[1]
							 : NULL);
	if (status != EXIT_STATUS_OK)
		return status;
	buf_clear(&b);
	buf_addf(&b, "%s/%s", a->runs, a->id);
	a->folder = buf_detach(&b, NULL);
	return check_document(a);
}

/* Every --step names a step of what was run. */
static bool
check_steps(const struct accepting *a, const char *const *steps)
{
	const struct runbook *rb = a->loaded.rb;

	for (; *steps; steps++) {
		bool known = false;

		for (uint32_t i = 0; i < rb->n_procedures && !known; i++)
			known = rb->procedures[i]->understood &&
				procedure_step(rb->procedures[i],
					       text_of(*steps));
		if (known)
			continue;
		cli_error(a->cli, "'runbook plan' numbers them",
			  "%s: no step '%s' in '%.*s'", rb->doc->src->path,
			  *steps, TEXT_ARG(a->run.procedure));
		return false;
	}
	return true;
}

/* ---- what it would change --------------------------------------------------
 */

static bool
make(struct accepting *a, const struct accept_options *chosen)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct printed_list printed;

	if (printed_read(&printed, a->loaded.rb, &a->run, a->folder, &error) &&
	    accept_make(&a->accept, a->loaded.rb, cli_effect_rules(a->cli),
			&printed, chosen, &error))
		return true;
	cli_error(a->cli,
		  "nothing was changed; --step takes the output of one step "
		  "only",
		  "%s: %s", a->loaded.doc->src->path, buf_cstr(&error));
	return false;
}

/* The steps whose output was left, and why. */
static void
tell_notes(const struct accepting *a)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	const struct style *style = &a->cli->err;

	for (uint32_t i = 0; i < a->accept.n_notes; i++) {
		const struct accept_note *n = &a->accept.notes[i];

		if (!n->reason)
			continue;
		width_print(&b, text_of(a->loaded.doc->src->path), 0);
		buf_addf(&b, ":%u: ", n->step->line);
		style_adds(&b, style, STYLE_WARN, "left");
		buf_addf(&b, ": the output of step '%s': %s\n", n->step->id,
			 n->reason);
	}
	fd_write_all(STDERR_FILENO, buf_cstr(&b), b.len);
}

/* On a terminal in colours and with nothing that it would obey; into a pipe as
 * it is, for patch(1). */
static void
print_diff(struct accepting *a)
{
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	CLEANUP(buf_release) struct buf diff = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text rest, line;

	patch_apply(&a->accept.patch, &bytes);
	unified_diff(&diff, a->loaded.doc->src->path, a->loaded.doc->src->bytes,
		     buf_text(&bytes));
	if (!isatty(STDOUT_FILENO)) {
		cli_output(&diff);
		return;
	}
	rest = buf_text(&diff);
	while (rest.len) {
		size_t end = text_chr(rest, '\n', 0);
		enum style_role role = STYLE_COMMAND;

		line = text_sub(rest, 0, end);
		rest = text_sub(rest, end + 1, rest.len);
		if (text_starts(line, "+"))
			role = STYLE_GOOD;
		else if (text_starts(line, "-"))
			role = STYLE_BAD;
		else if (text_starts(line, "@@"))
			role = STYLE_DIM;
		style_add(&b, &a->cli->out, role, line, 0);
		buf_addc(&b, '\n');
	}
	cli_output(&b);
}

/* ---- writing it ------------------------------------------------------------
 */

static bool
ask(const struct accepting *a)
{
	static const struct letter letters[] = {
		{ 'y', 1, "[y]es", "replace the document by this" },
		{ 'n', 0, "[N]o", "leave it as it is" },
		{ 'q', 0, NULL, NULL },
	};
	CLEANUP(buf_release) struct buf question = BUF_INIT;
	struct loop *loop = loop_new(&clock_system);
	struct prompter *prompter = prompter_new(loop);
	bool yes;

	buf_adds(&question, "Write this to ");
	width_print(&question, text_of(a->loaded.doc->src->path), 0);
	buf_adds(&question, " (--yes)?");
	yes = letters_ask(prompter, &a->cli->err, buf_cstr(&question), letters,
			  ARRAY_LEN(letters), 0, 0) == 1;
	prompter_free(prompter);
	loop_free(loop);
	return yes;
}

/* What was read is what is replaced: nobody changed it meanwhile. */
static enum exit_status
write_document(struct accepting *a)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf now = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	const struct source *src = a->loaded.doc->src;

	if (file_read(src->path, LIMIT_DOCUMENT_BYTES, &now, &error) < 0) {
		cli_error(a->cli, NULL, "%s", buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	if (!text_eq(buf_text(&now), src->bytes)) {
		cli_error(a->cli, "nothing was written; accept it again",
			  "%s: the document has changed meanwhile", src->path);
		return EXIT_STATUS_STALE;
	}
	patch_apply(&a->accept.patch, &bytes);
	if (file_replace(src->path, bytes.bytes, bytes.len, 0644, &error) < 0) {
		cli_error(a->cli, "the document is as it was", "%s",
			  buf_cstr(&error));
		return EXIT_STATUS_USAGE;
	}
	fprintf(stderr, "%s: %u output%s taken from run %.8s\n", src->path,
		a->accept.n_taken, a->accept.n_taken == 1 ? "" : "s", a->id);
	return EXIT_STATUS_OK;
}

static enum exit_status
nothing_to_do(const struct accepting *a)
{
	const struct opts *o = &a->cli->opts;
	bool fits = false;

	for (uint32_t i = 0; i < a->accept.n_notes; i++)
		fits |= a->accept.notes[i].fits;
	if (opts_flag(o, "check") || opts_flag(o, "diff"))
		return EXIT_STATUS_OK;
	if (a->accept.n_left)
		return EXIT_STATUS_FAILED;
	if (fits && !opts_flag(o, "all"))
		cli_error(a->cli,
			  "--all takes it word for word, --add also where "
			  "none is shown",
			  "%s: every output is as the document shows",
			  a->loaded.doc->src->path);
	else
		cli_error(a->cli,
			  "--add takes outputs that the document does not "
			  "show yet",
			  "%s: nothing to take from run %.8s",
			  a->loaded.doc->src->path, a->id);
	return EXIT_STATUS_OK;
}

static enum exit_status
carry_out(struct accepting *a)
{
	const struct opts *o = &a->cli->opts;

	tell_notes(a);
	if (a->accept.patch.n_edits == 0)
		return nothing_to_do(a);
	if (opts_flag(o, "check")) {
		cli_error(a->cli, "'runbook accept' shows and writes it",
			  "%s: %u output%s would change",
			  a->loaded.doc->src->path, a->accept.n_taken,
			  a->accept.n_taken == 1 ? "" : "s");
		return EXIT_STATUS_FAILED;
	}
	print_diff(a);
	if (opts_flag(o, "diff"))
		return EXIT_STATUS_FAILED;
	if (!opts_flag(o, "yes") && !a->cli->may_ask) {
		cli_error(a->cli, "to write it, add --yes",
			  "stopped: nothing was written");
		return EXIT_STATUS_STOPPED;
	}
	if (!opts_flag(o, "yes") && !ask(a)) {
		cli_error(a->cli, NULL, "nothing was written");
		return EXIT_STATUS_STOPPED;
	}
	return write_document(a);
}

static bool
check_usage(const struct cli *cli)
{
	const struct opts *o = &cli->opts;
	int modes = opts_flag(o, "yes") + opts_flag(o, "check") +
		    opts_flag(o, "diff");

	if (o->n_operands < 1 || o->n_operands > 2) {
		cli_error(cli, NULL,
			  "usage: runbook accept RUN | FILE [PROCEDURE]");
		return false;
	}
	if (modes > 1)
		cli_error(cli, NULL,
			  "--yes, --check and --diff exclude each other");
	return modes <= 1;
}

static enum exit_status
run(struct cli *cli)
{
	struct accepting a = { .cli = cli,
			       .loaded = { .sink = DIAG_SINK_INIT } };
	struct accept_options o = {
		.add = opts_flag(&cli->opts, "add"),
		.all = opts_flag(&cli->opts, "all"),
	};
	CLEANUP(free_ptr)
	const char **steps = opts_list(&cli->opts, "step", &o.n_steps);
	enum exit_status status;

	o.steps = steps;
	if (!check_usage(cli))
		return EXIT_STATUS_USAGE;
	status = find(&a);
	if (status == EXIT_STATUS_OK && !check_steps(&a, steps))
		status = EXIT_STATUS_USAGE;
	if (status == EXIT_STATUS_OK)
		status = make(&a, &o) ? carry_out(&a) : EXIT_STATUS_FAILED;
	accepting_release(&a);
	return status;
}

const struct cmd cmd_accept = {
	.name = "accept",
	.operands = "RUN | FILE [PROCEDURE]",
	.summary = "take what a run printed into its document",
	.about =
		"Where the output of a step was not as the document shows, the "
		"document is changed to\nshow what came: in blocks of output, "
		"below prompts, in comments, and in the\nannotations 'exact', "
		"'example' and 'lines'. The change is shown first. RUN is the "
		"id\nof a run or its beginning; of FILE, the newest run is "
		"meant. A document that has\nchanged since is refused with "
		"status 5.",
	.options = options,
	.configured = true,
	.run = run,
};
