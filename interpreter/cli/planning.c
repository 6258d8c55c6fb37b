/* From options to a plan. */
#include "cli/planning.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "cli/prompter.h"
#include "report/plan_report.h"
#include "report/probe_report.h"
#include "run/progress.h"

void
planned_release(struct planned *p)
{
	loaded_release(&p->loaded);
	free(p->steps);
	free(p->confirm);
	free(p->takes);
	free(p->leaves);
	free(p->cwd);
	free(p->who);
}

void
plan_print(struct cli *cli, struct plan *plan, const struct probe *probe,
	   bool json)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;

	if (json) {
		CLEANUP(jval_free_ptr) struct jval *v = plan_json(plan);

		if (probe)
			jval_set(v, "probe", probe_json(probe));
		jval_write(v, true, &b);
		buf_addc(&b, '\n');
	} else {
		plan_text(&b, plan, &cli->out, cli->verbose);
		if (probe)
			probe_text(&b, probe, &cli->out);
	}
	cli_output(&b);
}

/* ---- values
 * ------------------------------------------------------------------ */

/* Cut NAME=VALUE at the first "=" behind at least one byte. */
static bool
cut_pair(struct cli *cli, const char *option, const char *pair,
	 struct text *ret_name, const char **ret_value)
{
	const char *equals = strchr(pair, '=');

	if (!equals || equals == pair) {
		cli_error(cli, NULL, "--%s wants NAME=%s, not '%s'", option,
			  strcmp(option, "set") == 0 ? "VALUE" : "PATH", pair);
		return false;
	}
	*ret_name = (struct text){ pair, (size_t)(equals - pair) };
	*ret_value = equals + 1;
	return true;
}

/* The bytes of PATH without one newline at the end. */
static bool
read_value(struct cli *cli, const char *path, struct buf *ret)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;

	if (strcmp(path, "-") == 0) {
		if (fd_read_all(STDIN_FILENO, LIMIT_VALUE_BYTES, ret) < 0) {
			cli_error(cli, NULL,
				  "cannot read a value from standard input: %s",
				  strerror(errno));
			return false;
		}
	} else if (file_read(path, LIMIT_VALUE_BYTES, ret, &error) < 0) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return false;
	}
	if (ret->len && ret->bytes[ret->len - 1] == '\n')
		buf_cut(ret, ret->len - 1);
	return true;
}

static bool
take_values(struct cli *cli, struct values *values)
{
	size_t n, n_files;
	CLEANUP(free_ptr) const char **set = opts_list(&cli->opts, "set", &n);
	CLEANUP(free_ptr)
	const char **files = opts_list(&cli->opts, "set-file", &n_files);
	struct text name;
	const char *value;

	for (size_t i = 0; i < n; i++) {
		if (!cut_pair(cli, "set", set[i], &name, &value))
			return false;
		values_set(values, name, text_of(value), VALUE_OPTION);
	}
	for (size_t i = 0; i < n_files; i++) {
		CLEANUP(buf_release) struct buf bytes = BUF_INIT;

		if (!cut_pair(cli, "set-file", files[i], &name, &value) ||
		    !read_value(cli, value, &bytes))
			return false;
		values_set(values, name, buf_text(&bytes), VALUE_OPTION);
		if (bytes.bytes)
			explicit_bzero(bytes.bytes, bytes.cap);
	}
	return true;
}

/* ---- approvals
 * ----------------------------------------------------------------- */

static bool
take_allow(struct cli *cli, struct plan_options *o)
{
	size_t n;
	CLEANUP(free_ptr)
	const char **allow = opts_list(&cli->opts, "allow", &n);

	for (size_t i = 0; i < n; i++) {
		enum effect_level level;

		if (effect_level_parse(text_of(allow[i]), &level) &&
		    (level == EFFECT_DISRUPTS || level == EFFECT_UNKNOWN)) {
			o->allow |= 1u << level;
			continue;
		}
		if (strcmp(allow[i], "destroys") == 0)
			cli_error(cli,
				  "a destroying step is approved one by one: "
				  "--confirm STEP@HASH, as 'runbook plan' "
				  "prints it",
				  "--allow does not take destroys");
		else
			cli_error(cli, NULL,
				  "--allow takes disrupts or unknown, not '%s'",
				  allow[i]);
		return false;
	}
	return true;
}

