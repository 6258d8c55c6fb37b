/* From argv to a command. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/width.h"
#include "cli/cmd.h"
#include "cli/complete.h"
#include "diag/snippet.h"

const struct cmd *const cmds[] = {
#define COMMAND(name, symbol) &(symbol),
#include "cli/cmds.def"
#undef COMMAND
	NULL,
};

const struct opt common_options[] = {
	{ "help", 'h', OPT_FLAG, NULL, "show this help", false },
	{ "version", 'V', OPT_FLAG, NULL, "show the version", false },
	{ "color", 0, OPT_TEXT, "WHEN", "auto, always or never", true },
	{ "no-input", 0, OPT_FLAG, NULL, "never ask; stop instead", true },
	{ "directory", 'C', OPT_TEXT, "DIR", "change to DIR first", false },
	{ "config", 0, OPT_TEXT, "FILE",
	  "read this instead of the .runbook.yaml that is found", true },
	{ "no-config", 0, OPT_FLAG, NULL, "read no .runbook.yaml", true },
	{ "quiet", 'q', OPT_FLAG, NULL,
	  "no warnings, nothing of the document's prose", true },
	{ "verbose", 'v', OPT_FLAG, NULL, "say also why", true },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* ---- output ----------------------------------------------------------------
 */

void
cli_error(const struct cli *cli, const char *help, const char *fmt, ...)
{
	CLEANUP(buf_release) struct buf message = BUF_INIT;
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct text rest, line;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&message, fmt, ap);
	va_end(ap);
	rest = buf_text(&message);
	while (text_next_line(&rest, &line)) {
		if (!text_starts(line, "help: "))
			style_adds(&b, &cli->err, STYLE_BAD, "runbook: ");
		width_print(&b, line, 0);
		buf_addc(&b, '\n');
	}
	if (help) {
		buf_adds(&b, "help: ");
		width_print(&b, text_of(help), 0);
		buf_addc(&b, '\n');
	}
	fd_write_all(STDERR_FILENO, b.bytes, b.len);
}

void
cli_output(const struct buf *b)
{
	if (fd_write_all(STDOUT_FILENO, buf_cstr(b), b->len) == 0)
		return;
	if (errno != EPIPE)
		fprintf(stderr, "runbook: cannot write the output: %s\n",
			strerror(errno));
	exit(EXIT_STATUS_FAILED);
}

void
cli_diagnostics(const struct cli *cli, struct diag_sink *sink)
{
	struct snippet_style style = { cli->err_brief, cli->err.color };
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	diag_sink_sort(sink);
	for (size_t i = 0; i < sink->n_items; i++) {
		if (cli->quiet && sink->items[i]->level != LEVEL_ERROR)
			continue;
		snippet_print(&b, sink->items[i], style);
		if (style.brief && sink->items[i]->help) {
			buf_adds(&b, "help: ");
			width_print(&b, text_of(sink->items[i]->help), 0);
			buf_addc(&b, '\n');
		}
	}
	fd_write_all(STDERR_FILENO, buf_cstr(&b), b.len);
}

/* ---- streams ---------------------------------------------------------------
 */

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool
is_switched_on(const char *name)
{
	const char *value = getenv(name);

	return value && *value && strcmp(value, "0") != 0;
}

/* The first that speaks decides: --color, NO_COLOR, CLICOLOR_FORCE and
 * FORCE_COLOR, CLICOLOR=0, then whether the stream is a terminal. */
