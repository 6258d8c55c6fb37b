/* runbook explain: what a diagnostic means, what a command would do. */
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "cli/cmd.h"
#include "report/explain.h"
#include "shell/parse.h"

static const struct opt options[] = {
	{ "command", 'c', OPT_TEXT, "TEXT",
	  "shell text to judge; - reads lines from standard input", false },
	{ "json", 0, OPT_FLAG, NULL,
	  "JSON; with '--command -' JSON Lines in and out", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

/* One command text with all that was made of it. */
struct judged {
	struct arena arena;
	struct source *src;
	struct effect *effect;
};

static void
judge_text(struct cli *cli, struct text text, struct judged *ret)
{
	struct effect_state state = { .rules = cli_effect_rules_here(cli) };
	CLEANUP(buf_release) struct buf copy = BUF_INIT;
	struct excerpt source;
	struct map *m;

	arena_init(&ret->arena);
	buf_addt(&copy, text);
	ret->src = source_new("command", buf_detach(&copy, NULL), text.len);
	m = map_new(&ret->arena, ret->src);
	map_add(&ret->arena, m, (uint32_t)text.len, 0, (uint32_t)text.len,
		MAP_COPIED);
	source = (struct excerpt){ ret->src->bytes, m };
	state.scope = scope_new(&ret->arena);
	ret->effect = effect_judge_script(
		&ret->arena, shell_parse(&ret->arena, source), &state);
}

static void
judged_release(struct judged *j)
{
	arena_release(&j->arena);
	source_free(j->src);
}

/* ---- JSON Lines
 * -------------------------------------------------------------------- */

/* An answer to a line that is no request, or to REQUEST. */
static void
answer_error(struct buf *out, const struct jval *request, const char *message)
{
	struct jval *o = jval_object();
	const struct jval *id = request ? jval_get(request, "id") : NULL;
	struct text t = jval_as_text(id);

	if (t.at)
		jval_set(o, "id", jval_text(t));
	else if (id)
		jval_set(o, "id", jval_int(jval_get_int(request, "id", 0)));
	jval_set(o, "error", jval_string(message));
	jval_write(o, false, out);
	jval_free(o);
}

/* False when LINE is no request. */
static bool
answer(struct cli *cli, struct text line, struct buf *out)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(jval_free_ptr) struct jval *request = jval_parse(line, &error);
	struct text command;
	struct judged j;

	if (!request) {
		answer_error(out, NULL, buf_cstr(&error));
		return false;
	}
	command = jval_get_text(request, "command");
	if (!command.at || command.len > LIMIT_SHELL_BYTES) {
		answer_error(out, request,
			     command.at ? "the command is too long"
					: "an object with a text 'command' is "
					  "wanted");
		return false;
	}
	judge_text(cli, command, &j);
	explain_effect_json(out, request, j.effect);
	judged_release(&j);
	return true;
}

/* One line of standard input; a line past the limit is cut, and says so as
 * malformed JSON. */
static bool
read_line(struct buf *line)
{
	int c;

	buf_clear(line);
	while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
		if (line->len <= 8u * LIMIT_SHELL_BYTES)
			buf_addc(line, (char)c);
	}
	return c != EOF || line->len > 0;
}

/* What is no request is told in its place, and by the status at the end. */
static enum exit_status
answer_lines(struct cli *cli, bool json)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(buf_release) struct buf out = BUF_INIT;
	bool ok = true;

	while (read_line(&line)) {
		buf_clear(&out);
		if (json) {
			ok &= answer(cli, buf_text(&line), &out);
			buf_addc(&out, '\n');
		} else {
			struct judged j;

			judge_text(cli, buf_text(&line), &j);
			explain_effect(&out, j.effect, &cli->out);
			judged_release(&j);
		}
		cli_output(&out);
	}
	return ok ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

/* ---- one command, one code
 * ----------------------------------------------------------- */

/* The same object as in JSON Lines, for people. */
static void
write_pretty(struct buf *b, const struct effect *e)
{
	CLEANUP(buf_release) struct buf line = BUF_INIT;
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	struct jval *o;

	explain_effect_json(&line, NULL, e);
	o = jval_parse(buf_text(&line), &error);
	if (!o)
		BUG("%s", buf_cstr(&error));
	jval_write(o, true, b);
	buf_addc(b, '\n');
	jval_free(o);
}

static enum exit_status
explain_command(struct cli *cli, const char *text, bool json)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	struct judged j;

	judge_text(cli, text_of(text), &j);
	if (json) {
		write_pretty(&b, j.effect);
	} else {
		explain_effect(&b, j.effect, &cli->out);
	}
	judged_release(&j);
	cli_output(&b);
	return EXIT_STATUS_OK;
}

static enum exit_status
explain_diagnostic(struct cli *cli, const char *name)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT;
	int code = diag_code_by_name(name);

	if (code < 0) {
		cli_error(cli,
			  "codes look like RB1101; a command is explained "
			  "with --command",
			  "no diagnostic '%s'", name);
		return EXIT_STATUS_USAGE;
	}
	explain_code(&b, (enum diag_code)code, &cli->out);
	cli_output(&b);
	return EXIT_STATUS_OK;
}

static enum exit_status
run(struct cli *cli)
{
	const char *command = opts_text(&cli->opts, "command");
	bool json = opts_flag(&cli->opts, "json");

	if (command && cli->opts.n_operands == 0 && !cli_configure(cli))
		return EXIT_STATUS_USAGE;
	if (command && cli->opts.n_operands == 0)
		return strcmp(command, "-") == 0
			       ? answer_lines(cli, json)
			       : explain_command(cli, command, json);
	if (!command && cli->opts.n_operands == 1)
		return explain_diagnostic(cli, cli->opts.operands[0]);
	cli_error(cli,
		  "runbook explain RB1101, or runbook explain --command "
		  "'shell text'",
		  "explain wants one code or one command");
	return EXIT_STATUS_USAGE;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.operands = "CODE | --command TEXT",
	.summary = "what a diagnostic means, what a command would do",
	.about =
		"Explains a diagnostic by its code or alias, or judges a shell "
		"command: its level\n(reads, changes, disrupts, destroys, "
		"unknown), through what it runs, and why.",
	.options = options,
	.run = run,
};