static void
take_environment(struct values *values, const struct procedure *p,
		 unsigned depth)
{
	enum {
		DEPTH_MAX = 16
	};

	values_from_environment(values, p);
	for (uint32_t i = 0; depth < DEPTH_MAX && i < p->n_needs; i++)
		take_environment(values, p->needs[i], depth + 1);
}

bool
procedure_has_errors(const struct loaded *l)
{
	const struct section *s = l->procedure->section;
	const struct source *src = l->doc->src;
	uint32_t start = s->first < l->doc->n_blocks
				 ? l->doc->blocks[s->first]->where.start
				 : 0;
	uint32_t end = s->end < l->doc->n_blocks
			       ? l->doc->blocks[s->end]->where.start
			       : (uint32_t)src->bytes.len;

	if (s->heading && s->heading->where.start < start)
		start = s->heading->where.start;
	for (size_t i = 0; i < l->sink.n_items; i++) {
		const struct diag *d = l->sink.items[i];

		if (d->level == LEVEL_ERROR &&
		    (d->where.start < l->doc->front.where.end ||
		     (d->where.start >= start && d->where.start < end)))
			return true;
	}
	return false;
}

static bool
check_operands(struct cli *cli, const char *name)
{
	if (cli->opts.n_operands == 1 || cli->opts.n_operands == 2)
		return true;
	cli_error(cli, NULL, "usage: runbook %s FILE [PROCEDURE]", name);
	return false;
}

/* ---- which procedure -------------------------------------------------------
 */

static void
add_procedures(struct buf *b, const struct cli *cli, const struct runbook *rb)
{
	for (uint32_t i = 0; i < rb->n_procedures; i++) {
		const struct procedure *p = rb->procedures[i];

		buf_addf(b, "  %2u  ", i + 1);
		style_add(b, &cli->err, STYLE_STEP, p->heading, 0);
		buf_adds(b, "  ");
		style_add(b, &cli->err, STYLE_DIM, p->path, 0);
		buf_addc(b, '\n');
	}
}

/* What T means: a number of the list, or a name as on the command line. */
static struct procedure *
named_procedure(const struct runbook *rb, struct text t)
{
	struct procedure *found[2];
	uint64_t number;
	uint32_t n;

	if (text_to_uint(t, rb->n_procedures, &number))
		return number ? rb->procedures[number - 1] : NULL;
	runbook_find(rb, t, found, 2, &n);
	return n == 1 ? found[0] : NULL;
}

static struct procedure *
ask_for_procedure(struct cli *cli, const struct runbook *rb)
{
	CLEANUP(buf_release) struct buf list = BUF_INIT;
	struct loop *loop = loop_new(&clock_system);
	struct prompter *prompter = prompter_new(loop);
	struct procedure *p = NULL;
	bool open = true;

	add_procedures(&list, cli, rb);
	fd_write_all(STDERR_FILENO, buf_cstr(&list), list.len);
	while (open && !p) {
		CLEANUP(buf_release) struct buf line = BUF_INIT;
		struct text t;

		open = prompter_line(prompter,
				     "Which procedure? Its number or name; "
				     "[Q]uit: ",
				     false, &line);
		t = text_trim(buf_text(&line));
		open = open && t.len && !text_is(t, "q");
		if (open)
			p = named_procedure(rb, t);
		if (open && !p)
			cli_error(cli, NULL, "none is called so, or several");
	}
	prompter_free(prompter);
	loop_free(loop);
	return p;
}

/* A runbook with one procedure needs no name for it. */
static bool
take_only_procedure(struct cli *cli, struct loaded *l)
{
	CLEANUP(buf_release) struct buf list = BUF_INIT;
	const struct runbook *rb = l->rb;

	if (l->procedure)
		return true;
	if (rb->n_procedures == 1) {
		l->procedure = rb->procedures[0];
		return true;
	}
	if (cli->may_ask && !opts_flag(&cli->opts, "json")) {
		l->procedure = ask_for_procedure(cli, rb);
		return l->procedure != NULL;
	}
	cli_error(cli, "name one of them:", "%s has %u procedures",
		  l->doc->src->path, rb->n_procedures);
	add_procedures(&list, cli, rb);
	fd_write_all(STDERR_FILENO, buf_cstr(&list), list.len);
	return false;
}