static bool
wants_color(const char *option, int fd)
{
	const char *term = getenv("TERM"), *clicolor = getenv("CLICOLOR");

	if (option && strcmp(option, "always") == 0)
		return true;
	if (option && strcmp(option, "never") == 0)
		return false;
	if (is_set("NO_COLOR"))
		return false;
	if (is_switched_on("CLICOLOR_FORCE") || is_switched_on("FORCE_COLOR"))
		return true;
	if (clicolor && strcmp(clicolor, "0") == 0)
		return false;
	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

bool
cli_shows_utf8(const struct cli *cli)
{
	setlocale(LC_CTYPE, "");
	return isatty(STDOUT_FILENO) && cli->out.color &&
	       strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static unsigned
terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

static int
set_up_streams(struct cli *cli)
{
	const char *color = opts_text(&cli->opts, "color");

	if (color && strcmp(color, "auto") != 0 &&
	    strcmp(color, "always") != 0 && strcmp(color, "never") != 0) {
		cli_error(cli, NULL,
			  "--color takes auto, always or never, not '%s'",
			  color);
		return -1;
	}
	cli->out.color = wants_color(color, STDOUT_FILENO);
	cli->err.color = wants_color(color, STDERR_FILENO);
	cli->quiet = opts_flag(&cli->opts, "quiet");
	cli->verbose = opts_flag(&cli->opts, "verbose");
	cli->out.width = terminal_width(STDOUT_FILENO);
	cli->err.width = terminal_width(STDERR_FILENO);
	cli->err_brief = !isatty(STDERR_FILENO);
	cli->may_ask = isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
		       !opts_flag(&cli->opts, "no-input");
	return 0;
}

/* ---- help ------------------------------------------------------------------
 */

static void
print_overview(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_adds(&b, "usage: runbook COMMAND [OPTIONS] …\n\n"
		     "Runs the procedures of a Markdown runbook, step by step, "
		     "here and over SSH.\n\n");
	for (size_t i = 0; cmds[i]; i++)
		buf_addf(&b, "  %-10s %s\n", cmds[i]->name, cmds[i]->summary);
	buf_adds(&b, "\n'runbook COMMAND --help' says more; so does "
		     "runbook(1).\n");
	cli_output(&b);
}

static void
print_help(const struct cmd *c)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b, "usage: runbook %s [OPTIONS]%s%s\n\n%s\n", c->name,
		 *c->operands ? " " : "", c->operands, c->about);
	if (c->options->name) {
		buf_adds(&b, "\noptions:\n");
		opts_help(&b, c->options);
	}
	buf_adds(&b, "\ncommon options:\n");
	opts_help(&b, common_options);
	cli_output(&b);
}

static void
print_version(void)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	buf_addf(&b, "runbook %s (%s)\n", RUNBOOK_VERSION, RUNBOOK_COMMIT);
	cli_output(&b);
}

/* ---- dispatch --------------------------------------------------------------
 */

const struct cmd *
cmd_find(const char *name)
{
	for (size_t i = 0; cmds[i]; i++) {
		if (strcmp(cmds[i]->name, name) == 0)
			return cmds[i];
	}
	return NULL;
}

static int
unknown_command(const struct cli *cli, const char *name)
{
	CLEANUP(buf_release) struct buf help = BUF_INIT;
	const char *near = NULL;
	unsigned limit = text_nearness(text_of(name)), least = limit + 1;

	for (size_t i = 0; cmds[i]; i++) {
		unsigned d = text_distance(text_of(name),
					   text_of(cmds[i]->name), limit);

		if (d < least) {
			least = d;
			near = cmds[i]->name;
		}
	}
	if (near)
		buf_addf(&help, "did you mean '%s'?", near);
	else
		buf_adds(&help, "'runbook --help' lists the commands");
	cli_error(cli, buf_cstr(&help), "unknown command '%s'", name);
	return EXIT_STATUS_USAGE;
}

/* The command that has an option called NAME, or NULL. */
static const struct cmd *
command_with(struct text name)
{
	for (size_t i = 0; cmds[i]; i++) {
		const struct opt *o = cmds[i]->options;

		for (; o && o->name; o++) {
			if (text_is(name, o->name))
				return cmds[i];
		}
	}
	return NULL;
}

/* What stands in for an option that another command has, or every other
 * program: behind a semicolon it only adds to that. */
static const char *
instead_of(const struct cmd *c, struct text name)
{
	static const char approvals[] =
		"nothing says yes to everything: '--allow LEVEL' lets steps up "
		"to disrupts run, '--confirm ID' one that destroys, "
		"'--no-input' never asks and stops";
	static const struct {
		const char *command, *option, *instead;
	} table[] = {
		{ "run", "skip",
		  "; run leaves steps out by --from, or by a --step for each "
		  "one that is to run" },
		{ "run", "yes", approvals },
		{ "run", "force", approvals },
		{ "run", "assume-yes", approvals },
		{ "resume", "yes", approvals },
		{ "resume", "force", approvals },
		{ "resume", "assume-yes", approvals },
		{ "plan", "skip",
		  "; plan leaves steps out by --from, or by a --step for each "
		  "one that is to run" },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (strcmp(table[i].command, c->name) == 0 &&
		    text_is(name, table[i].option))
			return table[i].instead;
	}
	return "";
}

