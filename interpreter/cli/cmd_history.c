/* runbook history: the runs of this machine's journal. */
#include "base/alloc.h"
#include "base/json.h"
#include "cli/cmd.h"
#include "cli/recorded.h"
#include "report/history.h"

static const struct opt options[] = {
	{ "json", 0, OPT_FLAG, NULL, "one JSON document", false },
	{ NULL, 0, OPT_FLAG, NULL, NULL, false },
};

struct report {
	struct buf text;
	struct jval *json; /* NULL: text */
};

static bool
add_one(struct cli *cli, struct report *r, const char *runs, const char *id,
	bool steps)
{
	CLEANUP(progress_release) struct progress p = { .steps = NULL };
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(buf_release) struct buf folder = BUF_INIT;
	struct planned planned = { .loaded = { .sink = DIAG_SINK_INIT } };

	if (!progress_read(runs, id, &p, &error)) {
		cli_error(cli, NULL, "%s", buf_cstr(&error));
		return false;
	}
	buf_addf(&folder, "%s/%s", runs, id);
	if (steps)
		recorded_plan(&p, buf_cstr(&folder), &planned);
	if (r->json) {
		jval_push(r->json, history_json(id, &p, planned.plan,
						buf_cstr(&folder)));
	} else {
		history_line(&r->text, id, &p, &cli->out);
		if (steps)
			history_steps(&r->text, &p, planned.plan,
				      buf_cstr(&folder), &cli->out);
	}
	planned_release(&planned);
	if (!p.records.damage)
		return true;
	cli_error(cli, "what is shown is what stands before the damage", "%s",
		  p.records.damage);
	return false;
}

static bool
add_all(struct cli *cli, struct report *r, const char *runs)
{
	size_t n;
	char **ids = progress_list(runs, &n);
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		ok &= add_one(cli, r, runs, ids[i], false);
		free(ids[i]);
	}
	free(ids);
	return ok;
}

static bool
collect(struct cli *cli, struct report *r)
{
	CLEANUP(buf_release) struct buf error = BUF_INIT;
	CLEANUP(free_ptr) char *runs = runs_folder(false, &error);
	CLEANUP(free_ptr) char *id = NULL;

	if (runs && cli->opts.n_operands == 0)
		return add_all(cli, r, runs);
	if (runs)
		id = progress_find(runs, cli->opts.operands[0], &error);
	if (id)
		return add_one(cli, r, runs, id, true);
	cli_error(cli, NULL, "%s", buf_cstr(&error));
	return false;
}

static enum exit_status
run(struct cli *cli)
{
	struct report r = { .text = BUF_INIT };
	bool ok;

	if (opts_flag(&cli->opts, "json"))
		r.json = jval_array();
	ok = collect(cli, &r);
	if (r.json) {
		struct jval *o = jval_object();

		jval_set(o, "format_version", jval_string("1.0"));
		jval_set(o, "runs", r.json);
		jval_write(o, true, &r.text);
		buf_addc(&r.text, '\n');
		jval_free(o);
	}
	cli_output(&r.text);
	buf_release(&r.text);
	return ok ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

const struct cmd cmd_history = {
	.name = "history",
	.operands = "[RUN]",
	.summary = "the runs so far, or one of them step by step",
	.about =
		"Lists the runs that this user has made, newest first; with "
		"RUN, the state of each of its\nsteps, also of those that were "
		"not begun, and where their output is kept.",
	.options = options,
	.run = run,
};