enum exit_status
plan_from_options(struct cli *cli, const char *name, struct planned *ret)
{
	const struct opts *o = &cli->opts;
	enum exit_status status;
	struct loaded *l = &ret->loaded;

	*ret = (struct planned){ .loaded = { .sink = DIAG_SINK_INIT } };
	if (!check_operands(cli, name))
		return EXIT_STATUS_USAGE;
	if (!cli_load(cli, o->operands[0],
		      o->n_operands > 1 ? o->operands[1] : NULL, l, &status))
		return status;
	if (!take_only_procedure(cli, l))
		return EXIT_STATUS_USAGE;
	if (procedure_has_errors(l)) {
		cli_diagnostics(cli, &l->sink);
		return EXIT_STATUS_USAGE;
	}
	ret->values.arena = l->doc->arena;
	ret->steps = opts_list(o, "step", &ret->options.n_steps);
	ret->options.steps = ret->steps;
	ret->options.from = opts_text(o, "from");
	ret->options.read_only = opts_flag(o, "read-only");
	return plan_with_options(cli, ret);
}

/* What is said of a secret that everybody could read while it was given. */
static void
warn_of_secrets(struct cli *cli, const struct plan *plan)
{
	size_t n;
	CLEANUP(free_ptr) const char **set = opts_list(&cli->opts, "set", &n);

	for (size_t i = 0; i < n && !cli->quiet; i++) {
		struct text t = text_of(set[i]);
		struct text name = text_sub(t, 0, text_chr(t, '=', 0));
		CLEANUP(buf_release) struct buf help = BUF_INIT;

		if (!plan_is_secret(plan, name))
			continue;
		buf_addf(&help,
			 "give it with --set-file '%.*s=PATH', - for standard "
			 "input, or at the prompt",
			 TEXT_ARG(name));
		cli_error(cli, buf_cstr(&help),
			  "warning: '%.*s' is a secret, and everybody on this "
			  "machine can see the options of a program",
			  TEXT_ARG(name));
	}
}

/* Without its domain, as a prompt shows it. */
static void
take_machine(struct planned *ret)
{
	if (gethostname(ret->machine, sizeof(ret->machine) - 1) < 0)
		return;
	ret->machine[strcspn(ret->machine, ".")] = '\0';
	if (ret->machine[0])
		ret->options.machine = ret->machine;
}

/* "~" and $USER are somebody's. */
static void
take_caller(struct planned *ret)
{
	static const char *const names[] = { "HOME", "USER", "LOGNAME" };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		buf_addf(&b, "%s=%s\n", names[i], value ? value : "");
	}
	ret->who = buf_detach(&b, NULL);
	ret->options.who = ret->who;
}

/* What a host's name means is in the ssh_config that was given, for this call
 * or for the run that is gone on with. One that cannot be read is told of when
 * the run begins. */
static void
take_hosts(struct cli *cli, struct planned *ret)
{
	const struct progress *p = ret->options.resumed;
	CLEANUP(buf_release) struct buf path = BUF_INIT;
	CLEANUP(buf_release) struct buf bytes = BUF_INIT;
	CLEANUP(fd_close_ptr) int fd = -1;
	const char *given = opts_text(&cli->opts, "ssh-config");

	if (given)
		buf_adds(&path, given);
	else if (p)
		buf_addt(&path, jval_get_text(p->options, "ssh_config"));
	if (path.len)
		fd = open(buf_cstr(&path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fd_read_all(fd, LIMIT_SSH_CONFIG, &bytes) < 0)
		return;
	sha256_hex(buf_text(&bytes), ret->hosts);
	ret->options.hosts = ret->hosts;
}

enum exit_status
plan_with_options(struct cli *cli, struct planned *ret)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct procedure *p = ret->loaded.procedure;
	enum exit_status status;

	if (!take_values(cli, &ret->values) || !take_allow(cli, &ret->options))
		return EXIT_STATUS_USAGE;
	take_environment(&ret->values, p, 0);
	ret->confirm =
		opts_list(&cli->opts, "confirm", &ret->options.n_confirm);
	ret->options.confirm = ret->confirm;
	ret->options.step_by_step = opts_flag(&cli->opts, "step-by-step");
	ret->cwd = getcwd(NULL, 0);
	ret->options.cwd = ret->cwd;
	take_caller(ret);
	take_hosts(cli, ret);
	take_machine(ret);
	ret->plan = plan_make(p, p->runbook->rules, &ret->options, &ret->values,
			      &error, &status);
	if (ret->plan) {
		warn_of_secrets(cli, ret->plan);
		return EXIT_STATUS_OK;
	}
	cli_error(cli, NULL, "%s", buf_cstr(&error));
	return status;
}