static void
say_wrong_call(const struct cli *cli, const struct cmd *c,
	       const struct buf *error)
{
	struct text unknown = cli->opts.unknown;
	const struct cmd *other = unknown.len ? command_with(unknown) : NULL;
	const char *instead = unknown.len ? instead_of(c, unknown) : "";
	CLEANUP(buf_release) struct buf help = BUF_INIT;

	if (!other && !*instead) {
		cli_error(cli, NULL, "%s", buf_cstr(error));
		return;
	}
	if (other && (!*instead || *instead == ';'))
		buf_addf(&help, "it is an option of %s", other->name);
	buf_adds(&help, instead);
	cli_error(cli, buf_cstr(&help), "unknown option '--%.*s'",
		  TEXT_ARG(unknown));
}

static int
run_command(struct cli *cli, const struct cmd *c, int argc, char **argv)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	const char *dir;

	if (opts_parse(&cli->opts, c->options, common_options, argc, argv,
		       &error) < 0) {
		say_wrong_call(cli, c, &error);
		return EXIT_STATUS_USAGE;
	}
	if (opts_flag(&cli->opts, "help")) {
		print_help(c);
		return EXIT_STATUS_OK;
	}
	if (opts_flag(&cli->opts, "version")) {
		print_version();
		return EXIT_STATUS_OK;
	}
	dir = opts_text(&cli->opts, "directory");
	if (dir && chdir(dir) < 0) {
		cli_error(cli, NULL, "cannot change to '%s': %s", dir,
			  strerror(errno));
		return EXIT_STATUS_USAGE;
	}
	if (set_up_streams(cli) < 0)
		return EXIT_STATUS_USAGE;
	if (c->configured && !cli_configure(cli))
		return EXIT_STATUS_USAGE;
	return (int)c->run(cli);
}

/* Where the command stands behind options that all take: its index, or ARGC. */
static int
command_index(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-' && argv[i][1] &&
	       strcmp(argv[i], "--") != 0)
		i += opts_takes_next(common_options, argv[i]) ? 2 : 1;
	return i < argc ? i : argc;
}

/* The words of the call without the command: those before it come first. */
static char **
other_words(int argc, char **argv, int at)
{
	char **words = xcalloc((size_t)argc, sizeof(*words));
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (i != at)
			words[n++] = argv[i];
	}
	return words;
}

/* A call without a command. */
static int
no_command(struct cli *cli, int argc, char **argv)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (opts_parse(&cli->opts, NULL, common_options, argc - 1, argv + 1,
		       &error) < 0)
		cli_error(cli, NULL, "%s", buf_cstr(&error));
	else if (opts_flag(&cli->opts, "help"))
		print_overview();
	else if (opts_flag(&cli->opts, "version"))
		print_version();
	else
		cli_error(cli, "'runbook --help' lists them",
			  "a command is wanted");
	return error.len || !(opts_flag(&cli->opts, "help") ||
			      opts_flag(&cli->opts, "version"))
		       ? EXIT_STATUS_USAGE
		       : EXIT_STATUS_OK;
}

int
cli_main(int argc, char **argv)
{
	struct cli cli = { .program = "runbook" };
	int at = command_index(argc, argv);
	const struct cmd *c = NULL;
	int status = EXIT_STATUS_OK;

	cli.err.color = wants_color(NULL, STDERR_FILENO);
	if (at == argc) {
		status = no_command(&cli, argc, argv);
	} else if (strcmp(argv[at], "help") == 0) {
		print_overview();
	} else if (strcmp(argv[at], "__complete") == 0) {
		status =
			(int)complete_words(&cli, argc - at - 1, argv + at + 1);
	} else if (!(c = cmd_find(argv[at]))) {
		status = unknown_command(&cli, argv[at]);
	} else {
		CLEANUP(free_ptr) char **words = other_words(argc, argv, at);

		status = run_command(&cli, c, argc - 2, words);
	}
	opts_release(&cli.opts);
	config_free(cli.config);
	return status;
}
